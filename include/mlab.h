/*
 * mlab: fetches queued images of ModelsLab.                                                    Version 0.1.0
 *
 * A slow generation request is queued at the server: you get an id, and ask for the images later. This library asks,
 * understands every answer, and tells you in one number what to do. The whole job is one call:
 *
 *     #include <mlab.h>
 *     #include <stdio.h>
 *     #include <stdlib.h>
 *
 *     int main(void)
 *     {
 *         mlab_result *result;
 *         int32_t status = mlab_fetch_queued(getenv("MLAB_API_KEY"), "12202888", &result);
 *
 *         if (status == MLAB_OK) {
 *             for (const char *const *url = mlab_result_urls(result, NULL); *url != NULL; url++)
 *                 puts(*url);
 *         } else if (status == MLAB_PROCESSING) {
 *             printf("not ready: %s\n", mlab_result_message(result));
 *         } else {
 *             fprintf(stderr, "%s: %s\n", mlab_status_name(status), mlab_result_message(result));
 *         }
 *         mlab_result_free(result);
 *         return status == MLAB_OK ? EXIT_SUCCESS : EXIT_FAILURE;
 *     }
 *
 *     cc fetch.c -lmlab -o fetch
 *
 * OWNERSHIP. What a function makes for you is yours until you pass it to the function of its type whose name ends in
 * _free; that is the only function that consumes anything, and it takes NULL. Strings and arrays that an object lends
 * are valid until that object is freed. Strings that you pass are copied before the call returns.
 *
 * STRINGS are UTF-8 with a NUL at the end, in both directions. Strings handed out are never NULL unless the comment
 * says so.
 *
 * POINTERS. Every pointer may be NULL: the answer is then MLAB_E_INVALID_ARGUMENT, or what the comment says. A pointer
 * that is not NULL must be valid. Each out parameter is set to NULL or 0 first of all.
 *
 * STATUSES. Every function that can fail returns an int32_t: MLAB_OK is 0, a positive number is "fine, but not yet",
 * a negative one an error. There is no errno-like last error: the result of a call, which you get on failure too, has
 * the message, and the message names the argument that was wrong or says what to do. New statuses may be added:
 * treat an unknown negative number as an error.
 *
 * MORE THAN ONE LOOK. mlab_client_wait() blocks until a job has ended, mlab_cancel_trigger() stops it from another
 * thread. In a game loop, mlab_client_submit() once and mlab_client_next_event() every frame: nothing blocks, and nothing
 * calls you from a foreign thread. Where the library must make no thread and no socket, mlab_config_set_transport() lets
 * you perform the HTTP exchanges.
 *
 * THREADS. Every function may be called from any thread. Objects passed as const may be used by several threads at
 * once, others by one at a time. Threads are made only for jobs (at most mlab_config_set_workers(), none before the first
 * mlab_client_submit()), for the images of a blocking wait (at most 3 more, named mlab-download, which end with the call)
 * and for a name lookup, which must be interruptible; that one ends with the call, or, if the system will not give it up,
 * by itself (at most 4 such in a process). They block all signals.
 *
 * CALLBACKS run only inside a call that you made, on the thread that made it, with no lock of the library held. None is
 * needed.
 *
 * FORK. In the child a client of the parent answers MLAB_E_FORKED, and freeing it is safe; everything else works. A child
 * of vfork() or _Fork() is not noticed, and may not call the library.
 *
 * TIME is in milliseconds on a monotonic clock. Every call that blocks ends by its timeout.
 *
 * YOUR PROGRAM is left as it was: no signal handler, no output, no locale; errno and the signal mask are as before;
 * SIGPIPE never fires. Nothing happens when the library is loaded. An internal defect comes back as MLAB_E_INTERNAL.
 * Small allocations that fail abort the program, as is usual in Rust.
 *
 * YOUR KEY is sent to the endpoint's own scheme, host and port in a request body, and nowhere else. *** takes its place
 * in every message, lent body, error and log entry, as it is or JSON-escaped once or twice, and where a body breaks off
 * within it. URLs that the server lists are handed on byte for byte. TLS is always verified.
 *
 * LINKING. -lmlab, and for the static library the system libraries that the README names. On Windows define
 * MLAB_DLLIMPORT to import from the DLL directly; it works without. From C++ and from any language that can call C the
 * same header is used: all types are opaque, and only fixed-width integers, size_t, double and pointers cross.
 */

#ifndef MLAB_H
#define MLAB_H

#include <stddef.h>
#include <stdint.h>

#ifndef MLAB_API
#if defined(_WIN32) && defined(MLAB_DLLIMPORT)
#define MLAB_API __declspec(dllimport)
#else
#define MLAB_API
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** The version of this header; mlab_version() is that of the loaded library. */
#define MLAB_VERSION "0.1.0"
/** The same as a number: major * 65536 + minor * 256 + patch. */
#define MLAB_VERSION_NUMBER 256
/** Its first part. */
#define MLAB_VERSION_MAJOR 0
/** Its second part. */
#define MLAB_VERSION_MINOR 1
/** Its third part. */
#define MLAB_VERSION_PATCH 0
/** The ABI that a program compiled with this header needs. */
#define MLAB_ABI_VERSION 0

/* --------------------------------------------------------------------------------------------------------------------
 * Statuses
 *
 * What a call can come back with, and what to do about it.
 * -------------------------------------------------------------------------------------------------------------------- */

typedef enum mlab_statuses {
    /** Done: the result holds the image URLs. */
    MLAB_OK = 0,
    /** The job is not ready yet: poll again after the eta, or in 2 seconds. */
    MLAB_PROCESSING = 1,
    /** An argument is wrong and nothing was sent: the message names it. */
    MLAB_E_INVALID_ARGUMENT = -1,
    /** Stopped by your own cancel: the job goes on at the server and can be fetched later. */
    MLAB_E_CANCELLED = -2,
    /** The wait reached its deadline: the job may still finish, wait again with the same id. */
    MLAB_E_DEADLINE = -3,
    /** As much as is allowed is already under way: take finished work first, then try again. */
    MLAB_E_BUSY = -4,
    /** The client was shut down: make a new one. */
    MLAB_E_CLOSED = -5,
    /** The client belongs to the parent process: make a new one after fork. */
    MLAB_E_FORKED = -6,
    /** The system gave no thread, descriptor or memory: free some, then try again. */
    MLAB_E_NO_RESOURCES = -7,
    /** A defect in this library: please report it with the message. */
    MLAB_E_INTERNAL = -8,
    /** The host name could not be looked up: check the network and the endpoint, then try again. */
    MLAB_E_RESOLVE = -20,
    /** No connection to the server: check network and firewall, then try again. */
    MLAB_E_CONNECT = -21,
    /** The server could not prove who it is: check the clock, the CA settings and for an intercepting proxy. */
    MLAB_E_TLS = -22,
    /** The server did not answer in time: try again, or raise the timeout. */
    MLAB_E_TIMEOUT = -23,
    /** The connection broke: try again. */
    MLAB_E_NETWORK = -24,
    /** The server points elsewhere and the key was not sent there: correct the endpoint. */
    MLAB_E_REDIRECT = -25,
    /** The reply could not be understood: if it lasts, check the endpoint and any proxy between. */
    MLAB_E_PROTOCOL = -26,
    /** The reply is larger than the limit: raise the body limit if this size is expected. */
    MLAB_E_TOO_LARGE = -27,
    /** The proxy could not be used: check its address and password, or set none. */
    MLAB_E_PROXY = -28,
    /** The server refused the API key: check it. */
    MLAB_E_AUTH = -40,
    /** The account has no credit or no plan for this: top it up. */
    MLAB_E_PAYMENT = -41,
    /** The key may not do this: check the account's rights and the endpoint. */
    MLAB_E_FORBIDDEN = -42,
    /** The server does not know this id: check it; a job just made may need some seconds. */
    MLAB_E_NOT_FOUND = -43,
    /** Too many requests: wait as long as the result's retry-after says, else 30 seconds. */
    MLAB_E_RATE_LIMITED = -44,
    /** The server refused the request as malformed: the message says why; check endpoint and id. */
    MLAB_E_BAD_REQUEST = -45,
    /** Trouble at the server: try again later. */
    MLAB_E_SERVER = -46,
    /** The job itself failed at the server: make a new one. */
    MLAB_E_JOB_FAILED = -47,
    /** The server refused for a reason of its own: see the message. */
    MLAB_E_API = -48,
    /** A file could not be read or written: the message has the path and the reason. */
    MLAB_E_FILE = -60,
    /** An image URL leads where no image should be fetched from: nothing was sent. */
    MLAB_E_UNSAFE_URL = -61,
    /** What arrived is no whole image: try again, or make the job again. */
    MLAB_E_BAD_IMAGE = -62,
} mlab_statuses;

