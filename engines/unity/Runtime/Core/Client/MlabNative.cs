// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
using System;
using System.Runtime.InteropServices;

namespace Mlab
{
    /// <summary>mlab_statuses of mlab.h. Later versions may have more.</summary>
    public enum Status
    {
        /// <summary>Done: the result holds the image URLs.</summary>
        Ok = 0,
        /// <summary>The job is not ready yet: poll again after the eta, or in 2 seconds.</summary>
        Processing = 1,
        /// <summary>Nothing to pull now: no event came in time, or the wait was woken.</summary>
        NoEvent = 2,
        /// <summary>An argument is wrong and nothing was sent: the message names it.</summary>
        InvalidArgument = -1,
        /// <summary>Stopped by your own cancel: the job goes on at the server and can be fetched later.</summary>
        Cancelled = -2,
        /// <summary>The wait reached its deadline: the job may still finish, wait again with the same id.</summary>
        Deadline = -3,
        /// <summary>As much as is allowed is already under way: take finished work first, then try again.</summary>
        Busy = -4,
        /// <summary>The client was shut down: make a new one.</summary>
        Closed = -5,
        /// <summary>The client belongs to the parent process: make a new one after fork.</summary>
        Forked = -6,
        /// <summary>The system gave no thread, descriptor or memory: free some, then try again.</summary>
        NoResources = -7,
        /// <summary>A defect in this library: please report it with the message.</summary>
        Internal = -8,
        /// <summary>The host name could not be looked up: check the network and the endpoint, then try again.</summary>
        Resolve = -20,
        /// <summary>No connection to the server: check network and firewall, then try again.</summary>
        Connect = -21,
        /// <summary>The server could not prove who it is: check the clock, the CA settings and for an intercepting proxy.</summary>
        Tls = -22,
        /// <summary>The server did not answer in time: try again, or raise the timeout.</summary>
        Timeout = -23,
        /// <summary>The connection broke: try again.</summary>
        Network = -24,
        /// <summary>The server points elsewhere and the key was not sent there: correct the endpoint.</summary>
        Redirect = -25,
        /// <summary>The reply could not be understood: if it lasts, check the endpoint and any proxy between.</summary>
        Protocol = -26,
        /// <summary>The reply is larger than the limit: raise the body limit if this size is expected.</summary>
        TooLarge = -27,
        /// <summary>The proxy could not be used: check its address and password, or set none.</summary>
        Proxy = -28,
        /// <summary>The server refused the API key: check it.</summary>
        Auth = -40,
        /// <summary>The account has no credit or no plan for this: top it up.</summary>
        Payment = -41,
        /// <summary>The key may not do this: check the account's rights and the endpoint.</summary>
        Forbidden = -42,
        /// <summary>The server does not know this id: check it; a job just made may need some seconds.</summary>
        NotFound = -43,
        /// <summary>Too many requests: wait as long as the result's retry-after says, else 30 seconds.</summary>
        RateLimited = -44,
        /// <summary>The server refused the request as malformed: the message says why; check endpoint and id.</summary>
        BadRequest = -45,
        /// <summary>Trouble at the server: try again later.</summary>
        Server = -46,
        /// <summary>The job itself failed at the server: make a new one.</summary>
        JobFailed = -47,
        /// <summary>The server refused for a reason of its own: see the message.</summary>
        Api = -48,
        /// <summary>A file could not be read or written: the message has the path and the reason.</summary>
        File = -60,
        /// <summary>An image URL leads where no image should be fetched from: nothing was sent.</summary>
        UnsafeUrl = -61,
        /// <summary>What arrived is no whole image: try again, or make the job again.</summary>
        BadImage = -62,
    }

    /// <summary>mlab_roots_kinds of mlab.h. Later versions may have more.</summary>
    public enum RootsKind
    {
        /// <summary>Mozilla's root certificates, built into the library. The default.</summary>
        Bundled = 0,
        /// <summary>The system's verifier and root certificates, with what a company or user added to them.</summary>
        System = 1,
    }

    /// <summary>mlab_log_levels of mlab.h. Later versions may have more.</summary>
    public enum LogLevel
    {
        /// <summary>A call failed for good, or a job, which is logged when its end is delivered. Your own cancel is no failure.</summary>
        Error = 1,
        /// <summary>Something failed and will be tried again, or a deadline came.</summary>
        Warning = 2,
        /// <summary>What was done; one entry a poll.</summary>
        Info = 3,
        /// <summary>How it was done: pauses, redirects followed, waits for a turn under requests_per_second.</summary>
        Debug = 4,
    }

