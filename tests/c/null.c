/* NULL in every pointer position of every function, and what out parameters hold afterwards. */
#include "harness.h"
#include "null_images.h"
#include "null_jobs.h"
#include "symbols.h"

#include <mlab.h>
#include <string.h>

#define KEY "test-key-not-real"
#define ID "12202888"

/* What an out parameter holds before a call: no address that any call could give. */
static char rubbish;
#define RUBBISH ((mlab_result *)(void *)&rubbish)

/* Checks a refusal with its explaining result, and frees that. */
static void refused(int32_t status, mlab_result *const *out, const char *argument)
{
    /* The caller's variable, and not its value: C may read that before it makes the call beside it. */
    mlab_result *result = *out;
    CHECK_INT(status, MLAB_E_INVALID_ARGUMENT);
    if (!CHECK(result != NULL && result != RUBBISH))
        return;
    CHECK_INT(mlab_result_status(result), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_result_message(result), argument);
    CHECK_HAS(mlab_result_message(result), " is NULL");
    CHECK_INT(mlab_result_attempts(result), 0);
    CHECK_INT(mlab_result_http_status(result), 0);
    CHECK_INT(mlab_result_is_retryable(result), 0);
    CHECK_SIZE(mlab_result_url_count(result), 0);
    mlab_result_free(result);
}