/* --------------------------------------------------------------------------------------------------------------------
 * Objects
 *
 * Every object is opaque: it is made by a function, used through functions, and ended by the one function whose
 * name ends in _free.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Stops calls from another thread: sticky, also before the call that it is for.
 *
 * You own it and end it with mlab_cancel_free(), also while a call uses it: the call keeps what it needs. Any number of
 * calls may use one.
 */
typedef struct mlab_cancel mlab_cancel;

/**
 * A key, settings and kept connections, for any number of calls from any threads at once.
 *
 * You own it and end it with mlab_client_free(), which ends the calls that are inside it.
 */
typedef struct mlab_client mlab_client;

/**
 * Settings, filled in step by step before they are used.
 *
 * You own it and end it with mlab_config_free(); what was made from it keeps a copy. Use it from one thread at a time.
 */
typedef struct mlab_config mlab_config;

/**
 * What happened to a job.
 *
 * You own it and end it with mlab_event_free(). Use it from one thread at a time, or unchanged from any number.
 */
typedef struct mlab_event mlab_event;

/**
 * One HTTP exchange that you are asked to perform.
 *
 * You own it and end it with mlab_exchange_free(). It never changes but for being answered, once; any number of threads
 * may use it.
 */
typedef struct mlab_exchange mlab_exchange;

/**
 * One job to wait for, or one image to download, and how.
 *
 * You own it and end it with mlab_request_free(); a wait copies what it needs. Use it from one thread at a time, or
 * unchanged from any number.
 */
typedef struct mlab_request mlab_request;

/**
 * What a call came back with: a status, the image URLs, a message and more.
 *
 * You own it and end it with mlab_result_free(). It never changes, so any number of threads may read it at once;
 * all strings and arrays that it lends are valid until it is freed.
 */
typedef struct mlab_result mlab_result;

/* --------------------------------------------------------------------------------------------------------------------
 * The one call
 *
 * Polls one queued job, once, on the calling thread, over a connection of its own that is closed before the call
 * returns. It generates nothing and can be repeated freely: every 2 seconds or so while it answers MLAB_PROCESSING.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Fetches the images of a queued job: one poll, no waiting for the job.
 *
 * Blocks for at most the request timeout (30 seconds unless set with mlab_set_default_config()). Uses the default
 * settings; makes no thread but for a name lookup, which ends with it.
 *
 * Parameters:
 * - key: your API key, 1 to 4096 bytes of UTF-8; copied.
 * - id: the id that the generation call returned, 1 to 128 of the characters A-Z a-z 0-9 . _ ~ -;
 *   copied.
 * - out: receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
 * Returns: MLAB_OK: mlab_result_urls() has the images. MLAB_PROCESSING: not ready, poll again.
 * MLAB_E_INVALID_ARGUMENT: nothing was sent, the message names the argument; *out is NULL only if out itself was.
 * Else what went wrong, from MLAB_E_RESOLVE to MLAB_E_API, MLAB_E_NO_RESOURCES or MLAB_E_INTERNAL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_fetch_queued(const char *key,
                          const char *id,
                          mlab_result **out);

/**
 * Rules on a reply that came some other way: a saved one, a webhook's body, an HTTP exchange of your own.
 *
 * Sends nothing. The body may be no longer than the default settings' body limit (1 MiB unless set).
 *
 * Parameters:
 * - body: the reply's bytes, copied; NULL only if len is 0.
 * - len: their number.
 * - http_status: the HTTP status code, 100 to 599, or 0 if it is not known, which counts as 200.
 * - out: receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
 * Returns: as mlab_fetch_queued() would for this reply; MLAB_E_INVALID_ARGUMENT: the message names the argument;
 * MLAB_E_TOO_LARGE: the body is over the limit.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_parse(const void *body,
                   size_t len,
                   int32_t http_status,
                   mlab_result **out);

/* --------------------------------------------------------------------------------------------------------------------
 * The result
 *
 * A result never changes, and any number of threads may read it at once. Everything that it lends is valid until
 * mlab_result_free(). Each of these functions takes NULL for a result that holds nothing.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Ends a result, and with it every string and array that it lent.
 *
 * Parameters: result: consumed; NULL does nothing.
 * Returns: nothing.
 * Threads: any; no other thread may use the result any more.
 * Since: 0.1.0
 */
MLAB_API void mlab_result_free(mlab_result *result);

