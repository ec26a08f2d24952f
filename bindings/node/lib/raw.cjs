// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
'use strict';
const koffi = require('koffi');

exports.MLAB_VERSION = "0.1.0";
exports.MLAB_VERSION_NUMBER = 256;
exports.MLAB_VERSION_MAJOR = 0;
exports.MLAB_VERSION_MINOR = 1;
exports.MLAB_VERSION_PATCH = 0;
exports.MLAB_ABI_VERSION = 0;

exports.Status = Object.freeze({
  OK: 0,
  PROCESSING: 1,
  NO_EVENT: 2,
  INVALID_ARGUMENT: -1,
  CANCELLED: -2,
  DEADLINE: -3,
  BUSY: -4,
  CLOSED: -5,
  FORKED: -6,
  NO_RESOURCES: -7,
  INTERNAL: -8,
  RESOLVE: -20,
  CONNECT: -21,
  TLS: -22,
  TIMEOUT: -23,
  NETWORK: -24,
  REDIRECT: -25,
  PROTOCOL: -26,
  TOO_LARGE: -27,
  PROXY: -28,
  AUTH: -40,
  PAYMENT: -41,
  FORBIDDEN: -42,
  NOT_FOUND: -43,
  RATE_LIMITED: -44,
  BAD_REQUEST: -45,
  SERVER: -46,
  JOB_FAILED: -47,
  API: -48,
  FILE: -60,
  UNSAFE_URL: -61,
  BAD_IMAGE: -62,
});
exports.RootsKind = Object.freeze({
  BUNDLED: 0,
  SYSTEM: 1,
});
exports.LogLevel = Object.freeze({
  ERROR: 1,
  WARNING: 2,
  INFO: 3,
  DEBUG: 4,
});
exports.EventKind = Object.freeze({
  PROGRESS: 1,
  DONE: 2,
  IMAGE: 3,
});
exports.ExchangeKind = Object.freeze({
  POLL: 1,
  IMAGE: 2,
});
exports.StatusGroup = Object.freeze({
  NONE: 0,
  ARGUMENT: 1,
  ENDED: 2,
  SYSTEM: 3,
  NETWORK: 4,
  ACCOUNT: 5,
  JOB: 6,
  IMAGE: 7,
});

koffi.opaque('mlab_result');
koffi.opaque('mlab_config');
koffi.opaque('mlab_client');
koffi.opaque('mlab_request');
koffi.opaque('mlab_cancel');
koffi.opaque('mlab_event');
koffi.opaque('mlab_exchange');

exports.mlab_log_fn = koffi.proto('void mlab_log_fn(void *user, int32_t level, const char *area, const char *text)');
exports.mlab_progress_fn = koffi.proto('int32_t mlab_progress_fn(void *user, int32_t polls, int64_t elapsed_ms, int64_t eta_ms, int64_t next_poll_ms)');
exports.mlab_transport_start_fn = koffi.proto('void mlab_transport_start_fn(void *user, mlab_exchange *exchange)');
exports.mlab_transport_cancel_fn = koffi.proto('void mlab_transport_cancel_fn(void *user, uint64_t id)');

