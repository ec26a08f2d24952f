/* The calls of exported.h, but for those of jobs and of a transport. */
#include "exported.h"

#include "harness.h"
#include "settings.h"

#include <errno.h>
#include <string.h>

/* Functions that give a status */

/* Checks a status with its result: the wanted one, or after a panic E_INTERNAL and what it was. Frees the result. */
static void check_outcome(int32_t status, int32_t wanted, mlab_result *result, int planted)
{
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : wanted);
    if (!CHECK(result != NULL))
        return;
    CHECK_INT(mlab_result_status(result), status);
    if (planted) {
        CHECK_HAS(mlab_result_message(result), "internal error");
        CHECK_HAS(mlab_result_message(result), "planted");
        CHECK_INT(mlab_result_attempts(result), 0);
        CHECK_SIZE(mlab_result_url_count(result), 0);
    }
    mlab_result_free(result);
}

void call_mlab_fetch_queued(const exported_objects *with, int planted)
{
    mlab_result *result = with->ready;
    int32_t status;
    CALL(status = mlab_fetch_queued(TEST_KEY, READY_ID, &result));
    check_outcome(status, MLAB_OK, result, planted);
}

void call_mlab_parse(const exported_objects *with, int planted)
{
    mlab_result *result = with->ready;
    int32_t status;
    CALL(status = mlab_parse(READY_REPLY, sizeof READY_REPLY - 1, 200, &result));
    check_outcome(status, MLAB_OK, result, planted);
}

void call_mlab_client_fetch(const exported_objects *with, int planted)
{
    mlab_result *result = with->ready;
    int32_t status;
    CALL(status = mlab_client_fetch(with->client, READY_ID, with->cancel, &result));
    check_outcome(status, MLAB_OK, result, planted);
}

void call_mlab_client_wait(const exported_objects *with, int planted)
{
    mlab_result *result = with->ready;
    int32_t status;
    CALL(status = mlab_client_wait(with->client, with->request, with->cancel, &result));
    check_outcome(status, MLAB_OK, result, planted);
}

void call_mlab_client_new(const exported_objects *with, int planted)
{
    mlab_client *client = with->client;
    int32_t status;
    CALL(status = mlab_client_new(TEST_KEY, with->config, &client));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
    CHECK((client == NULL) == planted);
    mlab_client_free(client);
}

void call_mlab_client_message(const exported_objects *with, int planted)
{
    mlab_client *client = NULL;
    const char *message;
    (void)with;
    CHECK_INT(mlab_client_new("a\nb", NULL, &client), MLAB_E_INVALID_ARGUMENT);
    CALL(message = mlab_client_message(client));
    CHECK_STARTS(message, planted ? "" : "key ");
    CHECK_TEXT(mlab_client_message(NULL), "client is NULL");
    mlab_client_free(client);
}

void call_mlab_result_status(const exported_objects *with, int planted)
{
    int32_t status;
    CALL(status = mlab_result_status(with->result));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_E_RATE_LIMITED);
    CHECK_INT(mlab_result_status(NULL), MLAB_E_INVALID_ARGUMENT);
}

void call_mlab_set_default_config(const exported_objects *with, int planted)
{
    int32_t status;
    CALL(status = mlab_set_default_config(with->config));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
}

/* A setter of the config: its status, and its message, which says why it failed. */
#define CONFIG_SETTER(function, ...)                                                                               \
    void call_##function(const exported_objects *with, int planted)                                                \
    {                                                                                                              \
        int32_t status;                                                                                            \
        CALL(status = function(with->config, __VA_ARGS__));                                                        \
        CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);                                                    \
        if (planted)                                                                                               \
            CHECK_HAS(mlab_config_message(with->config), "internal error");                                        \
        else                                                                                                       \
            CHECK_TEXT(mlab_config_message(with->config), "");                                                     \
    }

CONFIG_SETTER(mlab_config_set_body_limit, 1024 * 1024)
CONFIG_SETTER(mlab_config_set_ca_file, harness_setting("MLAB_TEST_CA_FILE"))
CONFIG_SETTER(mlab_config_set_connect_timeout_ms, 10000)
CONFIG_SETTER(mlab_config_set_endpoint, harness_setting("MLAB_TEST_HTTP"))
CONFIG_SETTER(mlab_config_set_log, MLAB_LOG_INFO, NULL, NULL)
CONFIG_SETTER(mlab_config_set_proxy, NULL)
CONFIG_SETTER(mlab_config_set_request_timeout_ms, 30000)
CONFIG_SETTER(mlab_config_set_requests_per_second, 0)
CONFIG_SETTER(mlab_config_set_retries, 2)
CONFIG_SETTER(mlab_config_set_max_images, 64)
CONFIG_SETTER(mlab_config_set_max_jobs, 1000)
CONFIG_SETTER(mlab_config_set_roots, MLAB_ROOTS_BUNDLED)
CONFIG_SETTER(mlab_config_set_transport, NULL, NULL, NULL)
CONFIG_SETTER(mlab_config_set_user_agent, "MyGame/1.2")
CONFIG_SETTER(mlab_config_set_workers, 4)

