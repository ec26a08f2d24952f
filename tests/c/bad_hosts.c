/* Hosts whose own HTTP answers late, never, from two threads at once, or with lengths and heads that lie. */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"
#include "host_http.h"
#include "next_event.h"
#include "ready_host.h"
#include "settings.h"
#include "test_clients.h"

#include <mlab.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PATIENCE_MS = 60000 };

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void what_cannot_be_an_answer_is_refused_and_leaves_the_exchange_open(void)
{
    host_http http = host_http_new();
    const mlab_exchange *exchange = http.exchange;
    CHECK_INT(mlab_exchange_reply(exchange, INT32_MIN, NULL, NULL, 0), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_reply(exchange, 0, NULL, NULL, 0), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_reply(exchange, 99, NULL, NULL, 0), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_reply(exchange, 600, NULL, NULL, 0), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_reply(exchange, 200, "\xff", NULL, 0), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_reply(exchange, 200, NULL, NULL, SIZE_MAX), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_reply(exchange, 200, NULL, "", SIZE_MAX), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_write(exchange, NULL, SIZE_MAX), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_write(exchange, "x", SIZE_MAX), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_write(exchange, NULL, 0), MLAB_E_INVALID_ARGUMENT);
    mlab_exchange_progress(exchange, UINT64_MAX, INT64_MIN);
    mlab_exchange_progress(exchange, 0, INT64_MAX);
    CHECK(mlab_exchange_header_name(exchange, SIZE_MAX) == NULL);
    CHECK(mlab_exchange_header_value(exchange, SIZE_MAX) == NULL);
    CHECK_INT(mlab_exchange_fail(exchange, INT32_MAX, NULL), MLAB_OK);
    CHECK_INT(mlab_exchange_write(exchange, "x", 1), MLAB_E_CLOSED);
    host_http_free(&http);
}

