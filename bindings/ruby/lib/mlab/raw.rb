# Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
# frozen_string_literal: true

require "ffi"

module Mlab
  # The constants of mlab.h without their prefix, and its functions: load the library before you attach them.
  module Raw
    extend FFI::Library

    VERSION = "0.1.0"
    VERSION_NUMBER = 256
    VERSION_MAJOR = 0
    VERSION_MINOR = 1
    VERSION_PATCH = 0
    ABI_VERSION = 0

    OK = 0
    PROCESSING = 1
    NO_EVENT = 2
    E_INVALID_ARGUMENT = -1
    E_CANCELLED = -2
    E_DEADLINE = -3
    E_BUSY = -4
    E_CLOSED = -5
    E_FORKED = -6
    E_NO_RESOURCES = -7
    E_INTERNAL = -8
    E_RESOLVE = -20
    E_CONNECT = -21
    E_TLS = -22
    E_TIMEOUT = -23
    E_NETWORK = -24
    E_REDIRECT = -25
    E_PROTOCOL = -26
    E_TOO_LARGE = -27
    E_PROXY = -28
    E_AUTH = -40
    E_PAYMENT = -41
    E_FORBIDDEN = -42
    E_NOT_FOUND = -43
    E_RATE_LIMITED = -44
    E_BAD_REQUEST = -45
    E_SERVER = -46
    E_JOB_FAILED = -47
    E_API = -48
    E_FILE = -60
    E_UNSAFE_URL = -61
    E_BAD_IMAGE = -62
    ROOTS_BUNDLED = 0
    ROOTS_SYSTEM = 1
    LOG_ERROR = 1
    LOG_WARNING = 2
    LOG_INFO = 3
    LOG_DEBUG = 4
    EVENT_PROGRESS = 1
    EVENT_DONE = 2
    EVENT_IMAGE = 3
    EXCHANGE_POLL = 1
    EXCHANGE_IMAGE = 2
    GROUP_NONE = 0
    GROUP_ARGUMENT = 1
    GROUP_ENDED = 2
    GROUP_SYSTEM = 3
    GROUP_NETWORK = 4
    GROUP_ACCOUNT = 5
    GROUP_JOB = 6
    GROUP_IMAGE = 7

    def self.attach(*libraries)
      ffi_lib(*libraries)
      callback :mlab_log_fn, [:pointer, :int32, :string, :string], :void
      callback :mlab_progress_fn, [:pointer, :int32, :int64, :int64, :int64], :int32
      callback :mlab_transport_start_fn, [:pointer, :pointer], :void
      callback :mlab_transport_cancel_fn, [:pointer, :uint64], :void
      attach_function :mlab_fetch_queued, [:string, :string, :pointer], :int32, blocking: true
      attach_function :mlab_parse, [:pointer, :size_t, :int32, :pointer], :int32
      attach_function :mlab_result_free, [:pointer], :void
      attach_function :mlab_result_status, [:pointer], :int32
      attach_function :mlab_result_urls, [:pointer, :pointer], :pointer
      attach_function :mlab_result_url_count, [:pointer], :size_t
      attach_function :mlab_result_url, [:pointer, :size_t], :string
      attach_function :mlab_result_message, [:pointer], :string
      attach_function :mlab_result_id, [:pointer], :string
      attach_function :mlab_result_http_status, [:pointer], :int32
      attach_function :mlab_result_eta_ms, [:pointer], :int64
      attach_function :mlab_result_retry_after_ms, [:pointer], :int64
      attach_function :mlab_result_is_retryable, [:pointer], :int32
      attach_function :mlab_result_attempts, [:pointer], :int32
      attach_function :mlab_result_elapsed_ms, [:pointer], :int64
      attach_function :mlab_result_body, [:pointer, :pointer], :pointer
      attach_function :mlab_config_new, [], :pointer
      attach_function :mlab_config_free, [:pointer], :void
      attach_function :mlab_config_message, [:pointer], :string
      attach_function :mlab_config_set_endpoint, [:pointer, :string], :int32
      attach_function :mlab_config_set_connect_timeout_ms, [:pointer, :uint32], :int32
      attach_function :mlab_config_set_request_timeout_ms, [:pointer, :uint32], :int32
      attach_function :mlab_config_set_body_limit, [:pointer, :size_t], :int32
      attach_function :mlab_config_set_user_agent, [:pointer, :string], :int32
      attach_function :mlab_config_set_proxy, [:pointer, :string], :int32
      attach_function :mlab_config_set_ca_file, [:pointer, :string], :int32
      attach_function :mlab_config_set_ca_pem, [:pointer, :string], :int32
      attach_function :mlab_config_set_roots, [:pointer, :int32], :int32
      attach_function :mlab_config_set_retries, [:pointer, :uint32], :int32
      attach_function :mlab_config_set_requests_per_second, [:pointer, :double], :int32
      attach_function :mlab_config_set_workers, [:pointer, :uint32], :int32
      attach_function :mlab_config_set_max_jobs, [:pointer, :uint32], :int32
      attach_function :mlab_set_default_config, [:pointer], :int32
      attach_function :mlab_config_set_log, [:pointer, :int32, :mlab_log_fn, :pointer], :int32
      attach_function :mlab_client_new, [:string, :pointer, :pointer], :int32
      attach_function :mlab_client_message, [:pointer], :string
      attach_function :mlab_client_free, [:pointer], :void, blocking: true
      attach_function :mlab_client_fetch, [:pointer, :string, :pointer, :pointer], :int32, blocking: true
      attach_function :mlab_client_wait, [:pointer, :pointer, :pointer, :pointer], :int32, blocking: true
      attach_function :mlab_request_new, [:string], :pointer
      attach_function :mlab_request_free, [:pointer], :void
      attach_function :mlab_request_message, [:pointer], :string
      attach_function :mlab_request_set_deadline_ms, [:pointer, :uint32], :int32
      attach_function :mlab_request_set_poll_ms, [:pointer, :uint32, :uint32], :int32
      attach_function :mlab_request_set_eta_ms, [:pointer, :uint32], :int32
      attach_function :mlab_request_set_poll_once, [:pointer, :int32], :int32
      attach_function :mlab_request_set_tag, [:pointer, :uint64], :int32
      attach_function :mlab_request_set_progress, [:pointer, :mlab_progress_fn, :pointer], :int32
      attach_function :mlab_cancel_new, [], :pointer
      attach_function :mlab_cancel_trigger, [:pointer], :void
      attach_function :mlab_cancel_free, [:pointer], :void
      attach_function :mlab_client_submit, [:pointer, :pointer, :pointer], :int32
      attach_function :mlab_client_next_event, [:pointer, :uint32, :pointer], :int32, blocking: true
      attach_function :mlab_client_event_fd, [:pointer], :int32
      attach_function :mlab_client_event_handle, [:pointer], :pointer
      attach_function :mlab_client_next_due_ms, [:pointer], :int64
      attach_function :mlab_client_cancel_job, [:pointer, :uint64], :int32
      attach_function :mlab_client_pending, [:pointer], :size_t
      attach_function :mlab_client_wakeup, [:pointer], :void
      attach_function :mlab_client_shutdown, [:pointer, :uint32], :int32, blocking: true
      attach_function :mlab_event_free, [:pointer], :void
      attach_function :mlab_event_kind, [:pointer], :int32
      attach_function :mlab_event_index, [:pointer], :int32
      attach_function :mlab_event_job, [:pointer], :uint64
      attach_function :mlab_event_tag, [:pointer], :uint64
      attach_function :mlab_event_status, [:pointer], :int32
      attach_function :mlab_event_result, [:pointer], :pointer
      attach_function :mlab_event_take_result, [:pointer], :pointer
      attach_function :mlab_event_polls, [:pointer], :int32
      attach_function :mlab_event_elapsed_ms, [:pointer], :int64
      attach_function :mlab_event_eta_ms, [:pointer], :int64
      attach_function :mlab_event_next_poll_ms, [:pointer], :int64
      attach_function :mlab_event_bytes_done, [:pointer], :int64
      attach_function :mlab_event_bytes_total, [:pointer], :int64
      attach_function :mlab_config_set_image_limit, [:pointer, :uint64], :int32
      attach_function :mlab_config_set_max_images, [:pointer, :uint32], :int32
      attach_function :mlab_request_set_download_memory, [:pointer, :uint64], :int32
      attach_function :mlab_request_set_download_dir, [:pointer, :string, :uint32], :int32
      attach_function :mlab_request_new_download, [:string], :pointer
      attach_function :mlab_request_set_download_file, [:pointer, :string], :int32
      attach_function :mlab_request_set_image_events, [:pointer, :int32], :int32
      attach_function :mlab_client_download, [:pointer, :string, :string, :pointer, :pointer], :int32, blocking: true
      attach_function :mlab_client_download_memory, [:pointer, :string, :uint64, :pointer, :pointer], :int32, blocking: true
      attach_function :mlab_result_image_count, [:pointer], :size_t
      attach_function :mlab_result_image, [:pointer, :size_t, :pointer], :pointer
      attach_function :mlab_result_image_path, [:pointer, :size_t], :string
      attach_function :mlab_result_image_type, [:pointer, :size_t], :string
      attach_function :mlab_result_image_width, [:pointer, :size_t], :uint32
      attach_function :mlab_result_image_height, [:pointer, :size_t], :uint32
      attach_function :mlab_config_set_transport, [:pointer, :mlab_transport_start_fn, :mlab_transport_cancel_fn, :pointer], :int32
      attach_function :mlab_config_set_transport_pull, [:pointer], :int32
      attach_function :mlab_client_next_exchange, [:pointer, :uint32, :pointer], :int32, blocking: true
      attach_function :mlab_exchange_id, [:pointer], :uint64
      attach_function :mlab_exchange_kind, [:pointer], :int32
      attach_function :mlab_exchange_method, [:pointer], :string
      attach_function :mlab_exchange_url, [:pointer], :string
      attach_function :mlab_exchange_header_name, [:pointer, :size_t], :string
      attach_function :mlab_exchange_header_value, [:pointer, :size_t], :string
      attach_function :mlab_exchange_body, [:pointer, :pointer], :pointer
      attach_function :mlab_exchange_body_limit, [:pointer], :uint64
      attach_function :mlab_exchange_timeout_ms, [:pointer], :uint32
      attach_function :mlab_exchange_is_cancelled, [:pointer], :int32
      attach_function :mlab_exchange_progress, [:pointer, :uint64, :int64], :void
      attach_function :mlab_exchange_reply, [:pointer, :int32, :string, :pointer, :size_t], :int32
      attach_function :mlab_exchange_write, [:pointer, :pointer, :size_t], :int32, blocking: true
      attach_function :mlab_exchange_fail, [:pointer, :int32, :string], :int32
      attach_function :mlab_exchange_free, [:pointer], :void
      attach_function :mlab_version, [], :string
      attach_function :mlab_version_number, [], :uint32
      attach_function :mlab_abi_version, [], :uint32
      attach_function :mlab_status_name, [:int32], :string
      attach_function :mlab_status_text, [:int32], :string
      attach_function :mlab_status_group, [:int32], :int32
    end
  end
end
