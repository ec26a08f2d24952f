// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
package mlab.internal;

import com.sun.jna.IntegerType;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** The functions of mlab.h by JNA's direct mapping. */
public final class JnaRaw implements Raw {
    /** Binds the functions of a loaded library; the last one counts. */
    public JnaRaw(NativeLibrary library) {
        Native.register(Direct.class, library);
    }

    /** size_t: as wide as a pointer, which NativeLong is not on 64-bit Windows. */
    public static final class SizeT extends IntegerType {
        private static final long serialVersionUID = 1L;

        public SizeT() {
            this(0);
        }

        public SizeT(long value) {
            super(Native.SIZE_T_SIZE, value, true);
        }
    }

    private static Pointer pointer(long address) {
        return address == 0 ? null : new Pointer(address);
    }

    private static long address(Pointer pointer) {
        return Pointer.nativeValue(pointer);
    }

    @Override
    public int mlab_fetch_queued(long key, long id, long out) {
        return Direct.mlab_fetch_queued(pointer(key), pointer(id), pointer(out));
    }

    @Override
    public int mlab_parse(long body, long len, int http_status, long out) {
        return Direct.mlab_parse(pointer(body), new SizeT(len), http_status, pointer(out));
    }

    @Override
    public void mlab_result_free(long result) {
        Direct.mlab_result_free(pointer(result));
    }

    @Override
    public int mlab_result_status(long result) {
        return Direct.mlab_result_status(pointer(result));
    }

    @Override
    public long mlab_result_urls(long result, long count) {
        return address(Direct.mlab_result_urls(pointer(result), pointer(count)));
    }

    @Override
    public long mlab_result_url_count(long result) {
        return Direct.mlab_result_url_count(pointer(result)).longValue();
    }

    @Override
    public long mlab_result_url(long result, long index) {
        return address(Direct.mlab_result_url(pointer(result), new SizeT(index)));
    }

    @Override
    public long mlab_result_message(long result) {
        return address(Direct.mlab_result_message(pointer(result)));
    }

    @Override
    public long mlab_result_id(long result) {
        return address(Direct.mlab_result_id(pointer(result)));
    }

    @Override
    public int mlab_result_http_status(long result) {
        return Direct.mlab_result_http_status(pointer(result));
    }

    @Override
    public long mlab_result_eta_ms(long result) {
        return Direct.mlab_result_eta_ms(pointer(result));
    }

    @Override
    public long mlab_result_retry_after_ms(long result) {
        return Direct.mlab_result_retry_after_ms(pointer(result));
    }

    @Override
    public int mlab_result_is_retryable(long result) {
        return Direct.mlab_result_is_retryable(pointer(result));
    }

    @Override
    public int mlab_result_attempts(long result) {
        return Direct.mlab_result_attempts(pointer(result));
    }

    @Override
    public long mlab_result_elapsed_ms(long result) {
        return Direct.mlab_result_elapsed_ms(pointer(result));
    }

    @Override
    public long mlab_result_body(long result, long len) {
        return address(Direct.mlab_result_body(pointer(result), pointer(len)));
    }

    @Override
    public long mlab_config_new() {
        return address(Direct.mlab_config_new());
    }

    @Override
    public void mlab_config_free(long config) {
        Direct.mlab_config_free(pointer(config));
    }

    @Override
    public long mlab_config_message(long config) {
        return address(Direct.mlab_config_message(pointer(config)));
    }

    @Override
    public int mlab_config_set_endpoint(long config, long url_template) {
        return Direct.mlab_config_set_endpoint(pointer(config), pointer(url_template));
    }

    @Override
    public int mlab_config_set_connect_timeout_ms(long config, int timeout_ms) {
        return Direct.mlab_config_set_connect_timeout_ms(pointer(config), timeout_ms);
    }

    @Override
    public int mlab_config_set_request_timeout_ms(long config, int timeout_ms) {
        return Direct.mlab_config_set_request_timeout_ms(pointer(config), timeout_ms);
    }

    @Override
    public int mlab_config_set_body_limit(long config, long max_bytes) {
        return Direct.mlab_config_set_body_limit(pointer(config), new SizeT(max_bytes));
    }

