/* The host's own HTTP from its side: start functions in C that answer inside the call, later, twice and never. */
#include "harness.h"
#include "next_event.h"
#include "host_http.h"
#include "ready_host.h"
#include "settings.h"

#include <mlab.h>
#include <pthread.h>
#include <string.h>

enum { PATIENCE_MS = 60000 };

static uint64_t submit(const mlab_client *client, const char *id)
{
    mlab_request *request = mlab_request_new(id);
    uint64_t job = 0;
    CHECK_INT(mlab_client_submit(client, request, &job), MLAB_OK);
    mlab_request_free(request);
    return job;
}

static void check_event(mlab_event *event, int32_t kind, int32_t status)
{
    CHECK_INT(mlab_event_kind(event), kind);
    CHECK_INT(mlab_event_status(event), status);
    mlab_event_free(event);
}

static void check_ready(mlab_result *result)
{
    CHECK_SIZE(mlab_result_url_count(result), 2);
    CHECK_TEXT(mlab_result_id(result), "42");
    CHECK_INT(mlab_result_http_status(result), 200);
    CHECK_INT(mlab_result_attempts(result), 1);
    CHECK_TEXT(mlab_result_body(result, NULL), READY_REPLY);
    mlab_result_free(result);
}

static void a_blocking_call_is_answered_inside_the_start_function(void)
{
    ready_host self = ready_host_new(200, "Content-Type: application/json", READY_REPLY);
    mlab_client *client = ready_host_client(ready_host_answer, &self);
    mlab_result *result = NULL;
    check_ready(ready_host_fetch(ready_host_config(ready_host_answer, &self), MLAB_OK));
    CHECK_INT(self.answered, MLAB_OK);
    CHECK_INT(self.asked, 1);
    CHECK_TEXT(self.url, HOST_ORIGIN "/fetch/" READY_ID);
    CHECK_INT(mlab_client_fetch(client, READY_ID, NULL, &result), MLAB_OK);
    check_ready(result);
    CHECK_INT(self.asked, 2);
    mlab_client_free(client);
}

static void a_job_is_answered_inside_the_start_function(void)
{
    ready_host self = ready_host_new(200, NULL, READY_REPLY);
    mlab_client *client = ready_host_client(ready_host_answer, &self);
    uint64_t job = submit(client, READY_ID);
    mlab_event *event;
    CHECK_INT(self.asked, 0);
    event = next_event(client, 0);
    CHECK(mlab_event_job(event) == job);
    CHECK_SIZE(mlab_result_url_count(mlab_event_result(event)), 2);
    check_event(event, MLAB_EVENT_DONE, MLAB_OK);
    CHECK_INT(self.asked, 1);
    CHECK_SIZE(mlab_client_pending(client), 0);
    mlab_client_free(client);
}

static void progress_tells_what_the_reply_expects(void)
{
    ready_host self = ready_host_new(200, NULL, "{\"status\":\"processing\",\"eta\":13.07,\"output\":[]}");
    mlab_client *client = ready_host_client(ready_host_answer, &self);
    mlab_event *event;
    submit(client, READY_ID);
    event = next_event(client, 0);
    CHECK_INT(mlab_event_eta_ms(event), 13070);
    CHECK(mlab_event_next_poll_ms(event) >= 1000);
    CHECK_INT(mlab_event_polls(event), 1);
    CHECK(mlab_event_result(event) == NULL);
    check_event(event, MLAB_EVENT_PROGRESS, MLAB_PROCESSING);
    mlab_client_free(client);
}

/* The value of a header to send; NULL if it is not there. */
static const char *header(const mlab_exchange *exchange, const char *wanted)
{
    const char *name;
    for (size_t i = 0; (name = mlab_exchange_header_name(exchange, i)) != NULL; i++)
        if (strcmp(name, wanted) == 0)
            return mlab_exchange_header_value(exchange, i);
    return NULL;
}

