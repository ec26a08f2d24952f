/* What the log tells, where it is called, and what the host may do inside it. */
#define _POSIX_C_SOURCE 200809L
#include "../c/harness.h"
#include "client.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { THREADS = 4 };

/* The log's user pointer. Several threads write: counts only. */
static struct {
    atomic_int entries, wrong_thread, wrong_text, with_key, inner_calls, inner_failures;
} seen;

/* A thread is inside a call of ours or it is not. */
static _Thread_local int inside, nested;

static mlab_client *client;

/* What a host may do in a callback: everything but free what the call uses. */
static void call_the_library(void)
{
    static const char body[] = "{\"status\":\"success\",\"id\":1,\"output\":[\"https://a.example/0\"]}";
    mlab_result *result = NULL;
    mlab_config *config = mlab_config_new();
    mlab_cancel *cancel = mlab_cancel_new();
    int failed = 0;

    failed += mlab_parse(body, sizeof body - 1, 200, &result) != MLAB_OK;
    mlab_result_free(result);
    failed += mlab_config_set_retries(config, 1) != MLAB_OK;
    mlab_config_free(config);
    failed += test_fetch(client, "1") != MLAB_OK;
    mlab_cancel_trigger(cancel);
    failed += mlab_client_fetch(client, "1", cancel, &result) != MLAB_E_CANCELLED;
    mlab_result_free(result);
    mlab_cancel_free(cancel);
    atomic_fetch_add(&seen.inner_calls, 1);
    atomic_fetch_add(&seen.inner_failures, failed);
}

static void on_entry(void *user, int32_t level, const char *area, const char *text)
{
    atomic_fetch_add(&seen.entries, 1);
    atomic_fetch_add(&seen.wrong_thread, !inside);
    if (user != &seen || level < MLAB_LOG_ERROR || level > MLAB_LOG_DEBUG || area[0] == '\0' || text[0] == '\0'
        || strchr(text, '\n') != NULL)
        atomic_fetch_add(&seen.wrong_text, 1);
    if (strstr(text, TEST_KEY) != NULL || strstr(area, TEST_KEY) != NULL)
        atomic_fetch_add(&seen.with_key, 1);
    if (!nested) {
        nested = 1;
        call_the_library();
        nested = 0;
    }
}

static void set_log(mlab_config *config)
{
    CHECK_INT(mlab_config_set_log(config, MLAB_LOG_DEBUG, on_entry, &seen), MLAB_OK);
}

static int32_t call_inside(const char *id, mlab_result **result)
{
    int32_t status;
    inside = 1;
    status = mlab_client_fetch(client, id, NULL, result);
    inside = 0;
    return status;
}

static void *calls(void *statuses)
{
    mlab_result *result = NULL;
    mlab_request *request = mlab_request_new("1");
    int32_t *status = statuses;

    status[0] = call_inside("1", &result);
    mlab_result_free(result);
    /* Tried again, which is a warning, and then the server quotes the key. */
    status[1] = call_inside("busy-1-x", &result);
    mlab_result_free(result);
    inside = 1;
    status[2] = mlab_client_wait(client, request, NULL, &result);
    inside = 0;
    mlab_result_free(result);
    mlab_request_free(request);
    return NULL;
}

static void it_is_called_on_the_callers_thread_and_may_call_back(void)
{
    pthread_t threads[THREADS];
    int32_t statuses[THREADS][3];
    client = test_client("MLAB_TEST_ENDPOINT", set_log);
    CHECK_INT(seen.entries, 0);
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, calls, statuses[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        for (int call = 0; call < 3; call++)
            CHECK_INT(statuses[i][call], MLAB_OK);
    }
    mlab_client_free(client);
    /* The fetches make one each at least; the waits share a poll. */
    CHECK(seen.inner_calls >= 2 * THREADS + 1);
    CHECK(seen.entries > seen.inner_calls);
    CHECK_INT(seen.inner_failures, 0);
    CHECK_INT(seen.wrong_thread, 0);
    CHECK_INT(seen.wrong_text, 0);
}

static void it_never_tells_the_key(void)
{
    mlab_result *result = NULL;
    int32_t entries = seen.entries;
    nested = 1;
    client = test_client("MLAB_TEST_ECHO", set_log);
    CHECK_INT(call_inside("1", &result), MLAB_E_API);
    CHECK_HAS(mlab_result_message(result), "***");
    CHECK(strstr(mlab_result_message(result), TEST_KEY) == NULL);
    CHECK(strstr(mlab_result_body(result, NULL), TEST_KEY) == NULL);
    mlab_result_free(result);
    mlab_client_free(client);
    CHECK(seen.entries > entries);
    CHECK_INT(seen.with_key, 0);
    nested = 0;
}

const harness_test log_tests[] = {
    TEST(it_is_called_on_the_callers_thread_and_may_call_back),
    TEST(it_never_tells_the_key),
    END_OF_TESTS,
};
