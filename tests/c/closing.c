/* Clients that were refused, that are woken, that are shut down, and that are freed while they are in use. */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"
#include "next_event.h"
#include "ready_host.h"
#include "settings.h"
#include "test_clients.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

enum { PATIENCE_MS = 60000, WAITERS = 3, AT_ONCE_MS = 2000 };

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void a_refused_client_says_why_and_answers_every_call_with_that(void)
{
    mlab_client *client = NULL;
    mlab_request *request = mlab_request_new(READY_ID);
    mlab_result *result = NULL;
    mlab_event *event = NULL;
    mlab_exchange *exchange = NULL;
    uint64_t job = 1;
    CHECK_INT(mlab_client_new("a\nb", NULL, &client), MLAB_E_INVALID_ARGUMENT);
    if (!CHECK(client != NULL))
        return;
    CHECK_STARTS(mlab_client_message(client), "key ");
    CHECK(strstr(mlab_client_message(client), "a\nb") == NULL);
    CHECK_INT(mlab_client_fetch(client, READY_ID, NULL, &result), MLAB_E_INVALID_ARGUMENT);
    CHECK_TEXT(mlab_result_message(result), mlab_client_message(client));
    mlab_result_free(result);
    CHECK_INT(mlab_client_wait(client, request, NULL, &result), MLAB_E_INVALID_ARGUMENT);
    CHECK_TEXT(mlab_result_message(result), mlab_client_message(client));
    mlab_result_free(result);
    CHECK_INT(mlab_client_submit(client, request, &job), MLAB_E_INVALID_ARGUMENT);
    CHECK(job == 0);
    CHECK_INT(mlab_client_next_event(client, UINT32_MAX, &event), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_client_next_exchange(client, UINT32_MAX, &exchange), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_client_cancel_job(client, 0), MLAB_E_INVALID_ARGUMENT);
    CHECK_SIZE(mlab_client_pending(client), 0);
    CHECK_INT(mlab_client_event_fd(client), -1);
    CHECK_INT(mlab_client_next_due_ms(client), -1);
    mlab_client_wakeup(client);
    CHECK_INT(mlab_client_shutdown(client, UINT32_MAX), MLAB_OK);
    mlab_request_free(request);
    mlab_client_free(client);
}

static void a_good_client_has_no_message(void)
{
    mlab_client *client = test_client_at_http();
    CHECK_TEXT(mlab_client_message(client), "");
    mlab_client_free(client);
}

static void sleep_ms(long ms)
{
    const struct timespec moment = {0, ms * 1000 * 1000};
    nanosleep(&moment, NULL);
}

/* How many waits are about to begin, or have begun; and how many have ended. */
static struct {
    pthread_mutex_t lock;
    int begun, ended;
} waits = {PTHREAD_MUTEX_INITIALIZER, 0, 0};

static void count(int *waits_so_far)
{
    pthread_mutex_lock(&waits.lock);
    ++*waits_so_far;
    pthread_mutex_unlock(&waits.lock);
}

/* Whether all of the last `begin_waits` were counted, which is waited for. */
static int all_counted(const int *waits_so_far, int64_t within_ms)
{
    int64_t began = now_ms();
    int all;
    do {
        pthread_mutex_lock(&waits.lock);
        all = *waits_so_far == WAITERS;
        pthread_mutex_unlock(&waits.lock);
        if (!all)
            sleep_ms(1);
    } while (!all && now_ms() - began < within_ms);
    return all;
}

/* Waits, each thread in its own way; the status is checked after the join. */
typedef struct {
    const mlab_client *client;
    int32_t status;
} waiter;

static void *wait_for_an_event(void *argument)
{
    waiter *self = argument;
    mlab_event *event;
    count(&waits.begun);
    self->status = mlab_client_next_event(self->client, PATIENCE_MS, &event);
    count(&waits.ended);
    mlab_event_free(event);
    return NULL;
}

static void *wait_for_an_exchange(void *argument)
{
    waiter *self = argument;
    mlab_exchange *exchange;
    count(&waits.begun);
    self->status = mlab_client_next_exchange(self->client, PATIENCE_MS, &exchange);
    count(&waits.ended);
    mlab_exchange_free(exchange);
    return NULL;
}

static void begin_waits(const mlab_client *client, void *(*wait)(void *), pthread_t *threads, waiter *waiters)
{
    waits.begun = waits.ended = 0;
    for (int i = 0; i < WAITERS; i++) {
        waiters[i].client = client;
        waiters[i].status = MLAB_OK;
        CHECK_INT(pthread_create(&threads[i], NULL, wait, &waiters[i]), 0);
    }
    CHECK(all_counted(&waits.begun, PATIENCE_MS));
    /* Long enough for them to wait; a wait that begins later still finds the client shut down. */
    sleep_ms(50);
}