static void the_exchange_says_what_to_send(void)
{
    static const char body[] = "{\"key\":\"" TEST_KEY "\"}";
    host_http http = host_http_new();
    host_http other = host_http_new();
    size_t len = 0, headers = 0;
    const void *bytes = mlab_exchange_body(http.exchange, &len);
    CHECK_TEXT(mlab_exchange_method(http.exchange), "POST");
    CHECK_TEXT(mlab_exchange_url(http.exchange), "https://modelslab.com/api/v1/enterprise/flux/fetch/" READY_ID);
    CHECK_TEXT(header(http.exchange, "Content-Type"), "application/json");
    CHECK_TEXT(header(http.exchange, "Accept"), "application/json");
    CHECK_TEXT(header(http.exchange, "User-Agent"), "mlab/" MLAB_VERSION);
    while (mlab_exchange_header_name(http.exchange, headers) != NULL)
        headers++;
    CHECK_SIZE(headers, 3);
    CHECK(mlab_exchange_header_value(http.exchange, headers) == NULL);
    CHECK_SIZE(len, sizeof body - 1);
    CHECK(len == sizeof body - 1 && memcmp(bytes, body, len) == 0);
    /* The default request timeout, of which next to nothing has passed. */
    CHECK(mlab_exchange_timeout_ms(http.exchange) > 1000 && mlab_exchange_timeout_ms(http.exchange) <= 30000);
    CHECK(mlab_exchange_id(http.exchange) != mlab_exchange_id(other.exchange));
    host_http_free(&other);
    host_http_free(&http);
}

/* To curl and others 0 is no limit at all. */
static void the_timeout_of_an_exchange_is_never_0(void)
{
    ready_host self = ready_host_new(200, NULL, READY_REPLY);
    mlab_config *config = ready_host_config(ready_host_answer, &self);
    CHECK_INT(mlab_config_set_request_timeout_ms(config, 1), MLAB_OK);
    mlab_result_free(ready_host_fetch(config, MLAB_OK));
    CHECK_INT(self.timeout_ms, 1);
}

static void *reply_ready(void *exchange)
{
    mlab_exchange_reply(exchange, 200, NULL, READY_REPLY, sizeof READY_REPLY - 1);
    return NULL;
}

static void an_answer_may_come_later_and_from_another_thread(void)
{
    host_http http = host_http_new();
    pthread_t thread;
    mlab_event *event;
    if (!CHECK_INT(pthread_create(&thread, NULL, reply_ready, http.exchange), 0))
        return;
    event = next_event(http.client, PATIENCE_MS);
    CHECK(mlab_event_job(event) == http.job);
    CHECK(mlab_event_tag(event) == HOST_TAG);
    check_event(event, MLAB_EVENT_DONE, MLAB_OK);
    pthread_join(thread, NULL);
    host_http_free(&http);
}

static void the_first_answer_counts_and_a_second_is_refused(void)
{
    host_http http = host_http_new();
    mlab_event *event = host_http_done(&http);
    CHECK_INT(mlab_exchange_reply(http.exchange, 401, NULL, NULL, 0), MLAB_E_CLOSED);
    CHECK_INT(mlab_exchange_fail(http.exchange, MLAB_E_TLS, NULL), MLAB_E_CLOSED);
    check_event(event, MLAB_EVENT_DONE, MLAB_OK);
    CHECK(next_event(http.client, 0) == NULL);
    host_http_free(&http);
    http = host_http_new();
    CHECK_INT(mlab_exchange_fail(http.exchange, MLAB_E_TLS, NULL), MLAB_OK);
    CHECK_INT(mlab_exchange_fail(http.exchange, MLAB_E_TLS, NULL), MLAB_E_CLOSED);
    CHECK_INT(mlab_exchange_reply(http.exchange, 200, NULL, READY_REPLY, 1), MLAB_E_CLOSED);
    check_event(next_event(http.client, PATIENCE_MS), MLAB_EVENT_DONE, MLAB_E_TLS);
    host_http_free(&http);
}

static void an_exchange_freed_unanswered_is_a_broken_connection(void)
{
    ready_host self = ready_host_new(0, NULL, NULL);
    mlab_result *result = ready_host_fetch(ready_host_config(ready_host_give_up, &self), MLAB_E_NETWORK);
    mlab_client *client = ready_host_client(ready_host_give_up, &self);
    mlab_event *event;
    CHECK_INT(mlab_result_is_retryable(result), 1);
    CHECK_INT(mlab_result_http_status(result), 0);
    mlab_result_free(result);
    /* A job outlives it, and polls again. */
    submit(client, READY_ID);
    event = next_event(client, 0);
    CHECK_INT(mlab_event_polls(event), 1);
    check_event(event, MLAB_EVENT_PROGRESS, MLAB_PROCESSING);
    CHECK_SIZE(mlab_client_pending(client), 1);
    mlab_client_free(client);
}

