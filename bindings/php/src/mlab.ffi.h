#define FFI_SCOPE "MLAB"
#define FFI_LIB "libmlab.so.0"
/* Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit. */
typedef enum mlab_versions {
    MLAB_VERSION_NUMBER = 256,
    MLAB_VERSION_MAJOR = 0,
    MLAB_VERSION_MINOR = 1,
    MLAB_VERSION_PATCH = 0,
    MLAB_ABI_VERSION = 0,
} mlab_versions;
typedef enum mlab_statuses {
    MLAB_OK = 0,
    MLAB_PROCESSING = 1,
    MLAB_NO_EVENT = 2,
    MLAB_E_INVALID_ARGUMENT = -1,
    MLAB_E_CANCELLED = -2,
    MLAB_E_DEADLINE = -3,
    MLAB_E_BUSY = -4,
    MLAB_E_CLOSED = -5,
    MLAB_E_FORKED = -6,
    MLAB_E_NO_RESOURCES = -7,
    MLAB_E_INTERNAL = -8,
    MLAB_E_RESOLVE = -20,
    MLAB_E_CONNECT = -21,
    MLAB_E_TLS = -22,
    MLAB_E_TIMEOUT = -23,
    MLAB_E_NETWORK = -24,
    MLAB_E_REDIRECT = -25,
    MLAB_E_PROTOCOL = -26,
    MLAB_E_TOO_LARGE = -27,
    MLAB_E_PROXY = -28,
    MLAB_E_AUTH = -40,
    MLAB_E_PAYMENT = -41,
    MLAB_E_FORBIDDEN = -42,
    MLAB_E_NOT_FOUND = -43,
    MLAB_E_RATE_LIMITED = -44,
    MLAB_E_BAD_REQUEST = -45,
    MLAB_E_SERVER = -46,
    MLAB_E_JOB_FAILED = -47,
    MLAB_E_API = -48,
    MLAB_E_FILE = -60,
    MLAB_E_UNSAFE_URL = -61,
    MLAB_E_BAD_IMAGE = -62,
} mlab_statuses;
typedef struct mlab_result mlab_result;
typedef struct mlab_config mlab_config;
typedef struct mlab_client mlab_client;
typedef struct mlab_request mlab_request;
typedef struct mlab_cancel mlab_cancel;
typedef struct mlab_event mlab_event;
typedef struct mlab_exchange mlab_exchange;
int32_t mlab_fetch_queued(const char *key,
                          const char *id,
                          mlab_result **out);
int32_t mlab_parse(const char *body,
                   size_t len,
                   int32_t http_status,
                   mlab_result **out);
void mlab_result_free(mlab_result *result);
int32_t mlab_result_status(const mlab_result *result);
const char *const *mlab_result_urls(const mlab_result *result,
                                    size_t *count);
size_t mlab_result_url_count(const mlab_result *result);
const char *mlab_result_url(const mlab_result *result, size_t index);
const char *mlab_result_message(const mlab_result *result);
const char *mlab_result_id(const mlab_result *result);
int32_t mlab_result_http_status(const mlab_result *result);
int64_t mlab_result_eta_ms(const mlab_result *result);
int64_t mlab_result_retry_after_ms(const mlab_result *result);
int32_t mlab_result_is_retryable(const mlab_result *result);
int32_t mlab_result_attempts(const mlab_result *result);
int64_t mlab_result_elapsed_ms(const mlab_result *result);
const void *mlab_result_body(const mlab_result *result,
                             size_t *len);
typedef enum mlab_roots_kinds {
    MLAB_ROOTS_BUNDLED = 0,
    MLAB_ROOTS_SYSTEM = 1,
} mlab_roots_kinds;
mlab_config *mlab_config_new(void);
void mlab_config_free(mlab_config *config);
const char *mlab_config_message(const mlab_config *config);
int32_t mlab_config_set_endpoint(mlab_config *config, const char *url_template);
int32_t mlab_config_set_connect_timeout_ms(mlab_config *config,
                                           uint32_t timeout_ms);
int32_t mlab_config_set_request_timeout_ms(mlab_config *config,
                                           uint32_t timeout_ms);
int32_t mlab_config_set_body_limit(mlab_config *config, size_t max_bytes);
int32_t mlab_config_set_user_agent(mlab_config *config, const char *suffix);
int32_t mlab_config_set_proxy(mlab_config *config,
                              const char *proxy_url);
int32_t mlab_config_set_ca_file(mlab_config *config,
                                const char *path);