/**
 * The status of the call that made the result.
 *
 * Parameters: result: borrowed; may be NULL.
 * Returns: the same as the call did; MLAB_E_INVALID_ARGUMENT for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API int32_t mlab_result_status(const mlab_result *result);

/**
 * The image URLs byte for byte, in the server's order; some accounts get base64 or data: text in their place.
 *
 * They answer 404 or 403 for up to a minute after success, and are gone after 24 hours.
 *
 * Parameters:
 * - result: borrowed; may be NULL.
 * - count: receives the number of URLs; may be NULL.
 * Returns: an array of count strings with a NULL behind the last, never NULL itself; empty unless the status is
 * MLAB_OK, or the job was ready and an image of it could not be downloaded. Borrowed until mlab_result_free().
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API
const char *const *mlab_result_urls(const mlab_result *result,
                                    size_t *count);

/**
 * The number of image URLs.
 *
 * Parameters: result: borrowed; may be NULL.
 * Returns: the number; 0 where mlab_result_urls() is empty.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API size_t mlab_result_url_count(const mlab_result *result);

/**
 * One image URL.
 *
 * Parameters:
 * - result: borrowed; may be NULL.
 * - index: from 0.
 * Returns: a string borrowed until mlab_result_free(); NULL if there is no such URL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API const char *mlab_result_url(const mlab_result *result, size_t index);

/**
 * One line for people: on failure what went wrong and what to do, else what the server said.
 *
 * At most 1024 bytes, without control characters, and never with your key.
 *
 * Parameters: result: borrowed; may be NULL.
 * Returns: a string borrowed until mlab_result_free(), never NULL; may be empty when the status is MLAB_OK.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API const char *mlab_result_message(const mlab_result *result);

/**
 * The id of the job: as the reply names it, else as it was asked for.
 *
 * Parameters: result: borrowed; may be NULL.
 * Returns: a string borrowed until mlab_result_free(), never NULL; empty if neither is known.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API const char *mlab_result_id(const mlab_result *result);

/**
 * The HTTP status code of the reply.
 *
 * Parameters: result: borrowed; may be NULL.
 * Returns: 100 to 599; 0 if there was no reply, or none to go by: a 2xx one that broke off, one over a limit of size
 * or time, one that is no HTTP. An image's reply tells its code as soon as its head is there.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_result_http_status(const mlab_result *result);

/**
 * How long the server expects the job to take still, in milliseconds, rounded up, at most 24 hours. A guess of the
 * server's.
 *
 * Parameters: result: borrowed; may be NULL.
 * Returns: milliseconds; -1 if the server did not say.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API
int64_t mlab_result_eta_ms(const mlab_result *result);

/**
 * How long the server wants to be left alone, in milliseconds, at most one hour.
 *
 * Parameters: result: borrowed; may be NULL.
 * Returns: milliseconds; -1 if the server did not say.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API int64_t mlab_result_retry_after_ms(const mlab_result *result);

/**
 * Whether the same call may succeed later without anything being changed.
 *
 * Parameters: result: borrowed; may be NULL.
 * Returns: 1 if so; 0 if not, for MLAB_OK and MLAB_PROCESSING, and for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API int32_t mlab_result_is_retryable(const mlab_result *result);

/**
 * How often the call tried to ask the server, whether or not a connection came about. Redirects are not counted, nor is
 * a kept connection that was found dead.
 *
 * Parameters: result: borrowed; may be NULL.
 * Returns: the number; 0 if the call ended before its first try (refused, or cancelled before), and for mlab_parse().
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_result_attempts(const mlab_result *result);

/**
 * How long the call took, in milliseconds on a monotonic clock, with all it waited for.
 *
 * Parameters: result: borrowed; may be NULL.
 * Returns: milliseconds; 0 if an argument was refused, and for mlab_parse().
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API int64_t mlab_result_elapsed_ms(const mlab_result *result);

/**
 * The body of the reply as it was received, with your key replaced by ***. For logs and bug reports.
 *
 * Parameters:
 * - result: borrowed; may be NULL.
 * - len: receives the number of bytes; may be NULL.
 * Returns: the bytes with a NUL behind them, never NULL; they may hold further NULs and need not be UTF-8. Empty if
 * there was no reply, or none to go by. Of a reply that is no 2xx and broke off, what came. Borrowed until
 * mlab_result_free().
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API
const char *mlab_result_body(const mlab_result *result,
                             size_t *len);

/* --------------------------------------------------------------------------------------------------------------------
 * Settings
 *
 * Make a config, set what should differ from the defaults, use it, free it. A setter checks at once: a refused value
 * changes nothing, and mlab_config_message() says why it was refused.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * What mlab_config_set_roots() takes.
 */
typedef enum mlab_roots_kinds {
    /**
     * mlab_config_set_roots(): Mozilla's root certificates, built into the library. The default.
     */
    MLAB_ROOTS_BUNDLED = 0,
    /**
     * mlab_config_set_roots(): the system's verifier and root certificates, with what a company or user added to them.
     */
    MLAB_ROOTS_SYSTEM = 1,
} mlab_roots_kinds;

/**
 * Makes a config with the default settings.
 *
 * Parameters: none.
 * Returns: a config to be freed with mlab_config_free(); NULL only after an internal error.
 * Threads: any.
 * Since: 0.1.0
 */
MLAB_API mlab_config *mlab_config_new(void);

/**
 * Ends a config. What was made from it is not touched.
 *
 * Parameters: config: consumed; NULL does nothing.
 * Returns: nothing.
 * Threads: any; no other thread may use the config any more.
 * Since: 0.1.0
 */
MLAB_API void mlab_config_free(mlab_config *config);

