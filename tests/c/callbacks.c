/*
 * Callbacks that free what is in use, each from inside the calls that make it: nobody is waited for, the call ends, and
 * the function is not called for that client again.
 */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"
#include "next_event.h"
#include "ready_host.h"
#include "settings.h"
#include "test_clients.h"

#include <mlab.h>
#include <stddef.h>
#include <time.h>

enum { PATIENCE_MS = 60000, AT_ONCE_MS = 900 };

#define PROCESSING "{\"status\":\"processing\",\"eta\":5}"

/* What a callback frees, all of it at its first call. */
static struct {
    mlab_client *client;
    mlab_request *request;
    mlab_cancel *cancel;
    mlab_exchange *kept[8];
    size_t kept_count;
    int calls;
    int32_t shutdown; /* what that said, before the free */
} in_use;

static void free_all(void)
{
    in_use.calls++;
    if (in_use.client == NULL)
        return;
    in_use.shutdown = mlab_client_shutdown(in_use.client, PATIENCE_MS);
    mlab_client_free(in_use.client);
    mlab_request_free(in_use.request);
    mlab_cancel_free(in_use.cancel);
    in_use.client = NULL;
    in_use.request = NULL;
    in_use.cancel = NULL;
}

static int32_t on_progress(void *user, int32_t polls, int64_t elapsed_ms, int64_t eta_ms, int64_t next_poll_ms)
{
    (void)user, (void)polls, (void)elapsed_ms, (void)eta_ms, (void)next_poll_ms;
    free_all();
    return 0;
}

static void on_log(void *user, int32_t level, const char *area, const char *text)
{
    (void)user, (void)level, (void)area, (void)text;
    free_all();
}

static void on_start(void *user, mlab_exchange *exchange)
{
    (void)user;
    free_all();
    CHECK_INT(mlab_exchange_reply(exchange, 200, NULL, READY_REPLY, sizeof READY_REPLY - 1), MLAB_OK);
    mlab_exchange_free(exchange);
}

static void answer_processing(void *user, mlab_exchange *exchange)
{
    (void)user;
    CHECK_INT(mlab_exchange_reply(exchange, 200, NULL, PROCESSING, sizeof PROCESSING - 1), MLAB_OK);
    mlab_exchange_free(exchange);
}

static void keep(void *user, mlab_exchange *exchange)
{
    (void)user;
    if (CHECK(in_use.kept_count < sizeof in_use.kept / sizeof in_use.kept[0]))
        in_use.kept[in_use.kept_count++] = exchange;
}