int32_t mlab_config_set_ca_pem(mlab_config *config, const char *pem);
int32_t mlab_config_set_roots(mlab_config *config,
                              int32_t roots);
int32_t mlab_config_set_retries(mlab_config *config,
                                uint32_t retries);
int32_t mlab_config_set_requests_per_second(mlab_config *config,
                                            double requests_per_second);
int32_t mlab_config_set_workers(mlab_config *config,
                                uint32_t workers);
int32_t mlab_config_set_max_jobs(mlab_config *config, uint32_t max_jobs);
int32_t mlab_set_default_config(const mlab_config *config);
typedef enum mlab_log_levels {
    MLAB_LOG_ERROR = 1,
    MLAB_LOG_WARNING = 2,
    MLAB_LOG_INFO = 3,
    MLAB_LOG_DEBUG = 4,
} mlab_log_levels;
typedef void (*mlab_log_fn)(void *user, int32_t level, const char *area, const char *text);
int32_t mlab_config_set_log(mlab_config *config,
                            int32_t level,
                            mlab_log_fn log,
                            void *user);
int32_t mlab_client_new(const char *key,
                        const mlab_config *config,
                        mlab_client **out);
const char *mlab_client_message(const mlab_client *client);
void mlab_client_free(mlab_client *client);
int32_t mlab_client_fetch(const mlab_client *client,
                          const char *id,
                          const mlab_cancel *cancel,
                          mlab_result **out);
int32_t mlab_client_wait(const mlab_client *client,
                         const mlab_request *request,
                         const mlab_cancel *cancel,
                         mlab_result **out);
typedef int32_t (*mlab_progress_fn)(void *user,
                                    int32_t polls,
                                    int64_t elapsed_ms,
                                    int64_t eta_ms,
                                    int64_t next_poll_ms);
mlab_request *mlab_request_new(const char *id);
void mlab_request_free(mlab_request *request);
const char *mlab_request_message(const mlab_request *request);
int32_t mlab_request_set_deadline_ms(mlab_request *request, uint32_t deadline_ms);
int32_t mlab_request_set_poll_ms(mlab_request *request,
                                 uint32_t min_ms,
                                 uint32_t max_ms);
int32_t mlab_request_set_eta_ms(mlab_request *request,
                                uint32_t eta_ms);
int32_t mlab_request_set_poll_once(mlab_request *request,
                                   int32_t once);
int32_t mlab_request_set_tag(mlab_request *request, uint64_t tag);
int32_t mlab_request_set_progress(mlab_request *request,
                                  mlab_progress_fn progress,
                                  void *user);
mlab_cancel *mlab_cancel_new(void);
void mlab_cancel_trigger(const mlab_cancel *cancel);
void mlab_cancel_free(mlab_cancel *cancel);
int32_t mlab_client_submit(const mlab_client *client,
                           const mlab_request *request,
                           uint64_t *job);
int32_t mlab_client_next_event(const mlab_client *client,
                               uint32_t timeout_ms,
                               mlab_event **out);
int32_t mlab_client_event_fd(const mlab_client *client);
void *mlab_client_event_handle(const mlab_client *client);
int64_t mlab_client_next_due_ms(const mlab_client *client);
int32_t mlab_client_cancel_job(const mlab_client *client,
                               uint64_t job);
size_t mlab_client_pending(const mlab_client *client);
void mlab_client_wakeup(const mlab_client *client);
int32_t mlab_client_shutdown(const mlab_client *client,
                             uint32_t timeout_ms);
typedef enum mlab_event_kinds {
    MLAB_EVENT_PROGRESS = 1,
    MLAB_EVENT_DONE = 2,
    MLAB_EVENT_IMAGE = 3,
} mlab_event_kinds;
void mlab_event_free(mlab_event *event);
int32_t mlab_event_kind(const mlab_event *event);
int32_t mlab_event_index(const mlab_event *event);
uint64_t mlab_event_job(const mlab_event *event);
uint64_t mlab_event_tag(const mlab_event *event);
int32_t mlab_event_status(const mlab_event *event);
const mlab_result *mlab_event_result(const mlab_event *event);
mlab_result *mlab_event_take_result(mlab_event *event);
int32_t mlab_event_polls(const mlab_event *event);
int64_t mlab_event_elapsed_ms(const mlab_event *event);
int64_t mlab_event_eta_ms(const mlab_event *event);
int64_t mlab_event_next_poll_ms(const mlab_event *event);
int64_t mlab_event_bytes_done(const mlab_event *event);
int64_t mlab_event_bytes_total(const mlab_event *event);
int32_t mlab_config_set_image_limit(mlab_config *config,
                                    uint64_t max_bytes);
