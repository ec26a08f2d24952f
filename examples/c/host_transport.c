/*
 * The program's own HTTP in place of the library's: here libcurl's multi interface, driven once a frame on the one thread
 * that there is. An engine would put its own HTTP stack in libcurl's place.
 *
 *     MLAB_API_KEY=... ./host_transport 12202888 12202889
 *
 * MLAB_ENDPOINT and MLAB_CA_FILE as in fetch.c. Exit code: 0 all images are there, 1 something went wrong, 2 wrong use.
 */
#define _POSIX_C_SOURCE 200809L

#include <mlab.h>

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One exchange on its way through libcurl. */
struct transfer {
    struct transfer *next;
    mlab_exchange *exchange;
    CURL *easy;
    struct curl_slist *headers;
    char *head;
    size_t head_len;
    char *body;
    size_t body_len;
};

/* What the transport needs: it is the user pointer of both functions. */
struct http {
    CURLM *multi;
    const char *ca_file;
    struct transfer *transfers;
};

/* Appends to a growing buffer, with a NUL behind it. Returns what libcurl wants: the bytes taken. */
static size_t append(char **buffer, size_t *len, const char *data, size_t more)
{
    char *grown = realloc(*buffer, *len + more + 1);

    if (grown == NULL)
        return 0;
    memcpy(grown + *len, data, more);
    *len += more;
    grown[*len] = '\0';
    *buffer = grown;
    return more;
}

static size_t on_body(char *data, size_t size, size_t count, void *user)
{
    struct transfer *transfer = user;

    return append(&transfer->body, &transfer->body_len, data, size * count);
}

static size_t on_header(char *data, size_t size, size_t count, void *user)
{
    struct transfer *transfer = user;

    return append(&transfer->head, &transfer->head_len, data, size * count);
}