/**
 * Why the last setter refused its value: one line of at most 1024 bytes that names the argument.
 *
 * Parameters: config: borrowed; may be NULL.
 * Returns: a string borrowed until the next setter or mlab_config_free(), never NULL; empty if the last setter
 * accepted its value.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API
const char *mlab_config_message(const mlab_config *config);

/**
 * Sets where jobs are asked for. The default is the Flux endpoint
 * https://modelslab.com/api/v1/enterprise/flux/fetch/{id}; its siblings for other models answer alike.
 *
 * Parameters:
 * - config: changed.
 * - url_template: a URL with {id} once, as a whole path segment; https, or http if the host is this
 *   machine itself; copied.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API int32_t mlab_config_set_endpoint(mlab_config *config, const char *url_template);

/**
 * Sets how long making a connection may take: name lookup, TCP, proxy and TLS together. The default is 10 seconds.
 *
 * Parameters:
 * - config: changed.
 * - timeout_ms: milliseconds, at least 1; more than 24 hours count as 24 hours.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_config_set_connect_timeout_ms(mlab_config *config,
                                           uint32_t timeout_ms);

/**
 * Sets how long one poll may take from its start to the last byte, redirects included. The default is 30 seconds.
 *
 * Parameters:
 * - config: changed.
 * - timeout_ms: milliseconds, at least 1; more than 24 hours count as 24 hours.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_config_set_request_timeout_ms(mlab_config *config,
                                           uint32_t timeout_ms);

/**
 * Sets the largest reply read; a larger one is MLAB_E_TOO_LARGE. The default is 1 MiB.
 *
 * Parameters:
 * - config: changed.
 * - max_bytes: 1 to 67108864 (64 MiB).
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API int32_t mlab_config_set_body_limit(mlab_config *config, size_t max_bytes);

/**
 * Sets what follows "mlab/<version> " in the User-Agent header, such as "MyGame/1.2". The default is nothing.
 *
 * Parameters:
 * - config: changed.
 * - suffix: at most 200 bytes of printable ASCII, "" for nothing; copied.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API int32_t mlab_config_set_user_agent(mlab_config *config, const char *suffix);

/**
 * Sets the proxy. The default is the environment's: https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY less the hosts in
 * no_proxy or NO_PROXY, as curl reads them, and never for this machine itself.
 *
 * Parameters:
 * - config: changed.
 * - proxy_url: http://[user:password@]host[:port] or https://…; "" for no proxy; NULL for the
 *   environment's; copied.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_config_set_proxy(mlab_config *config,
                              const char *proxy_url);

/**
 * Trusts the certificates of a file, and no others, in place of what was trusted before.
 *
 * Parameters:
 * - config: changed.
 * - path: a UTF-8 path to a regular file of at most 16 MiB with one or more PEM certificates; read now.
 * Returns: MLAB_OK; MLAB_E_INVALID_ARGUMENT: an empty path, or no usable certificate; MLAB_E_FILE: the file cannot be
 * read, is no regular file or is too large.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_config_set_ca_file(mlab_config *config,
                                const char *path);

/**
 * Trusts these certificates, and no others, in place of what was trusted before.
 *
 * Parameters:
 * - config: changed.
 * - pem: one or more PEM certificates as one string; copied.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API int32_t mlab_config_set_ca_pem(mlab_config *config, const char *pem);

/**
 * Sets whose root certificates are trusted. Nothing turns verification off.
 *
 * Parameters:
 * - config: changed.
 * - roots: MLAB_ROOTS_BUNDLED or MLAB_ROOTS_SYSTEM.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API int32_t mlab_config_set_roots(mlab_config *config, int32_t roots);

/**
 * Sets how often a client tries again after a failure that may pass (mlab_result_is_retryable()). The default is 2.
 *
 * Between tries it waits as long as the server asks for, else 0.5 seconds, doubling to 8, with some jitter. All tries of
 * mlab_client_fetch() share the request timeout: a reply slower than that is not asked for again. A wait goes on after any
 * number of such failures; its polls stay as far apart as its request says.
 *
 * Parameters:
 * - config: changed.
 * - retries: tries after the first, 0 to 100.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_config_set_retries(mlab_config *config,
                                uint32_t retries);

/**
 * Sets how many requests a second a client may send to its endpoint. The default is no limit.
 *
 * All calls and jobs of the client share this budget; ids take turns, however many calls ask for one of them. Redirects
 * count. Not in it: the images, which come from elsewhere, and the one repetition where a kept connection turns out dead.
 * In mlab_client_fetch() the time spent waiting for a turn counts towards the request timeout; in a wait or a job it
 * counts towards the deadline alone.
 *
 * Parameters:
 * - config: changed.
 * - requests_per_second: 0.001 to 1000, or 0 for no limit.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_config_set_requests_per_second(mlab_config *config,
                                            double requests_per_second);

/**
 * Sets how many threads a client may make for its jobs. The default is 4. They are made as jobs need them.
 *
 * Parameters:
 * - config: changed.
 * - workers: 1 to 64.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API int32_t mlab_config_set_workers(mlab_config *config, uint32_t workers);

/**
 * Sets how many jobs may be open at once in a client; one more is MLAB_E_BUSY. The default is 100000.
 *
 * Parameters:
 * - config: changed.
 * - max_jobs: 1 to 10000000.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API int32_t mlab_config_set_max_jobs(mlab_config *config, uint32_t max_jobs);

/**
 * Sets what mlab_fetch_queued() and mlab_parse() use from now on, in the whole process. Calls under way keep theirs.
 *
 * A library inside a larger program should leave this to the program.
 *
 * Parameters: config: copied; NULL for the built-in settings.
 * Returns: MLAB_OK.
 * Threads: any, while no other thread changes the config.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_set_default_config(const mlab_config *config);

/* --------------------------------------------------------------------------------------------------------------------
 * The log
 *
 * What the library does, told as it does it; nowhere unless you ask for it.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * How much an entry of the log matters.
 */
typedef enum mlab_log_levels {
    /**
     * mlab_log_fn: a call failed for good, or a job, told when its end is delivered. Your own cancel is no failure.
     */
    MLAB_LOG_ERROR = 1,
    /**
     * mlab_log_fn: something failed and will be tried again, or a deadline came.
     */
    MLAB_LOG_WARNING = 2,
    /**
     * mlab_log_fn: what was done; one entry a poll.
     */
    MLAB_LOG_INFO = 3,
    /**
     * mlab_log_fn: how: pauses, redirects followed, waiting for a turn under requests_per_second.
     */
    MLAB_LOG_DEBUG = 4,
} mlab_log_levels;

/**
 * Takes one entry of the log.
 *
 * It is called only inside a call that you made, on the thread that made it, with no lock of this library held; calls on
 * several threads may call it at once. Inside it, any function of this library may be called, except the one that frees
 * an object which the call under way uses. It must return, and throw no exception.
 *
 * user: as it was set. level: MLAB_LOG_ERROR to MLAB_LOG_DEBUG. area: a short word, such as "poll". text: one line,
 * without your key. Both strings are valid during the call only.
 */
typedef void (*mlab_log_fn)(void *user, int32_t level, const char *area, const char *text);

/**
 * Sets where the library says what it does. The default is nowhere.
 *
 * Parameters:
 * - config: changed.
 * - log: called for each entry; NULL for nowhere.
 * - user: handed to it; must stay valid as long as anything made from this config is used.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API int32_t mlab_config_set_log(mlab_config *config, mlab_log_fn log, void *user);

/* --------------------------------------------------------------------------------------------------------------------
 * The client
 *
 * Keeps connections open between calls, tries again after failures that may pass, and waits for jobs. One client serves
 * any number of threads. Make one per key, and free it when the program ends. After fork() a client belongs to the
 * parent: in the child every call answers MLAB_E_FORKED, and freeing it is safe.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Makes a client. Nothing is sent and no thread is made.
 *
 * Parameters:
 * - key: your API key, 1 to 4096 bytes of UTF-8 without control characters; copied.
 * - config: copied; NULL for the default settings.
 * - out: receives a client to be freed with mlab_client_free(), or NULL on failure; not NULL.
 * Returns: MLAB_OK; MLAB_E_INVALID_ARGUMENT: the key cannot be used, or out is NULL; MLAB_E_INTERNAL.
 * Threads: any, while no other thread changes the config.
 * Since: 0.1.0
 */
MLAB_API int32_t mlab_client_new(const char *key, const mlab_config *config, mlab_client **out);

/**
 * Ends a client. Calls inside it end with MLAB_E_CLOSED; waits up to one second for them to leave.
 *
 * Parameters: client: consumed; NULL does nothing.
 * Returns: nothing.
 * Threads: any, also while calls are inside; no thread may begin a call with it any more. Not inside a callback of a call
 * on this client.
 * Since: 0.1.0
 */
MLAB_API
void mlab_client_free(mlab_client *client);

/**
 * Polls a job, and again after failures that may pass. Does not wait for the job.
 *
 * Blocks for at most the request timeout, tries and pauses included.
 *
 * Parameters:
 * - client: used.
 * - id: 1 to 128 of the characters A-Z a-z 0-9 . _ ~ -; copied.
 * - cancel: ends the call; NULL for none.
 * - out: receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
 * Returns: as mlab_fetch_queued(); also MLAB_E_CANCELLED, MLAB_E_CLOSED, MLAB_E_FORKED.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_client_fetch(const mlab_client *client,
                          const char *id,
                          const mlab_cancel *cancel,
                          mlab_result **out);

/**
 * Waits for a job: polls once, then when it is worth while, until the job ends or the deadline comes.
 *
 * A failure that may pass does not end the wait, one that will not pass does at once. MLAB_E_NOT_FOUND is tolerated for
 * the first 15 seconds, since the server may not know a new job yet. Polls gather around the eta; how closely, a client
 * learns from how right the etas of its waits were.
 *
 * Parameters:
 * - client: used.
 * - request: copied.
 * - cancel: ends the wait; NULL for none.
 * - out: receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
 * Returns: MLAB_OK: the images are there. MLAB_E_DEADLINE: the result has the last thing known, and a later wait can go
 * on. MLAB_E_CANCELLED, MLAB_E_CLOSED, MLAB_E_FORKED. Else as mlab_fetch_queued(), but not MLAB_PROCESSING.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_client_wait(const mlab_client *client,
                         const mlab_request *request,
                         const mlab_cancel *cancel,
                         mlab_result **out);

/* --------------------------------------------------------------------------------------------------------------------
 * The request
 *
 * Describes one job to wait for. The defaults suit a game: polls 2 to 15 seconds apart, for at most 10 minutes. What the
 * generation call said about the time, given with mlab_request_set_eta_ms(), saves polls and waiting. A setter checks at
 * once: a refused value changes nothing, and mlab_request_message() says why it was refused.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Told after each poll that did not end the wait.
 *
 * It is called inside mlab_client_wait(), on the thread that called it, with no lock of this library held. Inside it, any
 * function of this library may be called, except those that free the client, the request or the cancel in use. It must
 * return, and throw no exception.
 *
 * user: as it was set. polls: how many were made. elapsed_ms: since the start of the wait. eta_ms: how long the last
 * reply expected the job to take still; -1 if it did not say. next_poll_ms: when the next poll is due, since the start of
 * the wait. Return 0 to go on; any other value ends the wait with MLAB_E_CANCELLED.
 */
