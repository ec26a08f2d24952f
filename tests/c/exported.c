#include "exported.h"

#include "harness.h"
#include "settings.h"

#include <errno.h>
#include <string.h>

#define READY_ID "12202888"

static const char limited[] = "{\"status\":\"error\",\"message\":\"Rate limit exceeded.\",\"id\":7,\"eta\":5,\"retry_after\":30}";
static const char ready[] = "{\"status\":\"success\",\"id\":42,\"output\":[\"https://a.example/0\",\"https://a.example/1\"]}";

exported_objects exported_objects_new(void)
{
    exported_objects objects;
    memset(&objects, 0, sizeof objects);
    objects.config = mlab_config_new();
    CHECK_INT(mlab_config_set_endpoint(objects.config, harness_setting("MLAB_TEST_HTTP")), MLAB_OK);
    CHECK_INT(mlab_set_default_config(objects.config), MLAB_OK);
    CHECK_INT(mlab_client_new(TEST_KEY, objects.config, &objects.client), MLAB_OK);
    objects.cancel = mlab_cancel_new();
    objects.request = mlab_request_new(READY_ID);
    CHECK_INT(mlab_parse(limited, sizeof limited - 1, 429, &objects.result), MLAB_E_RATE_LIMITED);
    CHECK_INT(mlab_parse(ready, sizeof ready - 1, 200, &objects.ready), MLAB_OK);
    return objects;
}

void exported_objects_free(exported_objects *objects)
{
    mlab_result_free(objects->ready);
    mlab_result_free(objects->result);
    mlab_request_free(objects->request);
    mlab_cancel_free(objects->cancel);
    mlab_client_free(objects->client);
    mlab_config_free(objects->config);
    mlab_set_default_config(NULL);
}

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

static void fetch_queued(const exported_objects *with, int planted)
{
    mlab_result *result = with->ready;
    int32_t status;
    CALL(status = mlab_fetch_queued(TEST_KEY, READY_ID, &result));
    check_outcome(status, MLAB_OK, result, planted);
}

static void parse(const exported_objects *with, int planted)
{
    mlab_result *result = with->ready;
    int32_t status;
    CALL(status = mlab_parse(ready, sizeof ready - 1, 200, &result));
    check_outcome(status, MLAB_OK, result, planted);
}

static void client_fetch(const exported_objects *with, int planted)
{
    mlab_result *result = with->ready;
    int32_t status;
    CALL(status = mlab_client_fetch(with->client, READY_ID, with->cancel, &result));
    check_outcome(status, MLAB_OK, result, planted);
}

static void client_wait(const exported_objects *with, int planted)
{
    mlab_result *result = with->ready;
    int32_t status;
    CALL(status = mlab_client_wait(with->client, with->request, with->cancel, &result));
    check_outcome(status, MLAB_OK, result, planted);
}

static void client_new(const exported_objects *with, int planted)
{
    mlab_client *client = with->client;
    int32_t status;
    CALL(status = mlab_client_new(TEST_KEY, with->config, &client));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
    CHECK((client == NULL) == planted);
    mlab_client_free(client);
}

static void result_status(const exported_objects *with, int planted)
{
    int32_t status;
    CALL(status = mlab_result_status(with->result));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_E_RATE_LIMITED);
}

static void set_default_config(const exported_objects *with, int planted)
{
    int32_t status;
    CALL(status = mlab_set_default_config(with->config));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
}

/* A setter of the config: its status, and its message, which says why it failed. */
#define CONFIG_SETTER(name, ...)                                                                                   \
    static void name(const exported_objects *with, int planted)                                                    \
    {                                                                                                              \
        int32_t status;                                                                                            \
        CALL(status = mlab_config_##name(with->config, __VA_ARGS__));                                              \
        CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);                                                    \
        if (planted)                                                                                               \
            CHECK_HAS(mlab_config_message(with->config), "internal error");                                        \
        else                                                                                                       \
            CHECK_TEXT(mlab_config_message(with->config), "");                                                     \
    }

CONFIG_SETTER(set_body_limit, 1024 * 1024)
CONFIG_SETTER(set_ca_file, harness_setting("MLAB_TEST_CA_FILE"))
CONFIG_SETTER(set_connect_timeout_ms, 10000)
CONFIG_SETTER(set_endpoint, harness_setting("MLAB_TEST_HTTP"))
CONFIG_SETTER(set_log, NULL, NULL)
CONFIG_SETTER(set_proxy, NULL)
CONFIG_SETTER(set_request_timeout_ms, 30000)
CONFIG_SETTER(set_requests_per_second, 0)
CONFIG_SETTER(set_retries, 2)
CONFIG_SETTER(set_roots, MLAB_ROOTS_BUNDLED)
CONFIG_SETTER(set_user_agent, "MyGame/1.2")

static void set_ca_pem(const exported_objects *with, int planted)
{
    int32_t status;
    CALL(status = mlab_config_set_ca_pem(with->config, "none"));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_config_message(with->config), planted ? "internal error" : "pem ");
}