static void join_waits(pthread_t *threads)
{
    int64_t began = now_ms();
    for (int i = 0; i < WAITERS; i++)
        pthread_join(threads[i], NULL);
    CHECK(now_ms() - began < PATIENCE_MS / 2);
}

static void check_waits_end(pthread_t *threads, waiter *waiters, int32_t status)
{
    join_waits(threads);
    for (int i = 0; i < WAITERS; i++)
        CHECK_INT(waiters[i].status, status);
}

/* A wait that begins too late for its wakeup goes on: one round of three without such a wait will do. */
static void a_wakeup_ends_every_wait_of_this_moment(void)
{
    pthread_t threads[WAITERS];
    waiter waiters[WAITERS];
    int all_ended = 0;
    for (int round = 0; round < 3 && !all_ended; round++) {
        mlab_client *client = test_client_at_http();
        begin_waits(client, wait_for_an_event, threads, waiters);
        mlab_client_wakeup(client);
        all_ended = all_counted(&waits.ended, AT_ONCE_MS);
        mlab_client_free(client);
        join_waits(threads);
    }
    CHECK(all_ended);
    for (int i = 0; i < WAITERS; i++)
        CHECK_INT(waiters[i].status, MLAB_NO_EVENT);
}

static void a_wakeup_without_a_wait_ends_one_later_wait(void)
{
    mlab_client *client = test_client_at_http();
    mlab_event *event;
    mlab_client_wakeup(client);
    mlab_client_wakeup(client);
    CHECK_INT(mlab_client_next_event(client, UINT32_MAX, &event), MLAB_NO_EVENT);
    CHECK(event == NULL);
    CHECK_INT(mlab_client_next_event(client, 0, &event), MLAB_NO_EVENT);
    mlab_client_free(client);
}

/* With the library's own HTTP, with a transport that is called, and with one that is pulled. */
static void a_shutdown_ends_every_wait_and_says_ok_when_all_have_left(void)
{
    ready_host self = ready_host_new(0, NULL, NULL);
    mlab_client *clients[4];
    pthread_t threads[WAITERS];
    waiter waiters[WAITERS];
    mlab_event *event;
    clients[0] = test_client_at_http();
    clients[1] = ready_host_client(ready_host_keep, &self);
    clients[2] = clients[3] = test_client_that_pulls();
    for (int i = 0; i < 4; i++) {
        begin_waits(clients[i], i < 3 ? wait_for_an_event : wait_for_an_exchange, threads, waiters);
        CHECK_INT(mlab_client_shutdown(clients[i], PATIENCE_MS), MLAB_OK);
        check_waits_end(threads, waiters, MLAB_E_CLOSED);
        CHECK_INT(mlab_client_next_event(clients[i], UINT32_MAX, &event), MLAB_E_CLOSED);
        CHECK_INT(mlab_client_next_event(clients[i], 0, &event), MLAB_E_CLOSED);
    }
    for (int i = 0; i < 3; i++)
        mlab_client_free(clients[i]);
}

static void a_free_ends_every_wait_in_a_second_thread(void)
{
    ready_host self = ready_host_new(0, NULL, NULL);
    mlab_client *clients[3];
    pthread_t threads[WAITERS];
    waiter waiters[WAITERS];
    clients[0] = test_client_at_http();
    clients[1] = ready_host_client(ready_host_keep, &self);
    clients[2] = test_client_that_pulls();
    for (int i = 0; i < 3; i++) {
        begin_waits(clients[i], i < 2 ? wait_for_an_event : wait_for_an_exchange, threads, waiters);
        mlab_client_free(clients[i]);
        check_waits_end(threads, waiters, MLAB_E_CLOSED);
    }
}

typedef struct {
    mlab_client *client;
    uint64_t job;
} canceller;

static void *cancel_soon(void *argument)
{
    canceller *self = argument;
    sleep_ms(50);
    mlab_client_cancel_job(self->client, self->job);
    return NULL;
}

/* As one that began before the free, on a thread that did not run until it was over. */
static void a_call_that_comes_too_late_finds_its_client_closed(void)
{
    mlab_client *client = test_client_at_http();
    mlab_result *result = NULL;
    mlab_event *event = NULL;
    uint64_t job = 1;
    mlab_request *request = mlab_request_new(READY_ID);
    mlab_client_free(client);
    CHECK_TEXT(mlab_client_message(client), "client was freed");
    CHECK_INT(mlab_client_fetch(client, READY_ID, NULL, &result), MLAB_E_CLOSED);
    CHECK_HAS(mlab_result_message(result), "shut down");
    CHECK_INT((int64_t)mlab_result_attempts(result), 0);
    mlab_result_free(result);
    CHECK_INT(mlab_client_submit(client, request, &job), MLAB_E_CLOSED);
    CHECK(job == 0);
    CHECK_INT(mlab_client_next_event(client, PATIENCE_MS, &event), MLAB_E_CLOSED);
    mlab_request_free(request);
}