static void on_cancel(void *user, uint64_t id)
{
    (void)user, (void)id;
    free_all();
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int32_t by_fetch(void)
{
    mlab_result *result = NULL;
    int32_t status = mlab_client_fetch(in_use.client, READY_ID, in_use.cancel, &result);
    CHECK_INT(mlab_result_status(result), status);
    mlab_result_free(result);
    return status;
}

static int32_t by_wait(void)
{
    mlab_result *result = NULL;
    int32_t status = mlab_client_wait(in_use.client, in_use.request, in_use.cancel, &result);
    CHECK_INT(mlab_result_status(result), status);
    mlab_result_free(result);
    return status;
}

/* Pulls with a patience that a client which has ended must not use up. */
static int32_t by_pulling(void)
{
    mlab_client *client = in_use.client;
    mlab_event *event;
    int32_t status = mlab_client_submit(client, in_use.request, NULL);
    /* Once freed, the client is not the caller's any more: a log entry may come in submit itself. */
    if (in_use.calls > 0)
        return status;
    do {
        status = mlab_client_next_event(client, PATIENCE_MS, &event);
        mlab_event_free(event);
    } while (status == MLAB_OK && in_use.calls == 0);
    return status;
}

static int32_t by_pulling_three(void)
{
    test_submit(in_use.client, "2");
    test_submit(in_use.client, "3");
    return by_pulling();
}

/* Jobs with an exchange each, so that there is more than one to cancel. */
static void begin_exchanges(void)
{
    static const char *const ids[] = {"1", "2", "3"};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        test_submit(in_use.client, ids[i]);
    CHECK(next_event(in_use.client, 0) == NULL);
    CHECK_SIZE(in_use.kept_count, sizeof ids / sizeof ids[0]);
}

static int32_t by_cancelling(void)
{
    begin_exchanges();
    return mlab_client_cancel_job(in_use.client, 0);
}

static int32_t by_shutting_down(void)
{
    begin_exchanges();
    return mlab_client_shutdown(in_use.client, PATIENCE_MS);
}

/* A way into a callback that frees. */
typedef struct {
    const char *name;
    int32_t (*call)(void);
    mlab_transport_start_fn start; /* NULL: the library's own HTTP */
    mlab_transport_cancel_fn cancel;
    mlab_log_fn log;
    mlab_progress_fn progress;
} way;

/* Goes it, and gives how long that took. */
static int64_t go(const way *way)
{
    mlab_config *config = mlab_config_new();
    int64_t began, took;
    int32_t status;
    in_use.calls = 0;
    in_use.kept_count = 0;
    CHECK_INT(mlab_config_set_endpoint(config, harness_setting("MLAB_TEST_HTTP")), MLAB_OK);
    CHECK_INT(mlab_config_set_transport(config, way->start, way->cancel, NULL), MLAB_OK);
    CHECK_INT(mlab_config_set_log(config, MLAB_LOG_DEBUG, way->log, NULL), MLAB_OK);
    if (way->start == keep)
        CHECK_INT(mlab_config_set_request_timeout_ms(config, 50), MLAB_OK);
    CHECK_INT(mlab_client_new(TEST_KEY, config, &in_use.client), MLAB_OK);
    in_use.request = mlab_request_new("65919762"); /* never ready */
    in_use.cancel = mlab_cancel_new();
    CHECK_INT(mlab_request_set_progress(in_use.request, way->progress, NULL), MLAB_OK);
    began = now_ms();
    status = way->call();
    took = now_ms() - began;
    CHECK_INT(in_use.calls, 1);
    CHECK(in_use.client == NULL);
    /* The call could not leave meanwhile, and so the shutdown could not wait for it. */
    CHECK_INT(in_use.shutdown, MLAB_E_BUSY);
    CHECK(status != MLAB_E_INTERNAL && status != MLAB_E_FORKED && status != MLAB_E_DEADLINE);
    while (in_use.kept_count > 0)
        mlab_exchange_free(in_use.kept[--in_use.kept_count]);
    mlab_config_free(config);
    if (in_use.client != NULL)
        free_all();
    return took;
}

static void every_callback_may_free_what_is_in_use(void)
{
    static const way ways[] = {
        {"progress, in a wait", by_wait, answer_processing, NULL, NULL, on_progress},
        {"log, in a fetch", by_fetch, NULL, NULL, on_log, NULL},
        {"log, in a wait", by_wait, NULL, NULL, on_log, NULL},
        {"log, of a worker", by_pulling, NULL, NULL, on_log, NULL},
        {"log, with a transport", by_pulling, answer_processing, NULL, on_log, NULL},
        {"start, in a fetch", by_fetch, on_start, NULL, NULL, NULL},
        {"start, in a wait", by_wait, on_start, NULL, NULL, NULL},
        {"start, in a pull", by_pulling, on_start, NULL, NULL, NULL},
        {"start, in a pull, with more to start", by_pulling_three, on_start, NULL, NULL, NULL},
        {"start, in a fetch, with a cancel function", by_fetch, on_start, on_cancel, NULL, NULL},
        {"cancel, in a cancel of jobs", by_cancelling, keep, on_cancel, NULL, NULL},
        {"cancel, in a shutdown", by_shutting_down, keep, on_cancel, NULL, NULL},
        {"cancel, in a fetch that runs out of time", by_fetch, keep, on_cancel, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        int64_t took;
        harness_row(ways[i].name);
        /* Another program may delay one; a call that waits for what was freed is late each time. */
        took = go(&ways[i]);
        for (int again = 0; again < 2 && took >= AT_ONCE_MS; again++)
            took = go(&ways[i]);
        CHECK(took < AT_ONCE_MS);
    }
    harness_row(NULL);
}

const harness_test callback_tests[] = {TEST(every_callback_may_free_what_is_in_use), END_OF_TESTS};