typedef int32_t (*mlab_progress_fn)(void *user,
                                    int32_t polls,
                                    int64_t elapsed_ms,
                                    int64_t eta_ms,
                                    int64_t next_poll_ms);

/**
 * Makes a request for a job.
 *
 * Parameters: id: the id that the generation call returned, 1 to 128 of the characters A-Z a-z 0-9 . _ ~ -; copied. One
 * that cannot be used is refused by the call that uses the request; mlab_request_message() has the reason at once.
 * Returns: a request to be freed with mlab_request_free(); NULL only after an internal error.
 * Threads: any.
 * Since: 0.1.0
 */
MLAB_API
mlab_request *mlab_request_new(const char *id);

/**
 * Ends a request. Waits that use it go on.
 *
 * Parameters: request: consumed; NULL does nothing.
 * Returns: nothing.
 * Threads: any; no other thread may pass it to a function any more.
 * Since: 0.1.0
 */
MLAB_API void mlab_request_free(mlab_request *request);

/**
 * Why the last setter refused its value, or why the id cannot be used: one line that names the argument.
 *
 * Parameters: request: borrowed; may be NULL.
 * Returns: a string borrowed until the next setter or mlab_request_free(), never NULL; empty if the last setter accepted
 * its value and the id can be used.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API
const char *mlab_request_message(const mlab_request *request);

/**
 * Sets how long the wait may take in all. The default is 10 minutes.
 *
 * Parameters:
 * - request: changed.
 * - deadline_ms: milliseconds from the start of the wait, at least 1; more than 24 hours count as 24
 *   hours.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API int32_t mlab_request_set_deadline_ms(mlab_request *request, uint32_t deadline_ms);

/**
 * Sets how far apart polls are: never closer than min_ms, and never further than max_ms, unless the server asks for a longer
 * pause, or says an eta to a client whose etas have proved right. The defaults are 2 and 15 seconds.
 *
 * Parameters:
 * - request: changed.
 * - min_ms: milliseconds, at least 1000.
 * - max_ms: milliseconds, at least min_ms; more than 24 hours count as 24 hours.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_request_set_poll_ms(mlab_request *request,
                                 uint32_t min_ms,
                                 uint32_t max_ms);

/**
 * Sets how long the job is expected to take, as the generation call's reply said ("eta", in seconds there). Replies to
 * polls mostly say nothing about it.
 *
 * Parameters:
 * - request: changed.
 * - eta_ms: milliseconds from the start of the wait; more than 24 hours count as 24 hours.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_request_set_eta_ms(mlab_request *request,
                                uint32_t eta_ms);

/**
 * Sets a number of your own that comes back with whatever is told about this job. The default is 0.
 *
 * Parameters:
 * - request: changed.
 * - tag: any number.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API int32_t mlab_request_set_tag(mlab_request *request, uint64_t tag);

/**
 * Sets a function to be told after each poll of mlab_client_wait() that did not end it. The default is none.
 *
 * Parameters:
 * - request: changed.
 * - progress: NULL for none.
 * - user: handed to it; must stay valid during the wait.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API int32_t mlab_request_set_progress(mlab_request *request, mlab_progress_fn progress, void *user);

/* --------------------------------------------------------------------------------------------------------------------
 * Cancel
 *
 * Stops calls from another thread, in whatever they do: name lookup, connecting, TLS, sending, receiving, sleeping. The
 * call returns MLAB_E_CANCELLED within 250 ms. A reply that is complete already wins: the call then returns it.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Makes a cancel that is not triggered.
 *
 * Parameters: none.
 * Returns: a cancel to be freed with mlab_cancel_free(); NULL only after an internal error.
 * Threads: any.
 * Since: 0.1.0
 */
MLAB_API mlab_cancel *mlab_cancel_new(void);

/**
 * Ends every call that uses this cancel, and every later one at once. It cannot be undone: make a new one.
 *
 * Not for signal handlers: set a flag there, and trigger from a thread or a progress callback.
 *
 * Parameters: cancel: used; NULL does nothing.
 * Returns: nothing.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API void mlab_cancel_trigger(const mlab_cancel *cancel);

/**
 * Ends a cancel. Calls that use it go on, and can no longer be cancelled with it.
 *
 * Parameters: cancel: consumed; NULL does nothing.
 * Returns: nothing.
 * Threads: any, also while calls use it; no other thread may pass it to a function any more.
 * Since: 0.1.0
 */
MLAB_API void mlab_cancel_free(mlab_cancel *cancel);

/* --------------------------------------------------------------------------------------------------------------------
 * Jobs and events
 *
 * For game loops, and for many ids at once: submit a request, go on, and pull what happened once a frame. Polls are made
 * on threads of the client: none before the first job, at most mlab_config_set_workers(), named mlab-worker, with all
 * signals blocked. No callback is ever called from them. Jobs on the same id share their polls.
 * 
 * Each job ends with exactly one MLAB_EVENT_DONE, also after a cancel, a failure or a shutdown; before that there may be
 * MLAB_EVENT_PROGRESS, at most one undelivered a job. A waiting job costs memory, no thread.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * What mlab_event_kind() gives.
 */
typedef enum mlab_event_kinds {
    /**
     * mlab_event_kind(): a poll was made that did not end the job.
     */
    MLAB_EVENT_PROGRESS = 1,
    /**
     * mlab_event_kind(): the job has ended; the event has its result.
     */
    MLAB_EVENT_DONE = 2,
} mlab_event_kinds;