#define REQUEST_SETTER(name, ...)                                                                                  \
    static void request_##name(const exported_objects *with, int planted)                                          \
    {                                                                                                              \
        int32_t status;                                                                                            \
        CALL(status = mlab_request_##name(with->request, __VA_ARGS__));                                            \
        CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);                                                    \
        if (planted)                                                                                               \
            CHECK_HAS(mlab_request_message(with->request), "internal error");                                      \
        else                                                                                                       \
            CHECK_TEXT(mlab_request_message(with->request), "");                                                   \
    }

REQUEST_SETTER(set_deadline_ms, 600000)
REQUEST_SETTER(set_eta_ms, 0)
REQUEST_SETTER(set_poll_ms, 2000, 15000)
REQUEST_SETTER(set_progress, NULL, NULL)
REQUEST_SETTER(set_tag, 7)

/* Functions that give a number or a string: the wanted one, or after a panic the neutral one. */

#define NUMBER(name, call_it, wanted, neutral)                                                                     \
    static void name(const exported_objects *with, int planted)                                                    \
    {                                                                                                              \
        int64_t got;                                                                                               \
        (void)with;                                                                                                \
        CALL(got = (int64_t)call_it);                                                                              \
        CHECK_INT(got, planted ? (int64_t)(neutral) : (int64_t)(wanted));                                          \
    }

#define STRING(name, call_it, wanted, neutral)                                                                     \
    static void name(const exported_objects *with, int planted)                                                    \
    {                                                                                                              \
        const char *got;                                                                                           \
        (void)with;                                                                                                \
        CALL(got = call_it);                                                                                       \
        CHECK_TEXT(got, planted ? (neutral) : (wanted));                                                           \
    }

NUMBER(abi_version, mlab_abi_version(), MLAB_ABI_VERSION, 0)
NUMBER(version_number, mlab_version_number(), MLAB_VERSION_NUMBER, 0)
NUMBER(result_attempts, mlab_result_attempts(with->result), 0, 0)
NUMBER(result_elapsed_ms, mlab_result_elapsed_ms(with->result), 0, 0)
NUMBER(result_eta_ms, mlab_result_eta_ms(with->result), 5000, -1)
NUMBER(result_http_status, mlab_result_http_status(with->result), 429, 0)
NUMBER(result_is_retryable, mlab_result_is_retryable(with->result), 1, 0)
NUMBER(result_retry_after_ms, mlab_result_retry_after_ms(with->result), 30000, -1)
NUMBER(result_url_count, mlab_result_url_count(with->ready), 2, 0)
STRING(version, mlab_version(), MLAB_VERSION, "")
STRING(status_name, mlab_status_name(MLAB_E_AUTH), "MLAB_E_AUTH", "")
STRING(status_text, mlab_status_text(12345), "Not a status of this version of the library: update the header or the library.", "")
STRING(result_id, mlab_result_id(with->result), "7", "")

static void result_message(const exported_objects *with, int planted)
{
    const char *message;
    CALL(message = mlab_result_message(with->result));
    CHECK(message != NULL);
    CHECK((strstr(message, "Rate limit") == NULL) == planted);
}

static void config_message(const exported_objects *with, int planted)
{
    const char *message;
    CHECK_INT(mlab_config_set_roots(with->config, 7), MLAB_E_INVALID_ARGUMENT);
    CALL(message = mlab_config_message(with->config));
    CHECK(message != NULL);
    CHECK((strstr(message, "roots ") == NULL) == planted);
}

static void request_message(const exported_objects *with, int planted)
{
    const char *message;
    CHECK_INT(mlab_request_set_deadline_ms(with->request, 0), MLAB_E_INVALID_ARGUMENT);
    CALL(message = mlab_request_message(with->request));
    CHECK(message != NULL);
    CHECK((strstr(message, "deadline_ms ") == NULL) == planted);
}

static void result_body(const exported_objects *with, int planted)
{
    size_t len = SIZE_MAX;
    const char *body;
    CALL(body = mlab_result_body(with->ready, &len));
    CHECK_SIZE(len, planted ? 0 : sizeof ready - 1);
    CHECK_TEXT(body, planted ? "" : ready);
}

static void result_url(const exported_objects *with, int planted)
{
    const char *url;
    CALL(url = mlab_result_url(with->ready, 1));
    CHECK((url == NULL) == planted);
}

static void result_urls(const exported_objects *with, int planted)
{
    size_t count = SIZE_MAX;
    const char *const *urls;
    CALL(urls = mlab_result_urls(with->ready, &count));
    CHECK_SIZE(count, planted ? 0 : 2);
    CHECK(urls != NULL && urls[count] == NULL);
}

/* Functions that make, and functions that end: after a panic nothing was made, and nothing ended. */

static void config_new(const exported_objects *with, int planted)
{
    mlab_config *made;
    (void)with;
    CALL(made = mlab_config_new());
    CHECK((made == NULL) == planted);
    mlab_config_free(made);
}