/** The functions of a loaded library. */
exports.bind = (library) => ({
  mlab_fetch_queued: library.func('int32_t mlab_fetch_queued(const char *key, const char *id, _Out_ mlab_result **out)'),
  mlab_parse: library.func('int32_t mlab_parse(const void *body, size_t len, int32_t http_status, _Out_ mlab_result **out)'),
  mlab_result_free: library.func('void mlab_result_free(mlab_result *result)'),
  mlab_result_status: library.func('int32_t mlab_result_status(mlab_result *result)'),
  mlab_result_urls: library.func('const void *mlab_result_urls(mlab_result *result, _Out_ size_t *count)'),
  mlab_result_url_count: library.func('size_t mlab_result_url_count(mlab_result *result)'),
  mlab_result_url: library.func('const char *mlab_result_url(mlab_result *result, size_t index)'),
  mlab_result_message: library.func('const char *mlab_result_message(mlab_result *result)'),
  mlab_result_id: library.func('const char *mlab_result_id(mlab_result *result)'),
  mlab_result_http_status: library.func('int32_t mlab_result_http_status(mlab_result *result)'),
  mlab_result_eta_ms: library.func('int64_t mlab_result_eta_ms(mlab_result *result)'),
  mlab_result_retry_after_ms: library.func('int64_t mlab_result_retry_after_ms(mlab_result *result)'),
  mlab_result_is_retryable: library.func('int32_t mlab_result_is_retryable(mlab_result *result)'),
  mlab_result_attempts: library.func('int32_t mlab_result_attempts(mlab_result *result)'),
  mlab_result_elapsed_ms: library.func('int64_t mlab_result_elapsed_ms(mlab_result *result)'),
  mlab_result_body: library.func('const void *mlab_result_body(mlab_result *result, _Out_ size_t *len)'),
  mlab_config_new: library.func('mlab_config *mlab_config_new(void)'),
  mlab_config_free: library.func('void mlab_config_free(mlab_config *config)'),
  mlab_config_message: library.func('const char *mlab_config_message(mlab_config *config)'),
  mlab_config_set_endpoint: library.func('int32_t mlab_config_set_endpoint(mlab_config *config, const char *url_template)'),
  mlab_config_set_connect_timeout_ms: library.func('int32_t mlab_config_set_connect_timeout_ms(mlab_config *config, uint32_t timeout_ms)'),
  mlab_config_set_request_timeout_ms: library.func('int32_t mlab_config_set_request_timeout_ms(mlab_config *config, uint32_t timeout_ms)'),
  mlab_config_set_body_limit: library.func('int32_t mlab_config_set_body_limit(mlab_config *config, size_t max_bytes)'),
  mlab_config_set_user_agent: library.func('int32_t mlab_config_set_user_agent(mlab_config *config, const char *suffix)'),
  mlab_config_set_proxy: library.func('int32_t mlab_config_set_proxy(mlab_config *config, const char *proxy_url)'),
  mlab_config_set_ca_file: library.func('int32_t mlab_config_set_ca_file(mlab_config *config, const char *path)'),
  mlab_config_set_ca_pem: library.func('int32_t mlab_config_set_ca_pem(mlab_config *config, const char *pem)'),
  mlab_config_set_roots: library.func('int32_t mlab_config_set_roots(mlab_config *config, int32_t roots)'),
  mlab_config_set_retries: library.func('int32_t mlab_config_set_retries(mlab_config *config, uint32_t retries)'),
  mlab_config_set_requests_per_second: library.func('int32_t mlab_config_set_requests_per_second(mlab_config *config, double requests_per_second)'),
  mlab_config_set_workers: library.func('int32_t mlab_config_set_workers(mlab_config *config, uint32_t workers)'),
  mlab_config_set_max_jobs: library.func('int32_t mlab_config_set_max_jobs(mlab_config *config, uint32_t max_jobs)'),
  mlab_set_default_config: library.func('int32_t mlab_set_default_config(mlab_config *config)'),
  mlab_config_set_log: library.func('int32_t mlab_config_set_log(mlab_config *config, int32_t level, mlab_log_fn *log, void *user)'),
  mlab_client_new: library.func('int32_t mlab_client_new(const char *key, mlab_config *config, _Out_ mlab_client **out)'),
  mlab_client_message: library.func('const char *mlab_client_message(mlab_client *client)'),
  mlab_client_free: library.func('void mlab_client_free(mlab_client *client)'),
  mlab_client_fetch: library.func('int32_t mlab_client_fetch(mlab_client *client, const char *id, mlab_cancel *cancel, _Out_ mlab_result **out)'),
  mlab_client_wait: library.func('int32_t mlab_client_wait(mlab_client *client, mlab_request *request, mlab_cancel *cancel, _Out_ mlab_result **out)'),
  mlab_request_new: library.func('mlab_request *mlab_request_new(const char *id)'),
  mlab_request_free: library.func('void mlab_request_free(mlab_request *request)'),
  mlab_request_message: library.func('const char *mlab_request_message(mlab_request *request)'),
  mlab_request_set_deadline_ms: library.func('int32_t mlab_request_set_deadline_ms(mlab_request *request, uint32_t deadline_ms)'),
  mlab_request_set_poll_ms: library.func('int32_t mlab_request_set_poll_ms(mlab_request *request, uint32_t min_ms, uint32_t max_ms)'),
  mlab_request_set_eta_ms: library.func('int32_t mlab_request_set_eta_ms(mlab_request *request, uint32_t eta_ms)'),
  mlab_request_set_poll_once: library.func('int32_t mlab_request_set_poll_once(mlab_request *request, int32_t once)'),
  mlab_request_set_tag: library.func('int32_t mlab_request_set_tag(mlab_request *request, uint64_t tag)'),
  mlab_request_set_progress: library.func('int32_t mlab_request_set_progress(mlab_request *request, mlab_progress_fn *progress, void *user)'),
  mlab_cancel_new: library.func('mlab_cancel *mlab_cancel_new(void)'),
  mlab_cancel_trigger: library.func('void mlab_cancel_trigger(mlab_cancel *cancel)'),
  mlab_cancel_free: library.func('void mlab_cancel_free(mlab_cancel *cancel)'),
  mlab_client_submit: library.func('int32_t mlab_client_submit(mlab_client *client, mlab_request *request, _Out_ uint64_t *job)'),
  mlab_client_next_event: library.func('int32_t mlab_client_next_event(mlab_client *client, uint32_t timeout_ms, _Out_ mlab_event **out)'),
  mlab_client_event_fd: library.func('int32_t mlab_client_event_fd(mlab_client *client)'),
  mlab_client_event_handle: library.func('void *mlab_client_event_handle(mlab_client *client)'),
  mlab_client_next_due_ms: library.func('int64_t mlab_client_next_due_ms(mlab_client *client)'),
  mlab_client_cancel_job: library.func('int32_t mlab_client_cancel_job(mlab_client *client, uint64_t job)'),
  mlab_client_pending: library.func('size_t mlab_client_pending(mlab_client *client)'),
  mlab_client_wakeup: library.func('void mlab_client_wakeup(mlab_client *client)'),
  mlab_client_shutdown: library.func('int32_t mlab_client_shutdown(mlab_client *client, uint32_t timeout_ms)'),
  mlab_event_free: library.func('void mlab_event_free(mlab_event *event)'),
  mlab_event_kind: library.func('int32_t mlab_event_kind(mlab_event *event)'),
  mlab_event_index: library.func('int32_t mlab_event_index(mlab_event *event)'),
  mlab_event_job: library.func('uint64_t mlab_event_job(mlab_event *event)'),
  mlab_event_tag: library.func('uint64_t mlab_event_tag(mlab_event *event)'),
  mlab_event_status: library.func('int32_t mlab_event_status(mlab_event *event)'),
  mlab_event_result: library.func('mlab_result *mlab_event_result(mlab_event *event)'),
  mlab_event_take_result: library.func('mlab_result *mlab_event_take_result(mlab_event *event)'),
  mlab_event_polls: library.func('int32_t mlab_event_polls(mlab_event *event)'),
  mlab_event_elapsed_ms: library.func('int64_t mlab_event_elapsed_ms(mlab_event *event)'),
  mlab_event_eta_ms: library.func('int64_t mlab_event_eta_ms(mlab_event *event)'),
  mlab_event_next_poll_ms: library.func('int64_t mlab_event_next_poll_ms(mlab_event *event)'),
  mlab_event_bytes_done: library.func('int64_t mlab_event_bytes_done(mlab_event *event)'),
  mlab_event_bytes_total: library.func('int64_t mlab_event_bytes_total(mlab_event *event)'),
  mlab_config_set_image_limit: library.func('int32_t mlab_config_set_image_limit(mlab_config *config, uint64_t max_bytes)'),
  mlab_config_set_max_images: library.func('int32_t mlab_config_set_max_images(mlab_config *config, uint32_t count)'),
  mlab_request_set_download_memory: library.func('int32_t mlab_request_set_download_memory(mlab_request *request, uint64_t max_bytes)'),
  mlab_request_set_download_dir: library.func('int32_t mlab_request_set_download_dir(mlab_request *request, const char *path, uint32_t flags)'),
  mlab_request_new_download: library.func('mlab_request *mlab_request_new_download(const char *url)'),
  mlab_request_set_download_file: library.func('int32_t mlab_request_set_download_file(mlab_request *request, const char *path)'),
  mlab_request_set_image_events: library.func('int32_t mlab_request_set_image_events(mlab_request *request, int32_t wanted)'),
  mlab_client_download: library.func('int32_t mlab_client_download(mlab_client *client, const char *url, const char *path, mlab_cancel *cancel, _Out_ mlab_result **out)'),
  mlab_client_download_memory: library.func('int32_t mlab_client_download_memory(mlab_client *client, const char *url, uint64_t max_bytes, mlab_cancel *cancel, _Out_ mlab_result **out)'),
  mlab_result_image_count: library.func('size_t mlab_result_image_count(mlab_result *result)'),
  mlab_result_image: library.func('const void *mlab_result_image(mlab_result *result, size_t index, _Out_ size_t *len)'),
  mlab_result_image_path: library.func('const char *mlab_result_image_path(mlab_result *result, size_t index)'),
  mlab_result_image_type: library.func('const char *mlab_result_image_type(mlab_result *result, size_t index)'),
  mlab_result_image_width: library.func('uint32_t mlab_result_image_width(mlab_result *result, size_t index)'),
  mlab_result_image_height: library.func('uint32_t mlab_result_image_height(mlab_result *result, size_t index)'),
  mlab_config_set_transport: library.func('int32_t mlab_config_set_transport(mlab_config *config, mlab_transport_start_fn *start, mlab_transport_cancel_fn *cancel, void *user)'),
  mlab_config_set_transport_pull: library.func('int32_t mlab_config_set_transport_pull(mlab_config *config)'),
  mlab_client_next_exchange: library.func('int32_t mlab_client_next_exchange(mlab_client *client, uint32_t timeout_ms, _Out_ mlab_exchange **out)'),
  mlab_exchange_id: library.func('uint64_t mlab_exchange_id(mlab_exchange *exchange)'),
  mlab_exchange_kind: library.func('int32_t mlab_exchange_kind(mlab_exchange *exchange)'),
  mlab_exchange_method: library.func('const char *mlab_exchange_method(mlab_exchange *exchange)'),
  mlab_exchange_url: library.func('const char *mlab_exchange_url(mlab_exchange *exchange)'),
  mlab_exchange_header_name: library.func('const char *mlab_exchange_header_name(mlab_exchange *exchange, size_t index)'),
  mlab_exchange_header_value: library.func('const char *mlab_exchange_header_value(mlab_exchange *exchange, size_t index)'),
  mlab_exchange_body: library.func('const void *mlab_exchange_body(mlab_exchange *exchange, _Out_ size_t *len)'),
  mlab_exchange_body_limit: library.func('uint64_t mlab_exchange_body_limit(mlab_exchange *exchange)'),
  mlab_exchange_timeout_ms: library.func('uint32_t mlab_exchange_timeout_ms(mlab_exchange *exchange)'),
  mlab_exchange_is_cancelled: library.func('int32_t mlab_exchange_is_cancelled(mlab_exchange *exchange)'),
  mlab_exchange_progress: library.func('void mlab_exchange_progress(mlab_exchange *exchange, uint64_t done, int64_t total)'),
  mlab_exchange_reply: library.func('int32_t mlab_exchange_reply(mlab_exchange *exchange, int32_t http_status, const char *headers, const void *body, size_t len)'),
  mlab_exchange_write: library.func('int32_t mlab_exchange_write(mlab_exchange *exchange, const void *bytes, size_t len)'),
  mlab_exchange_fail: library.func('int32_t mlab_exchange_fail(mlab_exchange *exchange, int32_t status, const char *message)'),
  mlab_exchange_free: library.func('void mlab_exchange_free(mlab_exchange *exchange)'),
  mlab_version: library.func('const char *mlab_version(void)'),
  mlab_version_number: library.func('uint32_t mlab_version_number(void)'),
  mlab_abi_version: library.func('uint32_t mlab_abi_version(void)'),
  mlab_status_name: library.func('const char *mlab_status_name(int32_t status)'),
  mlab_status_text: library.func('const char *mlab_status_text(int32_t status)'),
  mlab_status_group: library.func('int32_t mlab_status_group(int32_t status)'),
});