    @Override
    public int mlab_config_set_user_agent(long config, long suffix) {
        return Direct.mlab_config_set_user_agent(pointer(config), pointer(suffix));
    }

    @Override
    public int mlab_config_set_proxy(long config, long proxy_url) {
        return Direct.mlab_config_set_proxy(pointer(config), pointer(proxy_url));
    }

    @Override
    public int mlab_config_set_ca_file(long config, long path) {
        return Direct.mlab_config_set_ca_file(pointer(config), pointer(path));
    }

    @Override
    public int mlab_config_set_ca_pem(long config, long pem) {
        return Direct.mlab_config_set_ca_pem(pointer(config), pointer(pem));
    }

    @Override
    public int mlab_config_set_roots(long config, int roots) {
        return Direct.mlab_config_set_roots(pointer(config), roots);
    }

    @Override
    public int mlab_config_set_retries(long config, int retries) {
        return Direct.mlab_config_set_retries(pointer(config), retries);
    }

    @Override
    public int mlab_config_set_requests_per_second(long config, double requests_per_second) {
        return Direct.mlab_config_set_requests_per_second(pointer(config), requests_per_second);
    }

    @Override
    public int mlab_config_set_workers(long config, int workers) {
        return Direct.mlab_config_set_workers(pointer(config), workers);
    }

    @Override
    public int mlab_config_set_max_jobs(long config, int max_jobs) {
        return Direct.mlab_config_set_max_jobs(pointer(config), max_jobs);
    }

    @Override
    public int mlab_set_default_config(long config) {
        return Direct.mlab_set_default_config(pointer(config));
    }

    @Override
    public int mlab_config_set_log(long config, int level, long log, long user) {
        return Direct.mlab_config_set_log(pointer(config), level, pointer(log), pointer(user));
    }

    @Override
    public int mlab_client_new(long key, long config, long out) {
        return Direct.mlab_client_new(pointer(key), pointer(config), pointer(out));
    }

    @Override
    public long mlab_client_message(long client) {
        return address(Direct.mlab_client_message(pointer(client)));
    }

    @Override
    public void mlab_client_free(long client) {
        Direct.mlab_client_free(pointer(client));
    }

    @Override
    public int mlab_client_fetch(long client, long id, long cancel, long out) {
        return Direct.mlab_client_fetch(pointer(client), pointer(id), pointer(cancel), pointer(out));
    }

    @Override
    public int mlab_client_wait(long client, long request, long cancel, long out) {
        return Direct.mlab_client_wait(pointer(client), pointer(request), pointer(cancel), pointer(out));
    }

    @Override
    public long mlab_request_new(long id) {
        return address(Direct.mlab_request_new(pointer(id)));
    }

    @Override
    public void mlab_request_free(long request) {
        Direct.mlab_request_free(pointer(request));
    }

    @Override
    public long mlab_request_message(long request) {
        return address(Direct.mlab_request_message(pointer(request)));
    }

    @Override
    public int mlab_request_set_deadline_ms(long request, int deadline_ms) {
        return Direct.mlab_request_set_deadline_ms(pointer(request), deadline_ms);
    }

    @Override
    public int mlab_request_set_poll_ms(long request, int min_ms, int max_ms) {
        return Direct.mlab_request_set_poll_ms(pointer(request), min_ms, max_ms);
    }

    @Override
    public int mlab_request_set_eta_ms(long request, int eta_ms) {
        return Direct.mlab_request_set_eta_ms(pointer(request), eta_ms);
    }

    @Override
    public int mlab_request_set_poll_once(long request, int once) {
        return Direct.mlab_request_set_poll_once(pointer(request), once);
    }

    @Override
    public int mlab_request_set_tag(long request, long tag) {
        return Direct.mlab_request_set_tag(pointer(request), tag);
    }

    @Override
    public int mlab_request_set_progress(long request, long progress, long user) {
        return Direct.mlab_request_set_progress(pointer(request), pointer(progress), pointer(user));
    }

    @Override
    public long mlab_cancel_new() {
        return address(Direct.mlab_cancel_new());
    }

    @Override
    public void mlab_cancel_trigger(long cancel) {
        Direct.mlab_cancel_trigger(pointer(cancel));
    }

    @Override
    public void mlab_cancel_free(long cancel) {
        Direct.mlab_cancel_free(pointer(cancel));
    }

