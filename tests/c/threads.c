/* Results read, and functions called, by several threads at once. */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"

#include <mlab.h>
#include <pthread.h>
#include <string.h>

enum { THREADS = 8, TIMES = 100 };

static const char ready[] = "{\"status\":\"success\",\"id\":42,\"output\":[\"https://a.example/0\",\"https://a.example/1\"]}";

typedef struct {
    const mlab_result *result;
    unsigned long wrong; /* each thread its own; checked after the join */
} reader;

/* Runs `body` in THREADS threads at once, and checks that none found anything wrong. */
static void in_threads(void *(*body)(void *), const mlab_result *result)
{
    pthread_t threads[THREADS];
    reader readers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        readers[i].result = result;
        readers[i].wrong = 0;
        if (!CHECK_INT(pthread_create(&threads[i], NULL, body, &readers[i]), 0))
            return;
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT((int64_t)readers[i].wrong, 0);
    }
}

static void *read_all(void *argument)
{
    reader *self = argument;
    const mlab_result *result = self->result;
    for (int i = 0; i < TIMES; i++) {
        size_t count = 0, len = 0;
        const char *const *urls = mlab_result_urls(result, &count);
        self->wrong += count != 2 || mlab_result_url_count(result) != 2 || urls[2] != NULL;
        self->wrong += strcmp(urls[0], "https://a.example/0") != 0 || urls[1] != mlab_result_url(result, 1);
        self->wrong += mlab_result_url(result, 2) != NULL;
        self->wrong += mlab_result_status(result) != MLAB_OK || mlab_result_http_status(result) != 200;
        self->wrong += strcmp(mlab_result_id(result), "42") != 0 || strlen(mlab_result_message(result)) > 1024;
        self->wrong += mlab_result_eta_ms(result) != -1 || mlab_result_retry_after_ms(result) != -1;
        self->wrong += mlab_result_is_retryable(result) != 0 || mlab_result_attempts(result) != 0;
        self->wrong += mlab_result_elapsed_ms(result) != 0;
        self->wrong += strcmp(mlab_result_body(result, &len), ready) != 0 || len != sizeof ready - 1;
    }
    return NULL;
}

static void one_result_is_read_by_all_threads_at_once(void)
{
    mlab_result *result = NULL;
    CHECK_INT(mlab_parse(ready, sizeof ready - 1, 200, &result), MLAB_OK);
    in_threads(read_all, result);
    mlab_result_free(result);
}

static void *parse_and_free(void *argument)
{
    reader *self = argument;
    for (int i = 0; i < TIMES; i++) {
        mlab_result *result = NULL;
        self->wrong += mlab_parse(ready, sizeof ready - 1, 200, &result) != MLAB_OK;
        self->wrong += mlab_result_url_count(result) != 2;
        mlab_result_free(result);
    }
    return NULL;
}

static void every_thread_makes_and_frees_its_own_results(void)
{
    in_threads(parse_and_free, NULL);
}

/* The two limits that threads set by turns: the body fits both, so no call may notice. */
static void *set_and_use_the_default(void *argument)
{
    reader *self = argument;
    for (int i = 0; i < TIMES; i++) {
        mlab_config *config = mlab_config_new();
        mlab_result *result = NULL;
        self->wrong += mlab_config_set_body_limit(config, sizeof ready + (i % 2 ? 0 : 1000)) != MLAB_OK;
        self->wrong += mlab_set_default_config(i % 3 ? config : NULL) != MLAB_OK;
        self->wrong += mlab_parse(ready, sizeof ready - 1, 200, &result) != MLAB_OK;
        mlab_result_free(result);
        mlab_config_free(config);
    }
    return NULL;
}

static void the_default_config_is_replaced_while_others_use_it(void)
{
    in_threads(set_and_use_the_default, NULL);
    mlab_set_default_config(NULL);
}

static void *free_it(void *result)
{
    mlab_result_free(result);
    return NULL;
}

static void a_result_is_freed_by_another_thread_than_made_it(void)
{
    mlab_result *result = NULL;
    pthread_t thread;
    CHECK_INT(mlab_parse(ready, sizeof ready - 1, 200, &result), MLAB_OK);
    if (CHECK_INT(pthread_create(&thread, NULL, free_it, result), 0))
        pthread_join(thread, NULL);
}

const harness_test thread_tests[] = {
    TEST(one_result_is_read_by_all_threads_at_once),
    TEST(every_thread_makes_and_frees_its_own_results),
    TEST(the_default_config_is_replaced_while_others_use_it),
    TEST(a_result_is_freed_by_another_thread_than_made_it),
    END_OF_TESTS,
};
