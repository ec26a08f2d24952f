#define _POSIX_C_SOURCE 200809L
#include "tunnel.h"

#include "harness.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct {
    int listener;
    pthread_t thread;
} tunnel;

static struct sockaddr_in loopback(unsigned long port)
{
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)port);
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    return address;
}

/* The port that the request's head asks for; 0 if there is none. */
static unsigned long asked_for(int client)
{
    char head[1024];
    const char *colon;
    size_t len = 0;
    do {
        if (len + 1 >= sizeof head || read(client, head + len, 1) != 1)
            return 0;
        head[++len] = '\0';
    } while (strstr(head, "\r\n\r\n") == NULL);
    colon = strchr(head, ':');
    return strncmp(head, "CONNECT ", 8) == 0 && colon != NULL ? strtoul(colon + 1, NULL, 10) : 0;
}

static int pass_on(int from, int to)
{
    char bytes[4096];
    ssize_t len = read(from, bytes, sizeof bytes);
    return len > 0 && write(to, bytes, (size_t)len) == len;
}

static void *serve(void *unused)
{
    static const char established[] = "HTTP/1.1 200 Connection established\r\n\r\n";
    int client = accept(tunnel.listener, NULL, NULL), server = socket(AF_INET, SOCK_STREAM, 0), is_open;
    struct sockaddr_in address = loopback(asked_for(client));
    (void)unused;
    is_open = connect(server, (struct sockaddr *)&address, sizeof address) == 0
              && write(client, established, sizeof established - 1) == (ssize_t)(sizeof established - 1);
    CHECK(is_open);
    while (is_open) {
        struct pollfd ends[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
        is_open = poll(ends, 2, -1) > 0 && (ends[0].revents == 0 || pass_on(client, server))
                  && (ends[1].revents == 0 || pass_on(server, client));
    }
    close(client);
    close(server);
    return NULL;
}

void tunnel_begin(char *url, size_t size)
{
    struct sockaddr_in address = loopback(0);
    socklen_t len = sizeof address;
    /* Either side may close while bytes for it come. */
    signal(SIGPIPE, SIG_IGN);
    tunnel.listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_INT(bind(tunnel.listener, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_INT(listen(tunnel.listener, 1), 0);
    CHECK_INT(getsockname(tunnel.listener, (struct sockaddr *)&address, &len), 0);
    CHECK_INT(pthread_create(&tunnel.thread, NULL, serve, NULL), 0);
    snprintf(url, size, "http://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
}

void tunnel_end(void)
{
    pthread_join(tunnel.thread, NULL);
    close(tunnel.listener);
}
