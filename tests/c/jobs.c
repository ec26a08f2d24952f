/* Jobs and their events, polled by the client's own threads, against the stand-in server over http. */
#include "harness.h"
#include "next_event.h"
#include "settings.h"

#include <mlab.h>
#include <pthread.h>
#include <string.h>

/* Jobs of the stand-in: ready with four images; ready half a second after the first poll; never ready. */
#define READY_ID "12202888"
#define SLOW_ID "65919761"
#define STUCK_ID "65919762"

/* Longer than any step takes, under valgrind too; the alarm of the harness ends what takes longer still. */
enum { PATIENCE_MS = 60000 };

/* A client at the stand-in that makes no more threads, and opens no more jobs, than this. */
static mlab_client *client_with(const char *key, uint32_t workers, uint32_t max_jobs)
{
    mlab_config *config = mlab_config_new();
    mlab_client *client = NULL;
    CHECK_INT(mlab_config_set_endpoint(config, harness_setting("MLAB_TEST_HTTP")), MLAB_OK);
    CHECK_INT(mlab_config_set_workers(config, workers), MLAB_OK);
    CHECK_INT(mlab_config_set_max_jobs(config, max_jobs), MLAB_OK);
    CHECK_INT(mlab_client_new(key, config, &client), MLAB_OK);
    mlab_config_free(config);
    return client;
}

static mlab_client *client_new(void)
{
    return client_with(TEST_KEY, 2, 100);
}

static uint64_t submit(const mlab_client *client, const char *id, uint64_t tag)
{
    mlab_request *request = mlab_request_new(id);
    uint64_t job = 0;
    CHECK_INT(mlab_request_set_tag(request, tag), MLAB_OK);
    CHECK_INT(mlab_request_set_poll_ms(request, 1000, 1000), MLAB_OK);
    CHECK_INT(mlab_client_submit(client, request, &job), MLAB_OK);
    CHECK(job != 0);
    mlab_request_free(request);
    return job;
}

/* The next end of a job; what is told before it is dropped. NULL, and a failed check, if nothing is told in time. */
static mlab_event *next_done(const mlab_client *client)
{
    mlab_event *event = next_event(client, PATIENCE_MS);
    while (event != NULL && mlab_event_kind(event) != MLAB_EVENT_DONE) {
        mlab_event_free(event);
        event = next_event(client, PATIENCE_MS);
    }
    CHECK(event != NULL);
    return event;
}

/* Pulls the next end and checks how the job ended. */
static void check_next_done(const mlab_client *client, int32_t status)
{
    mlab_event *event = next_done(client);
    CHECK_INT(mlab_event_status(event), status);
    CHECK_INT(mlab_result_status(mlab_event_result(event)), status);
    mlab_event_free(event);
}

static void check_nothing_is_left(const mlab_client *client)
{
    CHECK_SIZE(mlab_client_pending(client), 0);
    CHECK(next_event(client, 0) == NULL);
}

static void a_ready_job_ends_with_one_event_that_has_the_images(void)
{
    mlab_client *client = client_new();
    uint64_t job = submit(client, READY_ID, 7);
    mlab_event *event;
    const mlab_result *result;
    CHECK_SIZE(mlab_client_pending(client), 1);
    event = next_event(client, PATIENCE_MS);
    CHECK_INT(mlab_event_kind(event), MLAB_EVENT_DONE);
    CHECK(mlab_event_job(event) == job);
    CHECK(mlab_event_tag(event) == 7);
    CHECK_INT(mlab_event_status(event), MLAB_OK);
    CHECK_INT(mlab_event_polls(event), 1);
    CHECK(mlab_event_elapsed_ms(event) >= 0 && mlab_event_elapsed_ms(event) < PATIENCE_MS);
    CHECK_INT(mlab_event_eta_ms(event), -1);
    CHECK_INT(mlab_event_next_poll_ms(event), -1);
    result = mlab_event_result(event);
    CHECK_INT(mlab_result_status(result), MLAB_OK);
    CHECK_SIZE(mlab_result_url_count(result), 4);
    CHECK_TEXT(mlab_result_id(result), READY_ID);
    CHECK_INT(mlab_result_attempts(result), 1);
    CHECK_INT(mlab_result_http_status(result), 200);
    check_nothing_is_left(client);
    mlab_event_free(event);
    mlab_client_free(client);
}

