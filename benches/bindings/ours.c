/*
 * What every binding is measured beside: a C program that copies all that a result lends before it frees it, as they must.
 */

#include "../peer/timing.h"

#include <mlab.h>

#define KEY "test-key-not-real"
#define ID "12202888"

struct copy {
    int32_t status, http_status, is_retryable, attempts;
    int64_t eta_ms, retry_after_ms, elapsed_ms;
    char **urls;
    char *message, *id, *body;
    size_t url_count, image_count, body_len;
};

static char *copied(const char *bytes, size_t len)
{
    char *copy = malloc(len + 1);

    memcpy(copy, bytes, len);
    copy[len] = '\0';
    return copy;
}

static struct copy copy_of(const mlab_result *result)
{
    struct copy copy;
    const char *const *urls = mlab_result_urls(result, &copy.url_count);
    const char *message = mlab_result_message(result), *id = mlab_result_id(result);
    const char *body = mlab_result_body(result, &copy.body_len);

    copy.status = mlab_result_status(result);
    copy.http_status = mlab_result_http_status(result);
    copy.eta_ms = mlab_result_eta_ms(result);
    copy.retry_after_ms = mlab_result_retry_after_ms(result);
    copy.is_retryable = mlab_result_is_retryable(result);
    copy.attempts = mlab_result_attempts(result);
    copy.elapsed_ms = mlab_result_elapsed_ms(result);
    copy.image_count = mlab_result_image_count(result);
    copy.urls = malloc((copy.url_count + 1) * sizeof *copy.urls);
    for (size_t i = 0; i < copy.url_count; i++)
        copy.urls[i] = copied(urls[i], strlen(urls[i]));
    copy.message = copied(message, strlen(message));
    copy.id = copied(id, strlen(id));
    copy.body = copied(body, copy.body_len);
    return copy;
}

static size_t copy_and_free(mlab_result *result)
{
    struct copy copy = copy_of(result);
    size_t bytes = 0;

    mlab_result_free(result);
    for (size_t i = 0; i < copy.url_count; i++) {
        bytes += strlen(copy.urls[i]);
        free(copy.urls[i]);
    }
    if (copy.status != MLAB_OK) {
        fprintf(stderr, "%s: %s\n", mlab_status_name(copy.status), copy.message);
        bytes = FAILED;
    }
    free(copy.urls);
    free(copy.message);
    free(copy.id);
    free(copy.body);
    return bytes;
}

static mlab_client *client;

static void open_client(const struct work *work)
{
    mlab_config *config = mlab_config_new();
    int32_t status = mlab_config_set_endpoint(config, work->url);

    if (status == MLAB_OK)
        status = mlab_client_new(KEY, config, &client);
    mlab_config_free(config);
    if (status != MLAB_OK) {
        fprintf(stderr, "%s\n", mlab_status_name(status));
        exit(EXIT_FAILURE);
    }
}

static size_t fetch(const struct work *work)
{
    mlab_result *result;

    (void)work;
    mlab_client_fetch(client, ID, NULL, &result);
    return copy_and_free(result);
}

static void nothing(const struct work *work)
{
    (void)work;
}

static size_t parse(const struct work *work)
{
    mlab_result *result;

    mlab_parse(work->reply, work->len, 200, &result);
    return copy_and_free(result);
}

int main(int argc, char **argv)
{
    static const struct mode modes[] = {
        { "fetch", open_client, fetch },
        { "parse", nothing, parse },
    };
    int status = run(modes, sizeof modes / sizeof *modes, argc, argv);

    mlab_client_free(client);
    return status;
}