/* Called by the library: begins an exchange, and returns at once. */
static void start(void *user, mlab_exchange *exchange)
{
    struct http *http = user;
    struct transfer *transfer = calloc(1, sizeof *transfer);
    const char *name;
    const void *body;
    size_t len, i;

    if (transfer == NULL) {
        mlab_exchange_fail(exchange, MLAB_E_NO_RESOURCES, "out of memory");
        mlab_exchange_free(exchange);
        return;
    }
    transfer->exchange = exchange;
    transfer->easy = curl_easy_init();
    for (i = 0; (name = mlab_exchange_header_name(exchange, i)) != NULL; i++) {
        char line[512];

        snprintf(line, sizeof line, "%s: %s", name, mlab_exchange_header_value(exchange, i));
        transfer->headers = curl_slist_append(transfer->headers, line);
    }
    body = mlab_exchange_body(exchange, &len); /* Lent until the exchange is freed: libcurl need not copy it. */
    curl_easy_setopt(transfer->easy, CURLOPT_URL, mlab_exchange_url(exchange));
    curl_easy_setopt(transfer->easy, CURLOPT_CUSTOMREQUEST, mlab_exchange_method(exchange));
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(transfer->easy, CURLOPT_FOLLOWLOCATION, 0L); /* The library judges redirects. */
    curl_easy_setopt(transfer->easy, CURLOPT_TIMEOUT_MS, (long)mlab_exchange_timeout_ms(exchange));
    curl_easy_setopt(transfer->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(transfer->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(transfer->easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(transfer->easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(transfer->easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
    if (http->ca_file != NULL)
        curl_easy_setopt(transfer->easy, CURLOPT_CAINFO, http->ca_file);
    curl_multi_add_handle(http->multi, transfer->easy);
    transfer->next = http->transfers;
    http->transfers = transfer;
}

static void end(struct http *http, struct transfer *transfer)
{
    struct transfer **link = &http->transfers;

    while (*link != transfer)
        link = &(*link)->next;
    *link = transfer->next;
    curl_multi_remove_handle(http->multi, transfer->easy);
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    mlab_exchange_free(transfer->exchange);
    free(transfer->head);
    free(transfer->body);
    free(transfer);
}

/* Called by the library: nobody waits for this exchange any more. */
static void cancel(void *user, uint64_t id)
{
    struct http *http = user;
    struct transfer *transfer;

    for (transfer = http->transfers; transfer != NULL; transfer = transfer->next) {
        if (mlab_exchange_id(transfer->exchange) == id) {
            end(http, transfer);
            return;
        }
    }
}

static int32_t status_of(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return MLAB_E_RESOLVE;
    case CURLE_COULDNT_CONNECT:
        return MLAB_E_CONNECT;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
        return MLAB_E_TLS;
    case CURLE_OPERATION_TIMEDOUT:
        return MLAB_E_TIMEOUT;
    case CURLE_COULDNT_RESOLVE_PROXY:
        return MLAB_E_PROXY;
    default:
        return MLAB_E_NETWORK;
    }
}

/* Moves libcurl on and answers what is finished. Never blocks. */
static void pump(struct http *http)
{
    CURLMsg *message;
    int running, left;

    curl_multi_perform(http->multi, &running);
    while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
        struct transfer *transfer;
        CURLcode code = message->data.result;
        long http_status = 0;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &http_status);
        if (code == CURLE_OK)
            mlab_exchange_reply(transfer->exchange, (int32_t)http_status, transfer->head, transfer->body,
                                transfer->body_len);
        else
            mlab_exchange_fail(transfer->exchange, status_of(code), curl_easy_strerror(code));
        end(http, transfer);
    }
}

/* One frame: the game would draw here. Returns 1 after an event that failed a job. */
static int frame(struct http *http, const mlab_client *client)
{
    mlab_event *event;
    int failed = 0;

    pump(http);
    while (mlab_client_next_event(client, 0, &event) == MLAB_OK) {
        const mlab_result *result = mlab_event_result(event);
        const char *const *url;

        if (mlab_event_kind(event) == MLAB_EVENT_DONE) {
            for (url = mlab_result_urls(result, NULL); *url != NULL; url++)
                printf("%s\n", *url);
            if (mlab_event_status(event) != MLAB_OK) {
                fprintf(stderr, "%s: %s\n", mlab_result_id(result), mlab_result_message(result));
                failed = 1;
            }
        }
        mlab_event_free(event);
    }
    curl_multi_poll(http->multi, NULL, 0, 16, NULL); /* The rest of a sixtieth of a second. */
    return failed;
}

static mlab_client *make_client(const char *key, struct http *http)
{
    const char *endpoint = getenv("MLAB_ENDPOINT");
    mlab_config *config = mlab_config_new();
    mlab_client *client = NULL;

    mlab_config_set_transport(config, start, cancel, http);
    if (endpoint != NULL && mlab_config_set_endpoint(config, endpoint) != MLAB_OK)
        fprintf(stderr, "MLAB_ENDPOINT: %s\n", mlab_config_message(config));
    else if (mlab_client_new(key, config, &client) != MLAB_OK) {
        fprintf(stderr, "MLAB_API_KEY: %s\n", mlab_client_message(client));
        mlab_client_free(client); /* One that was refused is there to say why. */
        client = NULL;
    }
    mlab_config_free(config);
    return client;
}

int main(int argc, char **argv)
{
    const char *key = getenv("MLAB_API_KEY");
    struct http http = {NULL, NULL, NULL};
    mlab_client *client;
    int failed = 0;
    int i;

    if (key == NULL || argc < 2) {
        fprintf(stderr, "usage: MLAB_API_KEY=<your key> %s <id>...\n", argv[0]);
        return 2;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    http.multi = curl_multi_init();
    http.ca_file = getenv("MLAB_CA_FILE");
    client = make_client(key, &http);
    if (client == NULL)
        return 2;
    for (i = 1; i < argc; i++) {
        mlab_request *request = mlab_request_new(argv[i]);

        if (mlab_client_submit(client, request, NULL) != MLAB_OK) {
            fprintf(stderr, "%s: cannot be used as an id\n", argv[i]);
            failed = 1;
        }
        mlab_request_free(request);
    }
    while (mlab_client_pending(client) > 0)
        failed |= frame(&http, client);
    mlab_client_free(client); /* Cancels what is under way, so that no transfer is left. */
    curl_multi_cleanup(http.multi);
    curl_global_cleanup();
    return failed;
}
