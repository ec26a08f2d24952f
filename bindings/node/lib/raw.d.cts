// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.

/** An address, as koffi has it. */
export type Pointer = bigint;
/** A number of 64 bits: koffi gives a BigInt where a number would not be exact. */
export type Wide = number | bigint;
/** A function of the library, to be called on a thread of libuv's pool too. */
export interface Func<A extends unknown[], R> {
  (...args: A): R;
  async(...args: [...A, (error: unknown, result: R) => void]): void;
}

export declare const MLAB_VERSION: "0.1.0";
export declare const MLAB_VERSION_NUMBER: 256;
export declare const MLAB_VERSION_MAJOR: 0;
export declare const MLAB_VERSION_MINOR: 1;
export declare const MLAB_VERSION_PATCH: 0;
export declare const MLAB_ABI_VERSION: 0;

export declare const Status: {
  /** Done: the result holds the image URLs. */
  readonly OK: 0;
  /** The job is not ready yet: poll again after the eta, or in 2 seconds. */
  readonly PROCESSING: 1;
  /** Nothing to pull now: no event came in time, or the wait was woken. */
  readonly NO_EVENT: 2;
  /** An argument is wrong and nothing was sent: the message names it. */
  readonly INVALID_ARGUMENT: -1;
  /** Stopped by your own cancel: the job goes on at the server and can be fetched later. */
  readonly CANCELLED: -2;
  /** The wait reached its deadline: the job may still finish, wait again with the same id. */
  readonly DEADLINE: -3;
  /** As much as is allowed is already under way: take finished work first, then try again. */
  readonly BUSY: -4;
  /** The client was shut down: make a new one. */
  readonly CLOSED: -5;
  /** The client belongs to the parent process: make a new one after fork. */
  readonly FORKED: -6;
  /** The system gave no thread, descriptor or memory: free some, then try again. */
  readonly NO_RESOURCES: -7;
  /** A defect in this library: please report it with the message. */
  readonly INTERNAL: -8;
  /** The host name could not be looked up: check the network and the endpoint, then try again. */
  readonly RESOLVE: -20;
  /** No connection to the server: check network and firewall, then try again. */
  readonly CONNECT: -21;
  /** The server could not prove who it is: check the clock, the CA settings and for an intercepting proxy. */
  readonly TLS: -22;
  /** The server did not answer in time: try again, or raise the timeout. */
  readonly TIMEOUT: -23;
  /** The connection broke: try again. */
  readonly NETWORK: -24;
  /** The server points elsewhere and the key was not sent there: correct the endpoint. */
  readonly REDIRECT: -25;
  /** The reply could not be understood: if it lasts, check the endpoint and any proxy between. */
  readonly PROTOCOL: -26;
  /** The reply is larger than the limit: raise the body limit if this size is expected. */
  readonly TOO_LARGE: -27;
  /** The proxy could not be used: check its address and password, or set none. */
  readonly PROXY: -28;
  /** The server refused the API key: check it. */
  readonly AUTH: -40;
  /** The account has no credit or no plan for this: top it up. */
  readonly PAYMENT: -41;
  /** The key may not do this: check the account's rights and the endpoint. */
  readonly FORBIDDEN: -42;
  /** The server does not know this id: check it; a job just made may need some seconds. */
  readonly NOT_FOUND: -43;
  /** Too many requests: wait as long as the result's retry-after says, else 30 seconds. */
  readonly RATE_LIMITED: -44;
  /** The server refused the request as malformed: the message says why; check endpoint and id. */
  readonly BAD_REQUEST: -45;
  /** Trouble at the server: try again later. */
  readonly SERVER: -46;
  /** The job itself failed at the server: make a new one. */
  readonly JOB_FAILED: -47;
  /** The server refused for a reason of its own: see the message. */
  readonly API: -48;
  /** A file could not be read or written: the message has the path and the reason. */
  readonly FILE: -60;
  /** An image URL leads where no image should be fetched from: nothing was sent. */
  readonly UNSAFE_URL: -61;
  /** What arrived is no whole image: try again, or make the job again. */
  readonly BAD_IMAGE: -62;
};
export declare const RootsKind: {
  /** Mozilla's root certificates, built into the library. The default. */
  readonly BUNDLED: 0;
  /** The system's verifier and root certificates, with what a company or user added to them. */
  readonly SYSTEM: 1;
};
export declare const LogLevel: {
  /** A call failed for good, or a job, which is logged when its end is delivered. Your own cancel is no failure. */
  readonly ERROR: 1;
  /** Something failed and will be tried again, or a deadline came. */
  readonly WARNING: 2;
  /** What was done; one entry a poll. */
  readonly INFO: 3;
  /** How it was done: pauses, redirects followed, waits for a turn under requests_per_second. */
  readonly DEBUG: 4;
};
export declare const EventKind: {
  /** A poll was made that did not end the job, or bytes of its images came. */
  readonly PROGRESS: 1;
  /** The job has ended; the event has its result. */
  readonly DONE: 2;
  /** An image of the job is there: mlab_event_index() says which, and the event's result has it alone, at that index. Only where mlab_request_set_image_events() asks for it. */
  readonly IMAGE: 3;
};
export declare const ExchangeKind: {
  /** A poll: its request holds the API key, its reply is JSON. */
  readonly POLL: 1;
  /** An image: its request holds no key and no header of the client. */
  readonly IMAGE: 2;
};
export declare const StatusGroup: {
  /** No failure, or no status of this version. */
  readonly NONE: 0;
  /** You passed something wrong; nothing was sent. */
  readonly ARGUMENT: 1;
  /** You ended it, or its time was over: cancel, deadline, shutdown, fork. */
  readonly ENDED: 2;
  /** This library, or the system under it: too much at once, no memory, a defect. */
  readonly SYSTEM: 3;
  /** The way to the server, or the server itself; most of it passes. */
  readonly NETWORK: 4;
  /** The key, and what its account may do and pay for. */
  readonly ACCOUNT: 5;
  /** The job: unknown, failed, or refused for a reason of its own. */
  readonly JOB: 6;
  /** An image or its file. */
  readonly IMAGE: 7;
};