    /// <summary>mlab_event_kinds of mlab.h. Later versions may have more.</summary>
    public enum EventKind
    {
        /// <summary>A poll was made that did not end the job, or bytes of its images came.</summary>
        Progress = 1,
        /// <summary>The job has ended; the event has its result.</summary>
        Done = 2,
        /// <summary>An image of the job is there: mlab_event_index() says which, and the event's result has it alone, at that index. Only where mlab_request_set_image_events() asks for it.</summary>
        Image = 3,
    }

    /// <summary>mlab_exchange_kinds of mlab.h. Later versions may have more.</summary>
    public enum ExchangeKind
    {
        /// <summary>A poll: its request holds the API key, its reply is JSON.</summary>
        Poll = 1,
        /// <summary>An image: its request holds no key and no header of the client.</summary>
        Image = 2,
    }

    /// <summary>mlab_status_groups of mlab.h. Later versions may have more.</summary>
    public enum StatusGroup
    {
        /// <summary>No failure, or no status of this version.</summary>
        None = 0,
        /// <summary>You passed something wrong; nothing was sent.</summary>
        Argument = 1,
        /// <summary>You ended it, or its time was over: cancel, deadline, shutdown, fork.</summary>
        Ended = 2,
        /// <summary>This library, or the system under it: too much at once, no memory, a defect.</summary>
        System = 3,
        /// <summary>The way to the server, or the server itself; most of it passes.</summary>
        Network = 4,
        /// <summary>The key, and what its account may do and pay for.</summary>
        Account = 5,
        /// <summary>The job: unknown, failed, or refused for a reason of its own.</summary>
        Job = 6,
        /// <summary>An image or its file.</summary>
        Image = 7,
    }

    /// <summary>The functions of mlab.h. Nothing but blittable types crosses; strings are addresses of UTF-8.</summary>
    internal static class MlabNative
    {
#if UNITY_IOS && !UNITY_EDITOR
        internal const string Library = "__Internal";
#else
        internal const string Library = "mlab";
#endif

