// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
package mlab.internal;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * The functions of mlab.h by the foreign-function API, which exists on 64-bit platforms alone: an address and size_t
 * are passed as the long that they are there. Not public, since a jar refuses what older releases lack.
 */
final class ForeignRaw implements Raw {
    // Constants, which the compiler at run time sees through.
    private static final MethodHandle mlab_fetch_queued = handle("mlab_fetch_queued", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_parse = handle("mlab_parse", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_result_free = handle("mlab_result_free", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle mlab_result_status = handle("mlab_result_status", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_result_urls = handle("mlab_result_urls", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_result_url_count = handle("mlab_result_url_count", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_result_url = handle("mlab_result_url", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_result_message = handle("mlab_result_message", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_result_id = handle("mlab_result_id", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_result_http_status = handle("mlab_result_http_status", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_result_eta_ms = handle("mlab_result_eta_ms", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_result_retry_after_ms = handle("mlab_result_retry_after_ms", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_result_is_retryable = handle("mlab_result_is_retryable", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_result_attempts = handle("mlab_result_attempts", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_result_elapsed_ms = handle("mlab_result_elapsed_ms", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_result_body = handle("mlab_result_body", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_config_new = handle("mlab_config_new", FunctionDescriptor.of(JAVA_LONG));
    private static final MethodHandle mlab_config_free = handle("mlab_config_free", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle mlab_config_message = handle("mlab_config_message", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_config_set_endpoint = handle("mlab_config_set_endpoint", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_config_set_connect_timeout_ms = handle("mlab_config_set_connect_timeout_ms", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle mlab_config_set_request_timeout_ms = handle("mlab_config_set_request_timeout_ms", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle mlab_config_set_body_limit = handle("mlab_config_set_body_limit", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_config_set_user_agent = handle("mlab_config_set_user_agent", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_config_set_proxy = handle("mlab_config_set_proxy", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_config_set_ca_file = handle("mlab_config_set_ca_file", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_config_set_ca_pem = handle("mlab_config_set_ca_pem", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_config_set_roots = handle("mlab_config_set_roots", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle mlab_config_set_retries = handle("mlab_config_set_retries", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle mlab_config_set_requests_per_second = handle("mlab_config_set_requests_per_second", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_DOUBLE));
    private static final MethodHandle mlab_config_set_workers = handle("mlab_config_set_workers", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle mlab_config_set_max_jobs = handle("mlab_config_set_max_jobs", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle mlab_set_default_config = handle("mlab_set_default_config", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_config_set_log = handle("mlab_config_set_log", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_client_new = handle("mlab_client_new", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_client_message = handle("mlab_client_message", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_client_free = handle("mlab_client_free", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle mlab_client_fetch = handle("mlab_client_fetch", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_client_wait = handle("mlab_client_wait", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_request_new = handle("mlab_request_new", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_request_free = handle("mlab_request_free", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle mlab_request_message = handle("mlab_request_message", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_request_set_deadline_ms = handle("mlab_request_set_deadline_ms", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle mlab_request_set_poll_ms = handle("mlab_request_set_poll_ms", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle mlab_request_set_eta_ms = handle("mlab_request_set_eta_ms", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle mlab_request_set_poll_once = handle("mlab_request_set_poll_once", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle mlab_request_set_tag = handle("mlab_request_set_tag", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_request_set_progress = handle("mlab_request_set_progress", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_cancel_new = handle("mlab_cancel_new", FunctionDescriptor.of(JAVA_LONG));
    private static final MethodHandle mlab_cancel_trigger = handle("mlab_cancel_trigger", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle mlab_cancel_free = handle("mlab_cancel_free", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle mlab_client_submit = handle("mlab_client_submit", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_client_next_event = handle("mlab_client_next_event", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_client_event_fd = handle("mlab_client_event_fd", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_client_event_handle = handle("mlab_client_event_handle", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_client_next_due_ms = handle("mlab_client_next_due_ms", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_client_cancel_job = handle("mlab_client_cancel_job", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_client_pending = handle("mlab_client_pending", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_client_wakeup = handle("mlab_client_wakeup", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle mlab_client_shutdown = handle("mlab_client_shutdown", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle mlab_event_free = handle("mlab_event_free", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle mlab_event_kind = handle("mlab_event_kind", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_event_index = handle("mlab_event_index", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_event_job = handle("mlab_event_job", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_event_tag = handle("mlab_event_tag", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_event_status = handle("mlab_event_status", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_event_result = handle("mlab_event_result", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_event_take_result = handle("mlab_event_take_result", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_event_polls = handle("mlab_event_polls", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_event_elapsed_ms = handle("mlab_event_elapsed_ms", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_event_eta_ms = handle("mlab_event_eta_ms", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_event_next_poll_ms = handle("mlab_event_next_poll_ms", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_event_bytes_done = handle("mlab_event_bytes_done", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_event_bytes_total = handle("mlab_event_bytes_total", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_config_set_image_limit = handle("mlab_config_set_image_limit", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_config_set_max_images = handle("mlab_config_set_max_images", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle mlab_request_set_download_memory = handle("mlab_request_set_download_memory", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_request_set_download_dir = handle("mlab_request_set_download_dir", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle mlab_request_new_download = handle("mlab_request_new_download", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_request_set_download_file = handle("mlab_request_set_download_file", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_request_set_image_events = handle("mlab_request_set_image_events", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle mlab_client_download = handle("mlab_client_download", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_client_download_memory = handle("mlab_client_download_memory", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_result_image_count = handle("mlab_result_image_count", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_result_image = handle("mlab_result_image", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_result_image_path = handle("mlab_result_image_path", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_result_image_type = handle("mlab_result_image_type", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_result_image_width = handle("mlab_result_image_width", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_result_image_height = handle("mlab_result_image_height", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_config_set_transport = handle("mlab_config_set_transport", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_config_set_transport_pull = handle("mlab_config_set_transport_pull", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_client_next_exchange = handle("mlab_client_next_exchange", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_exchange_id = handle("mlab_exchange_id", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_exchange_kind = handle("mlab_exchange_kind", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_exchange_method = handle("mlab_exchange_method", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_exchange_url = handle("mlab_exchange_url", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_exchange_header_name = handle("mlab_exchange_header_name", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_exchange_header_value = handle("mlab_exchange_header_value", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_exchange_body = handle("mlab_exchange_body", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_exchange_body_limit = handle("mlab_exchange_body_limit", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_exchange_timeout_ms = handle("mlab_exchange_timeout_ms", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_exchange_is_cancelled = handle("mlab_exchange_is_cancelled", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_exchange_progress = handle("mlab_exchange_progress", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_exchange_reply = handle("mlab_exchange_reply", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_exchange_write = handle("mlab_exchange_write", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle mlab_exchange_fail = handle("mlab_exchange_fail", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG));
    private static final MethodHandle mlab_exchange_free = handle("mlab_exchange_free", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle mlab_version = handle("mlab_version", FunctionDescriptor.of(JAVA_LONG));
    private static final MethodHandle mlab_version_number = handle("mlab_version_number", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle mlab_abi_version = handle("mlab_abi_version", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle mlab_status_name = handle("mlab_status_name", FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
    private static final MethodHandle mlab_status_text = handle("mlab_status_text", FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
    private static final MethodHandle mlab_status_group = handle("mlab_status_group", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(ForeignBridge.find(name), descriptor);
    }

    private static Error unexpected(Throwable e) {
        return e instanceof Error ? (Error) e : new AssertionError(e);
    }

    @Override
    public int mlab_fetch_queued(long key, long id, long out) {
        try {
            return (int) mlab_fetch_queued.invokeExact(key, id, out);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_parse(long body, long len, int http_status, long out) {
        try {
            return (int) mlab_parse.invokeExact(body, len, http_status, out);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public void mlab_result_free(long result) {
        try {
            mlab_result_free.invokeExact(result);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_result_status(long result) {
        try {
            return (int) mlab_result_status.invokeExact(result);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_result_urls(long result, long count) {
        try {
            return (long) mlab_result_urls.invokeExact(result, count);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_result_url_count(long result) {
        try {
            return (long) mlab_result_url_count.invokeExact(result);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_result_url(long result, long index) {
        try {
            return (long) mlab_result_url.invokeExact(result, index);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_result_message(long result) {
        try {
            return (long) mlab_result_message.invokeExact(result);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_result_id(long result) {
        try {
            return (long) mlab_result_id.invokeExact(result);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_result_http_status(long result) {
        try {
            return (int) mlab_result_http_status.invokeExact(result);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_result_eta_ms(long result) {
        try {
            return (long) mlab_result_eta_ms.invokeExact(result);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_result_retry_after_ms(long result) {
        try {
            return (long) mlab_result_retry_after_ms.invokeExact(result);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_result_is_retryable(long result) {
        try {
            return (int) mlab_result_is_retryable.invokeExact(result);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_result_attempts(long result) {
        try {
            return (int) mlab_result_attempts.invokeExact(result);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_result_elapsed_ms(long result) {
        try {
            return (long) mlab_result_elapsed_ms.invokeExact(result);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_result_body(long result, long len) {
        try {
            return (long) mlab_result_body.invokeExact(result, len);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_config_new() {
        try {
            return (long) mlab_config_new.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public void mlab_config_free(long config) {
        try {
            mlab_config_free.invokeExact(config);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_config_message(long config) {
        try {
            return (long) mlab_config_message.invokeExact(config);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_endpoint(long config, long url_template) {
        try {
            return (int) mlab_config_set_endpoint.invokeExact(config, url_template);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_connect_timeout_ms(long config, int timeout_ms) {
        try {
            return (int) mlab_config_set_connect_timeout_ms.invokeExact(config, timeout_ms);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_request_timeout_ms(long config, int timeout_ms) {
        try {
            return (int) mlab_config_set_request_timeout_ms.invokeExact(config, timeout_ms);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_body_limit(long config, long max_bytes) {
        try {
            return (int) mlab_config_set_body_limit.invokeExact(config, max_bytes);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_user_agent(long config, long suffix) {
        try {
            return (int) mlab_config_set_user_agent.invokeExact(config, suffix);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_proxy(long config, long proxy_url) {
        try {
            return (int) mlab_config_set_proxy.invokeExact(config, proxy_url);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_ca_file(long config, long path) {
        try {
            return (int) mlab_config_set_ca_file.invokeExact(config, path);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_ca_pem(long config, long pem) {
        try {
            return (int) mlab_config_set_ca_pem.invokeExact(config, pem);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_roots(long config, int roots) {
        try {
            return (int) mlab_config_set_roots.invokeExact(config, roots);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_retries(long config, int retries) {
        try {
            return (int) mlab_config_set_retries.invokeExact(config, retries);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_requests_per_second(long config, double requests_per_second) {
        try {
            return (int) mlab_config_set_requests_per_second.invokeExact(config, requests_per_second);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_workers(long config, int workers) {
        try {
            return (int) mlab_config_set_workers.invokeExact(config, workers);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_max_jobs(long config, int max_jobs) {
        try {
            return (int) mlab_config_set_max_jobs.invokeExact(config, max_jobs);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_set_default_config(long config) {
        try {
            return (int) mlab_set_default_config.invokeExact(config);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_log(long config, int level, long log, long user) {
        try {
            return (int) mlab_config_set_log.invokeExact(config, level, log, user);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_client_new(long key, long config, long out) {
        try {
            return (int) mlab_client_new.invokeExact(key, config, out);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_client_message(long client) {
        try {
            return (long) mlab_client_message.invokeExact(client);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public void mlab_client_free(long client) {
        try {
            mlab_client_free.invokeExact(client);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_client_fetch(long client, long id, long cancel, long out) {
        try {
            return (int) mlab_client_fetch.invokeExact(client, id, cancel, out);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_client_wait(long client, long request, long cancel, long out) {
        try {
            return (int) mlab_client_wait.invokeExact(client, request, cancel, out);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_request_new(long id) {
        try {
            return (long) mlab_request_new.invokeExact(id);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public void mlab_request_free(long request) {
        try {
            mlab_request_free.invokeExact(request);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_request_message(long request) {
        try {
            return (long) mlab_request_message.invokeExact(request);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_request_set_deadline_ms(long request, int deadline_ms) {
        try {
            return (int) mlab_request_set_deadline_ms.invokeExact(request, deadline_ms);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_request_set_poll_ms(long request, int min_ms, int max_ms) {
        try {
            return (int) mlab_request_set_poll_ms.invokeExact(request, min_ms, max_ms);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_request_set_eta_ms(long request, int eta_ms) {
        try {
            return (int) mlab_request_set_eta_ms.invokeExact(request, eta_ms);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_request_set_poll_once(long request, int once) {
        try {
            return (int) mlab_request_set_poll_once.invokeExact(request, once);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_request_set_tag(long request, long tag) {
        try {
            return (int) mlab_request_set_tag.invokeExact(request, tag);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_request_set_progress(long request, long progress, long user) {
        try {
            return (int) mlab_request_set_progress.invokeExact(request, progress, user);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_cancel_new() {
        try {
            return (long) mlab_cancel_new.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public void mlab_cancel_trigger(long cancel) {
        try {
            mlab_cancel_trigger.invokeExact(cancel);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public void mlab_cancel_free(long cancel) {
        try {
            mlab_cancel_free.invokeExact(cancel);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_client_submit(long client, long request, long job) {
        try {
            return (int) mlab_client_submit.invokeExact(client, request, job);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_client_next_event(long client, int timeout_ms, long out) {
        try {
            return (int) mlab_client_next_event.invokeExact(client, timeout_ms, out);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_client_event_fd(long client) {
        try {
            return (int) mlab_client_event_fd.invokeExact(client);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_client_event_handle(long client) {
        try {
            return (long) mlab_client_event_handle.invokeExact(client);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_client_next_due_ms(long client) {
        try {
            return (long) mlab_client_next_due_ms.invokeExact(client);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_client_cancel_job(long client, long job) {
        try {
            return (int) mlab_client_cancel_job.invokeExact(client, job);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_client_pending(long client) {
        try {
            return (long) mlab_client_pending.invokeExact(client);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public void mlab_client_wakeup(long client) {
        try {
            mlab_client_wakeup.invokeExact(client);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_client_shutdown(long client, int timeout_ms) {
        try {
            return (int) mlab_client_shutdown.invokeExact(client, timeout_ms);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public void mlab_event_free(long event) {
        try {
            mlab_event_free.invokeExact(event);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_event_kind(long event) {
        try {
            return (int) mlab_event_kind.invokeExact(event);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_event_index(long event) {
        try {
            return (int) mlab_event_index.invokeExact(event);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_event_job(long event) {
        try {
            return (long) mlab_event_job.invokeExact(event);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_event_tag(long event) {
        try {
            return (long) mlab_event_tag.invokeExact(event);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_event_status(long event) {
        try {
            return (int) mlab_event_status.invokeExact(event);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_event_result(long event) {
        try {
            return (long) mlab_event_result.invokeExact(event);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_event_take_result(long event) {
        try {
            return (long) mlab_event_take_result.invokeExact(event);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_event_polls(long event) {
        try {
            return (int) mlab_event_polls.invokeExact(event);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_event_elapsed_ms(long event) {
        try {
            return (long) mlab_event_elapsed_ms.invokeExact(event);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_event_eta_ms(long event) {
        try {
            return (long) mlab_event_eta_ms.invokeExact(event);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_event_next_poll_ms(long event) {
        try {
            return (long) mlab_event_next_poll_ms.invokeExact(event);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_event_bytes_done(long event) {
        try {
            return (long) mlab_event_bytes_done.invokeExact(event);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_event_bytes_total(long event) {
        try {
            return (long) mlab_event_bytes_total.invokeExact(event);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_image_limit(long config, long max_bytes) {
        try {
            return (int) mlab_config_set_image_limit.invokeExact(config, max_bytes);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_max_images(long config, int count) {
        try {
            return (int) mlab_config_set_max_images.invokeExact(config, count);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_request_set_download_memory(long request, long max_bytes) {
        try {
            return (int) mlab_request_set_download_memory.invokeExact(request, max_bytes);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_request_set_download_dir(long request, long path, int flags) {
        try {
            return (int) mlab_request_set_download_dir.invokeExact(request, path, flags);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_request_new_download(long url) {
        try {
            return (long) mlab_request_new_download.invokeExact(url);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_request_set_download_file(long request, long path) {
        try {
            return (int) mlab_request_set_download_file.invokeExact(request, path);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_request_set_image_events(long request, int wanted) {
        try {
            return (int) mlab_request_set_image_events.invokeExact(request, wanted);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_client_download(long client, long url, long path, long cancel, long out) {
        try {
            return (int) mlab_client_download.invokeExact(client, url, path, cancel, out);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_client_download_memory(long client, long url, long max_bytes, long cancel, long out) {
        try {
            return (int) mlab_client_download_memory.invokeExact(client, url, max_bytes, cancel, out);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_result_image_count(long result) {
        try {
            return (long) mlab_result_image_count.invokeExact(result);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_result_image(long result, long index, long len) {
        try {
            return (long) mlab_result_image.invokeExact(result, index, len);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_result_image_path(long result, long index) {
        try {
            return (long) mlab_result_image_path.invokeExact(result, index);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_result_image_type(long result, long index) {
        try {
            return (long) mlab_result_image_type.invokeExact(result, index);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_result_image_width(long result, long index) {
        try {
            return (int) mlab_result_image_width.invokeExact(result, index);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_result_image_height(long result, long index) {
        try {
            return (int) mlab_result_image_height.invokeExact(result, index);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_transport(long config, long start, long cancel, long user) {
        try {
            return (int) mlab_config_set_transport.invokeExact(config, start, cancel, user);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_config_set_transport_pull(long config) {
        try {
            return (int) mlab_config_set_transport_pull.invokeExact(config);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_client_next_exchange(long client, int timeout_ms, long out) {
        try {
            return (int) mlab_client_next_exchange.invokeExact(client, timeout_ms, out);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_exchange_id(long exchange) {
        try {
            return (long) mlab_exchange_id.invokeExact(exchange);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_exchange_kind(long exchange) {
        try {
            return (int) mlab_exchange_kind.invokeExact(exchange);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_exchange_method(long exchange) {
        try {
            return (long) mlab_exchange_method.invokeExact(exchange);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_exchange_url(long exchange) {
        try {
            return (long) mlab_exchange_url.invokeExact(exchange);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_exchange_header_name(long exchange, long index) {
        try {
            return (long) mlab_exchange_header_name.invokeExact(exchange, index);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_exchange_header_value(long exchange, long index) {
        try {
            return (long) mlab_exchange_header_value.invokeExact(exchange, index);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_exchange_body(long exchange, long len) {
        try {
            return (long) mlab_exchange_body.invokeExact(exchange, len);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_exchange_body_limit(long exchange) {
        try {
            return (long) mlab_exchange_body_limit.invokeExact(exchange);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_exchange_timeout_ms(long exchange) {
        try {
            return (int) mlab_exchange_timeout_ms.invokeExact(exchange);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_exchange_is_cancelled(long exchange) {
        try {
            return (int) mlab_exchange_is_cancelled.invokeExact(exchange);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public void mlab_exchange_progress(long exchange, long done, long total) {
        try {
            mlab_exchange_progress.invokeExact(exchange, done, total);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_exchange_reply(long exchange, int http_status, long headers, long body, long len) {
        try {
            return (int) mlab_exchange_reply.invokeExact(exchange, http_status, headers, body, len);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_exchange_write(long exchange, long bytes, long len) {
        try {
            return (int) mlab_exchange_write.invokeExact(exchange, bytes, len);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_exchange_fail(long exchange, int status, long message) {
        try {
            return (int) mlab_exchange_fail.invokeExact(exchange, status, message);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public void mlab_exchange_free(long exchange) {
        try {
            mlab_exchange_free.invokeExact(exchange);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_version() {
        try {
            return (long) mlab_version.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_version_number() {
        try {
            return (int) mlab_version_number.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_abi_version() {
        try {
            return (int) mlab_abi_version.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_status_name(int status) {
        try {
            return (long) mlab_status_name.invokeExact(status);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long mlab_status_text(int status) {
        try {
            return (long) mlab_status_text.invokeExact(status);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int mlab_status_group(int status) {
        try {
            return (int) mlab_status_group.invokeExact(status);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }
}
