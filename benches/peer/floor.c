/*
 * The floor of a warm fetch: the same request written to one TLS connection and the reply read to its end. Nothing is
 * parsed but the length of the body, without which the end is unknown, so no client can do with less.
 */

#include "timing.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#define BODY "{\"key\":\"test-key-not-real\"}"
#define LENGTH "Content-Length: "

static SSL *tls;
static char request[1024];

static void die(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(EXIT_FAILURE);
}

static int dial(const char *address, unsigned port)
{
    struct sockaddr_in server = { 0 };
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

    server.sin_family = AF_INET;
    server.sin_port = htons((uint16_t)port);
    if (fd < 0 || inet_pton(AF_INET, address, &server.sin_addr) != 1
        || connect(fd, (struct sockaddr *)&server, sizeof server) != 0)
        die("no connection");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

/* Both other programs verify the server as well; all of it is before the first sample. */
static void start(const struct work *work)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    char address[64], path[256];
    unsigned port;

    if (sscanf(work->url, "https://%63[0-9.]:%u%255s", address, &port, path) != 3)
        die("the URL has no address with a port");
    snprintf(request, sizeof request,
             "POST %s HTTP/1.1\r\nHost: %s:%u\r\nUser-Agent: floor/1.0\r\nContent-Type: application/json\r\n"
             "Accept: application/json\r\nContent-Length: %zu\r\n\r\n%s",
             path, address, port, strlen(BODY), BODY);
    if (context == NULL || SSL_CTX_load_verify_locations(context, work->ca_file, NULL) != 1)
        die("no TLS");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    tls = SSL_new(context);
    if (tls == NULL || X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), address) != 1
        || SSL_set_fd(tls, dial(address, port)) != 1 || SSL_connect(tls) != 1)
        die("no handshake");
}

/* Returns 0, for it reads no URLs. */
static size_t write_and_read(const struct work *work)
{
    char reply[16384];
    size_t len = 0, whole = 0;

    (void)work;
    if (SSL_write(tls, request, (int)strlen(request)) <= 0)
        return FAILED;
    do {
        int count = SSL_read(tls, reply + len, (int)(sizeof reply - 1 - len));
        const char *end, *length;

        if (count <= 0)
            return FAILED;
        len += (size_t)count;
        reply[len] = '\0';
        if (whole == 0 && (end = strstr(reply, "\r\n\r\n")) != NULL) {
            length = strstr(reply, LENGTH);
            if (strncmp(reply, "HTTP/1.1 200 ", 13) != 0 || length == NULL || length > end)
                return FAILED;
            whole = (size_t)(end + 4 - reply) + strtoul(length + strlen(LENGTH), NULL, 10);
        }
    } while (whole == 0 || len < whole);
    return len == whole ? 0 : FAILED;
}

int main(int argc, char **argv)
{
    static const struct mode modes[] = {
        { "floor", start, write_and_read },
    };

    return run(modes, sizeof modes / sizeof *modes, argc, argv);
}
