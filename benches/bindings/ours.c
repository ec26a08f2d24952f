/*
 * What every binding is measured beside: a C program that copies all that a result lends before it frees it, as they must.
 * It fetches on its own thread, or has a thread of its own make the call and waits on a descriptor for the end, as an event
 * loop does.
 */

#include "../peer/timing.h"

#include <mlab.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

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

/* The thread that makes the calls: asked, and answering, by a byte. */
static int asked[2], answered[2];
static mlab_result *handed;

static void *helper(void *unused)
{
    char byte;

    while (read(asked[0], &byte, 1) == 1) {
        mlab_client_fetch(client, ID, NULL, &handed);
        if (write(answered[1], &byte, 1) != 1)
            break;
    }
    return unused;
}

static void open_client_and_helper(const struct work *work)
{
    pthread_t thread;

    open_client(work);
    if (pipe(asked) != 0 || pipe(answered) != 0 || pthread_create(&thread, NULL, helper, NULL) != 0) {
        perror("the thread that makes the calls");
        exit(EXIT_FAILURE);
    }
    pthread_detach(thread);
}

static size_t fetch_handed_over(const struct work *work)
{
    struct pollfd end = { .fd = answered[0], .events = POLLIN };
    char byte = 0;

    (void)work;
    if (write(asked[1], &byte, 1) != 1 || poll(&end, 1, -1) != 1 || read(answered[0], &byte, 1) != 1)
        return FAILED;
    return copy_and_free(handed);
}

static size_t parse(const struct work *work)
{
    mlab_result *result;

    mlab_parse(work->reply, work->len, 200, &result);
    return copy_and_free(result);
}

/* Calls before it is timed, for as long as the languages do. */
static void warm(size_t (*call)(const struct work *), const struct work *work)
{
    double begun = now_ns();

    while (now_ns() - begun < 4e8 && call(work) != FAILED)
        ;
}

static void begin_fetch(const struct work *work)
{
    open_client(work);
    warm(fetch, work);
}

static void begin_handing_over(const struct work *work)
{
    open_client_and_helper(work);
    warm(fetch_handed_over, work);
}

static void begin_parse(const struct work *work)
{
    warm(parse, work);
}

int main(int argc, char **argv)
{
    static const struct mode modes[] = {
        { "fetch", begin_fetch, fetch },
        { "handed-over", begin_handing_over, fetch_handed_over },
        { "parse", begin_parse, parse },
    };
    int status = run(modes, sizeof modes / sizeof *modes, argc, argv);

    mlab_client_free(client);
    return status;
}
