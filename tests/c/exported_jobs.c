/* The calls of exported.h for jobs, their events, and a transport of the host's own. */
#include "exported.h"

#include "harness.h"
#include "settings.h"
#include "next_event.h"
#include "host_http.h"

#include <errno.h>
#include <string.h>

/* Jobs */

void call_mlab_client_submit(const exported_objects *with, int planted)
{
    host_http http = host_http_without_job();
    uint64_t job = UINT64_MAX;
    int32_t status;
    CALL(status = mlab_client_submit(http.client, with->request, &job));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
    CHECK((job == 0) == planted);
    CHECK_SIZE(mlab_client_pending(http.client), planted ? 0 : 1);
    host_http_free(&http);
}

void call_mlab_client_next_event(const exported_objects *with, int planted)
{
    host_http http = host_http_without_job();
    mlab_event *event = NULL;
    int32_t status;
    CHECK_INT(mlab_client_submit(http.client, with->request, NULL), MLAB_OK);
    CALL(status = mlab_client_next_event(http.client, 0, &event));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_NO_EVENT);
    CHECK(event == NULL);
    http.exchange = host_http_begun();
    CHECK((http.exchange == NULL) == planted);
    host_http_free(&http);
}

/* A client whose exchanges are pulled, with a job. */
static mlab_client *pulling(const exported_objects *with)
{
    mlab_config *config = mlab_config_new();
    mlab_client *client = NULL;
    CHECK_INT(mlab_config_set_transport_pull(config), MLAB_OK);
    CHECK_INT(mlab_client_new("test-key-not-real", config, &client), MLAB_OK);
    CHECK_INT(mlab_client_submit(client, with->request, NULL), MLAB_OK);
    mlab_config_free(config);
    return client;
}

void call_mlab_client_next_exchange(const exported_objects *with, int planted)
{
    mlab_client *client = pulling(with);
    mlab_exchange *exchange = NULL;
    int32_t status;
    CALL(status = mlab_client_next_exchange(client, 0, &exchange));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
    CHECK((exchange == NULL) == planted);
    mlab_exchange_free(exchange);
    mlab_client_free(client);
}

void call_mlab_client_event_fd(const exported_objects *with, int planted)
{
    mlab_client *client = pulling(with);
    int32_t descriptor;
    CALL(descriptor = mlab_client_event_fd(client));
    CHECK((descriptor == -1) == planted);
    mlab_client_free(client);
}

void call_mlab_client_event_handle(const exported_objects *with, int planted)
{
    void *handle;
    (void)planted;
    CALL(handle = mlab_client_event_handle(with->client));
    CHECK(handle == NULL);
}

void call_mlab_client_next_due_ms(const exported_objects *with, int planted)
{
    mlab_client *client = pulling(with);
    int64_t due;
    CALL(due = mlab_client_next_due_ms(client));
    CHECK_INT(due, planted ? -1 : 0);
    mlab_client_free(client);
}

void call_mlab_client_cancel_job(const exported_objects *with, int planted)
{
    host_http http = host_http_new();
    int32_t status;
    (void)with;
    CALL(status = mlab_client_cancel_job(http.client, http.job));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
    host_http_free(&http);
}

void call_mlab_client_pending(const exported_objects *with, int planted)
{
    host_http http = host_http_new();
    size_t pending;
    (void)with;
    CALL(pending = mlab_client_pending(http.client));
    CHECK_SIZE(pending, planted ? 0 : 1);
    host_http_free(&http);
}

void call_mlab_client_wakeup(const exported_objects *with, int planted)
{
    host_http http = host_http_new();
    (void)with;
    CALL(mlab_client_wakeup(http.client));
    /* Woken, the wait ends at once; the alarm of the harness ends one that does not. */
    CHECK(next_event(http.client, planted ? 0 : UINT32_MAX) == NULL);
    host_http_free(&http);
}

