/* Everything that a job can be asked, once: small enough to be run under valgrind. */
#include "../c/next_event.h"
#include "jobs.h"

#include <stdlib.h>
#include <string.h>

enum { PATIENCE_MS = 60000 };

static void a_job_is_done_with_its_result(const mlab_client *client)
{
    uint64_t job = job_submit(client, "", 42);
    mlab_event *event = next_event(client, PATIENCE_MS);
    mlab_result *result;

    MUST(mlab_event_kind(event) == MLAB_EVENT_DONE && mlab_event_job(event) == job && mlab_event_tag(event) == 42);
    MUST(mlab_event_status(event) == MLAB_OK && mlab_event_polls(event) == 1);
    MUST(mlab_event_elapsed_ms(event) >= 0 && mlab_event_next_poll_ms(event) == -1);
    MUST(mlab_result_url_count(mlab_event_result(event)) == 1);
    result = mlab_event_take_result(event);
    MUST(mlab_event_result(event) == NULL && mlab_event_take_result(event) == NULL);
    MUST(mlab_event_status(event) == MLAB_OK);
    mlab_event_free(event);
    MUST(strcmp(mlab_result_id(result), "42") == 0 && mlab_result_attempts(result) == 1);
    mlab_result_free(result);
    MUST(mlab_client_cancel_job(client, job) == MLAB_E_INVALID_ARGUMENT);
}

static void a_job_that_is_not_ready_tells_its_progress(const mlab_client *client)
{
    uint64_t job = job_submit(client, "never-", 1), ended;
    mlab_event *event = next_event(client, PATIENCE_MS);

    MUST(mlab_event_kind(event) == MLAB_EVENT_PROGRESS && mlab_event_job(event) == job);
    MUST(mlab_event_status(event) == MLAB_PROCESSING && mlab_event_polls(event) == 1);
    MUST(mlab_event_next_poll_ms(event) >= 1000);
    MUST(mlab_event_result(event) == NULL && mlab_event_take_result(event) == NULL);
    mlab_event_free(event);
    MUST(mlab_client_cancel_job(client, job) == MLAB_OK);
    MUST(job_next_end(client, PATIENCE_MS, &ended) == MLAB_E_CANCELLED && ended == job);
}

static void ends_that_were_not_pulled_outlive_a_shutdown(mlab_client *client)
{
    uint64_t ended;
    int ends = 0;

    job_submit(client, "never-", 2);
    job_submit(client, "never-", 2);
    job_submit(client, "slow-", 3);
    MUST(mlab_client_pending(client) == 3);
    while (mlab_client_shutdown(client, 0) == MLAB_E_BUSY)
        sleep_us(1000);
    MUST(mlab_client_shutdown(client, PATIENCE_MS) == MLAB_OK);
    while (job_next_end(client, 0, &ended) == MLAB_E_CLOSED)
        ends++;
    MUST(ends == 3 && mlab_client_pending(client) == 0);
}

static void a_shut_client_begins_nothing(const mlab_client *client)
{
    mlab_request *request = mlab_request_new("1");
    uint64_t job = 1;

    MUST(mlab_client_submit(client, request, &job) == MLAB_E_CLOSED && job == 0);
    mlab_request_free(request);
    MUST(next_event(client, 0) == NULL);
}

static void an_id_that_cannot_be_used_is_refused_with_the_reason(const mlab_client *client)
{
    mlab_request *request = mlab_request_new("../other");
    uint64_t job = 1;

    MUST(strncmp(mlab_request_message(request), "id holds '/'", 12) == 0);
    MUST(mlab_request_set_tag(request, 1) == MLAB_OK);
    MUST(mlab_client_submit(client, request, &job) == MLAB_E_INVALID_ARGUMENT && job == 0);
    MUST(strncmp(mlab_request_message(request), "id holds '/'", 12) == 0);
    mlab_request_free(request);
}

/* What is left behind is freed with the client. */
static void a_client_is_freed_with_events_and_jobs(void)
{
    mlab_client *client = job_client("MLAB_TEST_ENDPOINT", 2);
    mlab_event *kept;
    uint64_t i;

    for (i = 0; i < 20; i++)
        job_submit(client, i % 2 ? "" : "slow-", i);
    kept = next_event(client, PATIENCE_MS);
    MUST(kept != NULL);
    mlab_client_wakeup(client);
    mlab_client_free(client);
    MUST(mlab_event_job(kept) != 0);
    mlab_event_free(kept);
}

int main(void)
{
    mlab_client *client = job_client("MLAB_TEST_ENDPOINT", 2);

    an_id_that_cannot_be_used_is_refused_with_the_reason(client);
    a_job_is_done_with_its_result(client);
    a_job_that_is_not_ready_tells_its_progress(client);
    mlab_client_wakeup(client);
    MUST(next_event(client, PATIENCE_MS) == NULL);
    ends_that_were_not_pulled_outlive_a_shutdown(client);
    a_shut_client_begins_nothing(client);
    mlab_client_free(client);
    a_client_is_freed_with_events_and_jobs();
    return EXIT_SUCCESS;
}