/**
 * Opens a job and returns at once.
 *
 * Its deadline counts from now. The progress function of the request is not called: pull events.
 *
 * Parameters:
 * - client: used.
 * - request: copied.
 * - job: receives the job's number, which is never 0 and never used again by this client; 0 on failure;
 *   may be NULL.
 * Returns: MLAB_OK. MLAB_E_INVALID_ARGUMENT: client or request is NULL, or the request's id cannot be used (see
 * mlab_request_message()). MLAB_E_BUSY: as many jobs are open as mlab_config_set_max_jobs() allows.
 * MLAB_E_NO_RESOURCES: the system gave no thread. MLAB_E_CLOSED, MLAB_E_FORKED.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_client_submit(const mlab_client *client,
                           const mlab_request *request,
                           uint64_t *job);

/**
 * The next event.
 *
 * Parameters:
 * - client: used; may be NULL.
 * - timeout_ms: how long to wait for an event if there is none; 0 never blocks.
 * Returns: an event to be freed with mlab_event_free(); NULL if there is none, after mlab_client_wakeup(), for a NULL
 * client and in a forked child.
 * Threads: any, any number at once; an event goes to one of them.
 * Since: 0.1.0
 */
MLAB_API
mlab_event *mlab_client_next_event(const mlab_client *client,
                                   uint32_t timeout_ms);

/**
 * Stops a job, or all jobs. Its MLAB_EVENT_DONE has the status MLAB_E_CANCELLED, unless its end had come already.
 *
 * Parameters:
 * - client: used.
 * - job: the number that mlab_client_submit() gave; 0 for all jobs.
 * Returns: MLAB_OK. MLAB_E_INVALID_ARGUMENT: client is NULL, or there is no such job any more: its end was delivered.
 * MLAB_E_FORKED.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_client_cancel_job(const mlab_client *client,
                               uint64_t job);

/**
 * How many jobs are open: submitted, and their MLAB_EVENT_DONE not yet pulled.
 *
 * Parameters: client: used; may be NULL.
 * Returns: the number; 0 for NULL and in a forked child.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API size_t mlab_client_pending(const mlab_client *client);

/**
 * Ends a wait in mlab_client_next_event() at once; if nobody waits, the next wait ends at once.
 *
 * Parameters: client: used; NULL does nothing.
 * Returns: nothing.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API void mlab_client_wakeup(const mlab_client *client);

/**
 * Ends all jobs and calls with MLAB_E_CLOSED and waits for the client's threads to end; nothing can be begun afterwards.
 * For hot reload: after MLAB_OK no code of the library runs for this client. Events that were not pulled still can be.
 *
 * Parameters:
 * - client: used.
 * - timeout_ms: how long to wait.
 * Returns: MLAB_OK; MLAB_E_BUSY: not all have ended in time, call it again; MLAB_E_INVALID_ARGUMENT: client is NULL;
 * MLAB_E_FORKED.
 * Threads: any; not inside a callback of a call on this client.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_client_shutdown(const mlab_client *client,
                             uint32_t timeout_ms);

/**
 * Ends an event, and its result unless that was taken.
 *
 * Parameters: event: consumed; NULL does nothing.
 * Returns: nothing.
 * Threads: any; no other thread may use the event any more.
 * Since: 0.1.0
 */
MLAB_API void mlab_event_free(mlab_event *event);

/**
 * What happened.
 *
 * Parameters: event: borrowed; may be NULL.
 * Returns: MLAB_EVENT_PROGRESS or MLAB_EVENT_DONE; later versions may have more, to be ignored; 0 for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API int32_t mlab_event_kind(const mlab_event *event);

/**
 * The number of the job that the event tells of.
 *
 * Parameters: event: borrowed; may be NULL.
 * Returns: the number that mlab_client_submit() gave; 0 for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API uint64_t mlab_event_job(const mlab_event *event);

/**
 * Your own number for the job: mlab_request_set_tag().
 *
 * Parameters: event: borrowed; may be NULL.
 * Returns: the number; 0 for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API uint64_t mlab_event_tag(const mlab_event *event);

/**
 * How the job stands.
 *
 * Parameters: event: borrowed; may be NULL.
 * Returns: MLAB_PROCESSING for MLAB_EVENT_PROGRESS; for MLAB_EVENT_DONE the status of its result, as mlab_client_wait()
 * would return it; MLAB_E_INVALID_ARGUMENT for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_event_status(const mlab_event *event);

/**
 * The result of a job that has ended.
 *
 * Parameters: event: borrowed; may be NULL.
 * Returns: a result borrowed until mlab_event_free(); NULL for MLAB_EVENT_PROGRESS, for NULL, and after
 * mlab_event_take_result().
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API const mlab_result *mlab_event_result(const mlab_event *event);

/**
 * Takes the result out of the event, to keep it longer than that.
 *
 * Parameters: event: changed; may be NULL.
 * Returns: a result to be freed with mlab_result_free(); NULL where mlab_event_result() would give NULL.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API mlab_result *mlab_event_take_result(mlab_event *event);

/**
 * How often the job was polled so far.
 *
 * Parameters: event: borrowed; may be NULL.
 * Returns: the number; 0 for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API int32_t mlab_event_polls(const mlab_event *event);

/**
 * How long the job has run, in milliseconds since it was submitted.
 *
 * Parameters: event: borrowed; may be NULL.
 * Returns: milliseconds; 0 for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API int64_t mlab_event_elapsed_ms(const mlab_event *event);

/**
 * How long the last reply expected the job to take still, in milliseconds.
 *
 * Parameters: event: borrowed; may be NULL.
 * Returns: milliseconds; -1 if it did not say, and for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API int64_t mlab_event_eta_ms(const mlab_event *event);

/**
 * When the next poll is due, in milliseconds since the job was submitted.
 *
 * Parameters: event: borrowed; may be NULL.
 * Returns: milliseconds; -1 for MLAB_EVENT_DONE, while images are downloaded, and for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API int64_t mlab_event_next_poll_ms(const mlab_event *event);

/* --------------------------------------------------------------------------------------------------------------------
 * Images
 *
 * Downloads the images themselves, whole and safely: of a job, with mlab_request_set_download_dir() or
 * mlab_request_set_download_memory() before mlab_client_wait() or mlab_client_submit(), which then end when all images are
 * there; or one by its URL.
 * 
 * WHOLE OR NOT AT ALL. A file is written under another name in the same folder, put on the disk and renamed over its
 * target: the target is the old file or the whole new one. It is whole if its length was said and came, and the image's
 * own bytes lead to their end (PNG, JPEG, WebP, GIF; AVIF and MP4, which have none, need the length). What broke off goes
 * on where it was, if the server has the same still.
 * 
 * TIME. A link that answers 404 or 403 is asked again for up to a minute, since links work some time after success;
 * other failures that may pass as often as mlab_config_set_retries() says. A server may be silent as long as the request
 * timeout. All of it is bounded by the deadline (10 minutes unless set), and ended by a cancel within 250 ms.
 * 
 * SAFETY. A URL of the server is followed only over https, to port 443 of a public name, and only to addresses of the
 * public internet: never to this machine or a private network, in no spelling, nor by up to 5 redirects. Where the
 * endpoint is this machine itself, so may be the images, by http too. Neither your key nor any header of yours is sent.
 * Behind a proxy it is the proxy that looks names up: then the URLs are judged, and addresses are the proxy's affair.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Sets the largest image taken into a file, in bytes; a larger one is MLAB_E_TOO_LARGE. The default is 64 MiB.
 *
 * Parameters:
 * - config: changed.
 * - max_bytes: at least 1.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_config_set_image_limit(mlab_config *config,
                                    uint64_t max_bytes);

/**
 * Lets the images of the job be downloaded into memory.
 *
 * Parameters:
 * - request: changed.
 * - max_bytes: the largest image taken, at least 1; a larger one is MLAB_E_TOO_LARGE.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API int32_t mlab_request_set_download_memory(mlab_request *request, uint64_t max_bytes);

/**
 * Lets the images of the job be downloaded into files of a folder, called by id, index and what the image is, such as
 * 12202888-0.png. Files of those names are replaced.
 *
 * The folder must be there when the wait or job begins, and one must be able to write into it: MLAB_E_FILE says at once
 * if not.
 *
 * Parameters:
 * - request: changed; not one made by mlab_request_new_download().
 * - path: the folder, in UTF-8 on every platform; copied.
 * - flags: 0; others are for later versions.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_request_set_download_dir(mlab_request *request,
                                      const char *path,
                                      uint32_t flags);

/**
 * Makes a request for one image by its URL. Unless mlab_request_set_download_file() is called, the image comes into
 * memory, at most 64 MiB of it.
 *
 * Parameters: url: as mlab_result_urls() has it, also a data: URL or base64; copied. One that cannot be used is refused
 * by the call that uses the request, with the reason in its result.
 * Returns: a request to be freed with mlab_request_free(); NULL only after an internal error.
 * Threads: any.
 * Since: 0.1.0
 */