static void a_job_that_is_not_ready_makes_progress_and_then_ends(void)
{
    mlab_client *client = client_new();
    uint64_t job = submit(client, SLOW_ID, 8);
    mlab_event *event = next_event(client, PATIENCE_MS);
    CHECK_INT(mlab_event_kind(event), MLAB_EVENT_PROGRESS);
    CHECK(mlab_event_job(event) == job);
    CHECK(mlab_event_tag(event) == 8);
    CHECK_INT(mlab_event_status(event), MLAB_PROCESSING);
    CHECK_INT(mlab_event_polls(event), 1);
    CHECK(mlab_event_elapsed_ms(event) >= 0);
    /* The least distance between two polls. */
    CHECK(mlab_event_next_poll_ms(event) >= 1000);
    CHECK(mlab_event_result(event) == NULL);
    CHECK(mlab_event_take_result(event) == NULL);
    CHECK_SIZE(mlab_client_pending(client), 1);
    mlab_event_free(event);
    event = next_done(client);
    CHECK(mlab_event_job(event) == job);
    CHECK(mlab_event_polls(event) >= 2);
    CHECK(mlab_event_elapsed_ms(event) >= 1000);
    CHECK_SIZE(mlab_result_url_count(mlab_event_result(event)), 4);
    mlab_event_free(event);
    check_nothing_is_left(client);
    mlab_client_free(client);
}

static void a_taken_result_outlives_its_event_and_its_client(void)
{
    mlab_client *client = client_new();
    mlab_event *event;
    mlab_result *result;
    submit(client, READY_ID, 0);
    event = next_done(client);
    result = mlab_event_take_result(event);
    CHECK(mlab_event_result(event) == NULL);
    CHECK(mlab_event_take_result(event) == NULL);
    CHECK_INT(mlab_event_kind(event), MLAB_EVENT_DONE);
    CHECK_INT(mlab_event_status(event), MLAB_OK);
    mlab_event_free(event);
    mlab_client_free(client);
    CHECK_SIZE(mlab_result_url_count(result), 4);
    CHECK_STARTS(mlab_result_url(result, 3), "http");
    mlab_result_free(result);
}

static void a_job_that_is_polled_once_ends_with_the_first_answer(void)
{
    static const struct { const char *id; int32_t status; } rows[] = {
        {READY_ID, MLAB_OK}, {STUCK_ID, MLAB_PROCESSING}, {STUCK_ID, MLAB_PROCESSING}, {"9999", MLAB_E_NOT_FOUND},
    };
    mlab_client *client = client_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mlab_request *request = mlab_request_new(rows[i].id);
        mlab_result *result = NULL;
        harness_row(rows[i].id);
        CHECK_INT(mlab_request_set_poll_once(request, 1), MLAB_OK);
        CHECK_INT(mlab_client_submit(client, request, NULL), MLAB_OK);
        check_next_done(client, rows[i].status);
        CHECK_INT(mlab_client_wait(client, request, NULL, &result), rows[i].status);
        CHECK_INT(mlab_result_attempts(result), 1);
        mlab_result_free(result);
        mlab_request_free(request);
    }
    harness_row(NULL);
    check_nothing_is_left(client);
    mlab_client_free(client);
}

static void a_job_that_fails_says_why(void)
{
    mlab_client *client = client_with("wrong-key-not-real", 1, 1);
    mlab_event *event;
    submit(client, READY_ID, 0);
    event = next_done(client);
    CHECK_INT(mlab_event_status(event), MLAB_E_AUTH);
    CHECK_HAS(mlab_result_message(mlab_event_result(event)), "Invalid API key");
    CHECK(strstr(mlab_result_message(mlab_event_result(event)), "wrong-key") == NULL);
    mlab_event_free(event);
    mlab_client_free(client);
}

static void a_cancelled_job_ends_once_and_its_number_is_stale_then(void)
{
    mlab_client *client = client_new();
    uint64_t job = submit(client, STUCK_ID, 9);
    mlab_event *event;
    CHECK_INT(mlab_client_cancel_job(client, job), MLAB_OK);
    CHECK_INT(mlab_client_cancel_job(client, job), MLAB_OK);
    event = next_done(client);
    CHECK(mlab_event_job(event) == job);
    CHECK(mlab_event_tag(event) == 9);
    CHECK_INT(mlab_event_status(event), MLAB_E_CANCELLED);
    CHECK_INT(mlab_result_status(mlab_event_result(event)), MLAB_E_CANCELLED);
    CHECK_SIZE(mlab_result_url_count(mlab_event_result(event)), 0);
    CHECK_TEXT(mlab_result_id(mlab_event_result(event)), STUCK_ID);
    mlab_event_free(event);
    check_nothing_is_left(client);
    CHECK_INT(mlab_client_cancel_job(client, job), MLAB_E_INVALID_ARGUMENT);
    mlab_client_free(client);
}