static void the_host_is_told_when_nobody_waits_any_more(void)
{
    ready_host self = ready_host_new(0, NULL, NULL);
    mlab_client *client = ready_host_client(ready_host_keep, &self);
    uint64_t job = submit(client, READY_ID);
    CHECK(next_event(client, 0) == NULL);
    CHECK_INT(self.asked, 1);
    CHECK(self.cancelled == 0);
    CHECK_INT(mlab_client_cancel_job(client, job), MLAB_OK);
    CHECK(self.id != 0 && self.cancelled == self.id);
    check_event(next_event(client, 0), MLAB_EVENT_DONE, MLAB_E_CANCELLED);
    /* Too late, which is no mistake of the host's. */
    CHECK_INT(mlab_exchange_reply(self.kept, 200, NULL, READY_REPLY, sizeof READY_REPLY - 1), MLAB_OK);
    mlab_exchange_free(self.kept);
    CHECK(next_event(client, 0) == NULL);
    mlab_client_free(client);
}

static void a_blocking_call_that_runs_out_of_time_tells_the_host(void)
{
    ready_host self = ready_host_new(0, NULL, NULL);
    mlab_config *config = ready_host_config(ready_host_keep, &self);
    CHECK_INT(mlab_config_set_request_timeout_ms(config, 20), MLAB_OK);
    mlab_result_free(ready_host_fetch(config, MLAB_E_TIMEOUT));
    CHECK(self.id != 0 && self.cancelled == self.id);
    mlab_exchange_free(self.kept);
}

static void an_exchange_outlives_its_client(void)
{
    ready_host self = ready_host_new(0, NULL, NULL);
    mlab_client *client = ready_host_client(ready_host_keep, &self);
    submit(client, READY_ID);
    CHECK(next_event(client, 0) == NULL);
    mlab_client_free(client);
    CHECK(self.id != 0 && self.cancelled == self.id);
    CHECK(mlab_exchange_id(self.kept) == self.id);
    CHECK_TEXT(mlab_exchange_url(self.kept), HOST_ORIGIN "/fetch/" READY_ID);
    CHECK_INT(mlab_exchange_fail(self.kept, MLAB_E_NETWORK, NULL), MLAB_OK);
    mlab_exchange_free(self.kept);
}

static mlab_client *calling;

/* Inside the first exchange's start it opens a second job, and polls a third by a call that blocks. */
static void call_back(void *user, mlab_exchange *exchange)
{
    ready_host *self = user;
    if (self->asked == 0) {
        mlab_result *result = NULL;
        self->asked++;
        CHECK(submit(calling, "2") != 0);
        CHECK_SIZE(mlab_client_pending(calling), 2);
        CHECK_INT(mlab_client_fetch(calling, "3", NULL, &result), MLAB_OK);
        mlab_result_free(result);
    }
    ready_host_answer(user, exchange);
}

static void the_start_function_may_call_the_library(void)
{
    ready_host self = ready_host_new(200, NULL, READY_REPLY);
    calling = ready_host_client(call_back, &self);
    submit(calling, "1");
    check_event(next_event(calling, PATIENCE_MS), MLAB_EVENT_DONE, MLAB_OK);
    check_event(next_event(calling, PATIENCE_MS), MLAB_EVENT_DONE, MLAB_OK);
    CHECK_INT(self.asked, 4);
    mlab_client_free(calling);
}

static void without_a_start_function_the_library_does_the_http_again(void)
{
    ready_host self = ready_host_new(200, NULL, READY_REPLY);
    mlab_config *config = ready_host_config(ready_host_answer, &self);
    mlab_result *result;
    CHECK_INT(mlab_config_set_transport(config, NULL, NULL, NULL), MLAB_OK);
    CHECK_INT(mlab_config_set_endpoint(config, harness_setting("MLAB_TEST_HTTP")), MLAB_OK);
    result = ready_host_fetch(config, MLAB_OK);
    CHECK_SIZE(mlab_result_url_count(result), 4);
    CHECK_INT(self.asked, 0);
    mlab_result_free(result);
}

const harness_test transport_tests[] = {
    TEST(a_blocking_call_is_answered_inside_the_start_function),
    TEST(a_job_is_answered_inside_the_start_function),
    TEST(progress_tells_what_the_reply_expects),
    TEST(the_exchange_says_what_to_send),
    TEST(the_timeout_of_an_exchange_is_never_0),
    TEST(an_answer_may_come_later_and_from_another_thread),
    TEST(the_first_answer_counts_and_a_second_is_refused),
    TEST(an_exchange_freed_unanswered_is_a_broken_connection),
    TEST(the_host_is_told_when_nobody_waits_any_more),
    TEST(a_blocking_call_that_runs_out_of_time_tells_the_host),
    TEST(an_exchange_outlives_its_client),
    TEST(the_start_function_may_call_the_library),
    END_OF_TESTS,
};

/* A topic of its own, which a library without HTTP cannot have. */
const harness_test own_http_tests[] = {
    TEST(without_a_start_function_the_library_does_the_http_again),
    END_OF_TESTS,
};