void call_mlab_client_shutdown(const exported_objects *with, int planted)
{
    host_http http = host_http_new();
    int32_t status;
    (void)with;
    CALL(status = mlab_client_shutdown(http.client, 10000));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
    host_http_free(&http);
}

/* Events: each accessor reads the event of a job that has ended. */

#define EVENT(function, wanted, neutral)                                                                           \
    void call_##function(const exported_objects *with, int planted)                                                \
    {                                                                                                              \
        host_http http = host_http_new();                                                                          \
        mlab_event *event = host_http_done(&http);                                                                 \
        int64_t got;                                                                                               \
        (void)with;                                                                                                \
        CALL(got = (int64_t)function(event));                                                                      \
        CHECK_INT(got, planted ? (int64_t)(neutral) : (int64_t)(wanted));                                          \
        CHECK_INT((int64_t)function(NULL), (int64_t)(neutral));                                                    \
        mlab_event_free(event);                                                                                    \
        host_http_free(&http);                                                                                     \
    }

EVENT(mlab_event_kind, MLAB_EVENT_DONE, 0)
EVENT(mlab_event_job, http.job, 0)
EVENT(mlab_event_tag, HOST_TAG, 0)
EVENT(mlab_event_polls, 1, 0)
EVENT(mlab_event_eta_ms, -1, -1)
EVENT(mlab_event_next_poll_ms, -1, -1)
EVENT(mlab_event_index, -1, -1)
EVENT(mlab_event_bytes_done, 0, 0)
EVENT(mlab_event_bytes_total, -1, -1)

void call_mlab_event_status(const exported_objects *with, int planted)
{
    host_http http = host_http_new();
    mlab_event *event = host_http_done(&http);
    int32_t status;
    (void)with;
    CALL(status = mlab_event_status(event));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
    CHECK_INT(mlab_event_status(NULL), MLAB_E_INVALID_ARGUMENT);
    mlab_event_free(event);
    host_http_free(&http);
}

void call_mlab_event_elapsed_ms(const exported_objects *with, int planted)
{
    host_http http = host_http_new();
    mlab_event *event = host_http_done(&http);
    int64_t elapsed;
    (void)with;
    CALL(elapsed = mlab_event_elapsed_ms(event));
    CHECK(planted ? elapsed == 0 : elapsed >= 0 && elapsed < 60000);
    mlab_event_free(event);
    host_http_free(&http);
}

void call_mlab_event_result(const exported_objects *with, int planted)
{
    host_http http = host_http_new();
    mlab_event *event = host_http_done(&http);
    const mlab_result *result;
    (void)with;
    CALL(result = mlab_event_result(event));
    CHECK((result == NULL) == planted);
    CHECK_SIZE(mlab_result_url_count(result), planted ? 0 : 2);
    mlab_event_free(event);
    host_http_free(&http);
}

void call_mlab_event_take_result(const exported_objects *with, int planted)
{
    host_http http = host_http_new();
    mlab_event *event = host_http_done(&http);
    mlab_result *result;
    (void)with;
    CALL(result = mlab_event_take_result(event));
    CHECK((result == NULL) == planted);
    CHECK((mlab_event_result(event) != NULL) == planted);
    mlab_event_free(event);
    CHECK_SIZE(mlab_result_url_count(result), planted ? 0 : 2);
    mlab_result_free(result);
    host_http_free(&http);
}

void call_mlab_event_free(const exported_objects *with, int planted)
{
    host_http http = host_http_new();
    mlab_event *event = host_http_done(&http);
    (void)with;
    CALL(mlab_event_free(event));
    if (planted)
        mlab_event_free(event);
    host_http_free(&http);
}

/* The host's own HTTP */

#define EXCHANGE(function, held)                                                                                   \
    void call_##function(const exported_objects *with, int planted)                                                \
    {                                                                                                              \
        host_http http = host_http_new();                                                                          \
        (void)with;                                                                                                \
        CHECK((held) != planted);                                                                                  \
        CHECK_INT(errno, ODD_ERRNO);                                                                               \
        host_http_free(&http);                                                                                     \
    }