MLAB_API
mlab_request *mlab_request_new_download(const char *url);

/**
 * Lets the one image of the request be downloaded into a file.
 *
 * Parameters:
 * - request: changed; one made by mlab_request_new_download().
 * - path: the file, in UTF-8 on every platform; replaced if it is there, and a symbolic link is replaced itself; copied.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_request_set_download_file(mlab_request *request,
                                       const char *path);

/**
 * Downloads one image into a file.
 *
 * Blocks for at most 10 minutes; mlab_client_wait() with a request of mlab_request_new_download() does the same with
 * another deadline, and mlab_client_submit() without blocking.
 *
 * Parameters:
 * - client: used.
 * - url: as mlab_result_urls() has it, also a data: URL or base64; copied.
 * - path: the file, in UTF-8 on every platform; replaced if it is there, and a symbolic link is replaced itself.
 * - cancel: ends the call; NULL for none.
 * - out: receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
 * Returns: MLAB_OK: the file is there. MLAB_E_UNSAFE_URL: the URL leads where no image should be fetched from, and
 * nothing was sent. MLAB_E_BAD_IMAGE: what came is no image, or not all of one. MLAB_E_FILE: path or reason are in the
 * message. MLAB_E_NOT_FOUND, MLAB_E_FORBIDDEN: the link does not work yet, or no longer. MLAB_E_TOO_LARGE,
 * MLAB_E_DEADLINE, MLAB_E_CANCELLED, MLAB_E_CLOSED, MLAB_E_FORKED. Else as mlab_fetch_queued().
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_client_download(const mlab_client *client,
                             const char *url,
                             const char *path,
                             const mlab_cancel *cancel,
                             mlab_result **out);

/**
 * Downloads one image into memory: mlab_result_image(result, 0, ...) has it. Else as mlab_client_download().
 *
 * Parameters:
 * - client: used.
 * - url: as mlab_result_urls() has it, also a data: URL or base64; copied.
 * - max_bytes: the largest image taken, at least 1; a larger one is MLAB_E_TOO_LARGE.
 * - cancel: ends the call; NULL for none.
 * - out: receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
 * Returns: as mlab_client_download(), but not MLAB_E_FILE; MLAB_E_NO_RESOURCES: there is not so much memory.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_client_download_memory(const mlab_client *client,
                                    const char *url,
                                    uint64_t max_bytes,
                                    const mlab_cancel *cancel,
                                    mlab_result **out);

/**
 * The number of images that were to be downloaded: that of the URLs, or 0 if none was asked for.
 *
 * Parameters: result: borrowed; may be NULL.
 * Returns: the number. If the status is not MLAB_OK, some of them may be missing: the functions below say so.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API size_t mlab_result_image_count(const mlab_result *result);

/**
 * The bytes of an image that was downloaded into memory.
 *
 * Parameters:
 * - result: borrowed; may be NULL.
 * - index: that of its URL, from 0.
 * - len: receives the number of bytes, or 0; may be NULL.
 * Returns: the bytes, borrowed until mlab_result_free(); NULL if the image is in a file or missing.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API const void *mlab_result_image(const mlab_result *result, size_t index, size_t *len);

/**
 * The file that an image was downloaded into.
 *
 * Parameters:
 * - result: borrowed; may be NULL.
 * - index: that of its URL, from 0.
 * Returns: the path in UTF-8, borrowed until mlab_result_free(); NULL if the image is in memory or missing.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API const char *mlab_result_image_path(const mlab_result *result, size_t index);

/**
 * What an image is, told from its own bytes.
 *
 * Parameters:
 * - result: borrowed; may be NULL.
 * - index: that of its URL, from 0.
 * Returns: image/png, image/jpeg, image/webp, image/gif, image/avif or video/mp4, a string that is always there; NULL if
 * the image is missing.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API
const char *mlab_result_image_type(const mlab_result *result,
                                   size_t index);

/**
 * The width of an image in pixels, as its header says it.
 *
 * Parameters:
 * - result: borrowed; may be NULL.
 * - index: that of its URL, from 0.
 * Returns: the width; 0 if the image is missing, or an AVIF or MP4 that does not say.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API uint32_t mlab_result_image_width(const mlab_result *result, size_t index);

/**
 * The height of an image in pixels, as its header says it.
 *
 * Parameters:
 * - result: borrowed; may be NULL.
 * - index: that of its URL, from 0.
 * Returns: the height; 0 if the image is missing, or an AVIF or MP4 that does not say.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API uint32_t mlab_result_image_height(const mlab_result *result, size_t index);

/**
 * How many bytes of the job's images are there.
 *
 * It can become less: what is no good is begun anew.
 *
 * Parameters: event: borrowed; may be NULL.
 * Returns: bytes of all images of the job together; 0 before the first, and for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API int64_t mlab_event_bytes_done(const mlab_event *event);

/**
 * How many bytes the job's images have in all.
 *
 * Parameters: event: borrowed; may be NULL.
 * Returns: bytes of all images of the job together; -1 while that is not known of each, and for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API int64_t mlab_event_bytes_total(const mlab_event *event);

/* --------------------------------------------------------------------------------------------------------------------
 * Your own HTTP
 *
 * With mlab_config_set_transport() your program performs the HTTP exchanges: for consoles, an engine's own stack, tests.
 * The library then makes no thread and no socket. Your start function is called inside mlab_fetch_queued(),
 * mlab_client_fetch(), mlab_client_wait(), mlab_client_next_event(), mlab_client_cancel_job(), mlab_client_shutdown() and
 * mlab_client_free(), on the thread that called; jobs move on only inside mlab_client_next_event(), so call it every
 * frame. Send what the exchange says, and answer it once: inside the start function or later, from any thread.
 * 
 * Images are not fetched this way: with a transport, take the URLs from the result and fetch them yourself.
 * 
 * Verify TLS. Do not follow redirects: the request holds the API key, and the library judges where it may go. Do not log
 * the body.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Begins an exchange. It must return without waiting for the reply, and throw no exception.
 *
 * user: as it was set. exchange: yours: answer it with mlab_exchange_reply() or mlab_exchange_fail(), then end it with
 * mlab_exchange_free().
 */
