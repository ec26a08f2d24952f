// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
package mlab.internal;

/**
 * The constants and functions of mlab.h. An address, size_t and uint64_t is a long; a callback is the address of a
 * stub; an out parameter is the address of as many bytes as its type has.
 */
public interface Raw {
    String MLAB_VERSION = "0.1.0";
    int MLAB_VERSION_NUMBER = 256;
    int MLAB_VERSION_MAJOR = 0;
    int MLAB_VERSION_MINOR = 1;
    int MLAB_VERSION_PATCH = 0;
    int MLAB_ABI_VERSION = 0;

    // mlab_statuses
    int MLAB_OK = 0;
    int MLAB_PROCESSING = 1;
    int MLAB_NO_EVENT = 2;
    int MLAB_E_INVALID_ARGUMENT = -1;
    int MLAB_E_CANCELLED = -2;
    int MLAB_E_DEADLINE = -3;
    int MLAB_E_BUSY = -4;
    int MLAB_E_CLOSED = -5;
    int MLAB_E_FORKED = -6;
    int MLAB_E_NO_RESOURCES = -7;
    int MLAB_E_INTERNAL = -8;
    int MLAB_E_RESOLVE = -20;
    int MLAB_E_CONNECT = -21;
    int MLAB_E_TLS = -22;
    int MLAB_E_TIMEOUT = -23;
    int MLAB_E_NETWORK = -24;
    int MLAB_E_REDIRECT = -25;
    int MLAB_E_PROTOCOL = -26;
    int MLAB_E_TOO_LARGE = -27;
    int MLAB_E_PROXY = -28;
    int MLAB_E_AUTH = -40;
    int MLAB_E_PAYMENT = -41;
    int MLAB_E_FORBIDDEN = -42;
    int MLAB_E_NOT_FOUND = -43;
    int MLAB_E_RATE_LIMITED = -44;
    int MLAB_E_BAD_REQUEST = -45;
    int MLAB_E_SERVER = -46;
    int MLAB_E_JOB_FAILED = -47;
    int MLAB_E_API = -48;
    int MLAB_E_FILE = -60;
    int MLAB_E_UNSAFE_URL = -61;
    int MLAB_E_BAD_IMAGE = -62;

    // mlab_roots_kinds
    int MLAB_ROOTS_BUNDLED = 0;
    int MLAB_ROOTS_SYSTEM = 1;

    // mlab_log_levels
    int MLAB_LOG_ERROR = 1;
    int MLAB_LOG_WARNING = 2;
    int MLAB_LOG_INFO = 3;
    int MLAB_LOG_DEBUG = 4;

    // mlab_event_kinds
    int MLAB_EVENT_PROGRESS = 1;
    int MLAB_EVENT_DONE = 2;
    int MLAB_EVENT_IMAGE = 3;

    // mlab_exchange_kinds
    int MLAB_EXCHANGE_POLL = 1;
    int MLAB_EXCHANGE_IMAGE = 2;

    // mlab_status_groups
    int MLAB_GROUP_NONE = 0;
    int MLAB_GROUP_ARGUMENT = 1;
    int MLAB_GROUP_ENDED = 2;
    int MLAB_GROUP_SYSTEM = 3;
    int MLAB_GROUP_NETWORK = 4;
    int MLAB_GROUP_ACCOUNT = 5;
    int MLAB_GROUP_JOB = 6;
    int MLAB_GROUP_IMAGE = 7;

    int mlab_fetch_queued(long key, long id, long out);

    int mlab_parse(long body, long len, int http_status, long out);

    void mlab_result_free(long result);

    int mlab_result_status(long result);

    long mlab_result_urls(long result, long count);

    long mlab_result_url_count(long result);

    long mlab_result_url(long result, long index);

    long mlab_result_message(long result);

    long mlab_result_id(long result);

    int mlab_result_http_status(long result);

    long mlab_result_eta_ms(long result);

    long mlab_result_retry_after_ms(long result);

    int mlab_result_is_retryable(long result);

    int mlab_result_attempts(long result);

    long mlab_result_elapsed_ms(long result);

    long mlab_result_body(long result, long len);

    long mlab_config_new();

    void mlab_config_free(long config);

    long mlab_config_message(long config);

    int mlab_config_set_endpoint(long config, long url_template);

    int mlab_config_set_connect_timeout_ms(long config, int timeout_ms);

    int mlab_config_set_request_timeout_ms(long config, int timeout_ms);

    int mlab_config_set_body_limit(long config, long max_bytes);

    int mlab_config_set_user_agent(long config, long suffix);