static void a_cancel_wakes_who_waits_for_the_event_of_a_transport(void)
{
    ready_host self = ready_host_new(0, NULL, NULL);
    canceller cancel = {ready_host_client(ready_host_keep, &self), 0};
    mlab_request *request = mlab_request_new(READY_ID);
    int64_t began = now_ms();
    pthread_t thread;
    mlab_event *event;
    CHECK_INT(mlab_client_submit(cancel.client, request, &cancel.job), MLAB_OK);
    CHECK_INT(pthread_create(&thread, NULL, cancel_soon, &cancel), 0);
    event = next_event(cancel.client, PATIENCE_MS);
    CHECK_INT(mlab_event_status(event), MLAB_E_CANCELLED);
    /* Far below the request timeout of 30 s, at which the exchange would end by itself. */
    CHECK(now_ms() - began < 10000);
    mlab_event_free(event);
    pthread_join(thread, NULL);
    CHECK_INT(mlab_exchange_is_cancelled(self.kept), 1);
    mlab_exchange_free(self.kept);
    mlab_request_free(request);
    mlab_client_free(cancel.client);
}

static void count_entry(void *user, int32_t level, const char *area, const char *text)
{
    (void)level, (void)area, (void)text;
    ++*(int *)user;
}

static void the_log_has_what_matters_at_least_as_much_as_its_level(void)
{
    mlab_client *client = NULL;
    int entries = 0;
    mlab_config *config = mlab_config_new();
    mlab_result *result = NULL;
    CHECK_INT(mlab_config_set_endpoint(config, harness_setting("MLAB_TEST_HTTP")), MLAB_OK);
    for (int32_t level = 0; level <= MLAB_LOG_WARNING; level++) {
        CHECK_INT(mlab_config_set_log(config, level, count_entry, &entries), MLAB_OK);
        CHECK_INT(mlab_client_new(TEST_KEY, config, &client), MLAB_OK);
        /* A poll that went well is information, and no warning. */
        CHECK_INT(mlab_client_fetch(client, READY_ID, NULL, &result), MLAB_OK);
        CHECK_INT(entries, 0);
        mlab_result_free(result);
        mlab_client_free(client);
    }
    CHECK_INT(mlab_config_set_log(config, -1, count_entry, &entries), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_config_message(config), "level ");
    CHECK_INT(mlab_config_set_log(config, MLAB_LOG_DEBUG + 1, count_entry, &entries), MLAB_E_INVALID_ARGUMENT);
    mlab_config_free(config);
}

static void a_folder_that_cannot_be_written_into_is_told_by_the_jobs_end(void)
{
    mlab_client *client = test_client_at_http();
    mlab_request *request = mlab_request_new(READY_ID);
    mlab_event *event;
    uint64_t job = 0;
    CHECK_INT(mlab_request_set_download_dir(request, "/nowhere/at/all", 0), MLAB_OK);
    CHECK_INT(mlab_client_submit(client, request, &job), MLAB_OK);
    CHECK(job != 0);
    event = next_event(client, PATIENCE_MS);
    CHECK_INT(mlab_event_kind(event), MLAB_EVENT_DONE);
    CHECK_INT(mlab_event_status(event), MLAB_E_FILE);
    CHECK_HAS(mlab_result_message(mlab_event_result(event)), "/nowhere/at/all");
    mlab_event_free(event);
    mlab_request_free(request);
    mlab_client_free(client);
}

const harness_test closing_tests[] = {
    TEST(a_refused_client_says_why_and_answers_every_call_with_that),
    TEST(a_good_client_has_no_message),
    TEST(a_wakeup_ends_every_wait_of_this_moment),
    TEST(a_wakeup_without_a_wait_ends_one_later_wait),
    TEST(a_shutdown_ends_every_wait_and_says_ok_when_all_have_left),
    TEST(a_free_ends_every_wait_in_a_second_thread),
    TEST(a_call_that_comes_too_late_finds_its_client_closed),
    TEST(a_cancel_wakes_who_waits_for_the_event_of_a_transport),
    TEST(the_log_has_what_matters_at_least_as_much_as_its_level),
    TEST(a_folder_that_cannot_be_written_into_is_told_by_the_jobs_end),
    END_OF_TESTS,
};