void call_mlab_config_set_transport_pull(const exported_objects *with, int planted)
{
    int32_t status;
    CALL(status = mlab_config_set_transport_pull(with->config));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
    CHECK_STARTS(mlab_config_message(with->config), planted ? "internal error" : "");
    CHECK_INT(mlab_config_set_transport(with->config, NULL, NULL, NULL), MLAB_OK);
}

void call_mlab_config_set_ca_pem(const exported_objects *with, int planted)
{
    int32_t status;
    CALL(status = mlab_config_set_ca_pem(with->config, "none"));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_config_message(with->config), planted ? "internal error" : "pem ");
}

#define REQUEST_SETTER(function, ...)                                                                              \
    void call_##function(const exported_objects *with, int planted)                                                \
    {                                                                                                              \
        int32_t status;                                                                                            \
        CALL(status = function(with->request, __VA_ARGS__));                                                       \
        CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);                                                    \
        if (planted)                                                                                               \
            CHECK_HAS(mlab_request_message(with->request), "internal error");                                      \
        else                                                                                                       \
            CHECK_TEXT(mlab_request_message(with->request), "");                                                   \
    }

REQUEST_SETTER(mlab_request_set_deadline_ms, 600000)
REQUEST_SETTER(mlab_request_set_eta_ms, 0)
REQUEST_SETTER(mlab_request_set_image_events, 1)
REQUEST_SETTER(mlab_request_set_poll_ms, 2000, 15000)
REQUEST_SETTER(mlab_request_set_poll_once, 1)
REQUEST_SETTER(mlab_request_set_progress, NULL, NULL)
REQUEST_SETTER(mlab_request_set_tag, 7)

/* Functions that give a number or a string: the wanted one, or after a panic the neutral one. */

#define NUMBER(function, call_it, wanted, neutral)                                                                 \
    void call_##function(const exported_objects *with, int planted)                                                \
    {                                                                                                              \
        int64_t got;                                                                                               \
        (void)with;                                                                                                \
        CALL(got = (int64_t)call_it);                                                                              \
        CHECK_INT(got, planted ? (int64_t)(neutral) : (int64_t)(wanted));                                          \
    }

/* As NUMBER, of a result; NULL for one gives the neutral value. */
#define OF_RESULT(function, result, wanted, neutral)                                                               \
    void call_##function(const exported_objects *with, int planted)                                                \
    {                                                                                                              \
        int64_t got;                                                                                               \
        CALL(got = (int64_t)function(with->result));                                                               \
        CHECK_INT(got, planted ? (int64_t)(neutral) : (int64_t)(wanted));                                          \
        CHECK_INT((int64_t)function(NULL), (int64_t)(neutral));                                                    \
    }

#define STRING(function, call_it, wanted, neutral)                                                                 \
    void call_##function(const exported_objects *with, int planted)                                                \
    {                                                                                                              \
        const char *got;                                                                                           \
        (void)with;                                                                                                \
        CALL(got = call_it);                                                                                       \
        CHECK_TEXT(got, planted ? (neutral) : (wanted));                                                           \
    }

NUMBER(mlab_abi_version, mlab_abi_version(), MLAB_ABI_VERSION, 0)
NUMBER(mlab_version_number, mlab_version_number(), MLAB_VERSION_NUMBER, 0)
OF_RESULT(mlab_result_attempts, result, 0, 0)
OF_RESULT(mlab_result_elapsed_ms, result, 0, 0)
OF_RESULT(mlab_result_eta_ms, result, 5000, -1)
OF_RESULT(mlab_result_http_status, result, 429, 0)
OF_RESULT(mlab_result_is_retryable, result, 1, 0)
OF_RESULT(mlab_result_retry_after_ms, result, 30000, -1)
OF_RESULT(mlab_result_url_count, ready, 2, 0)
NUMBER(mlab_status_group, mlab_status_group(MLAB_E_AUTH), MLAB_GROUP_ACCOUNT, MLAB_GROUP_NONE)
STRING(mlab_version, mlab_version(), MLAB_VERSION, "")
STRING(mlab_status_name, mlab_status_name(MLAB_E_AUTH), "MLAB_E_AUTH", "")
STRING(mlab_status_text, mlab_status_text(12345), "Not a status of this version of the library: update the header or the library.", "")
STRING(mlab_result_id, mlab_result_id(with->result), "7", "")

void call_mlab_result_message(const exported_objects *with, int planted)
{
    const char *message;
    CALL(message = mlab_result_message(with->result));
    CHECK(message != NULL);
    CHECK((strstr(message, "Rate limit") == NULL) == planted);
    CHECK_TEXT(mlab_result_message(NULL), "result is NULL");
}