typedef void (*mlab_transport_start_fn)(void *user, mlab_exchange *exchange);

/**
 * Tells that nobody waits for an exchange any more: it was cancelled or has run out of time. It may still be answered, to
 * no effect, and must still be freed. It must return at once, and throw no exception.
 *
 * user: as it was set. id: mlab_exchange_id() of the exchange.
 */
typedef void (*mlab_transport_cancel_fn)(void *user, uint64_t id);

/**
 * Sets who performs the HTTP exchanges. The default is the library itself.
 *
 * With a transport the settings for timeouts, body limit, user agent and endpoint apply; those for proxy, CA and roots are
 * yours to handle. mlab_config_set_workers() then limits the exchanges under way for jobs at once.
 *
 * Parameters:
 * - config: changed.
 * - start: begins an exchange; NULL for the library's own HTTP.
 * - cancel: told of exchanges that nobody waits for any more; may be NULL.
 * - user: handed to both; must stay valid as long as anything made from this config is used.
 * Returns: MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * Threads: one at a time.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_config_set_transport(mlab_config *config,
                                  mlab_transport_start_fn start,
                                  mlab_transport_cancel_fn cancel,
                                  void *user);

/**
 * The number of an exchange, never 0 and never used twice in the process.
 *
 * Parameters: exchange: borrowed; may be NULL.
 * Returns: the number; 0 for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API uint64_t mlab_exchange_id(const mlab_exchange *exchange);

/**
 * The HTTP method to use.
 *
 * Parameters: exchange: borrowed; may be NULL.
 * Returns: a static string, "POST" in this version; "" for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API const char *mlab_exchange_method(const mlab_exchange *exchange);

/**
 * Where to send the request.
 *
 * Parameters: exchange: borrowed; may be NULL.
 * Returns: an absolute URL borrowed until mlab_exchange_free(); "" for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API const char *mlab_exchange_url(const mlab_exchange *exchange);

/**
 * The name of a header to send.
 *
 * Parameters:
 * - exchange: borrowed; may be NULL.
 * - index: from 0.
 * Returns: a string borrowed until mlab_exchange_free(); NULL if there is no such header.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API const char *mlab_exchange_header_name(const mlab_exchange *exchange, size_t index);

/**
 * The value of a header to send.
 *
 * Parameters:
 * - exchange: borrowed; may be NULL.
 * - index: from 0.
 * Returns: a string borrowed until mlab_exchange_free(); NULL if there is no such header.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API const char *mlab_exchange_header_value(const mlab_exchange *exchange, size_t index);

/**
 * The body to send. It holds the API key: send it, and do nothing else with it.
 *
 * Parameters:
 * - exchange: borrowed; may be NULL.
 * - len: receives the number of bytes; may be NULL.
 * Returns: the bytes, borrowed until mlab_exchange_free(); NULL for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API const void *mlab_exchange_body(const mlab_exchange *exchange, size_t *len);

/**
 * How long the exchange may take in all, in milliseconds. Afterwards nobody waits for it.
 *
 * Parameters: exchange: borrowed; may be NULL.
 * Returns: milliseconds, at least 1 and at most 24 hours; 0 for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_API uint32_t mlab_exchange_timeout_ms(const mlab_exchange *exchange);

/**
 * Answers an exchange with the reply, whatever its HTTP status; redirects too.
 *
 * Parameters:
 * - exchange: answered; still to be freed.
 * - http_status: 100 to 599.
 * - headers: the reply's header lines, "Name: value" each, separated by line ends; only Content-Type,
 *   Retry-After, Date and Location are used; may be NULL; copied.
 * - body: the body, decoded if it was compressed; copied; NULL only if len is 0.
 * - len: its number of bytes.
 * Returns: MLAB_OK. MLAB_E_INVALID_ARGUMENT: an argument is wrong and the exchange is not answered; or it was answered
 * before, and this answer is dropped. MLAB_E_NO_RESOURCES: there is no memory for the body, and the exchange is not
 * answered.
 * Threads: any, also inside the start function.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_exchange_reply(const mlab_exchange *exchange,
                            int32_t http_status,
                            const char *headers,
                            const void *body,
                            size_t len);

/**
 * Answers an exchange that brought no reply.
 *
 * Parameters:
 * - exchange: answered; still to be freed.
 * - status: why: MLAB_E_RESOLVE, MLAB_E_CONNECT, MLAB_E_TLS, MLAB_E_TIMEOUT, MLAB_E_NETWORK,
 *   MLAB_E_PROXY, MLAB_E_NO_RESOURCES; any other counts as MLAB_E_NETWORK.
 * - message: one line for people; may be NULL; copied.
 * Returns: MLAB_OK. MLAB_E_INVALID_ARGUMENT: an argument is wrong and the exchange is not answered; or it was answered
 * before, and this answer is dropped.
 * Threads: any, also inside the start function.
 * Since: 0.1.0
 */
MLAB_API
int32_t mlab_exchange_fail(const mlab_exchange *exchange,
                           int32_t status,
                           const char *message);

/**
 * Ends an exchange. One that was not answered counts as a broken connection.
 *
 * Parameters: exchange: consumed; NULL does nothing.
 * Returns: nothing.
 * Threads: any; no other thread may use the exchange any more.
 * Since: 0.1.0
 */
MLAB_API void mlab_exchange_free(mlab_exchange *exchange);

/* --------------------------------------------------------------------------------------------------------------------
 * Identity
 *
 * Which library is loaded, and what its statuses mean. These functions allocate nothing and never fail.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * The version of the loaded library, such as "0.1.0"; MLAB_VERSION is that of the header.
 *
 * Parameters: none.
 * Returns: a static string, never NULL.
 * Threads: any.
 * Since: 0.1.0
 */
MLAB_API const char *mlab_version(void);

/**
 * The version of the loaded library as a number: major * 65536 + minor * 256 + patch; compare it with
 * MLAB_VERSION_NUMBER.
 *
 * Parameters: none.
 * Returns: the number; 0.1.0 is 256.
 * Threads: any.
 * Since: 0.1.0
 */
MLAB_API uint32_t mlab_version_number(void);

/**
 * The ABI of the loaded library. A program works with every library of the ABI it was built for (MLAB_ABI_VERSION)
 * whose version is not older than its header.
 *
 * Parameters: none.
 * Returns: the number, which is also the one in the file name libmlab.so.0.
 * Threads: any.
 * Since: 0.1.0
 */
MLAB_API
uint32_t mlab_abi_version(void);

/**
 * The name of a status, such as "MLAB_E_AUTH".
 *
 * Parameters: status: any number.
 * Returns: a static string, never NULL; "MLAB_UNKNOWN" for a number that is no status of this version.
 * Threads: any.
 * Since: 0.1.0
 */
MLAB_API const char *mlab_status_name(int32_t status);

/**
 * One English sentence for people: what a status means and what to do about it.
 *
 * Parameters: status: any number.
 * Returns: a static string, never NULL.
 * Threads: any.
 * Since: 0.1.0
 */
MLAB_API const char *mlab_status_text(int32_t status);

#ifdef __cplusplus
}
#endif

#endif /* MLAB_H */