static void number_0_cancels_every_job(void)
{
    enum { JOBS = 5 };
    mlab_client *client = client_new();
    CHECK_INT(mlab_client_cancel_job(client, 0), MLAB_OK);
    for (int i = 0; i < JOBS; i++)
        submit(client, STUCK_ID, 0);
    CHECK_SIZE(mlab_client_pending(client), JOBS);
    CHECK_INT(mlab_client_cancel_job(client, 0), MLAB_OK);
    for (int i = 0; i < JOBS; i++)
        check_next_done(client, MLAB_E_CANCELLED);
    check_nothing_is_left(client);
    mlab_client_free(client);
}

static void a_job_ends_at_its_deadline(void)
{
    mlab_client *client = client_new();
    mlab_request *request = mlab_request_new(STUCK_ID);
    CHECK_INT(mlab_request_set_deadline_ms(request, 100), MLAB_OK);
    CHECK_INT(mlab_client_submit(client, request, NULL), MLAB_OK);
    check_next_done(client, MLAB_E_DEADLINE);
    check_nothing_is_left(client);
    mlab_request_free(request);
    mlab_client_free(client);
}

static void a_submit_that_fails_opens_no_job_and_gives_number_0(void)
{
    static const char *const ids[] = {"", "..", "a/b", "\xff"};
    mlab_client *client = client_with(TEST_KEY, 1, 1);
    mlab_request *stuck = mlab_request_new(STUCK_ID);
    uint64_t job;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        mlab_request *request = mlab_request_new(ids[i]);
        harness_row(ids[i]);
        job = UINT64_MAX;
        CHECK_INT(mlab_client_submit(client, request, &job), MLAB_E_INVALID_ARGUMENT);
        CHECK(job == 0);
        CHECK_STARTS(mlab_request_message(request), "id ");
        mlab_request_free(request);
    }
    harness_row("one job more than may be open");
    submit(client, STUCK_ID, 0);
    job = UINT64_MAX;
    CHECK_INT(mlab_client_submit(client, stuck, &job), MLAB_E_BUSY);
    CHECK(job == 0);
    CHECK_SIZE(mlab_client_pending(client), 1);
    harness_row("after the shutdown");
    CHECK_INT(mlab_client_shutdown(client, PATIENCE_MS), MLAB_OK);
    job = UINT64_MAX;
    CHECK_INT(mlab_client_submit(client, stuck, &job), MLAB_E_CLOSED);
    CHECK(job == 0);
    mlab_request_free(stuck);
    mlab_client_free(client);
}

static void extreme_numbers_do_no_harm(void)
{
    mlab_client *client = client_new();
    mlab_request *request = mlab_request_new(READY_ID);
    mlab_event *event;
    CHECK_INT(mlab_client_cancel_job(client, 1), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_client_cancel_job(client, UINT64_MAX), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_request_set_tag(request, UINT64_MAX), MLAB_OK);
    CHECK_INT(mlab_request_set_deadline_ms(request, UINT32_MAX), MLAB_OK);
    CHECK_INT(mlab_request_set_eta_ms(request, UINT32_MAX), MLAB_OK);
    CHECK_INT(mlab_request_set_poll_ms(request, UINT32_MAX, UINT32_MAX), MLAB_OK);
    CHECK_INT(mlab_client_submit(client, request, NULL), MLAB_OK);
    event = next_event(client, UINT32_MAX);
    CHECK_INT(mlab_event_status(event), MLAB_OK);
    CHECK(mlab_event_tag(event) == UINT64_MAX);
    mlab_event_free(event);
    mlab_request_free(request);
    CHECK_INT(mlab_client_shutdown(client, UINT32_MAX), MLAB_OK);
    mlab_client_free(client);
}

static void *wait_for_an_event(void *client)
{
    return next_event(client, UINT32_MAX);
}