        internal const string MLAB_VERSION = "0.1.0";
        internal const int MLAB_VERSION_NUMBER = 256;
        internal const int MLAB_VERSION_MAJOR = 0;
        internal const int MLAB_VERSION_MINOR = 1;
        internal const int MLAB_VERSION_PATCH = 0;
        internal const int MLAB_ABI_VERSION = 0;

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate void mlab_log_fn(IntPtr user, int level, IntPtr area, IntPtr text);
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int mlab_progress_fn(IntPtr user, int polls, long elapsed_ms, long eta_ms, long next_poll_ms);
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate void mlab_transport_start_fn(IntPtr user, IntPtr exchange);
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate void mlab_transport_cancel_fn(IntPtr user, ulong id);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_fetch_queued(IntPtr key, IntPtr id, out IntPtr @out);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_parse(IntPtr body, UIntPtr len, int http_status, out IntPtr @out);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void mlab_result_free(IntPtr result);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_result_status(IntPtr result);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_result_urls(IntPtr result, out UIntPtr count);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern UIntPtr mlab_result_url_count(IntPtr result);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_result_url(IntPtr result, UIntPtr index);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_result_message(IntPtr result);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_result_id(IntPtr result);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_result_http_status(IntPtr result);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern long mlab_result_eta_ms(IntPtr result);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern long mlab_result_retry_after_ms(IntPtr result);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_result_is_retryable(IntPtr result);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_result_attempts(IntPtr result);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern long mlab_result_elapsed_ms(IntPtr result);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_result_body(IntPtr result, out UIntPtr len);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_config_new();
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void mlab_config_free(IntPtr config);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_config_message(IntPtr config);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_endpoint(IntPtr config, IntPtr url_template);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_connect_timeout_ms(IntPtr config, uint timeout_ms);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_request_timeout_ms(IntPtr config, uint timeout_ms);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_body_limit(IntPtr config, UIntPtr max_bytes);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_user_agent(IntPtr config, IntPtr suffix);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_proxy(IntPtr config, IntPtr proxy_url);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_ca_file(IntPtr config, IntPtr path);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_ca_pem(IntPtr config, IntPtr pem);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_roots(IntPtr config, int roots);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_retries(IntPtr config, uint retries);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_requests_per_second(IntPtr config, double requests_per_second);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_workers(IntPtr config, uint workers);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_max_jobs(IntPtr config, uint max_jobs);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_set_default_config(IntPtr config);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_log(IntPtr config, int level, IntPtr log, IntPtr user);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_client_new(IntPtr key, IntPtr config, out IntPtr @out);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_client_message(IntPtr client);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void mlab_client_free(IntPtr client);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_client_fetch(IntPtr client, IntPtr id, IntPtr cancel, out IntPtr @out);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_client_wait(IntPtr client, IntPtr request, IntPtr cancel, out IntPtr @out);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_request_new(IntPtr id);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void mlab_request_free(IntPtr request);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_request_message(IntPtr request);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_request_set_deadline_ms(IntPtr request, uint deadline_ms);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_request_set_poll_ms(IntPtr request, uint min_ms, uint max_ms);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_request_set_eta_ms(IntPtr request, uint eta_ms);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_request_set_poll_once(IntPtr request, int once);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_request_set_tag(IntPtr request, ulong tag);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_request_set_progress(IntPtr request, IntPtr progress, IntPtr user);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_cancel_new();
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void mlab_cancel_trigger(IntPtr cancel);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void mlab_cancel_free(IntPtr cancel);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_client_submit(IntPtr client, IntPtr request, out ulong job);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_client_next_event(IntPtr client, uint timeout_ms, out IntPtr @out);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_client_event_fd(IntPtr client);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_client_event_handle(IntPtr client);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern long mlab_client_next_due_ms(IntPtr client);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_client_cancel_job(IntPtr client, ulong job);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern UIntPtr mlab_client_pending(IntPtr client);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void mlab_client_wakeup(IntPtr client);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_client_shutdown(IntPtr client, uint timeout_ms);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void mlab_event_free(IntPtr @event);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_event_kind(IntPtr @event);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_event_index(IntPtr @event);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern ulong mlab_event_job(IntPtr @event);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern ulong mlab_event_tag(IntPtr @event);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_event_status(IntPtr @event);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_event_result(IntPtr @event);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_event_take_result(IntPtr @event);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_event_polls(IntPtr @event);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern long mlab_event_elapsed_ms(IntPtr @event);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern long mlab_event_eta_ms(IntPtr @event);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern long mlab_event_next_poll_ms(IntPtr @event);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern long mlab_event_bytes_done(IntPtr @event);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern long mlab_event_bytes_total(IntPtr @event);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_image_limit(IntPtr config, ulong max_bytes);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_max_images(IntPtr config, uint count);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_request_set_download_memory(IntPtr request, ulong max_bytes);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_request_set_download_dir(IntPtr request, IntPtr path, uint flags);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_request_new_download(IntPtr url);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_request_set_download_file(IntPtr request, IntPtr path);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_request_set_image_events(IntPtr request, int wanted);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_client_download(IntPtr client, IntPtr url, IntPtr path, IntPtr cancel, out IntPtr @out);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_client_download_memory(IntPtr client, IntPtr url, ulong max_bytes, IntPtr cancel, out IntPtr @out);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern UIntPtr mlab_result_image_count(IntPtr result);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_result_image(IntPtr result, UIntPtr index, out UIntPtr len);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_result_image_path(IntPtr result, UIntPtr index);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_result_image_type(IntPtr result, UIntPtr index);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern uint mlab_result_image_width(IntPtr result, UIntPtr index);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern uint mlab_result_image_height(IntPtr result, UIntPtr index);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_transport(IntPtr config, IntPtr start, IntPtr cancel, IntPtr user);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_config_set_transport_pull(IntPtr config);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_client_next_exchange(IntPtr client, uint timeout_ms, out IntPtr @out);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern ulong mlab_exchange_id(IntPtr exchange);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_exchange_kind(IntPtr exchange);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_exchange_method(IntPtr exchange);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_exchange_url(IntPtr exchange);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_exchange_header_name(IntPtr exchange, UIntPtr index);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_exchange_header_value(IntPtr exchange, UIntPtr index);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_exchange_body(IntPtr exchange, out UIntPtr len);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern ulong mlab_exchange_body_limit(IntPtr exchange);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern uint mlab_exchange_timeout_ms(IntPtr exchange);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_exchange_is_cancelled(IntPtr exchange);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void mlab_exchange_progress(IntPtr exchange, ulong done, long total);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_exchange_reply(IntPtr exchange, int http_status, IntPtr headers, IntPtr body, UIntPtr len);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_exchange_write(IntPtr exchange, IntPtr bytes, UIntPtr len);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_exchange_fail(IntPtr exchange, int status, IntPtr message);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void mlab_exchange_free(IntPtr exchange);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_version();
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern uint mlab_version_number();
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern uint mlab_abi_version();
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_status_name(int status);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_status_text(int status);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_status_group(int status);
    }
}