    @Override
    public int mlab_client_submit(long client, long request, long job) {
        return Direct.mlab_client_submit(pointer(client), pointer(request), pointer(job));
    }

    @Override
    public int mlab_client_next_event(long client, int timeout_ms, long out) {
        return Direct.mlab_client_next_event(pointer(client), timeout_ms, pointer(out));
    }

    @Override
    public int mlab_client_event_fd(long client) {
        return Direct.mlab_client_event_fd(pointer(client));
    }

    @Override
    public long mlab_client_event_handle(long client) {
        return address(Direct.mlab_client_event_handle(pointer(client)));
    }

    @Override
    public long mlab_client_next_due_ms(long client) {
        return Direct.mlab_client_next_due_ms(pointer(client));
    }

    @Override
    public int mlab_client_cancel_job(long client, long job) {
        return Direct.mlab_client_cancel_job(pointer(client), job);
    }

    @Override
    public long mlab_client_pending(long client) {
        return Direct.mlab_client_pending(pointer(client)).longValue();
    }

    @Override
    public void mlab_client_wakeup(long client) {
        Direct.mlab_client_wakeup(pointer(client));
    }

    @Override
    public int mlab_client_shutdown(long client, int timeout_ms) {
        return Direct.mlab_client_shutdown(pointer(client), timeout_ms);
    }

    @Override
    public void mlab_event_free(long event) {
        Direct.mlab_event_free(pointer(event));
    }

    @Override
    public int mlab_event_kind(long event) {
        return Direct.mlab_event_kind(pointer(event));
    }

    @Override
    public int mlab_event_index(long event) {
        return Direct.mlab_event_index(pointer(event));
    }

    @Override
    public long mlab_event_job(long event) {
        return Direct.mlab_event_job(pointer(event));
    }

    @Override
    public long mlab_event_tag(long event) {
        return Direct.mlab_event_tag(pointer(event));
    }

    @Override
    public int mlab_event_status(long event) {
        return Direct.mlab_event_status(pointer(event));
    }

    @Override
    public long mlab_event_result(long event) {
        return address(Direct.mlab_event_result(pointer(event)));
    }

    @Override
    public long mlab_event_take_result(long event) {
        return address(Direct.mlab_event_take_result(pointer(event)));
    }

    @Override
    public int mlab_event_polls(long event) {
        return Direct.mlab_event_polls(pointer(event));
    }

    @Override
    public long mlab_event_elapsed_ms(long event) {
        return Direct.mlab_event_elapsed_ms(pointer(event));
    }

    @Override
    public long mlab_event_eta_ms(long event) {
        return Direct.mlab_event_eta_ms(pointer(event));
    }

    @Override
    public long mlab_event_next_poll_ms(long event) {
        return Direct.mlab_event_next_poll_ms(pointer(event));
    }

    @Override
    public long mlab_event_bytes_done(long event) {
        return Direct.mlab_event_bytes_done(pointer(event));
    }

    @Override
    public long mlab_event_bytes_total(long event) {
        return Direct.mlab_event_bytes_total(pointer(event));
    }

    @Override
    public int mlab_config_set_image_limit(long config, long max_bytes) {
        return Direct.mlab_config_set_image_limit(pointer(config), max_bytes);
    }

    @Override
    public int mlab_config_set_max_images(long config, int count) {
        return Direct.mlab_config_set_max_images(pointer(config), count);
    }

    @Override
    public int mlab_request_set_download_memory(long request, long max_bytes) {
        return Direct.mlab_request_set_download_memory(pointer(request), max_bytes);
    }

    @Override
    public int mlab_request_set_download_dir(long request, long path, int flags) {
        return Direct.mlab_request_set_download_dir(pointer(request), pointer(path), flags);
    }

    @Override
    public long mlab_request_new_download(long url) {
        return address(Direct.mlab_request_new_download(pointer(url)));
    }

    @Override
    public int mlab_request_set_download_file(long request, long path) {
        return Direct.mlab_request_set_download_file(pointer(request), pointer(path));
    }

    @Override
    public int mlab_request_set_image_events(long request, int wanted) {
        return Direct.mlab_request_set_image_events(pointer(request), wanted);
    }