int32_t mlab_config_set_max_images(mlab_config *config, uint32_t count);
int32_t mlab_request_set_download_memory(mlab_request *request,
                                         uint64_t max_bytes);
int32_t mlab_request_set_download_dir(mlab_request *request,
                                      const char *path,
                                      uint32_t flags);
mlab_request *mlab_request_new_download(const char *url);
int32_t mlab_request_set_download_file(mlab_request *request,
                                       const char *path);
int32_t mlab_request_set_image_events(mlab_request *request,
                                      int32_t wanted);
int32_t mlab_client_download(const mlab_client *client,
                             const char *url,
                             const char *path,
                             const mlab_cancel *cancel,
                             mlab_result **out);
int32_t mlab_client_download_memory(const mlab_client *client,
                                    const char *url,
                                    uint64_t max_bytes,
                                    const mlab_cancel *cancel,
                                    mlab_result **out);
size_t mlab_result_image_count(const mlab_result *result);
const void *mlab_result_image(const mlab_result *result, size_t index, size_t *len);
const char *mlab_result_image_path(const mlab_result *result, size_t index);
const char *mlab_result_image_type(const mlab_result *result,
                                   size_t index);
uint32_t mlab_result_image_width(const mlab_result *result, size_t index);
uint32_t mlab_result_image_height(const mlab_result *result, size_t index);
typedef void (*mlab_transport_start_fn)(void *user, mlab_exchange *exchange);
typedef void (*mlab_transport_cancel_fn)(void *user, uint64_t id);
int32_t mlab_config_set_transport(mlab_config *config,
                                  mlab_transport_start_fn start,
                                  mlab_transport_cancel_fn cancel,
                                  void *user);
int32_t mlab_config_set_transport_pull(mlab_config *config);
int32_t mlab_client_next_exchange(const mlab_client *client,
                                  uint32_t timeout_ms,
                                  mlab_exchange **out);
typedef enum mlab_exchange_kinds {
    MLAB_EXCHANGE_POLL = 1,
    MLAB_EXCHANGE_IMAGE = 2,
} mlab_exchange_kinds;
uint64_t mlab_exchange_id(const mlab_exchange *exchange);
int32_t mlab_exchange_kind(const mlab_exchange *exchange);
const char *mlab_exchange_method(const mlab_exchange *exchange);
const char *mlab_exchange_url(const mlab_exchange *exchange);
const char *mlab_exchange_header_name(const mlab_exchange *exchange, size_t index);
const char *mlab_exchange_header_value(const mlab_exchange *exchange, size_t index);
const void *mlab_exchange_body(const mlab_exchange *exchange, size_t *len);
uint64_t mlab_exchange_body_limit(const mlab_exchange *exchange);
uint32_t mlab_exchange_timeout_ms(const mlab_exchange *exchange);
int32_t mlab_exchange_is_cancelled(const mlab_exchange *exchange);
void mlab_exchange_progress(const mlab_exchange *exchange,
                            uint64_t done,
                            int64_t total);
int32_t mlab_exchange_reply(const mlab_exchange *exchange,
                            int32_t http_status,
                            const char *headers,
                            const char *body,
                            size_t len);
int32_t mlab_exchange_write(const mlab_exchange *exchange,
                            const char *bytes,
                            size_t len);
int32_t mlab_exchange_fail(const mlab_exchange *exchange,
                           int32_t status,
                           const char *message);
void mlab_exchange_free(mlab_exchange *exchange);
typedef enum mlab_status_groups {
    MLAB_GROUP_NONE = 0,
    MLAB_GROUP_ARGUMENT = 1,
    MLAB_GROUP_ENDED = 2,
    MLAB_GROUP_SYSTEM = 3,
    MLAB_GROUP_NETWORK = 4,
    MLAB_GROUP_ACCOUNT = 5,
    MLAB_GROUP_JOB = 6,
    MLAB_GROUP_IMAGE = 7,
} mlab_status_groups;
const char *mlab_version(void);
uint32_t mlab_version_number(void);
uint32_t mlab_abi_version(void);
const char *mlab_status_name(int32_t status);
const char *mlab_status_text(int32_t status);
int32_t mlab_status_group(int32_t status);