void call_mlab_config_message(const exported_objects *with, int planted)
{
    const char *message;
    CHECK_INT(mlab_config_set_roots(with->config, 7), MLAB_E_INVALID_ARGUMENT);
    CALL(message = mlab_config_message(with->config));
    CHECK(message != NULL);
    CHECK((strstr(message, "roots ") == NULL) == planted);
    CHECK_TEXT(mlab_config_message(NULL), "config is NULL");
}

void call_mlab_request_message(const exported_objects *with, int planted)
{
    const char *message;
    CHECK_INT(mlab_request_set_deadline_ms(with->request, 0), MLAB_E_INVALID_ARGUMENT);
    CALL(message = mlab_request_message(with->request));
    CHECK(message != NULL);
    CHECK((strstr(message, "deadline_ms ") == NULL) == planted);
    CHECK_TEXT(mlab_request_message(NULL), "request is NULL");
}

void call_mlab_result_body(const exported_objects *with, int planted)
{
    size_t len = SIZE_MAX;
    const char *body;
    CALL(body = mlab_result_body(with->ready, &len));
    CHECK_SIZE(len, planted ? 0 : sizeof READY_REPLY - 1);
    CHECK_TEXT(body, planted ? "" : READY_REPLY);
    CHECK_TEXT(mlab_result_body(NULL, &len), "");
}

void call_mlab_result_url(const exported_objects *with, int planted)
{
    const char *url;
    CALL(url = mlab_result_url(with->ready, 1));
    CHECK((url == NULL) == planted);
    CHECK(mlab_result_url(with->ready, SIZE_MAX) == NULL && mlab_result_url(NULL, 0) == NULL);
}

void call_mlab_result_urls(const exported_objects *with, int planted)
{
    size_t count = SIZE_MAX;
    const char *const *urls;
    CALL(urls = mlab_result_urls(with->ready, &count));
    CHECK_SIZE(count, planted ? 0 : 2);
    CHECK(urls != NULL && urls[count] == NULL);
    CHECK(mlab_result_urls(NULL, NULL)[0] == NULL);
}

/* Functions that make, and functions that end: after a panic nothing was made, and nothing ended. */

void call_mlab_config_new(const exported_objects *with, int planted)
{
    mlab_config *made;
    (void)with;
    CALL(made = mlab_config_new());
    CHECK((made == NULL) == planted);
    mlab_config_free(made);
}

void call_mlab_cancel_new(const exported_objects *with, int planted)
{
    mlab_cancel *made;
    (void)with;
    CALL(made = mlab_cancel_new());
    CHECK((made == NULL) == planted);
    mlab_cancel_free(made);
}

void call_mlab_request_new(const exported_objects *with, int planted)
{
    mlab_request *made;
    (void)with;
    CALL(made = mlab_request_new(READY_ID));
    CHECK((made == NULL) == planted);
    mlab_request_free(made);
}

void call_mlab_result_free(const exported_objects *with, int planted)
{
    mlab_result *made = NULL;
    (void)with;
    CHECK_INT(mlab_parse(READY_REPLY, sizeof READY_REPLY - 1, 200, &made), MLAB_OK);
    CALL(mlab_result_free(made));
    if (planted)
        mlab_result_free(made);
}

void call_mlab_config_free(const exported_objects *with, int planted)
{
    mlab_config *made = mlab_config_new();
    (void)with;
    CALL(mlab_config_free(made));
    if (planted)
        mlab_config_free(made);
}

void call_mlab_cancel_free(const exported_objects *with, int planted)
{
    mlab_cancel *made = mlab_cancel_new();
    (void)with;
    CALL(mlab_cancel_free(made));
    if (planted)
        mlab_cancel_free(made);
}

void call_mlab_request_free(const exported_objects *with, int planted)
{
    mlab_request *made = mlab_request_new(READY_ID);
    (void)with;
    CALL(mlab_request_free(made));
    if (planted)
        mlab_request_free(made);
}

void call_mlab_client_free(const exported_objects *with, int planted)
{
    mlab_client *made = NULL;
    CHECK_INT(mlab_client_new(TEST_KEY, with->config, &made), MLAB_OK);
    CALL(mlab_client_free(made));
    if (planted)
        mlab_client_free(made);
}

void call_mlab_cancel_trigger(const exported_objects *with, int planted)
{
    mlab_cancel *cancel = mlab_cancel_new();
    mlab_result *result = NULL;
    CALL(mlab_cancel_trigger(cancel));
    CHECK_INT(mlab_client_fetch(with->client, READY_ID, cancel, &result), planted ? MLAB_OK : MLAB_E_CANCELLED);
    mlab_result_free(result);
    mlab_cancel_free(cancel);
}