    @Override
    public int mlab_client_download(long client, long url, long path, long cancel, long out) {
        return Direct.mlab_client_download(pointer(client), pointer(url), pointer(path), pointer(cancel), pointer(out));
    }

    @Override
    public int mlab_client_download_memory(long client, long url, long max_bytes, long cancel, long out) {
        return Direct.mlab_client_download_memory(pointer(client), pointer(url), max_bytes, pointer(cancel), pointer(out));
    }

    @Override
    public long mlab_result_image_count(long result) {
        return Direct.mlab_result_image_count(pointer(result)).longValue();
    }

    @Override
    public long mlab_result_image(long result, long index, long len) {
        return address(Direct.mlab_result_image(pointer(result), new SizeT(index), pointer(len)));
    }

    @Override
    public long mlab_result_image_path(long result, long index) {
        return address(Direct.mlab_result_image_path(pointer(result), new SizeT(index)));
    }

    @Override
    public long mlab_result_image_type(long result, long index) {
        return address(Direct.mlab_result_image_type(pointer(result), new SizeT(index)));
    }

    @Override
    public int mlab_result_image_width(long result, long index) {
        return Direct.mlab_result_image_width(pointer(result), new SizeT(index));
    }

    @Override
    public int mlab_result_image_height(long result, long index) {
        return Direct.mlab_result_image_height(pointer(result), new SizeT(index));
    }

    @Override
    public int mlab_config_set_transport(long config, long start, long cancel, long user) {
        return Direct.mlab_config_set_transport(pointer(config), pointer(start), pointer(cancel), pointer(user));
    }

    @Override
    public int mlab_config_set_transport_pull(long config) {
        return Direct.mlab_config_set_transport_pull(pointer(config));
    }

    @Override
    public int mlab_client_next_exchange(long client, int timeout_ms, long out) {
        return Direct.mlab_client_next_exchange(pointer(client), timeout_ms, pointer(out));
    }

    @Override
    public long mlab_exchange_id(long exchange) {
        return Direct.mlab_exchange_id(pointer(exchange));
    }

    @Override
    public int mlab_exchange_kind(long exchange) {
        return Direct.mlab_exchange_kind(pointer(exchange));
    }

    @Override
    public long mlab_exchange_method(long exchange) {
        return address(Direct.mlab_exchange_method(pointer(exchange)));
    }

    @Override
    public long mlab_exchange_url(long exchange) {
        return address(Direct.mlab_exchange_url(pointer(exchange)));
    }

    @Override
    public long mlab_exchange_header_name(long exchange, long index) {
        return address(Direct.mlab_exchange_header_name(pointer(exchange), new SizeT(index)));
    }

    @Override
    public long mlab_exchange_header_value(long exchange, long index) {
        return address(Direct.mlab_exchange_header_value(pointer(exchange), new SizeT(index)));
    }

    @Override
    public long mlab_exchange_body(long exchange, long len) {
        return address(Direct.mlab_exchange_body(pointer(exchange), pointer(len)));
    }

    @Override
    public long mlab_exchange_body_limit(long exchange) {
        return Direct.mlab_exchange_body_limit(pointer(exchange));
    }

    @Override
    public int mlab_exchange_timeout_ms(long exchange) {
        return Direct.mlab_exchange_timeout_ms(pointer(exchange));
    }

    @Override
    public int mlab_exchange_is_cancelled(long exchange) {
        return Direct.mlab_exchange_is_cancelled(pointer(exchange));
    }

    @Override
    public void mlab_exchange_progress(long exchange, long done, long total) {
        Direct.mlab_exchange_progress(pointer(exchange), done, total);
    }

    @Override
    public int mlab_exchange_reply(long exchange, int http_status, long headers, long body, long len) {
        return Direct.mlab_exchange_reply(pointer(exchange), http_status, pointer(headers), pointer(body), new SizeT(len));
    }

    @Override
    public int mlab_exchange_write(long exchange, long bytes, long len) {
        return Direct.mlab_exchange_write(pointer(exchange), pointer(bytes), new SizeT(len));
    }

    @Override
    public int mlab_exchange_fail(long exchange, int status, long message) {
        return Direct.mlab_exchange_fail(pointer(exchange), status, pointer(message));
    }