    int mlab_config_set_proxy(long config, long proxy_url);

    int mlab_config_set_ca_file(long config, long path);

    int mlab_config_set_ca_pem(long config, long pem);

    int mlab_config_set_roots(long config, int roots);

    int mlab_config_set_retries(long config, int retries);

    int mlab_config_set_requests_per_second(long config, double requests_per_second);

    int mlab_config_set_workers(long config, int workers);

    int mlab_config_set_max_jobs(long config, int max_jobs);

    int mlab_set_default_config(long config);

    int mlab_config_set_log(long config, int level, long log, long user);

    int mlab_client_new(long key, long config, long out);

    long mlab_client_message(long client);

    void mlab_client_free(long client);

    int mlab_client_fetch(long client, long id, long cancel, long out);

    int mlab_client_wait(long client, long request, long cancel, long out);

    long mlab_request_new(long id);

    void mlab_request_free(long request);

    long mlab_request_message(long request);

    int mlab_request_set_deadline_ms(long request, int deadline_ms);

    int mlab_request_set_poll_ms(long request, int min_ms, int max_ms);

    int mlab_request_set_eta_ms(long request, int eta_ms);

    int mlab_request_set_poll_once(long request, int once);

    int mlab_request_set_tag(long request, long tag);

    int mlab_request_set_progress(long request, long progress, long user);

    long mlab_cancel_new();

    void mlab_cancel_trigger(long cancel);

    void mlab_cancel_free(long cancel);

    int mlab_client_submit(long client, long request, long job);

    int mlab_client_next_event(long client, int timeout_ms, long out);

    int mlab_client_event_fd(long client);

    long mlab_client_event_handle(long client);

    long mlab_client_next_due_ms(long client);

    int mlab_client_cancel_job(long client, long job);

    long mlab_client_pending(long client);

    void mlab_client_wakeup(long client);

    int mlab_client_shutdown(long client, int timeout_ms);

    void mlab_event_free(long event);

    int mlab_event_kind(long event);

    int mlab_event_index(long event);

    long mlab_event_job(long event);

    long mlab_event_tag(long event);

    int mlab_event_status(long event);

    long mlab_event_result(long event);

    long mlab_event_take_result(long event);

    int mlab_event_polls(long event);

    long mlab_event_elapsed_ms(long event);

    long mlab_event_eta_ms(long event);

    long mlab_event_next_poll_ms(long event);

    long mlab_event_bytes_done(long event);

    long mlab_event_bytes_total(long event);

    int mlab_config_set_image_limit(long config, long max_bytes);

    int mlab_config_set_max_images(long config, int count);

    int mlab_request_set_download_memory(long request, long max_bytes);

    int mlab_request_set_download_dir(long request, long path, int flags);

    long mlab_request_new_download(long url);

    int mlab_request_set_download_file(long request, long path);

    int mlab_request_set_image_events(long request, int wanted);

    int mlab_client_download(long client, long url, long path, long cancel, long out);

    int mlab_client_download_memory(long client, long url, long max_bytes, long cancel, long out);

    long mlab_result_image_count(long result);

    long mlab_result_image(long result, long index, long len);

    long mlab_result_image_path(long result, long index);

    long mlab_result_image_type(long result, long index);

    int mlab_result_image_width(long result, long index);

    int mlab_result_image_height(long result, long index);

    int mlab_config_set_transport(long config, long start, long cancel, long user);

    int mlab_config_set_transport_pull(long config);

    int mlab_client_next_exchange(long client, int timeout_ms, long out);

    long mlab_exchange_id(long exchange);

    int mlab_exchange_kind(long exchange);

    long mlab_exchange_method(long exchange);

    long mlab_exchange_url(long exchange);

    long mlab_exchange_header_name(long exchange, long index);

    long mlab_exchange_header_value(long exchange, long index);

    long mlab_exchange_body(long exchange, long len);

    long mlab_exchange_body_limit(long exchange);

    int mlab_exchange_timeout_ms(long exchange);

    int mlab_exchange_is_cancelled(long exchange);

    void mlab_exchange_progress(long exchange, long done, long total);

    int mlab_exchange_reply(long exchange, int http_status, long headers, long body, long len);

    int mlab_exchange_write(long exchange, long bytes, long len);

    int mlab_exchange_fail(long exchange, int status, long message);

    void mlab_exchange_free(long exchange);

    long mlab_version();

    int mlab_version_number();

    int mlab_abi_version();

    long mlab_status_name(int status);

    long mlab_status_text(int status);

    int mlab_status_group(int status);
}