/* As CALL, where the call is part of a condition. */
#define WITH_ODD_ERRNO(call) (errno = ODD_ERRNO, (call))

EXCHANGE(mlab_exchange_id, WITH_ODD_ERRNO(mlab_exchange_id(http.exchange)) != 0)
EXCHANGE(mlab_exchange_method, strcmp(WITH_ODD_ERRNO(mlab_exchange_method(http.exchange)), "POST") == 0)
EXCHANGE(mlab_exchange_url, strstr(WITH_ODD_ERRNO(mlab_exchange_url(http.exchange)), READY_ID) != NULL)
EXCHANGE(mlab_exchange_header_name, WITH_ODD_ERRNO(mlab_exchange_header_name(http.exchange, 0)) != NULL)
EXCHANGE(mlab_exchange_header_value, WITH_ODD_ERRNO(mlab_exchange_header_value(http.exchange, 0)) != NULL)
EXCHANGE(mlab_exchange_timeout_ms, WITH_ODD_ERRNO(mlab_exchange_timeout_ms(http.exchange)) != 0)

#define EXCHANGE_NUMBER(function, wanted, neutral)                                                                 \
    void call_##function(const exported_objects *with, int planted)                                                \
    {                                                                                                              \
        host_http http = host_http_new();                                                                          \
        int64_t got;                                                                                               \
        (void)with;                                                                                                \
        CALL(got = (int64_t)function(http.exchange));                                                              \
        CHECK_INT(got, planted ? (int64_t)(neutral) : (int64_t)(wanted));                                          \
        CHECK_INT((int64_t)function(NULL), (int64_t)(neutral));                                                    \
        host_http_free(&http);                                                                                     \
    }

EXCHANGE_NUMBER(mlab_exchange_kind, MLAB_EXCHANGE_POLL, 0)
EXCHANGE_NUMBER(mlab_exchange_body_limit, 1024 * 1024, 0)
EXCHANGE_NUMBER(mlab_exchange_is_cancelled, 0, 1)

void call_mlab_exchange_progress(const exported_objects *with, int planted)
{
    host_http http = host_http_new();
    (void)with;
    (void)planted;
    CALL(mlab_exchange_progress(http.exchange, 1, 2));
    host_http_free(&http);
}

void call_mlab_exchange_write(const exported_objects *with, int planted)
{
    host_http http = host_http_new();
    int32_t status;
    (void)with;
    CALL(status = mlab_exchange_write(http.exchange, "x", 1));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_E_INVALID_ARGUMENT);
    host_http_free(&http);
}

void call_mlab_exchange_body(const exported_objects *with, int planted)
{
    host_http http = host_http_new();
    size_t len = SIZE_MAX;
    const void *body;
    (void)with;
    CALL(body = mlab_exchange_body(http.exchange, &len));
    CHECK((body == NULL) == planted && (len == 0) == planted);
    host_http_free(&http);
}

void call_mlab_exchange_reply(const exported_objects *with, int planted)
{
    host_http http = host_http_new();
    int32_t status;
    (void)with;
    CALL(status = mlab_exchange_reply(http.exchange, 200, NULL, READY_REPLY, sizeof READY_REPLY - 1));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
    host_http_free(&http);
}

void call_mlab_exchange_fail(const exported_objects *with, int planted)
{
    host_http http = host_http_new();
    int32_t status;
    (void)with;
    CALL(status = mlab_exchange_fail(http.exchange, MLAB_E_CONNECT, "no cable"));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
    host_http_free(&http);
}

void call_mlab_exchange_free(const exported_objects *with, int planted)
{
    host_http http = host_http_new();
    (void)with;
    CALL(mlab_exchange_free(http.exchange));
    if (!planted)
        http.exchange = NULL;
    host_http_free(&http);
}