export type mlab_log_fn_js = (user: Pointer | null, level: number, area: string | null, text: string | null) => void;
export type mlab_progress_fn_js = (user: Pointer | null, polls: number, elapsed_ms: Wide, eta_ms: Wide, next_poll_ms: Wide) => number;
export type mlab_transport_start_fn_js = (user: Pointer | null, exchange: Pointer | null) => void;
export type mlab_transport_cancel_fn_js = (user: Pointer | null, id: Wide) => void;

export declare const mlab_log_fn: unknown;
export declare const mlab_progress_fn: unknown;
export declare const mlab_transport_start_fn: unknown;
export declare const mlab_transport_cancel_fn: unknown;

/** The functions of the library. */
export interface Raw {
  mlab_fetch_queued: Func<[key: string | null, id: string | null, out: [Pointer | null]], number>;
  mlab_parse: Func<[body: Uint8Array | null, len: Wide, http_status: number, out: [Pointer | null]], number>;
  mlab_result_free: Func<[result: Pointer | null], void>;
  mlab_result_status: Func<[result: Pointer | null], number>;
  mlab_result_urls: Func<[result: Pointer | null, count: [Wide] | null], Pointer | null>;
  mlab_result_url_count: Func<[result: Pointer | null], Wide>;
  mlab_result_url: Func<[result: Pointer | null, index: Wide], string | null>;
  mlab_result_message: Func<[result: Pointer | null], string | null>;
  mlab_result_id: Func<[result: Pointer | null], string | null>;
  mlab_result_http_status: Func<[result: Pointer | null], number>;
  mlab_result_eta_ms: Func<[result: Pointer | null], Wide>;
  mlab_result_retry_after_ms: Func<[result: Pointer | null], Wide>;
  mlab_result_is_retryable: Func<[result: Pointer | null], number>;
  mlab_result_attempts: Func<[result: Pointer | null], number>;
  mlab_result_elapsed_ms: Func<[result: Pointer | null], Wide>;
  mlab_result_body: Func<[result: Pointer | null, len: [Wide] | null], Pointer | null>;
  mlab_config_new: Func<[], Pointer | null>;
  mlab_config_free: Func<[config: Pointer | null], void>;
  mlab_config_message: Func<[config: Pointer | null], string | null>;
  mlab_config_set_endpoint: Func<[config: Pointer | null, url_template: string | null], number>;
  mlab_config_set_connect_timeout_ms: Func<[config: Pointer | null, timeout_ms: number], number>;
  mlab_config_set_request_timeout_ms: Func<[config: Pointer | null, timeout_ms: number], number>;
  mlab_config_set_body_limit: Func<[config: Pointer | null, max_bytes: Wide], number>;
  mlab_config_set_user_agent: Func<[config: Pointer | null, suffix: string | null], number>;
  mlab_config_set_proxy: Func<[config: Pointer | null, proxy_url: string | null], number>;
  mlab_config_set_ca_file: Func<[config: Pointer | null, path: string | null], number>;
  mlab_config_set_ca_pem: Func<[config: Pointer | null, pem: string | null], number>;
  mlab_config_set_roots: Func<[config: Pointer | null, roots: number], number>;
  mlab_config_set_retries: Func<[config: Pointer | null, retries: number], number>;
  mlab_config_set_requests_per_second: Func<[config: Pointer | null, requests_per_second: number], number>;
  mlab_config_set_workers: Func<[config: Pointer | null, workers: number], number>;
  mlab_config_set_max_jobs: Func<[config: Pointer | null, max_jobs: number], number>;
  mlab_set_default_config: Func<[config: Pointer | null], number>;
  mlab_config_set_log: Func<[config: Pointer | null, level: number, log: mlab_log_fn_js | Pointer | null, user: Pointer | null], number>;
  mlab_client_new: Func<[key: string | null, config: Pointer | null, out: [Pointer | null]], number>;
  mlab_client_message: Func<[client: Pointer | null], string | null>;
  mlab_client_free: Func<[client: Pointer | null], void>;
  mlab_client_fetch: Func<[client: Pointer | null, id: string | null, cancel: Pointer | null, out: [Pointer | null]], number>;
  mlab_client_wait: Func<[client: Pointer | null, request: Pointer | null, cancel: Pointer | null, out: [Pointer | null]], number>;
  mlab_request_new: Func<[id: string | null], Pointer | null>;
  mlab_request_free: Func<[request: Pointer | null], void>;
  mlab_request_message: Func<[request: Pointer | null], string | null>;
  mlab_request_set_deadline_ms: Func<[request: Pointer | null, deadline_ms: number], number>;
  mlab_request_set_poll_ms: Func<[request: Pointer | null, min_ms: number, max_ms: number], number>;
  mlab_request_set_eta_ms: Func<[request: Pointer | null, eta_ms: number], number>;
  mlab_request_set_poll_once: Func<[request: Pointer | null, once: number], number>;
  mlab_request_set_tag: Func<[request: Pointer | null, tag: Wide], number>;
  mlab_request_set_progress: Func<[request: Pointer | null, progress: mlab_progress_fn_js | Pointer | null, user: Pointer | null], number>;
  mlab_cancel_new: Func<[], Pointer | null>;
  mlab_cancel_trigger: Func<[cancel: Pointer | null], void>;
  mlab_cancel_free: Func<[cancel: Pointer | null], void>;
  mlab_client_submit: Func<[client: Pointer | null, request: Pointer | null, job: [Wide] | null], number>;
  mlab_client_next_event: Func<[client: Pointer | null, timeout_ms: number, out: [Pointer | null]], number>;
  mlab_client_event_fd: Func<[client: Pointer | null], number>;
  mlab_client_event_handle: Func<[client: Pointer | null], Pointer | null>;
  mlab_client_next_due_ms: Func<[client: Pointer | null], Wide>;
  mlab_client_cancel_job: Func<[client: Pointer | null, job: Wide], number>;
  mlab_client_pending: Func<[client: Pointer | null], Wide>;
  mlab_client_wakeup: Func<[client: Pointer | null], void>;
  mlab_client_shutdown: Func<[client: Pointer | null, timeout_ms: number], number>;
  mlab_event_free: Func<[event: Pointer | null], void>;
  mlab_event_kind: Func<[event: Pointer | null], number>;
  mlab_event_index: Func<[event: Pointer | null], number>;
  mlab_event_job: Func<[event: Pointer | null], Wide>;
  mlab_event_tag: Func<[event: Pointer | null], Wide>;
  mlab_event_status: Func<[event: Pointer | null], number>;
  mlab_event_result: Func<[event: Pointer | null], Pointer | null>;
  mlab_event_take_result: Func<[event: Pointer | null], Pointer | null>;
  mlab_event_polls: Func<[event: Pointer | null], number>;
  mlab_event_elapsed_ms: Func<[event: Pointer | null], Wide>;
  mlab_event_eta_ms: Func<[event: Pointer | null], Wide>;
  mlab_event_next_poll_ms: Func<[event: Pointer | null], Wide>;
  mlab_event_bytes_done: Func<[event: Pointer | null], Wide>;
  mlab_event_bytes_total: Func<[event: Pointer | null], Wide>;
  mlab_config_set_image_limit: Func<[config: Pointer | null, max_bytes: Wide], number>;
  mlab_config_set_max_images: Func<[config: Pointer | null, count: number], number>;
  mlab_request_set_download_memory: Func<[request: Pointer | null, max_bytes: Wide], number>;
  mlab_request_set_download_dir: Func<[request: Pointer | null, path: string | null, flags: number], number>;
  mlab_request_new_download: Func<[url: string | null], Pointer | null>;
  mlab_request_set_download_file: Func<[request: Pointer | null, path: string | null], number>;
  mlab_request_set_image_events: Func<[request: Pointer | null, wanted: number], number>;
  mlab_client_download: Func<[client: Pointer | null, url: string | null, path: string | null, cancel: Pointer | null, out: [Pointer | null]], number>;
  mlab_client_download_memory: Func<[client: Pointer | null, url: string | null, max_bytes: Wide, cancel: Pointer | null, out: [Pointer | null]], number>;
  mlab_result_image_count: Func<[result: Pointer | null], Wide>;
  mlab_result_image: Func<[result: Pointer | null, index: Wide, len: [Wide] | null], Pointer | null>;
  mlab_result_image_path: Func<[result: Pointer | null, index: Wide], string | null>;
  mlab_result_image_type: Func<[result: Pointer | null, index: Wide], string | null>;
  mlab_result_image_width: Func<[result: Pointer | null, index: Wide], number>;
  mlab_result_image_height: Func<[result: Pointer | null, index: Wide], number>;
  mlab_config_set_transport: Func<[config: Pointer | null, start: mlab_transport_start_fn_js | Pointer | null, cancel: mlab_transport_cancel_fn_js | Pointer | null, user: Pointer | null], number>;
  mlab_config_set_transport_pull: Func<[config: Pointer | null], number>;
  mlab_client_next_exchange: Func<[client: Pointer | null, timeout_ms: number, out: [Pointer | null]], number>;
  mlab_exchange_id: Func<[exchange: Pointer | null], Wide>;
  mlab_exchange_kind: Func<[exchange: Pointer | null], number>;
  mlab_exchange_method: Func<[exchange: Pointer | null], string | null>;
  mlab_exchange_url: Func<[exchange: Pointer | null], string | null>;
  mlab_exchange_header_name: Func<[exchange: Pointer | null, index: Wide], string | null>;
  mlab_exchange_header_value: Func<[exchange: Pointer | null, index: Wide], string | null>;
  mlab_exchange_body: Func<[exchange: Pointer | null, len: [Wide] | null], Pointer | null>;
  mlab_exchange_body_limit: Func<[exchange: Pointer | null], Wide>;
  mlab_exchange_timeout_ms: Func<[exchange: Pointer | null], number>;
  mlab_exchange_is_cancelled: Func<[exchange: Pointer | null], number>;
  mlab_exchange_progress: Func<[exchange: Pointer | null, done: Wide, total: Wide], void>;
  mlab_exchange_reply: Func<[exchange: Pointer | null, http_status: number, headers: string | null, body: Uint8Array | null, len: Wide], number>;
  mlab_exchange_write: Func<[exchange: Pointer | null, bytes: Uint8Array | null, len: Wide], number>;
  mlab_exchange_fail: Func<[exchange: Pointer | null, status: number, message: string | null], number>;
  mlab_exchange_free: Func<[exchange: Pointer | null], void>;
  mlab_version: Func<[], string | null>;
  mlab_version_number: Func<[], number>;
  mlab_abi_version: Func<[], number>;
  mlab_status_name: Func<[status: number], string | null>;
  mlab_status_text: Func<[status: number], string | null>;
  mlab_status_group: Func<[status: number], number>;
}
/** The functions of a library that koffi.load() gave. */
export declare function bind(library: unknown): Raw;
