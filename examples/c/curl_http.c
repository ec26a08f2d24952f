#include "curl_http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One exchange on its way through libcurl. */
struct transfer {
    struct transfer *next;
    struct http *http;
    mlab_exchange *exchange;
    CURL *easy;
    struct curl_slist *headers;
    char *head;
    size_t head_len;
    char *body; /* of a poll, or of an image that was refused; an image itself goes through in pieces */
    size_t body_len;
    int is_streaming; /* the reply is given, and its body follows in pieces */
    int is_over;      /* answered for good: what libcurl still has to say does not matter */
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

static size_t on_header(char *data, size_t size, size_t count, void *user)
{
    struct transfer *transfer = user;

    /* Each head begins anew: that of an interim reply is no part of the one that counts. */
    if (size * count > 5 && memcmp(data, "HTTP/", 5) == 0)
        transfer->head_len = 0;
    return append(&transfer->head, &transfer->head_len, data, size * count);
}

static int32_t http_status(const struct transfer *transfer)
{
    long status = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    return (int32_t)status;
}

/* Hands on the next bytes of an image. Returns 0 to stop reading. */
static size_t write_image(struct transfer *transfer, const char *data, size_t len)
{
    curl_off_t total = -1;

    if (!transfer->is_streaming) {
        transfer->is_streaming = 1;
        if (mlab_exchange_reply(transfer->exchange, http_status(transfer), transfer->head, NULL, 0) != MLAB_OK)
            return 0;
    }
    if (mlab_exchange_write(transfer->exchange, data, len) != MLAB_OK) {
        transfer->is_over = 1; /* The library knows why: the image is no good, or nobody wants it any more. */
        return 0;
    }
    transfer->body_len += len;
    transfer->http->image_bytes += len;
    curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &total);
    mlab_exchange_progress(transfer->exchange, transfer->body_len, total);
    return len;
}

static size_t on_body(char *data, size_t size, size_t count, void *user)
{
    struct transfer *transfer = user;
    size_t len = size * count;
    int32_t status = http_status(transfer);

    if (transfer->body_len + len > mlab_exchange_body_limit(transfer->exchange)) {
        transfer->is_over = 1;
        mlab_exchange_fail(transfer->exchange, MLAB_E_TOO_LARGE, NULL);
        return 0;
    }
    if (mlab_exchange_kind(transfer->exchange) == MLAB_EXCHANGE_IMAGE
        && (status == 200 || status == 203 || status == 206))
        return write_image(transfer, data, len);
    return append(&transfer->body, &transfer->body_len, data, len);
}

static void end(struct transfer *transfer)
{
    struct transfer **link = &transfer->http->transfers;

    while (*link != transfer)
        link = &(*link)->next;
    *link = transfer->next;
    curl_multi_remove_handle(transfer->http->multi, transfer->easy);
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    mlab_exchange_free(transfer->exchange);
    free(transfer->head);
    free(transfer->body);
    free(transfer);
}

static void set_headers(struct transfer *transfer)
{
    const char *name;
    size_t i;

    for (i = 0; (name = mlab_exchange_header_name(transfer->exchange, i)) != NULL; i++) {
        char line[512];

        snprintf(line, sizeof line, "%s: %s", name, mlab_exchange_header_value(transfer->exchange, i));
        transfer->headers = curl_slist_append(transfer->headers, line);
    }
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
}

static void set_request(struct transfer *transfer)
{
    CURL *easy = transfer->easy;
    size_t len;
    const void *body = mlab_exchange_body(transfer->exchange, &len);

    curl_easy_setopt(easy, CURLOPT_URL, mlab_exchange_url(transfer->exchange));
    if (body != NULL) {
        /* Lent until the exchange is freed: libcurl need not copy it. */
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, mlab_exchange_method(transfer->exchange));
    set_headers(transfer);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L); /* The library judges redirects. */
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)mlab_exchange_timeout_ms(transfer->exchange));
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
}

