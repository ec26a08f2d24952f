/* NULL for the functions of jobs, events and a transport of the host's own. */
#include "null_jobs.h"

#include "harness.h"
#include "host_http.h"

#include <mlab.h>

/* What an out parameter holds before a call: no address that any call could give. */
static char rubbish;

void null_client_submit(void)
{
    host_http http = host_http_without_job();
    mlab_request *request = mlab_request_new("12202888");
    uint64_t job = UINT64_MAX;
    CHECK_INT(mlab_client_submit(NULL, request, &job), MLAB_E_INVALID_ARGUMENT);
    CHECK(job == 0);
    job = UINT64_MAX;
    CHECK_INT(mlab_client_submit(http.client, NULL, &job), MLAB_E_INVALID_ARGUMENT);
    CHECK(job == 0);
    CHECK_INT(mlab_client_submit(NULL, NULL, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_client_submit(http.client, request, NULL), MLAB_OK);
    CHECK_SIZE(mlab_client_pending(http.client), 1);
    mlab_request_free(request);
    host_http_free(&http);
}

void null_client_jobs(void)
{
    mlab_event *event = (mlab_event *)(void *)&rubbish;
    mlab_exchange *exchange = (mlab_exchange *)(void *)&rubbish;
    CHECK_INT(mlab_client_next_event(NULL, UINT32_MAX, &event), MLAB_E_INVALID_ARGUMENT);
    CHECK(event == NULL);
    CHECK_INT(mlab_client_next_event(NULL, UINT32_MAX, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_client_next_exchange(NULL, UINT32_MAX, &exchange), MLAB_E_INVALID_ARGUMENT);
    CHECK(exchange == NULL);
    CHECK_INT(mlab_client_next_exchange(NULL, UINT32_MAX, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_client_event_fd(NULL), -1);
    CHECK(mlab_client_event_handle(NULL) == NULL);
    CHECK_INT(mlab_client_next_due_ms(NULL), -1);
    CHECK_INT(mlab_client_cancel_job(NULL, 0), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_client_cancel_job(NULL, UINT64_MAX), MLAB_E_INVALID_ARGUMENT);
    CHECK_SIZE(mlab_client_pending(NULL), 0);
    mlab_client_wakeup(NULL);
    CHECK_INT(mlab_client_shutdown(NULL, UINT32_MAX), MLAB_E_INVALID_ARGUMENT);
}

void null_event(void)
{
    CHECK_INT(mlab_event_kind(NULL), 0);
    CHECK(mlab_event_job(NULL) == 0);
    CHECK(mlab_event_tag(NULL) == 0);
    CHECK_INT(mlab_event_status(NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK(mlab_event_result(NULL) == NULL);
    CHECK(mlab_event_take_result(NULL) == NULL);
    CHECK_INT(mlab_event_polls(NULL), 0);
    CHECK_INT(mlab_event_elapsed_ms(NULL), 0);
    CHECK_INT(mlab_event_eta_ms(NULL), -1);
    CHECK_INT(mlab_event_next_poll_ms(NULL), -1);
    CHECK_INT(mlab_event_index(NULL), -1);
    mlab_event_free(NULL);
}

void null_exchange(void)
{
    size_t len = SIZE_MAX;
    CHECK(mlab_exchange_id(NULL) == 0);
    CHECK_TEXT(mlab_exchange_method(NULL), "");
    CHECK_TEXT(mlab_exchange_url(NULL), "");
    CHECK(mlab_exchange_header_name(NULL, 0) == NULL);
    CHECK(mlab_exchange_header_value(NULL, SIZE_MAX) == NULL);
    CHECK(mlab_exchange_body(NULL, &len) == NULL);
    CHECK_SIZE(len, 0);
    CHECK(mlab_exchange_body(NULL, NULL) == NULL);
    CHECK_INT(mlab_exchange_timeout_ms(NULL), 0);
    CHECK_INT(mlab_exchange_kind(NULL), 0);
    CHECK(mlab_exchange_body_limit(NULL) == 0);
    CHECK_INT(mlab_exchange_is_cancelled(NULL), 1);
    mlab_exchange_progress(NULL, UINT64_MAX, INT64_MIN);
    CHECK_INT(mlab_exchange_write(NULL, "x", 1), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_write(NULL, NULL, SIZE_MAX), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_reply(NULL, 200, "", "", 0), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_reply(NULL, 200, NULL, NULL, 1), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_fail(NULL, MLAB_E_CONNECT, ""), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_fail(NULL, MLAB_E_CONNECT, NULL), MLAB_E_INVALID_ARGUMENT);
    mlab_exchange_free(NULL);
}

void null_exchange_answers(void)
{
    host_http http = host_http_new();
    mlab_exchange *exchange = http.exchange;
    size_t len = 0;
    CHECK(mlab_exchange_body(exchange, NULL) != NULL);
    CHECK(mlab_exchange_header_name(exchange, SIZE_MAX) == NULL);
    CHECK_INT(mlab_exchange_reply(exchange, 200, NULL, NULL, 1), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_reply(exchange, INT32_MIN, NULL, NULL, 0), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_reply(exchange, 200, "\xff", NULL, 0), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_reply(exchange, 200, NULL, "", SIZE_MAX), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_write(exchange, NULL, 1), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_write(exchange, "x", SIZE_MAX), MLAB_E_INVALID_ARGUMENT);
    mlab_exchange_progress(exchange, UINT64_MAX, INT64_MIN);
    /* None of these answered it. */
    CHECK_INT(mlab_exchange_fail(exchange, INT32_MAX, NULL), MLAB_OK);
    CHECK_INT(mlab_exchange_reply(exchange, 200, NULL, NULL, 0), MLAB_E_CLOSED);
    CHECK_INT(mlab_exchange_write(exchange, "x", 1), MLAB_E_CLOSED);
    CHECK(mlab_exchange_body(exchange, &len) != NULL && len > 0);
    host_http_free(&http);
}
