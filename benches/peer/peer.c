/*
 * The other side of the benchmark: the same calls written in the usual way on libcurl and cJSON.
 */

#include "timing.h"

#include <cjson/cJSON.h>
#include <curl/curl.h>

#define REQUEST "{\"key\":\"test-key-not-real\"}"

struct buffer {
    char *bytes;
    size_t len;
};

/* NULL but in mode "share". */
static CURLSH *share;

/* NULL but in mode "warm". */
static CURL *kept;

static size_t append(char *bytes, size_t size, size_t count, void *user)
{
    struct buffer *reply = user;
    char *grown = realloc(reply->bytes, reply->len + size * count + 1);

    if (grown == NULL)
        return 0;
    memcpy(grown + reply->len, bytes, size * count);
    reply->bytes = grown;
    reply->len += size * count;
    grown[reply->len] = '\0';
    return size * count;
}

static size_t read_reply(const char *bytes, size_t len)
{
    cJSON *root = cJSON_ParseWithLength(bytes, len);
    const char *status = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(root, "status"));
    size_t sum = FAILED;

    if (status != NULL && strcmp(status, "success") == 0) {
        const cJSON *url;

        sum = 0;
        cJSON_ArrayForEach(url, cJSON_GetObjectItemCaseSensitive(root, "output"))
            if (cJSON_IsString(url))
                sum += strlen(url->valuestring);
    } else if (status != NULL && strcmp(status, "processing") == 0) {
        const cJSON *eta = cJSON_GetObjectItemCaseSensitive(root, "eta");

        sum = cJSON_IsNumber(eta) && eta->valuedouble > 0 ? 0 : FAILED;
    }
    cJSON_Delete(root);
    return sum;
}

static void start(const struct work *work)
{
    (void)work;
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void start_sharing(const struct work *work)
{
    start(work);
    share = curl_share_init();
    curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

static void nothing(const struct work *work)
{
    (void)work;
}

static struct curl_slist *new_headers(void)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");

    return curl_slist_append(headers, "Accept: application/json");
}

static CURL *new_handle(const struct work *work, struct curl_slist *headers)
{
    CURL *curl = curl_easy_init();

    curl_easy_setopt(curl, CURLOPT_URL, work->url);
    curl_easy_setopt(curl, CURLOPT_CAINFO, work->ca_file);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, REQUEST);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "peer/1.0");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 10000L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
    if (share != NULL)
        curl_easy_setopt(curl, CURLOPT_SHARE, share);
    return curl;
}

static size_t perform(CURL *curl)
{
    struct buffer reply = { NULL, 0 };
    CURLcode code;
    long http_status = 0;
    size_t sum = FAILED;

    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply);
    code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http_status);
    if (code != CURLE_OK)
        fprintf(stderr, "%s\n", curl_easy_strerror(code));
    else if (http_status == 200)
        sum = read_reply(reply.bytes, reply.len);
    free(reply.bytes);
    return sum;
}

static size_t fetch(const struct work *work)
{
    struct curl_slist *headers = new_headers();
    CURL *curl = new_handle(work, headers);
    size_t sum = perform(curl);

    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    return sum;
}

static void start_keeping(const struct work *work)
{
    start(work);
    kept = new_handle(work, new_headers());
}

/* The handle keeps the connection and everything that was set. */
static size_t fetch_with_kept(const struct work *work)
{
    (void)work;
    return perform(kept);
}

static size_t parse(const struct work *work)
{
    return read_reply(work->reply, work->len);
}

int main(int argc, char **argv)
{
    static const struct mode modes[] = {
        { "cold", start, fetch },
        { "share", start_sharing, fetch },
        { "warm", start_keeping, fetch_with_kept },
        { "parse", nothing, parse },
    };

    return run(modes, sizeof modes / sizeof *modes, argc, argv);
}