    @Override
    public void mlab_exchange_free(long exchange) {
        Direct.mlab_exchange_free(pointer(exchange));
    }

    @Override
    public long mlab_version() {
        return address(Direct.mlab_version());
    }

    @Override
    public int mlab_version_number() {
        return Direct.mlab_version_number();
    }

    @Override
    public int mlab_abi_version() {
        return Direct.mlab_abi_version();
    }

    @Override
    public long mlab_status_name(int status) {
        return address(Direct.mlab_status_name(status));
    }

    @Override
    public long mlab_status_text(int status) {
        return address(Direct.mlab_status_text(status));
    }

    @Override
    public int mlab_status_group(int status) {
        return Direct.mlab_status_group(status);
    }

    private static final class Direct {
        static native int mlab_fetch_queued(Pointer key, Pointer id, Pointer out);

        static native int mlab_parse(Pointer body, SizeT len, int http_status, Pointer out);

        static native void mlab_result_free(Pointer result);

        static native int mlab_result_status(Pointer result);

        static native Pointer mlab_result_urls(Pointer result, Pointer count);

        static native SizeT mlab_result_url_count(Pointer result);

        static native Pointer mlab_result_url(Pointer result, SizeT index);

        static native Pointer mlab_result_message(Pointer result);

        static native Pointer mlab_result_id(Pointer result);

        static native int mlab_result_http_status(Pointer result);

        static native long mlab_result_eta_ms(Pointer result);

        static native long mlab_result_retry_after_ms(Pointer result);

        static native int mlab_result_is_retryable(Pointer result);

        static native int mlab_result_attempts(Pointer result);

        static native long mlab_result_elapsed_ms(Pointer result);

        static native Pointer mlab_result_body(Pointer result, Pointer len);

        static native Pointer mlab_config_new();

        static native void mlab_config_free(Pointer config);

        static native Pointer mlab_config_message(Pointer config);

        static native int mlab_config_set_endpoint(Pointer config, Pointer url_template);

        static native int mlab_config_set_connect_timeout_ms(Pointer config, int timeout_ms);

        static native int mlab_config_set_request_timeout_ms(Pointer config, int timeout_ms);

        static native int mlab_config_set_body_limit(Pointer config, SizeT max_bytes);

        static native int mlab_config_set_user_agent(Pointer config, Pointer suffix);

        static native int mlab_config_set_proxy(Pointer config, Pointer proxy_url);

        static native int mlab_config_set_ca_file(Pointer config, Pointer path);

        static native int mlab_config_set_ca_pem(Pointer config, Pointer pem);

        static native int mlab_config_set_roots(Pointer config, int roots);

        static native int mlab_config_set_retries(Pointer config, int retries);

        static native int mlab_config_set_requests_per_second(Pointer config, double requests_per_second);

        static native int mlab_config_set_workers(Pointer config, int workers);

        static native int mlab_config_set_max_jobs(Pointer config, int max_jobs);

        static native int mlab_set_default_config(Pointer config);

        static native int mlab_config_set_log(Pointer config, int level, Pointer log, Pointer user);

        static native int mlab_client_new(Pointer key, Pointer config, Pointer out);

        static native Pointer mlab_client_message(Pointer client);

        static native void mlab_client_free(Pointer client);

        static native int mlab_client_fetch(Pointer client, Pointer id, Pointer cancel, Pointer out);

        static native int mlab_client_wait(Pointer client, Pointer request, Pointer cancel, Pointer out);

        static native Pointer mlab_request_new(Pointer id);

        static native void mlab_request_free(Pointer request);

        static native Pointer mlab_request_message(Pointer request);

        static native int mlab_request_set_deadline_ms(Pointer request, int deadline_ms);

        static native int mlab_request_set_poll_ms(Pointer request, int min_ms, int max_ms);

        static native int mlab_request_set_eta_ms(Pointer request, int eta_ms);

        static native int mlab_request_set_poll_once(Pointer request, int once);

        static native int mlab_request_set_tag(Pointer request, long tag);

        static native int mlab_request_set_progress(Pointer request, Pointer progress, Pointer user);

        static native Pointer mlab_cancel_new();

        static native void mlab_cancel_trigger(Pointer cancel);