/* Each reply is answered by a host that says something else in its head than it does. */
static void a_head_that_lies_does_no_harm(void)
{
    static const struct {
        const char *headers;
        int32_t status;
    } rows[] = {
        {"Content-Length: 1", MLAB_OK},
        {"Content-Length: 18446744073709551616", MLAB_OK},
        {"Content-Length: -1\r\nContent-Range: bytes 5-3/2", MLAB_OK},
        {"Content-Encoding: gzip", MLAB_OK}, /* the body is decoded already */
        {"Retry-After: 99999999999999999999\r\nDate: yesterday", MLAB_OK},
        {"no colon at all\r\n: no name\r\n\r\n\r\n: ", MLAB_OK},
        {"Content-Type: \r\n\tfolded", MLAB_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ready_host self = ready_host_new(200, rows[i].headers, READY_REPLY);
        harness_row(rows[i].headers);
        mlab_result_free(ready_host_fetch(ready_host_config(ready_host_answer, &self), rows[i].status));
        CHECK_INT(self.answered, MLAB_OK);
    }
    harness_row(NULL);
}

static void a_body_over_the_limit_is_too_large_whatever_its_head_says(void)
{
    static char body[2000];
    ready_host self = ready_host_new(200, "Content-Length: 10", body);
    mlab_config *config = ready_host_config(ready_host_answer, &self);
    memset(body, ' ', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    CHECK_INT(mlab_config_set_body_limit(config, 1000), MLAB_OK);
    mlab_result_free(ready_host_fetch(config, MLAB_E_TOO_LARGE));
}

static void a_host_that_never_answers_costs_a_call_its_timeout_and_a_job_its_deadline(void)
{
    enum { TIMEOUT_MS = 200 };
    ready_host self = ready_host_new(0, NULL, NULL);
    mlab_config *config = ready_host_config(ready_host_keep, &self);
    mlab_request *request = mlab_request_new(READY_ID);
    mlab_client *client = NULL;
    mlab_result *result = NULL;
    mlab_event *event;
    int64_t began = now_ms();
    CHECK_INT(mlab_config_set_retries(config, 0), MLAB_OK);
    CHECK_INT(mlab_config_set_request_timeout_ms(config, TIMEOUT_MS), MLAB_OK);
    CHECK_INT(mlab_client_new(TEST_KEY, config, &client), MLAB_OK);
    CHECK_INT(mlab_client_fetch(client, READY_ID, NULL, &result), MLAB_E_TIMEOUT);
    mlab_result_free(result);
    CHECK(self.cancelled == self.id);
    /* Late, which is no mistake of the host's. */
    CHECK_INT(mlab_exchange_is_cancelled(self.kept), 1);
    CHECK_INT(mlab_exchange_reply(self.kept, 200, NULL, READY_REPLY, sizeof READY_REPLY - 1), MLAB_OK);
    mlab_exchange_free(self.kept);
    self.kept = NULL;
    CHECK_INT(mlab_request_set_deadline_ms(request, TIMEOUT_MS / 2), MLAB_OK);
    CHECK_INT(mlab_client_submit(client, request, NULL), MLAB_OK);
    event = next_event(client, PATIENCE_MS);
    CHECK_INT(mlab_event_kind(event), MLAB_EVENT_DONE);
    CHECK_INT(mlab_event_status(event), MLAB_E_DEADLINE);
    CHECK(now_ms() - began < PATIENCE_MS / 2);
    mlab_event_free(event);
    mlab_exchange_free(self.kept);
    mlab_request_free(request);
    mlab_client_free(client);
    mlab_config_free(config);
}

typedef struct {
    const mlab_exchange *exchange;
    int32_t answered;
} answerer;

static void *reply_ready(void *argument)
{
    answerer *self = argument;
    self->answered = mlab_exchange_reply(self->exchange, 200, NULL, READY_REPLY, sizeof READY_REPLY - 1);
    return NULL;
}

static void of_answers_from_several_threads_one_counts(void)
{
    enum { THREADS = 4, ROUNDS = 10 };
    for (int round = 0; round < ROUNDS; round++) {
        host_http http = host_http_new();
        pthread_t threads[THREADS];
        answerer answerers[THREADS];
        mlab_event *event;
        int taken = 0;
        for (int i = 0; i < THREADS; i++) {
            answerers[i].exchange = http.exchange;
            answerers[i].answered = MLAB_E_INTERNAL;
            CHECK_INT(pthread_create(&threads[i], NULL, reply_ready, &answerers[i]), 0);
        }
        event = next_event(http.client, PATIENCE_MS);
        for (int i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
            CHECK(answerers[i].answered == MLAB_OK || answerers[i].answered == MLAB_E_CLOSED);
            taken += answerers[i].answered == MLAB_OK;
        }
        CHECK_INT(taken, 1);
        CHECK_INT(mlab_event_status(event), MLAB_OK);
        mlab_event_free(event);
        CHECK(next_event(http.client, 0) == NULL);
        host_http_free(&http);
    }
}

static void an_answer_after_the_shutdown_is_dropped(void)
{
    host_http http = host_http_new();
    mlab_event *event;
    CHECK_INT(mlab_client_shutdown(http.client, PATIENCE_MS), MLAB_OK);
    CHECK_INT(mlab_exchange_is_cancelled(http.exchange), 1);
    CHECK_INT(mlab_exchange_reply(http.exchange, 200, NULL, READY_REPLY, sizeof READY_REPLY - 1), MLAB_OK);
    event = next_event(http.client, 0);
    CHECK_INT(mlab_event_status(event), MLAB_E_CLOSED);
    mlab_event_free(event);
    CHECK_INT(mlab_client_next_event(http.client, 0, &event), MLAB_E_CLOSED);
    host_http_free(&http);
}

const harness_test bad_host_tests[] = {
    TEST(what_cannot_be_an_answer_is_refused_and_leaves_the_exchange_open),
    TEST(a_head_that_lies_does_no_harm),
    TEST(a_body_over_the_limit_is_too_large_whatever_its_head_says),
    TEST(a_host_that_never_answers_costs_a_call_its_timeout_and_a_job_its_deadline),
    TEST(of_answers_from_several_threads_one_counts),
    TEST(an_answer_after_the_shutdown_is_dropped),
    END_OF_TESTS,
};