static void cancel_new(const exported_objects *with, int planted)
{
    mlab_cancel *made;
    (void)with;
    CALL(made = mlab_cancel_new());
    CHECK((made == NULL) == planted);
    mlab_cancel_free(made);
}

static void request_new(const exported_objects *with, int planted)
{
    mlab_request *made;
    (void)with;
    CALL(made = mlab_request_new(READY_ID));
    CHECK((made == NULL) == planted);
    mlab_request_free(made);
}

static void result_free(const exported_objects *with, int planted)
{
    mlab_result *made = NULL;
    (void)with;
    CHECK_INT(mlab_parse(ready, sizeof ready - 1, 200, &made), MLAB_OK);
    CALL(mlab_result_free(made));
    if (planted)
        mlab_result_free(made);
}

static void config_free(const exported_objects *with, int planted)
{
    mlab_config *made = mlab_config_new();
    (void)with;
    CALL(mlab_config_free(made));
    if (planted)
        mlab_config_free(made);
}

static void cancel_free(const exported_objects *with, int planted)
{
    mlab_cancel *made = mlab_cancel_new();
    (void)with;
    CALL(mlab_cancel_free(made));
    if (planted)
        mlab_cancel_free(made);
}

static void request_free(const exported_objects *with, int planted)
{
    mlab_request *made = mlab_request_new(READY_ID);
    (void)with;
    CALL(mlab_request_free(made));
    if (planted)
        mlab_request_free(made);
}

static void client_free(const exported_objects *with, int planted)
{
    mlab_client *made = NULL;
    CHECK_INT(mlab_client_new(TEST_KEY, with->config, &made), MLAB_OK);
    CALL(mlab_client_free(made));
    if (planted)
        mlab_client_free(made);
}

static void cancel_trigger(const exported_objects *with, int planted)
{
    mlab_cancel *cancel = mlab_cancel_new();
    mlab_result *result = NULL;
    CALL(mlab_cancel_trigger(cancel));
    CHECK_INT(mlab_client_fetch(with->client, READY_ID, cancel, &result), planted ? MLAB_OK : MLAB_E_CANCELLED);
    mlab_result_free(result);
    mlab_cancel_free(cancel);
}

const exported_function exported_functions[] = {
    {"mlab_abi_version", abi_version},
    {"mlab_cancel_free", cancel_free},
    {"mlab_cancel_new", cancel_new},
    {"mlab_cancel_trigger", cancel_trigger},
    {"mlab_client_fetch", client_fetch},
    {"mlab_client_free", client_free},
    {"mlab_client_new", client_new},
    {"mlab_client_wait", client_wait},
    {"mlab_config_free", config_free},
    {"mlab_config_message", config_message},
    {"mlab_config_new", config_new},
    {"mlab_config_set_body_limit", set_body_limit},
    {"mlab_config_set_ca_file", set_ca_file},
    {"mlab_config_set_ca_pem", set_ca_pem},
    {"mlab_config_set_connect_timeout_ms", set_connect_timeout_ms},
    {"mlab_config_set_endpoint", set_endpoint},
    {"mlab_config_set_log", set_log},
    {"mlab_config_set_proxy", set_proxy},
    {"mlab_config_set_request_timeout_ms", set_request_timeout_ms},
    {"mlab_config_set_requests_per_second", set_requests_per_second},
    {"mlab_config_set_retries", set_retries},
    {"mlab_config_set_roots", set_roots},
    {"mlab_config_set_user_agent", set_user_agent},
    {"mlab_fetch_queued", fetch_queued},
    {"mlab_parse", parse},
    {"mlab_request_free", request_free},
    {"mlab_request_message", request_message},
    {"mlab_request_new", request_new},
    {"mlab_request_set_deadline_ms", request_set_deadline_ms},
    {"mlab_request_set_eta_ms", request_set_eta_ms},
    {"mlab_request_set_poll_ms", request_set_poll_ms},
    {"mlab_request_set_progress", request_set_progress},
    {"mlab_request_set_tag", request_set_tag},
    {"mlab_result_attempts", result_attempts},
    {"mlab_result_body", result_body},
    {"mlab_result_elapsed_ms", result_elapsed_ms},
    {"mlab_result_eta_ms", result_eta_ms},
    {"mlab_result_free", result_free},
    {"mlab_result_http_status", result_http_status},
    {"mlab_result_id", result_id},
    {"mlab_result_is_retryable", result_is_retryable},
    {"mlab_result_message", result_message},
    {"mlab_result_retry_after_ms", result_retry_after_ms},
    {"mlab_result_status", result_status},
    {"mlab_result_url", result_url},
    {"mlab_result_url_count", result_url_count},
    {"mlab_result_urls", result_urls},
    {"mlab_set_default_config", set_default_config},
    {"mlab_status_name", status_name},
    {"mlab_status_text", status_text},
    {"mlab_version", version},
    {"mlab_version_number", version_number},
};

const size_t exported_function_count = sizeof exported_functions / sizeof exported_functions[0];
