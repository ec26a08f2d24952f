/* One reasonable call of every exported function, with what it gives, and what it gives after a caught panic. */
#ifndef EXPORTED_H
#define EXPORTED_H

#include <mlab.h>
#include <stddef.h>

/* What the calls work on; made anew for each program. */
typedef struct {
    mlab_config *config;   /* whose endpoint is the stand-in */
    mlab_client *client;   /* made from it */
    mlab_cancel *cancel;   /* not triggered */
    mlab_request *request; /* for a job that is ready */
    mlab_result *result;   /* of a refused call: HTTP 429 with a time to wait */
    mlab_result *ready;    /* with images */
} exported_objects;

typedef struct {
    const char *name;
    /* Calls the function and checks what it gave: its answer, or if a panic was planted, its neutral value. */
    void (*call)(const exported_objects *with, int planted);
} exported_function;

extern const exported_function exported_functions[];
extern const size_t exported_function_count;

/* Every one, as in tests/abi/symbols.txt. */
#define EXPORTED_FUNCTIONS(X) \
    X(mlab_abi_version) \
    X(mlab_cancel_free) \
    X(mlab_cancel_new) \
    X(mlab_cancel_trigger) \
    X(mlab_client_cancel_job) \
    X(mlab_client_download) \
    X(mlab_client_download_memory) \
    X(mlab_client_fetch) \
    X(mlab_client_free) \
    X(mlab_client_new) \
    X(mlab_client_next_event) \
    X(mlab_client_pending) \
    X(mlab_client_shutdown) \
    X(mlab_client_submit) \
    X(mlab_client_wait) \
    X(mlab_client_wakeup) \
    X(mlab_config_free) \
    X(mlab_config_message) \
    X(mlab_config_new) \
    X(mlab_config_set_body_limit) \
    X(mlab_config_set_ca_file) \
    X(mlab_config_set_ca_pem) \
    X(mlab_config_set_connect_timeout_ms) \
    X(mlab_config_set_endpoint) \
    X(mlab_config_set_image_limit) \
    X(mlab_config_set_log) \
    X(mlab_config_set_max_jobs) \
    X(mlab_config_set_proxy) \
    X(mlab_config_set_request_timeout_ms) \
    X(mlab_config_set_requests_per_second) \
    X(mlab_config_set_retries) \
    X(mlab_config_set_roots) \
    X(mlab_config_set_transport) \
    X(mlab_config_set_user_agent) \
    X(mlab_config_set_workers) \
    X(mlab_event_bytes_done) \
    X(mlab_event_bytes_total) \
    X(mlab_event_elapsed_ms) \
    X(mlab_event_eta_ms) \
    X(mlab_event_free) \
    X(mlab_event_job) \
    X(mlab_event_kind) \
    X(mlab_event_polls) \
    X(mlab_event_next_poll_ms) \
    X(mlab_event_result) \
    X(mlab_event_status) \
    X(mlab_event_tag) \
    X(mlab_event_take_result) \
    X(mlab_exchange_body) \
    X(mlab_exchange_fail) \
    X(mlab_exchange_free) \
    X(mlab_exchange_header_name) \
    X(mlab_exchange_header_value) \
    X(mlab_exchange_id) \
    X(mlab_exchange_method) \
    X(mlab_exchange_reply) \
    X(mlab_exchange_timeout_ms) \
    X(mlab_exchange_url) \
    X(mlab_fetch_queued) \
    X(mlab_parse) \
    X(mlab_request_free) \
    X(mlab_request_message) \
    X(mlab_request_new) \
    X(mlab_request_new_download) \
    X(mlab_request_set_deadline_ms) \
    X(mlab_request_set_download_dir) \
    X(mlab_request_set_download_file) \
    X(mlab_request_set_download_memory) \
    X(mlab_request_set_eta_ms) \
    X(mlab_request_set_poll_ms) \
    X(mlab_request_set_progress) \
    X(mlab_request_set_tag) \
    X(mlab_result_attempts) \
    X(mlab_result_body) \
    X(mlab_result_elapsed_ms) \
    X(mlab_result_eta_ms) \
    X(mlab_result_free) \
    X(mlab_result_http_status) \
    X(mlab_result_id) \
    X(mlab_result_image) \
    X(mlab_result_image_count) \
    X(mlab_result_image_height) \
    X(mlab_result_image_path) \
    X(mlab_result_image_type) \
    X(mlab_result_image_width) \
    X(mlab_result_is_retryable) \
    X(mlab_result_message) \
    X(mlab_result_retry_after_ms) \
    X(mlab_result_status) \
    X(mlab_result_url) \
    X(mlab_result_url_count) \
    X(mlab_result_urls) \
    X(mlab_set_default_config) \
    X(mlab_status_name) \
    X(mlab_status_text) \
    X(mlab_version) \
    X(mlab_version_number)

#define DECLARE_CALL(function) void call_##function(const exported_objects *with, int planted);
EXPORTED_FUNCTIONS(DECLARE_CALL)

/* A job that the stand-in has ready, and its reply. */
#define READY_ID "12202888"
#define READY_REPLY "{\"status\":\"success\",\"id\":42,\"output\":[\"https://a.example/0\",\"https://a.example/1\"]}"

exported_objects exported_objects_new(void);
void exported_objects_free(exported_objects *objects);

/* Calls made this way have a host's errno before them, and are checked to leave it alone. */
#define ODD_ERRNO 4242
#define CALL(statement)                                                                                            \
    do {                                                                                                           \
        errno = ODD_ERRNO;                                                                                         \
        statement;                                                                                                 \
        CHECK_INT(errno, ODD_ERRNO);                                                                               \
    } while (0)

#endif /* EXPORTED_H */