        static native void mlab_cancel_free(Pointer cancel);

        static native int mlab_client_submit(Pointer client, Pointer request, Pointer job);

        static native int mlab_client_next_event(Pointer client, int timeout_ms, Pointer out);

        static native int mlab_client_event_fd(Pointer client);

        static native Pointer mlab_client_event_handle(Pointer client);

        static native long mlab_client_next_due_ms(Pointer client);

        static native int mlab_client_cancel_job(Pointer client, long job);

        static native SizeT mlab_client_pending(Pointer client);

        static native void mlab_client_wakeup(Pointer client);

        static native int mlab_client_shutdown(Pointer client, int timeout_ms);

        static native void mlab_event_free(Pointer event);

        static native int mlab_event_kind(Pointer event);

        static native int mlab_event_index(Pointer event);

        static native long mlab_event_job(Pointer event);

        static native long mlab_event_tag(Pointer event);

        static native int mlab_event_status(Pointer event);

        static native Pointer mlab_event_result(Pointer event);

        static native Pointer mlab_event_take_result(Pointer event);

        static native int mlab_event_polls(Pointer event);

        static native long mlab_event_elapsed_ms(Pointer event);

        static native long mlab_event_eta_ms(Pointer event);

        static native long mlab_event_next_poll_ms(Pointer event);

        static native long mlab_event_bytes_done(Pointer event);

        static native long mlab_event_bytes_total(Pointer event);

        static native int mlab_config_set_image_limit(Pointer config, long max_bytes);

        static native int mlab_config_set_max_images(Pointer config, int count);

        static native int mlab_request_set_download_memory(Pointer request, long max_bytes);

        static native int mlab_request_set_download_dir(Pointer request, Pointer path, int flags);

        static native Pointer mlab_request_new_download(Pointer url);

        static native int mlab_request_set_download_file(Pointer request, Pointer path);

        static native int mlab_request_set_image_events(Pointer request, int wanted);

        static native int mlab_client_download(Pointer client, Pointer url, Pointer path, Pointer cancel, Pointer out);

        static native int mlab_client_download_memory(Pointer client, Pointer url, long max_bytes, Pointer cancel, Pointer out);

        static native SizeT mlab_result_image_count(Pointer result);

        static native Pointer mlab_result_image(Pointer result, SizeT index, Pointer len);

        static native Pointer mlab_result_image_path(Pointer result, SizeT index);

        static native Pointer mlab_result_image_type(Pointer result, SizeT index);

        static native int mlab_result_image_width(Pointer result, SizeT index);

        static native int mlab_result_image_height(Pointer result, SizeT index);

        static native int mlab_config_set_transport(Pointer config, Pointer start, Pointer cancel, Pointer user);

        static native int mlab_config_set_transport_pull(Pointer config);

        static native int mlab_client_next_exchange(Pointer client, int timeout_ms, Pointer out);

        static native long mlab_exchange_id(Pointer exchange);

        static native int mlab_exchange_kind(Pointer exchange);

        static native Pointer mlab_exchange_method(Pointer exchange);

        static native Pointer mlab_exchange_url(Pointer exchange);

        static native Pointer mlab_exchange_header_name(Pointer exchange, SizeT index);

        static native Pointer mlab_exchange_header_value(Pointer exchange, SizeT index);

        static native Pointer mlab_exchange_body(Pointer exchange, Pointer len);

        static native long mlab_exchange_body_limit(Pointer exchange);

        static native int mlab_exchange_timeout_ms(Pointer exchange);

        static native int mlab_exchange_is_cancelled(Pointer exchange);

        static native void mlab_exchange_progress(Pointer exchange, long done, long total);

        static native int mlab_exchange_reply(Pointer exchange, int http_status, Pointer headers, Pointer body, SizeT len);

        static native int mlab_exchange_write(Pointer exchange, Pointer bytes, SizeT len);

        static native int mlab_exchange_fail(Pointer exchange, int status, Pointer message);

        static native void mlab_exchange_free(Pointer exchange);

        static native Pointer mlab_version();

        static native int mlab_version_number();

        static native int mlab_abi_version();

        static native Pointer mlab_status_name(int status);

        static native Pointer mlab_status_text(int status);

        static native int mlab_status_group(int status);
    }
}