static void fetch_queued(void)
{
    mlab_result *result = RUBBISH;
    refused(mlab_fetch_queued(NULL, ID, &result), &result, "key ");
    result = RUBBISH;
    refused(mlab_fetch_queued(KEY, NULL, &result), &result, "id ");
    result = RUBBISH;
    refused(mlab_fetch_queued(NULL, NULL, &result), &result, "key ");
    CHECK_INT(mlab_fetch_queued(KEY, ID, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_fetch_queued(KEY, NULL, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_fetch_queued(NULL, ID, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_fetch_queued(NULL, NULL, NULL), MLAB_E_INVALID_ARGUMENT);
}

static void parse(void)
{
    mlab_result *result = RUBBISH;
    refused(mlab_parse(NULL, 1, 200, &result), &result, "body ");
    result = RUBBISH;
    refused(mlab_parse(NULL, SIZE_MAX, 200, &result), &result, "body ");
    result = RUBBISH;
    CHECK_INT(mlab_parse(NULL, 0, 200, &result), MLAB_E_PROTOCOL);
    CHECK(result != NULL && result != RUBBISH);
    mlab_result_free(result);
    CHECK_INT(mlab_parse("{}", 2, 200, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_parse(NULL, 0, 200, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_parse(NULL, 1, 0, NULL), MLAB_E_INVALID_ARGUMENT);
}

static void result_free(void)
{
    mlab_result_free(NULL);
    mlab_result_free(NULL);
}

static void result_status(void) { CHECK_INT(mlab_result_status(NULL), MLAB_E_INVALID_ARGUMENT); }

static void result_urls(void)
{
    size_t count = SIZE_MAX;
    const char *const *urls = mlab_result_urls(NULL, &count);
    CHECK_SIZE(count, 0);
    CHECK(urls != NULL && urls[0] == NULL);
    urls = mlab_result_urls(NULL, NULL);
    CHECK(urls != NULL && urls[0] == NULL);
}

static void result_url_count(void) { CHECK_SIZE(mlab_result_url_count(NULL), 0); }

static void result_url(void)
{
    CHECK(mlab_result_url(NULL, 0) == NULL);
    CHECK(mlab_result_url(NULL, SIZE_MAX) == NULL);
}

static void result_message(void) { CHECK_TEXT(mlab_result_message(NULL), "result is NULL"); }
static void result_id(void) { CHECK_TEXT(mlab_result_id(NULL), ""); }
static void result_http_status(void) { CHECK_INT(mlab_result_http_status(NULL), 0); }
static void result_eta_ms(void) { CHECK_INT(mlab_result_eta_ms(NULL), -1); }
static void result_retry_after_ms(void) { CHECK_INT(mlab_result_retry_after_ms(NULL), -1); }
static void result_is_retryable(void) { CHECK_INT(mlab_result_is_retryable(NULL), 0); }
static void result_attempts(void) { CHECK_INT(mlab_result_attempts(NULL), 0); }
static void result_elapsed_ms(void) { CHECK_INT(mlab_result_elapsed_ms(NULL), 0); }

static void result_body(void)
{
    size_t len = SIZE_MAX;
    CHECK_TEXT(mlab_result_body(NULL, &len), "");
    CHECK_SIZE(len, 0);
    CHECK_TEXT(mlab_result_body(NULL, NULL), "");
}

static void config_free(void)
{
    mlab_config_free(NULL);
    mlab_config_free(NULL);
}

static void config_message(void) { CHECK_TEXT(mlab_config_message(NULL), "config is NULL"); }

/* A setter that takes text: without a config, without the text, without both. */
static void text_setter(int32_t (*set)(mlab_config *, const char *), const char *argument)
{
    mlab_config *config = mlab_config_new();
    CHECK_INT(set(NULL, "text"), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(set(NULL, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(set(config, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_config_message(config), argument);
    CHECK_HAS(mlab_config_message(config), " is NULL");
    mlab_config_free(config);
}

static void set_endpoint(void) { text_setter(mlab_config_set_endpoint, "url_template "); }
static void set_user_agent(void) { text_setter(mlab_config_set_user_agent, "suffix "); }
static void set_ca_file(void) { text_setter(mlab_config_set_ca_file, "path "); }
static void set_ca_pem(void) { text_setter(mlab_config_set_ca_pem, "pem "); }

/* The one text that may be NULL: the environment's proxy. */
static void set_proxy(void)
{
    mlab_config *config = mlab_config_new();
    CHECK_INT(mlab_config_set_proxy(NULL, ""), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_config_set_proxy(NULL, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_config_set_proxy(config, NULL), MLAB_OK);
    CHECK_TEXT(mlab_config_message(config), "");
    mlab_config_free(config);
}

static void set_connect_timeout(void)
{
    CHECK_INT(mlab_config_set_connect_timeout_ms(NULL, 1000), MLAB_E_INVALID_ARGUMENT);
}

static void set_request_timeout(void)
{
    CHECK_INT(mlab_config_set_request_timeout_ms(NULL, 1000), MLAB_E_INVALID_ARGUMENT);
}

static void set_body_limit(void) { CHECK_INT(mlab_config_set_body_limit(NULL, 1024), MLAB_E_INVALID_ARGUMENT); }

static void set_roots(void)
{
    CHECK_INT(mlab_config_set_roots(NULL, MLAB_ROOTS_BUNDLED), MLAB_E_INVALID_ARGUMENT);
}

static void set_log(void) { CHECK_INT(mlab_config_set_log(NULL, MLAB_LOG_INFO, NULL, NULL), MLAB_E_INVALID_ARGUMENT); }
static void set_max_jobs(void) { CHECK_INT(mlab_config_set_max_jobs(NULL, 1), MLAB_E_INVALID_ARGUMENT); }
static void set_workers(void) { CHECK_INT(mlab_config_set_workers(NULL, 1), MLAB_E_INVALID_ARGUMENT); }

static void set_transport(void)
{
    mlab_config *config = mlab_config_new();
    CHECK_INT(mlab_config_set_transport(NULL, NULL, NULL, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_config_set_transport(config, NULL, NULL, NULL), MLAB_OK);
    CHECK_INT(mlab_config_set_transport_pull(NULL), MLAB_E_INVALID_ARGUMENT);
    mlab_config_free(config);
}

static void set_retries(void) { CHECK_INT(mlab_config_set_retries(NULL, 1), MLAB_E_INVALID_ARGUMENT); }

static void set_requests_per_second(void)
{
    CHECK_INT(mlab_config_set_requests_per_second(NULL, 1.0), MLAB_E_INVALID_ARGUMENT);
}

static void client_new(void)
{
    mlab_config *config = mlab_config_new();
    mlab_client *client = NULL;
    CHECK_INT(mlab_client_new(NULL, NULL, &client), MLAB_E_INVALID_ARGUMENT);
    CHECK_TEXT(mlab_client_message(client), "key is NULL");
    mlab_client_free(client);
    CHECK_INT(mlab_client_new(NULL, config, &client), MLAB_E_INVALID_ARGUMENT);
    CHECK_TEXT(mlab_client_message(client), "key is NULL");
    mlab_client_free(client);
    CHECK_INT(mlab_client_new(KEY, config, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_client_new(KEY, NULL, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_client_new(NULL, NULL, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_client_new(KEY, NULL, &client), MLAB_OK);
    CHECK(client != NULL);
    mlab_client_free(client);
    mlab_config_free(config);
}

static void client_message(void) { CHECK_TEXT(mlab_client_message(NULL), "client is NULL"); }

static void client_free(void)
{
    mlab_client_free(NULL);
    mlab_client_free(NULL);
}

static void client_fetch(void)
{
    mlab_client *client = NULL;
    mlab_cancel *cancel = mlab_cancel_new();
    mlab_result *result = RUBBISH;
    CHECK_INT(mlab_client_new(KEY, NULL, &client), MLAB_OK);
    refused(mlab_client_fetch(NULL, ID, cancel, &result), &result, "client ");
    result = RUBBISH;
    refused(mlab_client_fetch(client, NULL, cancel, &result), &result, "id ");
    result = RUBBISH;
    refused(mlab_client_fetch(NULL, NULL, NULL, &result), &result, "client ");
    CHECK_INT(mlab_client_fetch(client, ID, cancel, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_client_fetch(NULL, NULL, NULL, NULL), MLAB_E_INVALID_ARGUMENT);
    mlab_cancel_free(cancel);
    mlab_client_free(client);
}

static void client_wait(void)
{
    mlab_client *client = NULL;
    mlab_cancel *cancel = mlab_cancel_new();
    mlab_request *request = mlab_request_new(ID);
    mlab_result *result = RUBBISH;
    CHECK_INT(mlab_client_new(KEY, NULL, &client), MLAB_OK);
    refused(mlab_client_wait(NULL, request, cancel, &result), &result, "client ");
    result = RUBBISH;
    refused(mlab_client_wait(client, NULL, cancel, &result), &result, "request ");
    result = RUBBISH;
    refused(mlab_client_wait(NULL, NULL, NULL, &result), &result, "client ");
    CHECK_INT(mlab_client_wait(client, request, cancel, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_client_wait(NULL, NULL, NULL, NULL), MLAB_E_INVALID_ARGUMENT);
    mlab_request_free(request);
    mlab_cancel_free(cancel);
    mlab_client_free(client);
}

static void cancel_trigger(void) { mlab_cancel_trigger(NULL); }

static void cancel_free(void)
{
    mlab_cancel_free(NULL);
    mlab_cancel_free(NULL);
}

/* A request for no id is made all the same; the wait for it says what is wrong. */
static void request_new(void)
{
    mlab_client *client = NULL;
    mlab_request *request = mlab_request_new(NULL);
    mlab_result *result = RUBBISH;
    CHECK(request != NULL);
    CHECK_INT(mlab_client_new(KEY, NULL, &client), MLAB_OK);
    refused(mlab_client_wait(client, request, NULL, &result), &result, "id ");
    mlab_client_free(client);
    mlab_request_free(request);
}

static void request_free(void)
{
    mlab_request_free(NULL);
    mlab_request_free(NULL);
}

static void request_message(void) { CHECK_TEXT(mlab_request_message(NULL), "request is NULL"); }
static void set_deadline(void) { CHECK_INT(mlab_request_set_deadline_ms(NULL, 1), MLAB_E_INVALID_ARGUMENT); }
static void set_poll(void) { CHECK_INT(mlab_request_set_poll_ms(NULL, 1000, 2000), MLAB_E_INVALID_ARGUMENT); }
static void set_eta(void) { CHECK_INT(mlab_request_set_eta_ms(NULL, 1), MLAB_E_INVALID_ARGUMENT); }
static void set_tag(void) { CHECK_INT(mlab_request_set_tag(NULL, 1), MLAB_E_INVALID_ARGUMENT); }

static void set_progress(void)
{
    mlab_request *request = mlab_request_new(ID);
    CHECK_INT(mlab_request_set_progress(NULL, NULL, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_request_set_progress(request, NULL, NULL), MLAB_OK);
    mlab_request_free(request);
}

static void set_default_config(void) { CHECK_INT(mlab_set_default_config(NULL), MLAB_OK); }

static void takes_no_pointer(void) {}

static const struct {
    const char *name;
    void (*call)(void);
} functions[] = {
    {"mlab_abi_version", takes_no_pointer},
    {"mlab_cancel_free", cancel_free},
    {"mlab_cancel_new", takes_no_pointer},
    {"mlab_cancel_trigger", cancel_trigger},
    {"mlab_client_cancel_job", null_client_jobs},
    {"mlab_client_download", null_client_download},
    {"mlab_client_download_memory", null_client_download},
    {"mlab_client_fetch", client_fetch},
    {"mlab_client_event_fd", null_client_jobs},
    {"mlab_client_event_handle", null_client_jobs},
    {"mlab_client_free", client_free},
    {"mlab_client_message", client_message},
    {"mlab_client_new", client_new},
    {"mlab_client_next_due_ms", null_client_jobs},
    {"mlab_client_next_event", null_client_jobs},
    {"mlab_client_next_exchange", null_client_jobs},
    {"mlab_client_pending", null_client_jobs},
    {"mlab_client_shutdown", null_client_jobs},
    {"mlab_client_submit", null_client_submit},
    {"mlab_client_wait", client_wait},
    {"mlab_client_wakeup", null_client_jobs},
    {"mlab_config_free", config_free},
    {"mlab_config_message", config_message},
    {"mlab_config_new", takes_no_pointer},
    {"mlab_config_set_body_limit", set_body_limit},
    {"mlab_config_set_ca_file", set_ca_file},
    {"mlab_config_set_ca_pem", set_ca_pem},
    {"mlab_config_set_connect_timeout_ms", set_connect_timeout},
    {"mlab_config_set_endpoint", set_endpoint},
    {"mlab_config_set_image_limit", null_image_settings},
    {"mlab_config_set_log", set_log},
    {"mlab_config_set_max_images", null_image_settings},
    {"mlab_config_set_max_jobs", set_max_jobs},
    {"mlab_config_set_proxy", set_proxy},
    {"mlab_config_set_request_timeout_ms", set_request_timeout},
    {"mlab_config_set_requests_per_second", set_requests_per_second},
    {"mlab_config_set_retries", set_retries},
    {"mlab_config_set_roots", set_roots},
    {"mlab_config_set_transport", set_transport},
    {"mlab_config_set_transport_pull", set_transport},
    {"mlab_config_set_user_agent", set_user_agent},
    {"mlab_config_set_workers", set_workers},
    {"mlab_event_bytes_done", null_image},
    {"mlab_event_bytes_total", null_image},
    {"mlab_event_elapsed_ms", null_event},
    {"mlab_event_eta_ms", null_event},
    {"mlab_event_free", null_event},
    {"mlab_event_index", null_event},
    {"mlab_event_job", null_event},
    {"mlab_event_kind", null_event},
    {"mlab_event_polls", null_event},
    {"mlab_event_next_poll_ms", null_event},
    {"mlab_event_result", null_event},
    {"mlab_event_status", null_event},
    {"mlab_event_tag", null_event},
    {"mlab_event_take_result", null_event},
    {"mlab_exchange_body", null_exchange},
    {"mlab_exchange_body_limit", null_exchange},
    {"mlab_exchange_fail", null_exchange_answers},
    {"mlab_exchange_free", null_exchange},
    {"mlab_exchange_header_name", null_exchange},
    {"mlab_exchange_header_value", null_exchange},
    {"mlab_exchange_id", null_exchange},
    {"mlab_exchange_is_cancelled", null_exchange},
    {"mlab_exchange_kind", null_exchange},
    {"mlab_exchange_method", null_exchange},
    {"mlab_exchange_progress", null_exchange},
    {"mlab_exchange_reply", null_exchange_answers},
    {"mlab_exchange_timeout_ms", null_exchange},
    {"mlab_exchange_url", null_exchange},
    {"mlab_exchange_write", null_exchange_answers},
    {"mlab_fetch_queued", fetch_queued},
    {"mlab_parse", parse},
    {"mlab_request_free", request_free},
    {"mlab_request_message", request_message},
    {"mlab_request_new", request_new},
    {"mlab_request_new_download", null_request_new_download},
    {"mlab_request_set_deadline_ms", set_deadline},
    {"mlab_request_set_download_dir", null_image_settings},
    {"mlab_request_set_download_file", null_image_settings},
    {"mlab_request_set_download_memory", null_image_settings},
    {"mlab_request_set_eta_ms", set_eta},
    {"mlab_request_set_image_events", null_image_settings},
    {"mlab_request_set_poll_ms", set_poll},
    {"mlab_request_set_progress", set_progress},
    {"mlab_request_set_tag", set_tag},
    {"mlab_result_attempts", result_attempts},
    {"mlab_result_body", result_body},
    {"mlab_result_elapsed_ms", result_elapsed_ms},
    {"mlab_result_eta_ms", result_eta_ms},
    {"mlab_result_free", result_free},
    {"mlab_result_http_status", result_http_status},
    {"mlab_result_id", result_id},
    {"mlab_result_image", null_image},
    {"mlab_result_image_count", null_image},
    {"mlab_result_image_height", null_image},
    {"mlab_result_image_path", null_image},
    {"mlab_result_image_type", null_image},
    {"mlab_result_image_width", null_image},
    {"mlab_result_is_retryable", result_is_retryable},
    {"mlab_result_message", result_message},
    {"mlab_result_retry_after_ms", result_retry_after_ms},
    {"mlab_result_status", result_status},
    {"mlab_result_url", result_url},
    {"mlab_result_url_count", result_url_count},
    {"mlab_result_urls", result_urls},
    {"mlab_set_default_config", set_default_config},
    {"mlab_status_group", takes_no_pointer},
    {"mlab_status_name", takes_no_pointer},
    {"mlab_status_text", takes_no_pointer},
    {"mlab_version", takes_no_pointer},
    {"mlab_version_number", takes_no_pointer},
};

static const size_t function_count = sizeof functions / sizeof functions[0];

static void every_function_takes_null_in_every_pointer_position(void)
{
    for (size_t i = 0; i < function_count; i++) {
        harness_row(functions[i].name);
        functions[i].call();
    }
}

static void no_function_is_left_out(void)
{
    check_covers_all_symbols(&functions[0].name, function_count, sizeof functions[0]);
}

const harness_test null_tests[] = {
    TEST(every_function_takes_null_in_every_pointer_position),
    TEST(no_function_is_left_out),
    END_OF_TESTS,
};