/* The alarm of the harness ends a wait that nothing wakes. */
static void a_wakeup_ends_a_wait_or_the_next_one(void)
{
    mlab_client *client = client_new();
    pthread_t thread;
    void *event = client;
    mlab_client_wakeup(client);
    CHECK(next_event(client, UINT32_MAX) == NULL);
    if (CHECK_INT(pthread_create(&thread, NULL, wait_for_an_event, client), 0)) {
        mlab_client_wakeup(client);
        pthread_join(thread, &event);
        CHECK(event == NULL);
    }
    mlab_client_free(client);
}

typedef struct {
    const mlab_client *client;
    size_t done, wrong; /* each thread its own; checked after the join */
} puller;

static void *pull_until_none_is_open(void *argument)
{
    puller *self = argument;
    while (mlab_client_pending(self->client) > 0) {
        mlab_event *event = next_event(self->client, 20);
        self->done += mlab_event_kind(event) == MLAB_EVENT_DONE;
        self->wrong += event != NULL && mlab_result_url_count(mlab_event_result(event)) != 4;
        mlab_event_free(event);
    }
    return NULL;
}

static void each_event_goes_to_one_of_the_threads_that_pull(void)
{
    enum { THREADS = 4, JOBS = 20 };
    mlab_client *client = client_new();
    pthread_t threads[THREADS];
    puller pullers[THREADS];
    size_t done = 0;
    for (int i = 0; i < JOBS; i++)
        submit(client, READY_ID, 0);
    for (int i = 0; i < THREADS; i++) {
        pullers[i].client = client;
        pullers[i].done = pullers[i].wrong = 0;
        if (!CHECK_INT(pthread_create(&threads[i], NULL, pull_until_none_is_open, &pullers[i]), 0))
            return;
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_SIZE(pullers[i].wrong, 0);
        done += pullers[i].done;
    }
    CHECK_SIZE(done, JOBS);
    mlab_client_free(client);
}

static void a_shutdown_ends_every_job_and_leaves_its_event_to_be_pulled(void)
{
    mlab_client *client = client_new();
    mlab_result *result = NULL;
    submit(client, STUCK_ID, 0);
    submit(client, STUCK_ID, 0);
    CHECK_INT(mlab_client_shutdown(client, PATIENCE_MS), MLAB_OK);
    CHECK_INT(mlab_client_shutdown(client, 0), MLAB_OK);
    CHECK_SIZE(mlab_client_pending(client), 2);
    check_next_done(client, MLAB_E_CLOSED);
    check_next_done(client, MLAB_E_CLOSED);
    check_nothing_is_left(client);
    CHECK_INT(mlab_client_fetch(client, READY_ID, NULL, &result), MLAB_E_CLOSED);
    mlab_result_free(result);
    mlab_client_free(client);
}

/* Under valgrind: neither the jobs nor what was to be told of them is lost. */
static void a_client_is_freed_with_jobs_open_and_events_untold(void)
{
    mlab_client *client = client_new();
    mlab_event *event;
    submit(client, READY_ID, 0);
    event = next_done(client);
    submit(client, STUCK_ID, 0);
    CHECK_INT(mlab_client_cancel_job(client, 0), MLAB_OK);
    submit(client, STUCK_ID, 0);
    mlab_client_free(client);
    CHECK_SIZE(mlab_result_url_count(mlab_event_result(event)), 4);
    mlab_event_free(event);
}

const harness_test job_tests[] = {
    TEST(a_ready_job_ends_with_one_event_that_has_the_images),
    TEST(a_job_that_is_not_ready_makes_progress_and_then_ends),
    TEST(a_taken_result_outlives_its_event_and_its_client),
    TEST(a_job_that_is_polled_once_ends_with_the_first_answer),
    TEST(a_job_that_fails_says_why),
    TEST(a_cancelled_job_ends_once_and_its_number_is_stale_then),
    TEST(number_0_cancels_every_job),
    TEST(a_job_ends_at_its_deadline),
    TEST(a_submit_that_fails_opens_no_job_and_gives_number_0),
    TEST(extreme_numbers_do_no_harm),
    TEST(a_wakeup_ends_a_wait_or_the_next_one),
    TEST(each_event_goes_to_one_of_the_threads_that_pull),
    TEST(a_shutdown_ends_every_job_and_leaves_its_event_to_be_pulled),
    TEST(a_client_is_freed_with_jobs_open_and_events_untold),
    END_OF_TESTS,
};