void http_begin(struct http *http, mlab_exchange *exchange)
{
    struct transfer *transfer = calloc(1, sizeof *transfer);
    CURL *easy = curl_easy_init();

    if (transfer == NULL || easy == NULL) {
        mlab_exchange_fail(exchange, MLAB_E_NO_RESOURCES, "out of memory");
        mlab_exchange_free(exchange);
        free(transfer);
        return;
    }
    transfer->http = http;
    transfer->exchange = exchange;
    transfer->easy = easy;
    set_request(transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    if (http->ca_file != NULL)
        curl_easy_setopt(easy, CURLOPT_CAINFO, http->ca_file);
    curl_multi_add_handle(http->multi, easy);
    transfer->next = http->transfers;
    http->transfers = transfer;
}

void http_cancel(struct http *http, uint64_t id)
{
    struct transfer *transfer;

    for (transfer = http->transfers; transfer != NULL; transfer = transfer->next) {
        if (mlab_exchange_id(transfer->exchange) == id) {
            end(transfer);
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

/* Gives the answer of a transfer that has come to its end. */
static void answer(struct transfer *transfer, CURLcode code)
{
    if (transfer->is_over)
        return;
    if (code != CURLE_OK && !transfer->is_streaming)
        mlab_exchange_fail(transfer->exchange, status_of(code), curl_easy_strerror(code));
    else if (code != CURLE_OK)
        return; /* Freed before its end, it counts as a broken connection. */
    else if (transfer->is_streaming)
        mlab_exchange_write(transfer->exchange, NULL, 0);
    else
        mlab_exchange_reply(transfer->exchange, http_status(transfer), transfer->head,
                            transfer->body != NULL ? transfer->body : "", transfer->body_len);
}

void http_pump(struct http *http)
{
    struct transfer *transfer, *next;
    CURLMsg *message;
    int running, left;

    for (transfer = http->transfers; transfer != NULL; transfer = next) {
        next = transfer->next;
        if (mlab_exchange_is_cancelled(transfer->exchange))
            end(transfer);
    }
    curl_multi_perform(http->multi, &running);
    while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
        CURLcode code = message->data.result;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        answer(transfer, code);
        end(transfer);
    }
}

void http_wait(struct http *http, int timeout_ms)
{
    curl_multi_poll(http->multi, NULL, 0, timeout_ms, NULL);
}

int http_open(struct http *http)
{
    memset(http, 0, sizeof *http);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    http->multi = curl_multi_init();
    http->ca_file = getenv("MLAB_CA_FILE");
    return http->multi != NULL;
}

void http_close(struct http *http)
{
    while (http->transfers != NULL)
        end(http->transfers);
    curl_multi_cleanup(http->multi);
    curl_global_cleanup();
}

mlab_client *http_make_client(const char *key, void (*set)(mlab_config *config, struct http *http), struct http *http)
{
    const char *endpoint = getenv("MLAB_ENDPOINT");
    mlab_config *config = mlab_config_new();
    mlab_client *client = NULL;

    set(config, http);
    if (endpoint != NULL && mlab_config_set_endpoint(config, endpoint) != MLAB_OK)
        fprintf(stderr, "MLAB_ENDPOINT: %s\n", mlab_config_message(config));
    else if (mlab_client_new(key, config, &client) != MLAB_OK) {
        fprintf(stderr, "MODELSLAB_API_KEY: %s\n", mlab_client_message(client));
        mlab_client_free(client); /* One that was refused is there to say why. */
        client = NULL;
    }
    mlab_config_free(config);
    return client;
}

int http_submit(mlab_client *client, char **ids, int count)
{
    const char *folder = getenv("MLAB_IMAGES");
    int all = 1, i;

    for (i = 0; i < count; i++) {
        mlab_request *request = mlab_request_new(ids[i]);

        if ((folder != NULL && mlab_request_set_download_dir(request, folder, 0) != MLAB_OK)
            || mlab_client_submit(client, request, NULL) != MLAB_OK) {
            fprintf(stderr, "%s: %s\n", ids[i], mlab_request_message(request));
            all = 0;
        }
        mlab_request_free(request);
    }
    return all;
}

int http_take_events(mlab_client *client)
{
    mlab_event *event;
    int failed = 0;

    while (mlab_client_next_event(client, 0, &event) == MLAB_OK) {
        const mlab_result *result = mlab_event_result(event);
        size_t i;

        if (mlab_event_kind(event) == MLAB_EVENT_DONE) {
            for (i = 0; i < mlab_result_url_count(result); i++) {
                const char *path = mlab_result_image_path(result, i);

                printf("%s\n", path != NULL ? path : mlab_result_url(result, i));
            }
            if (mlab_event_status(event) != MLAB_OK) {
                fprintf(stderr, "%s: %s\n", mlab_result_id(result), mlab_result_message(result));
                failed = 1;
            }
        }
        mlab_event_free(event);
    }
    return failed;
}
