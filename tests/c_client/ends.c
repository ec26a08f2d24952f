/* Objects that end while others use them: cancels, requests and clients. */
#define _POSIX_C_SOURCE 200809L
#include "../c/harness.h"
#include "client.h"

#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 8, DEADLINE_MS = 700, PROMISE_MS = 250, LEAVE_MS = 1000, POLL_MS = 1000 };

typedef struct {
    mlab_client *client;
    mlab_request *request;
    mlab_cancel *cancel;
    /* It has polled, or is over already: it has taken what it needs. */
    atomic_int is_in;
    int32_t status, matching;
    int64_t ended;
} waiter;

/* Told after a wait's first poll. */
static int32_t note_poll(void *is_in, int32_t polls, int64_t elapsed_ms, int64_t eta_ms, int64_t next_poll_ms)
{
    (void)polls, (void)elapsed_ms, (void)eta_ms, (void)next_poll_ms;
    atomic_store((atomic_int *)is_in, 1);
    return 0;
}

static void *wait_for_the_job(void *argument)
{
    waiter *self = argument;
    mlab_result *result = NULL;
    self->status = mlab_client_wait(self->client, self->request, self->cancel, &result);
    self->ended = test_now_ms();
    atomic_store(&self->is_in, 1);
    self->matching = mlab_result_status(result) == self->status && mlab_result_url_count(result) == 0;
    mlab_result_free(result);
    return NULL;
}

/* Starts waits for a job that is never ready, and returns when each is in. One that comes late to their shared polls may
 * be at its deadline before it hears of one. */
static void begin(waiter *waiters, pthread_t *threads, mlab_client *client, mlab_cancel *cancel, uint32_t deadline_ms)
{
    for (int i = 0; i < THREADS; i++) {
        mlab_request *request = test_request("never", deadline_ms);
        mlab_request_set_progress(request, note_poll, &waiters[i].is_in);
        waiters[i] = (waiter){.client = client, .request = request, .cancel = cancel};
        CHECK_INT(pthread_create(&threads[i], NULL, wait_for_the_job, &waiters[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        while (!atomic_load(&waiters[i].is_in))
            test_sleep_ms(2);
}

/* How long after this moment the last one ended. */
static int64_t check_ends(waiter *waiters, pthread_t *threads, int32_t status, int64_t from)
{
    int64_t slowest = 0;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(waiters[i].status, status);
        CHECK_INT(waiters[i].matching, 1);
        if (waiters[i].ended - from > slowest)
            slowest = waiters[i].ended - from;
    }
    return slowest;
}

static void free_requests(waiter *waiters)
{
    for (int i = 0; i < THREADS; i++)
        mlab_request_free(waiters[i].request);
}

static int64_t free_a_cancel_right_after_its_trigger(void)
{
    waiter waiters[THREADS];
    pthread_t threads[THREADS];
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", NULL);
    mlab_cancel *cancel = mlab_cancel_new();
    int64_t from, slowest;
    begin(waiters, threads, client, cancel, 60000);
    /* A wait took what it needs of its request as well. */
    free_requests(waiters);
    from = test_now_ms();
    mlab_cancel_trigger(cancel);
    mlab_cancel_free(cancel);
    slowest = check_ends(waiters, threads, MLAB_E_CANCELLED, from);
    mlab_client_free(client);
    return slowest;
}

static void a_cancel_is_freed_right_after_its_trigger(void)
{
    CHECK(test_best_of_three(free_a_cancel_right_after_its_trigger, PROMISE_MS) <= PROMISE_MS);
}

static int64_t free_a_cancel_untriggered(void)
{
    waiter waiters[THREADS];
    pthread_t threads[THREADS];
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", NULL);
    mlab_cancel *cancel = mlab_cancel_new();
    int64_t slowest;
    begin(waiters, threads, client, cancel, DEADLINE_MS);
    mlab_cancel_free(cancel);
    slowest = check_ends(waiters, threads, MLAB_E_DEADLINE, test_now_ms());
    free_requests(waiters);
    mlab_client_free(client);
    return slowest - DEADLINE_MS;
}

static void a_cancel_that_is_freed_untriggered_ends_nothing(void)
{
    CHECK(test_best_of_three(free_a_cancel_untriggered, PROMISE_MS) <= PROMISE_MS);
}

static int64_t free_a_client_while_others_wait(void)
{
    waiter waiters[THREADS];
    pthread_t threads[THREADS];
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", NULL);
    int64_t from, freed, slowest;
    begin(waiters, threads, client, NULL, 60000);
    from = test_now_ms();
    mlab_client_free(client);
    freed = test_now_ms() - from;
    slowest = check_ends(waiters, threads, MLAB_E_CLOSED, from);
    free_requests(waiters);
    /* All have left when the free returns, so it is the free that is measured as well. */
    return freed < LEAVE_MS ? slowest : freed;
}

static void a_client_is_freed_while_others_wait(void)
{
    CHECK(test_best_of_three(free_a_client_while_others_wait, PROMISE_MS) <= PROMISE_MS);
}

/* Ends the wait in its own callback; what is triggered is the cancel in use. */
static int32_t trigger(void *cancel, int32_t polls, int64_t elapsed_ms, int64_t eta_ms, int64_t next_poll_ms)
{
    (void)polls, (void)elapsed_ms, (void)eta_ms, (void)next_poll_ms;
    mlab_cancel_trigger(cancel);
    return 0;
}

static int64_t cancel_from_inside_the_progress(void)
{
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", NULL);
    mlab_cancel *cancel = mlab_cancel_new();
    mlab_request *request = test_request("never", 60000);
    mlab_result *result = NULL;
    int64_t took;
    mlab_request_set_progress(request, trigger, cancel);
    CHECK_INT(mlab_client_wait(client, request, cancel, &result), MLAB_E_CANCELLED);
    CHECK_INT(mlab_result_attempts(result), 1);
    took = mlab_result_elapsed_ms(result);
    mlab_result_free(result);
    mlab_request_free(request);
    mlab_cancel_free(cancel);
    mlab_client_free(client);
    return took;
}

static void a_wait_is_cancelled_from_inside_its_progress(void)
{
    CHECK(test_best_of_three(cancel_from_inside_the_progress, POLL_MS - 100) < POLL_MS);
}

const harness_test end_tests[] = {
    TEST(a_cancel_is_freed_right_after_its_trigger),
    TEST(a_cancel_that_is_freed_untriggered_ends_nothing),
    TEST(a_client_is_freed_while_others_wait),
    TEST(a_wait_is_cancelled_from_inside_its_progress),
    END_OF_TESTS,
};
