/**
 * @file
 *
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
 *         int32_t status = mlab_fetch_queued(getenv("MODELSLAB_API_KEY"), "12202888", &result);
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
 * _free; no other function consumes what you pass, and it takes NULL. Strings and arrays that an object lends are valid
 * until that object is freed. Strings that you pass are copied before the call returns.
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
 * MORE THAN ONE POLL. mlab_client_wait() blocks until a job has ended, mlab_cancel_trigger() stops it from another
 * thread. In a game loop, mlab_client_submit() once and mlab_client_next_event() every frame: nothing blocks, and nothing
 * calls you from a foreign thread. An event loop waits on mlab_client_event_fd() beside its own descriptors. Where the
 * library must make no thread and no socket, mlab_config_set_transport() or mlab_config_set_transport_pull() lets you
 * perform the HTTP exchanges.
 *
 * THREADS. Every function may be called from any thread. Unless a function's comment says otherwise, objects passed as
 * const may be used by several threads at once, others by one at a time. Threads are made only for the jobs of a client
 * and for the images of its calls (at most mlab_config_set_workers(), none before the first job or image), and for name
 * lookups, since nothing else can interrupt one. A lookup's thread ends with the call, or, if the system does not return
 * from the lookup, as soon as it does (at most 16 lookups at once in a process). All these threads block all signals.
 * Do not end a thread inside a call: neither by pthread_cancel() or TerminateThread(), nor by longjmp() or an exception
 * out of a callback.
 *
 * STACK. A call that blocks needs 64 KiB of stack and any other 16 KiB, beside what your own functions and callbacks
 * use and what the C library takes of a thread's stack for itself; a debug build of the library needs three times as
 * much.
 *
 * ENDING. A client may be freed while other threads are inside calls on it: those end with MLAB_E_CLOSED, or as usual
 * if they had their answer already. A cancel may be freed while calls use it: those go on. No call may begin with
 * either once its free has returned. After MLAB_OK of mlab_client_shutdown(), and after mlab_client_free(), none of
 * your pointers, functions or descriptors is used any more, unless a thread is still in one of your functions, or on its
 * way into it, when the free returns. Only a name lookup that the system does not return from may outlive both, so the
 * library stays loaded once it has made a thread (-z nodelete).
 *
 * CALLBACKS run only inside a call that you made, on the thread that made it, with no lock of the library held. Inside
 * one, any function may be called, those that free included. You can do without: events and exchanges can be pulled,
 * and a descriptor tells when.
 *
 * FORK. In the child a client of the parent answers MLAB_E_FORKED, and freeing it is safe; everything else works. A child
 * of vfork() or _Fork() is not noticed, and may not call the library.
 *
 * TIME is in milliseconds on a monotonic clock, and clamped to 24 hours. Every call that blocks ends by its timeout
 * (but see mlab_config_set_roots()). With a transport of your own, a thread that calls mlab_client_fetch() or
 * mlab_client_wait(), and would itself have to bring the answer, blocks for all of that time.
 *
 * YOUR PROGRAM is left as it was: no signal handler, no output, no locale; errno, GetLastError() and the signal mask
 * are as before; SIGPIPE never fires. Nothing happens when the library is loaded. An internal defect comes back as
 * MLAB_E_INTERNAL, or from a function without a status as its neutral value, such as NULL or 0. A small allocation that
 * fails aborts the program, as is usual in Rust.
 *
 * YOUR KEY is sent in a request body to the scheme, host and port of the endpoint, and nowhere else. *** takes its
 * place in every message, lent body and log entry: as it is, JSON-escaped once or twice, and where a body breaks off
 * inside it. Whole texts are searched, this library's own words too, so a key of a few letters leaves gaps in them.
 * URLs that the server lists are handed on byte for byte. TLS is always verified.
 *
 * PROOF. Tests look for the opposite of what is promised here: replies, images, URLs and sequences of these calls are
 * fuzzed under AddressSanitizer (tests/long.sh fuzz), every function that takes a client is called while the client ends
 * under AddressSanitizer and ThreadSanitizer (tests/sanitize.sh), the system refuses one thing after the other (cargo
 * test --test torture), one client works on while its service fails in every way (tests/soak.sh), and header and library
 * are compared with the last release (cargo test --test abi).
 *
 * FOR BINDINGS, whoever calls from another language:
 * - Tell jobs apart by a number of your own, mlab_request_set_tag(): with several threads, the first event of a job can
 *   come before mlab_client_submit() has returned the job's number.
 * - Wait on mlab_client_event_fd() where your language has an event loop. Otherwise wait in slices of at most 200 ms,
 *   on a thread of no shared pool, and end it with mlab_client_shutdown(). A loop that pulls ends at any negative
 *   status.
 * - Your language hears of a signal only when the call returns, and its loop stands still: wait and fetch by jobs, see
 *   mlab_request_set_poll_once(), or make blocking calls on a thread of their own, with a cancel.
 * - A callback must catch everything, keep it for later and return: 1 from mlab_progress_fn, which ends the wait. What
 *   comes of a callback that throws differs: garbage is returned under ctypes, 0 under JNA and Ruby; the process ends
 *   under koffi and CoreCLR.
 * - When the process id has changed, make a new client.
 * - Where handles are counted, shut a client down before you free it: mlab_client_shutdown() wakes all who wait.
 * - Copy a result out and free it: what it lends ends with it. Refuse strings with a NUL inside: C would cut them
 *   there.
 * - Map statuses by mlab_status_group(): new statuses then find their place.
 * - include/mlab.ffi.h has the same declarations without comments and preprocessor.
 *
 * LINKING. -lmlab, and for the static library the system libraries that the README names. On Linux the shared library
 * needs libc and libgcc_s alone: no newer glibc than that of the system where it was built, and 2.17 for the library in
 * a release's archives. On Windows define MLAB_DLLIMPORT to import from the DLL directly; it works without. On 32-bit
 * Windows all functions and callbacks are __cdecl, as compilers have it unless told otherwise: compile what includes
 * this header without /Gz, /Gr, /Gv and -mrtd. From C++ and from any language that can call C the same header is used:
 * all types are opaque, and only fixed-width integers, size_t, double and pointers cross.
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
 * What a call can come back with, and what to do about it. Numbers are never changed or reused; new ones may be added.
 *
 *      0           done
 *      1 to  19    fine, but not yet
 *     -1 to -19    ended on this side: an argument, your own end, this library or the system
 *    -20 to -39    no usable reply came: the way to the server
 *    -40 to -59    what the server said: account, job, its own trouble
 *    -60 to -79    images and files
 *
 * mlab_status_group() sorts them by what to do. These are enumerators, so that #ifdef does not see them: compare
 * MLAB_VERSION_NUMBER instead.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * What a call can come back with: MLAB_OK, fine but not yet, or an error.
 */
typedef enum mlab_statuses {
    /** Done: the result holds the image URLs. */
    MLAB_OK = 0,
    /** The job is not ready yet: poll again after the eta, or in 2 seconds. */
    MLAB_PROCESSING = 1,
    /** Nothing to pull now: no event came in time, or the wait was woken. */
    MLAB_NO_EVENT = 2,
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
 * Every object is opaque: a function makes it, functions use it, and the one whose name ends in _free ends it. They stand
 * here in the order in which programs come to need them.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * What a call came back with: a status, the image URLs, a message and more.
 *
 * Made by every call that asks the server, on failure too, and by mlab_parse(). It lives until mlab_result_free(), and
 * so does everything that it lends. It never changes: any number of threads may read it at once.
 *
 * Functions: mlab_result_free(), mlab_result_status(), mlab_result_urls(), mlab_result_url_count(), mlab_result_url(),
 * mlab_result_message(), mlab_result_id(), mlab_result_http_status(), mlab_result_eta_ms(),
 * mlab_result_retry_after_ms(), mlab_result_is_retryable(), mlab_result_attempts(), mlab_result_elapsed_ms(),
 * mlab_result_body(), mlab_result_image_count(), mlab_result_image(), mlab_result_image_path(),
 * mlab_result_image_type(), mlab_result_image_width(), mlab_result_image_height().
 */
typedef struct mlab_result mlab_result;

/**
 * Settings, filled in step by step before they are used.
 *
 * It lives until mlab_config_free(); what was made from it keeps a copy. One thread at a time may change it; unchanged,
 * any number may use it.
 *
 * Functions: mlab_config_new(), mlab_config_free(), mlab_config_message(), mlab_config_set_endpoint(),
 * mlab_config_set_connect_timeout_ms(), mlab_config_set_request_timeout_ms(), mlab_config_set_body_limit(),
 * mlab_config_set_user_agent(), mlab_config_set_proxy(), mlab_config_set_ca_file(), mlab_config_set_ca_pem(),
 * mlab_config_set_roots(), mlab_config_set_retries(), mlab_config_set_requests_per_second(), mlab_config_set_workers(),
 * mlab_config_set_max_jobs(), mlab_config_set_log(), mlab_config_set_image_limit(), mlab_config_set_max_images(),
 * mlab_config_set_transport(), mlab_config_set_transport_pull().
 */
typedef struct mlab_config mlab_config;

/**
 * A key, settings and kept connections, for any number of calls and jobs.
 *
 * It lives until mlab_client_free(), which ends the calls that are inside it. Any number of threads may use it at once.
 * A program needs one for each key, for as long as it runs.
 *
 * Functions: mlab_client_new(), mlab_client_message(), mlab_client_free(), mlab_client_fetch(), mlab_client_wait(),
 * mlab_client_submit(), mlab_client_next_event(), mlab_client_event_fd(), mlab_client_event_handle(),
 * mlab_client_next_due_ms(), mlab_client_cancel_job(), mlab_client_pending(), mlab_client_wakeup(),
 * mlab_client_shutdown(), mlab_client_download(), mlab_client_download_memory(), mlab_client_next_exchange().
 */
typedef struct mlab_client mlab_client;

/**
 * One job to wait for, or one image to download, and how.
 *
 * It lives until mlab_request_free(); a wait or job copies what it needs. One thread at a time may change it; unchanged,
 * any number may use it.
 *
 * Functions: mlab_request_new(), mlab_request_free(), mlab_request_message(), mlab_request_set_deadline_ms(),
 * mlab_request_set_poll_ms(), mlab_request_set_eta_ms(), mlab_request_set_poll_once(), mlab_request_set_tag(),
 * mlab_request_set_progress(), mlab_request_set_download_memory(), mlab_request_set_download_dir(),
 * mlab_request_new_download(), mlab_request_set_download_file(), mlab_request_set_image_events().
 */
typedef struct mlab_request mlab_request;

/**
 * Stops calls from another thread. Once triggered it stays so, and stops later calls too.
 *
 * It lives until mlab_cancel_free(), which may come while calls use it: they keep what they need. Any number of
 * threads and calls may use one.
 *
 * Functions: mlab_cancel_new(), mlab_cancel_trigger(), mlab_cancel_free().
 */
typedef struct mlab_cancel mlab_cancel;

/**
 * What happened to a job.
 *
 * It lives until mlab_event_free(). Only mlab_event_take_result() changes it, from one thread at a time; unchanged, any
 * number of threads may read it.
 *
 * Functions: mlab_event_free(), mlab_event_kind(), mlab_event_index(), mlab_event_job(), mlab_event_tag(),
 * mlab_event_status(), mlab_event_result(), mlab_event_take_result(), mlab_event_polls(), mlab_event_elapsed_ms(),
 * mlab_event_eta_ms(), mlab_event_next_poll_ms(), mlab_event_bytes_done(), mlab_event_bytes_total().
 */
typedef struct mlab_event mlab_event;

/**
 * One HTTP exchange that your program is asked to perform.
 *
 * It lives until mlab_exchange_free(), also after its client. It never changes but for being answered, once; any number
 * of threads may use it, and one at a time may hand over bytes with mlab_exchange_write().
 *
 * Functions: mlab_exchange_id(), mlab_exchange_kind(), mlab_exchange_method(), mlab_exchange_url(),
 * mlab_exchange_header_name(), mlab_exchange_header_value(), mlab_exchange_body(), mlab_exchange_body_limit(),
 * mlab_exchange_timeout_ms(), mlab_exchange_is_cancelled(), mlab_exchange_progress(), mlab_exchange_reply(),
 * mlab_exchange_write(), mlab_exchange_fail(), mlab_exchange_free().
 */
typedef struct mlab_exchange mlab_exchange;


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
 * @param key your API key, 1 to 4096 bytes of UTF-8 without control characters; copied.
 * @param id the id that the generation call returned, 1 to 128 of the characters A-Z a-z 0-9 . _ ~ -, but not "." or
 *   ".."; copied.
 * @param[out] out receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
 * @return MLAB_OK: mlab_result_urls() has the images. MLAB_PROCESSING: not ready, poll again.
 * MLAB_E_INVALID_ARGUMENT: nothing was sent, the message names the argument; *out is NULL only if out itself was.
 * Else what went wrong, from MLAB_E_RESOLVE to MLAB_E_API, MLAB_E_NO_RESOURCES or MLAB_E_INTERNAL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
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
 * @param body the reply's bytes, copied; NULL only if len is 0.
 * @param len their number.
 * @param http_status the HTTP status code, 100 to 599, or 0 if it is not known, which counts as 200.
 * @param[out] out receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
 * @return as mlab_fetch_queued() would for this reply; MLAB_E_INVALID_ARGUMENT: the message names the argument;
 * MLAB_E_TOO_LARGE: the body is over the limit.
 * @note Threads: any, any number at once.
 * @since 0.1.0
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
 * @param result consumed; NULL does nothing.
 * @note Threads: any; no other thread may use the result any more.
 * @since 0.1.0
 */
MLAB_API void mlab_result_free(mlab_result *result);

/**
 * The status of the call that made the result.
 *
 * @param result borrowed; may be NULL.
 * @return the same as the call did; MLAB_E_INVALID_ARGUMENT for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API int32_t mlab_result_status(const mlab_result *result);

/**
 * The image URLs byte for byte, in the server's order; some accounts get base64 or data: text in their place.
 *
 * They answer 404 or 403 for up to a minute after success, and are gone after 24 hours.
 *
 * @param result borrowed; may be NULL.
 * @param[out] count receives the number of URLs; may be NULL.
 * @return an array of count strings with a NULL behind the last, never NULL itself; empty unless the status is
 * MLAB_OK, or an image could not be downloaded: then it has the URLs of the ready job, or the one that was asked for.
 * Borrowed until mlab_result_free().
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
const char *const *mlab_result_urls(const mlab_result *result,
                                    size_t *count);

/**
 * The number of image URLs.
 *
 * @param result borrowed; may be NULL.
 * @return the number; 0 where mlab_result_urls() is empty.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API size_t mlab_result_url_count(const mlab_result *result);

/**
 * One image URL.
 *
 * @param result borrowed; may be NULL.
 * @param index from 0.
 * @return a string borrowed until mlab_result_free(); NULL if there is no such URL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API const char *mlab_result_url(const mlab_result *result, size_t index);

/**
 * One line for people: on failure what went wrong and what to do, else what the server said.
 *
 * At most 1024 bytes, without control characters, and never with your key.
 *
 * @param result borrowed; may be NULL.
 * @return a string borrowed until mlab_result_free(), never NULL; may be empty when the status is MLAB_OK.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API const char *mlab_result_message(const mlab_result *result);

/**
 * The id of the job: as the reply names it, else as it was asked for.
 *
 * @param result borrowed; may be NULL.
 * @return a string borrowed until mlab_result_free(), never NULL; empty if neither is known.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API const char *mlab_result_id(const mlab_result *result);

/**
 * The HTTP status code of the reply.
 *
 * @param result borrowed; may be NULL.
 * @return 100 to 599; 0 if there was no reply, or no usable one: a 2xx reply that broke off, one over a limit of size
 * or time, one that is not HTTP. The code of an image's reply is known as soon as its head has come.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_result_http_status(const mlab_result *result);

/**
 * How much longer the server expects the job to take, in milliseconds, rounded up, at most 24 hours. The server
 * guesses.
 *
 * @param result borrowed; may be NULL.
 * @return milliseconds; -1 if the server did not say.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
int64_t mlab_result_eta_ms(const mlab_result *result);

/**
 * How long the server wants to be left alone, in milliseconds, at most one hour.
 *
 * @param result borrowed; may be NULL.
 * @return milliseconds; -1 if the server did not say.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API int64_t mlab_result_retry_after_ms(const mlab_result *result);

/**
 * Whether the same call may succeed later without anything being changed: with MLAB_E_RESOLVE, MLAB_E_CONNECT,
 * MLAB_E_TIMEOUT, MLAB_E_NETWORK, MLAB_E_RATE_LIMITED and MLAB_E_SERVER; with MLAB_E_PROTOCOL and MLAB_E_BAD_IMAGE if
 * the reply was cut off or empty, or is the page of something in between.
 *
 * MLAB_E_DEADLINE and MLAB_E_CANCELLED are no failures of the job: the same wait may always be made again.
 *
 * @param result borrowed; may be NULL.
 * @return 1 if so; 0 if not, for MLAB_OK, MLAB_PROCESSING, MLAB_E_DEADLINE and MLAB_E_CANCELLED, and for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_result_is_retryable(const mlab_result *result);

/**
 * How many times the call tried to ask the server, whether or not a connection came about. Redirects are not counted,
 * nor is a kept connection that was found dead. A wait or job that was answered by the reply to an earlier one says 1,
 * although it sent nothing: see mlab_client_wait().
 *
 * @param result borrowed; may be NULL.
 * @return the number; 0 if the call ended before its first try (refused, or cancelled before), and for mlab_parse().
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_result_attempts(const mlab_result *result);

/**
 * How long the call took, in milliseconds on a monotonic clock, with everything that it waited for.
 *
 * @param result borrowed; may be NULL.
 * @return milliseconds; 0 if an argument was refused, and for mlab_parse().
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API int64_t mlab_result_elapsed_ms(const mlab_result *result);

/**
 * The body of the reply as it was received, with your key replaced by ***. For logs and bug reports.
 *
 * @param result borrowed; may be NULL.
 * @param[out] len receives the number of bytes; may be NULL.
 * @return the bytes with a NUL behind them, never NULL; they may hold further NULs and need not be UTF-8. Empty if
 * there was no usable reply. Of a reply other than 2xx that broke off, what came. Borrowed until mlab_result_free().
 * @note Threads: any, any number at once.
 * @since 0.1.0
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
     * Mozilla's root certificates, built into the library. The default.
     */
    MLAB_ROOTS_BUNDLED = 0,
    /**
     * The system's verifier and root certificates, with what a company or user added to them.
     */
    MLAB_ROOTS_SYSTEM = 1,
} mlab_roots_kinds;

/**
 * Makes a config with the default settings.
 *
 * @return a config to be freed with mlab_config_free(); NULL only after an internal error.
 * @note Threads: any.
 * @since 0.1.0
 */
MLAB_API mlab_config *mlab_config_new(void);

/**
 * Ends a config. What was made from it is not touched.
 *
 * @param config consumed; NULL does nothing.
 * @note Threads: any; no other thread may use the config any more.
 * @since 0.1.0
 */
MLAB_API void mlab_config_free(mlab_config *config);

/**
 * Why the last setter refused its value: one line of at most 1024 bytes that names the argument.
 *
 * @param config borrowed; may be NULL.
 * @return a string borrowed until the next setter or mlab_config_free(), never NULL; empty if the last setter
 * accepted its value.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API const char *mlab_config_message(const mlab_config *config);

/**
 * Sets the URL at which jobs are polled. The default is the Flux endpoint
 * https://modelslab.com/api/v1/enterprise/flux/fetch/{id}; its siblings for other models answer alike.
 *
 * @param config changed.
 * @param url_template a URL with {id} once, as a whole path segment; https, or http if the host is this
 *   machine itself; copied.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API int32_t mlab_config_set_endpoint(mlab_config *config, const char *url_template);

/**
 * Sets how long making a connection may take: name lookup, TCP, proxy and TLS together. The default is 10 seconds.
 *
 * @param config changed.
 * @param timeout_ms milliseconds, at least 1; more than 24 hours count as 24 hours.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_config_set_connect_timeout_ms(mlab_config *config,
                                           uint32_t timeout_ms);

/**
 * Sets how long one poll may take from its start to the last byte, redirects included. The default is 30 seconds.
 *
 * @param config changed.
 * @param timeout_ms milliseconds, at least 1; more than 24 hours count as 24 hours.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_config_set_request_timeout_ms(mlab_config *config,
                                           uint32_t timeout_ms);

/**
 * Sets the largest reply read; a larger one is MLAB_E_TOO_LARGE. The default is 1 MiB.
 *
 * @param config changed.
 * @param max_bytes 1 to 67108864 (64 MiB).
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API int32_t mlab_config_set_body_limit(mlab_config *config, size_t max_bytes);

/**
 * Sets what follows "mlab/<version> " in the User-Agent header, such as "MyGame/1.2". The default is nothing.
 *
 * @param config changed.
 * @param suffix at most 200 bytes of printable ASCII, "" for nothing; copied.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API int32_t mlab_config_set_user_agent(mlab_config *config, const char *suffix);

/**
 * Sets the proxy. The default is the environment's: https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY less the hosts in
 * no_proxy or NO_PROXY, as curl reads them; never for this machine itself, and not in a setuid program. Plain http,
 * which is allowed to this machine only, never goes through a proxy. The proxies that Windows and macOS keep in their
 * own settings are not read.
 *
 * @param config changed.
 * @param proxy_url http://[user:password@]host[:port] or https://…, user and password percent-encoded; "" for no proxy;
 *   NULL for the environment's; copied.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_config_set_proxy(mlab_config *config,
                              const char *proxy_url);

/**
 * Trusts the certificates of a file, and no others, in place of what was trusted before.
 *
 * @param config changed.
 * @param path a UTF-8 path to a regular file of at most 16 MiB with one or more PEM certificates; read now.
 * @return MLAB_OK; MLAB_E_INVALID_ARGUMENT: an empty path, or no usable certificate; MLAB_E_FILE: the file cannot be
 * read, is no regular file or is too large.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_config_set_ca_file(mlab_config *config,
                                const char *path);

/**
 * Trusts these certificates, and no others, in place of what was trusted before.
 *
 * @param config changed.
 * @param pem one or more PEM certificates as one string; copied.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API int32_t mlab_config_set_ca_pem(mlab_config *config, const char *pem);

/**
 * Sets whose root certificates are trusted. Nothing turns verification off. With MLAB_ROOTS_SYSTEM the system's check
 * of a certificate may itself use the network, and no timeout and no cancel ends that: on Windows for up to 10
 * seconds, on macOS and iOS for as long as the system likes.
 *
 * @param config changed.
 * @param roots MLAB_ROOTS_BUNDLED or MLAB_ROOTS_SYSTEM; on Android only the first, since there only Java code may ask
 *   for the system's.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_config_set_roots(mlab_config *config,
                              int32_t roots);

/**
 * Sets how often a client tries again after a failure that may pass (mlab_result_is_retryable()). The default is 2.
 *
 * Between tries it waits as long as the server asks for, else 0.5 seconds, doubling to 8, with some jitter. All tries of
 * mlab_client_fetch() share the request timeout: a reply slower than that is not asked for again. A wait goes on after any
 * number of such failures; its polls stay as far apart as its request says.
 *
 * @param config changed.
 * @param retries tries after the first, 0 to 100.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_config_set_retries(mlab_config *config,
                                uint32_t retries);

/**
 * Sets how many requests a second a client may send to its endpoint. The default is no limit.
 *
 * All calls and jobs of the client share this budget; ids take turns, however many calls ask for one of them.
 * Redirects count. Not counted are images, which come from elsewhere, and the one repetition where a kept connection
 * turns out to be dead. In mlab_client_fetch() the time spent waiting for a turn counts towards the request timeout;
 * in a wait or a job it counts towards the deadline alone.
 *
 * @param config changed.
 * @param requests_per_second 0.001 to 1000, or 0 for no limit.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_config_set_requests_per_second(mlab_config *config,
                                            double requests_per_second);

/**
 * Sets how many polls and downloads a client may have under way at once for its jobs: with the library's own HTTP, on as
 * many threads, which are made as jobs need them. The default is 64.
 *
 * @param config changed.
 * @param workers 1 to 1024.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_config_set_workers(mlab_config *config,
                                uint32_t workers);

/**
 * Sets how many jobs may be open at once in a client; one more is MLAB_E_BUSY. The default is 100000.
 *
 * @param config changed.
 * @param max_jobs 1 to 10000000.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API int32_t mlab_config_set_max_jobs(mlab_config *config, uint32_t max_jobs);

/**
 * Sets what mlab_fetch_queued() and mlab_parse() use from now on, in the whole process. Calls under way keep theirs.
 *
 * A library inside a larger program should leave this to the program.
 *
 * @param config copied; NULL for the built-in settings.
 * @return MLAB_OK; MLAB_E_INVALID_ARGUMENT: the config has a transport that is pulled, which needs a client.
 * @note Threads: any, while no other thread changes the config.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_set_default_config(const mlab_config *config);

/* --------------------------------------------------------------------------------------------------------------------
 * The log
 *
 * What the library does, as it does it. Nothing is logged unless you ask for it.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * How much an entry of the log matters, as mlab_config_set_log() and mlab_log_fn have it.
 */
typedef enum mlab_log_levels {
    /**
     * A call failed for good, or a job, which is logged when its end is delivered. Your own cancel is no failure.
     */
    MLAB_LOG_ERROR = 1,
    /**
     * Something failed and will be tried again, or a deadline came.
     */
    MLAB_LOG_WARNING = 2,
    /**
     * What was done; one entry a poll.
     */
    MLAB_LOG_INFO = 3,
    /**
     * How it was done: pauses, redirects followed, waits for a turn under requests_per_second.
     */
    MLAB_LOG_DEBUG = 4,
} mlab_log_levels;

/**
 * Takes one entry of the log.
 *
 * It is called only inside a call that you made, on the thread that made it, with no lock of this library held; calls on
 * several threads may call it at once. Inside it, any function of this library may be called; after mlab_client_free() it
 * is not called for that client any more, but for what is said there. It must return, and throw no exception.
 *
 * @param user as it was set.
 * @param level MLAB_LOG_ERROR to MLAB_LOG_DEBUG.
 * @param area a short word, such as "poll"; valid during the call only.
 * @param text one line, without your key; valid during the call only.
 */
typedef void (*mlab_log_fn)(void *user, int32_t level, const char *area, const char *text);

/**
 * Sets what takes the log, and how much of it. The default is nothing.
 *
 * Entries of a client's jobs and of its own threads are kept, at most the last 256 of them, until they can be delivered:
 * inside mlab_client_fetch(), mlab_client_wait(), mlab_client_download(), mlab_client_download_memory(),
 * mlab_client_submit(), mlab_client_next_event() and mlab_client_next_exchange() on that client, and in no other call.
 * What is left when the client is freed is dropped.
 *
 * @param config changed.
 * @param level entries of this level and those that matter more: MLAB_LOG_ERROR to MLAB_LOG_DEBUG; 0 is off.
 * @param log called for each entry; NULL for nowhere.
 * @param user handed to it; must stay valid as long as anything made from this config is used.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_config_set_log(mlab_config *config,
                            int32_t level,
                            mlab_log_fn log,
                            void *user);

/* --------------------------------------------------------------------------------------------------------------------
 * The client
 *
 * Keeps connections open between calls, tries again after failures that may pass, and waits for jobs. One client serves
 * any number of threads. Make one for each key, and free it when the program ends. After fork() a client belongs to the
 * parent: in the child every call answers MLAB_E_FORKED, and freeing it is safe.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Makes a client. Nothing is sent and no thread is made.
 *
 * A client is made on failure too, to say why: mlab_client_message(). Each call on it then answers the same status; there
 * are no jobs and no descriptor, and shutting it down succeeds. It is freed as any other.
 *
 * @param key your API key, 1 to 4096 bytes of UTF-8 without control characters; copied.
 * @param config copied; NULL for the default settings.
 * @param[out] out receives a client to be freed with mlab_client_free(), on success and on failure; not NULL.
 * @return MLAB_OK; MLAB_E_INVALID_ARGUMENT: the key cannot be used, or out is NULL; MLAB_E_INTERNAL: the one failure
 * after which *out is NULL.
 * @note Threads: any, while no other thread changes the config.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_client_new(const char *key,
                        const mlab_config *config,
                        mlab_client **out);

/**
 * Why the client was refused, in one line of at most 1024 bytes that names the argument, without your key.
 *
 * @param client borrowed; may be NULL.
 * @return a string borrowed until mlab_client_free(), never NULL; empty for a client that was not refused.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API const char *mlab_client_message(const mlab_client *client);

/**
 * Ends a client. Calls inside it end with MLAB_E_CLOSED; waits up to one second for them to leave.
 *
 * Once it has returned, your functions and pointers are not used for this client any more, unless a thread is still in one
 * of your functions then, or on its way into it. What takes longer, such as a write to a slow disk, ends by itself and is
 * dropped.
 *
 * @param client consumed; NULL does nothing.
 * @note Threads: any, also while other threads are inside the client, and inside a callback: then it waits for nobody.
 * A call that began before it returned is answered MLAB_E_CLOSED, or as usual if it had its answer already; none may begin
 * afterwards.
 * @since 0.1.0
 */
MLAB_API
void mlab_client_free(mlab_client *client);

/**
 * Polls a job, and again after failures that may pass. Does not wait for the job.
 *
 * Blocks for at most the request timeout, tries and pauses included. With a transport of your own
 * (mlab_config_set_transport()), a thread that would itself have to bring the answer blocks for all of that time.
 *
 * @param client used.
 * @param id 1 to 128 of the characters A-Z a-z 0-9 . _ ~ -, but not "." or ".."; copied.
 * @param cancel ends the call; NULL for none.
 * @param[out] out receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
 * @return as mlab_fetch_queued(); also MLAB_E_CANCELLED, MLAB_E_CLOSED, MLAB_E_FORKED.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_client_fetch(const mlab_client *client,
                          const char *id,
                          const mlab_cancel *cancel,
                          mlab_result **out);

/**
 * Waits for a job: polls once, then whenever it is worthwhile, until the job ends or the deadline comes.
 *
 * A wait or job for an id that has just ended, successfully or not, gets the same reply if it begins within the
 * shortest gap between polls (mlab_request_set_poll_ms()): nothing is sent, and mlab_result_attempts() and the events
 * say 1. That gap holds for all waits and jobs of a client on one id: one that begins just after a poll waits for the
 * next.
 *
 * A failure that may pass does not end the wait, one that will not pass does at once. MLAB_E_NOT_FOUND is tolerated
 * for the first 15 seconds, since the server may not know a new job yet. Polls gather around the eta; once four in a
 * row were right, most waits go straight to theirs, until one is wrong. Blocks for at most the deadline of the request;
 * with a transport of your own (mlab_config_set_transport()), a thread that would itself have to bring the answers
 * blocks for all of that time.
 *
 * @param client used.
 * @param request copied.
 * @param cancel ends the wait; NULL for none.
 * @param[out] out receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
 * @return MLAB_OK: the images are there. MLAB_E_DEADLINE: the result has the last thing known, and a later wait can go
 * on. MLAB_E_CANCELLED, MLAB_E_CLOSED, MLAB_E_FORKED. Else as mlab_fetch_queued(), though MLAB_PROCESSING only after
 * mlab_request_set_poll_once(), and with images as mlab_client_download().
 * @note Threads: any, any number at once.
 * @since 0.1.0
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
 * Called after each poll that did not end the wait.
 *
 * It is called inside mlab_client_wait(), on the thread that called it, with no lock of this library held. Inside it, any
 * function of this library may be called, also those that free the client, the request or the cancel in use. It must
 * return, and throw no exception.
 *
 * @param user as it was set.
 * @param polls how many polls were made so far.
 * @param elapsed_ms milliseconds since the start of the wait.
 * @param eta_ms how much longer the last reply expected the job to take, in milliseconds; -1 if it did not say.
 * @param next_poll_ms when the next poll is due, in milliseconds since the start of the wait.
 * @return 0 to go on; any other value ends the wait with MLAB_E_CANCELLED.
 */
typedef int32_t (*mlab_progress_fn)(void *user,
                                    int32_t polls,
                                    int64_t elapsed_ms,
                                    int64_t eta_ms,
                                    int64_t next_poll_ms);

/**
 * Makes a request for a job.
 *
 * @param id the id that the generation call returned, 1 to 128 of the characters A-Z a-z 0-9 . _ ~ -, but not "." or "..";
 * copied. One that cannot be used is refused by the call that uses the request; mlab_request_message() has the reason at once.
 * @return a request to be freed with mlab_request_free(); NULL only after an internal error.
 * @note Threads: any.
 * @since 0.1.0
 */
MLAB_API
mlab_request *mlab_request_new(const char *id);

/**
 * Ends a request. Waits that use it go on.
 *
 * @param request consumed; NULL does nothing.
 * @note Threads: any; no other thread may pass it to a function any more.
 * @since 0.1.0
 */
MLAB_API void mlab_request_free(mlab_request *request);

/**
 * Why the last setter refused its value, or why the id cannot be used: one line that names the argument.
 *
 * @param request borrowed; may be NULL.
 * @return a string borrowed until the next setter or mlab_request_free(), never NULL; empty if the last setter accepted
 * its value and the id can be used.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
const char *mlab_request_message(const mlab_request *request);

/**
 * Sets how long the wait may take in all. The default is 10 minutes.
 *
 * @param request changed.
 * @param deadline_ms milliseconds from the start of the wait, at least 1; more than 24 hours count as 24
 *   hours.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API int32_t mlab_request_set_deadline_ms(mlab_request *request, uint32_t deadline_ms);

/**
 * Sets how far apart polls are: never closer than min_ms, and never further than max_ms, unless the server asks for a longer
 * pause, or says an eta to a client whose etas have proved right. The defaults are 2 and 15 seconds.
 *
 * @param request changed.
 * @param min_ms milliseconds, at least 1000.
 * @param max_ms milliseconds, at least min_ms; more than 24 hours count as 24 hours.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_request_set_poll_ms(mlab_request *request,
                                 uint32_t min_ms,
                                 uint32_t max_ms);

/**
 * Sets how long the job is expected to take, as the generation call's reply said ("eta", in seconds there). Replies to
 * polls mostly say nothing about it.
 *
 * @param request changed.
 * @param eta_ms milliseconds from the start of the wait; more than 24 hours count as 24 hours.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_request_set_eta_ms(mlab_request *request,
                                uint32_t eta_ms);

/**
 * Sets whether the job is polled once only: it ends with the first answer, as mlab_client_fetch() would give it,
 * MLAB_PROCESSING too. It is a fetch for programs that may not block, and waits for no gap between polls; the eta and
 * mlab_request_set_poll_ms() mean nothing to it. Failures that may pass are retried as mlab_config_set_retries() says, all
 * within the request timeout, or a deadline that comes before; by its end the images must be there too, if they are to be
 * had. While the server's rate limit holds the client back it waits, and ends with MLAB_E_RATE_LIMITED if that takes
 * longer. As every job it is one of mlab_config_set_max_jobs(), and has one of mlab_config_set_workers() while the
 * server answers. The default is 0.
 *
 * @param request changed.
 * @param once 0 for a wait, anything else for one poll.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_request_set_poll_once(mlab_request *request,
                                   int32_t once);

/**
 * Sets a number of your own that comes back with every event of this job. The default is 0.
 *
 * @param request changed.
 * @param tag any number.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API int32_t mlab_request_set_tag(mlab_request *request, uint64_t tag);

/**
 * Sets a function to be called after each poll of mlab_client_wait() that did not end it. The default is none.
 *
 * @param request changed.
 * @param progress NULL for none.
 * @param user handed to it; must stay valid during the wait.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_request_set_progress(mlab_request *request,
                                  mlab_progress_fn progress,
                                  void *user);

/* --------------------------------------------------------------------------------------------------------------------
 * Cancel
 *
 * Stops calls from another thread, whatever they are doing: name lookup, connecting, TLS, sending, receiving,
 * sleeping. The call returns MLAB_E_CANCELLED within 250 ms (but see mlab_config_set_roots()). A reply that is complete
 * already wins: the call then returns it.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Makes a cancel that is not triggered.
 *
 * @return a cancel to be freed with mlab_cancel_free(); NULL only after an internal error.
 * @note Threads: any.
 * @since 0.1.0
 */
MLAB_API mlab_cancel *mlab_cancel_new(void);

/**
 * Ends every call that uses this cancel, and every later one at once. It cannot be undone: make a new one.
 *
 * Not for signal handlers: set a flag there, and trigger from a thread or a progress callback.
 *
 * @param cancel used; NULL does nothing.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API void mlab_cancel_trigger(const mlab_cancel *cancel);

/**
 * Ends a cancel. Calls that use it go on, and can no longer be cancelled with it.
 *
 * @param cancel consumed; NULL does nothing.
 * @note Threads: any, also while calls use it; no other thread may pass it to a function any more.
 * @since 0.1.0
 */
MLAB_API void mlab_cancel_free(mlab_cancel *cancel);

/* --------------------------------------------------------------------------------------------------------------------
 * Jobs
 *
 * For game loops, and for many ids at once: submit a request, go on, and pull what happened once a frame. Polls are made
 * on threads of the client: none before the first job or image, at most mlab_config_set_workers(), named mlab-worker, with
 * all signals blocked. No callback is ever called from them. Jobs on the same id share their polls.
 *
 * Each job ends with exactly one MLAB_EVENT_DONE, also after a cancel, a failure or a shutdown; before that there may be
 * MLAB_EVENT_PROGRESS, at most one undelivered a job. A waiting job costs memory, no thread.
 *
 * An event loop waits on mlab_client_event_fd() beside its other descriptors, no longer than
 * mlab_client_next_due_ms(), and then calls mlab_client_next_event(client, 0, &event) until it returns anything but
 * MLAB_OK.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Opens a job and returns at once.
 *
 * Its deadline counts from now. The progress function of the request is not called: pull events. Whatever goes wrong
 * with the job itself, such as a folder that cannot be written into, is reported by its MLAB_EVENT_DONE. A job for an
 * id that has just ended may end by the same reply: see mlab_client_wait().
 *
 * @param client used.
 * @param request copied.
 * @param[out] job receives the job's number, which is never 0 and never used again by this client; 0 on failure;
 *   may be NULL. Its first event may be pulled by another thread before this returns.
 * @return MLAB_OK; also where the request's URL must not be fetched: the job then ends with MLAB_E_UNSAFE_URL. There is no
 * job after MLAB_E_INVALID_ARGUMENT: client or request is NULL, the request's id cannot be used, or its URL is NULL or not
 * UTF-8 (see mlab_request_message()); MLAB_E_BUSY: as many jobs are open as mlab_config_set_max_jobs() allows;
 * MLAB_E_CLOSED, MLAB_E_FORKED.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_client_submit(const mlab_client *client,
                           const mlab_request *request,
                           uint64_t *job);

/**
 * The next event.
 *
 * @param client used.
 * @param timeout_ms how long to wait for an event if there is none; 0 never blocks.
 * @param[out] out receives an event to be freed with mlab_event_free(), or NULL; not NULL itself.
 * @return MLAB_OK: an event. MLAB_NO_EVENT: none came in time, or mlab_client_wakeup() ended the wait. A loop that
 * pulls ends at any negative status: MLAB_E_CLOSED: the client was shut down and nothing is left, told at once;
 * MLAB_E_FORKED; MLAB_E_INVALID_ARGUMENT: client or out is NULL; for a client that was refused, the status of
 * mlab_client_new().
 * @note Threads: any, any number at once; an event goes to one of them.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_client_next_event(const mlab_client *client,
                               uint32_t timeout_ms,
                               mlab_event **out);

/**
 * A descriptor for event loops: epoll, libuv, asyncio, select and their like. On Unix only; see also
 * mlab_client_event_handle().
 *
 * It is readable while mlab_client_next_event(client, 0, ...) would deliver or move something, while there is an
 * exchange to be pulled, and once the client was shut down. Whoever finds it readable calls mlab_client_next_event()
 * until that returns anything but MLAB_OK; reading from it is allowed, and not needed. It is one end of a pair of
 * sockets, non-blocking and closed on exec. It belongs to the client: never close it. If somebody closes it all the
 * same, this function gives -1 from then on.
 *
 * @param client used; may be NULL.
 * @return the descriptor, the same at each call, made at the first; valid until mlab_client_free(). -1 where there is
 * none: on Windows, when no descriptor is free, in a forked child, for NULL, for a client that was refused.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_client_event_fd(const mlab_client *client);

/**
 * The same as mlab_client_event_fd() for Windows: a manual-reset event, for WaitForMultipleObjects() and its like.
 * It is signalled while that would be readable. It belongs to the client: never close it, nor set or reset it.
 *
 * @param client used; may be NULL.
 * @return a HANDLE, the same at each call, made at the first; valid until mlab_client_free(). NULL where there is
 * none: on any other system than Windows, when no handle is free, for NULL, for a client that was refused.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
void *mlab_client_event_handle(const mlab_client *client);

/**
 * When mlab_client_next_event() has something to do that no descriptor tells of: the deadline of a job, or with a
 * transport a poll that is due. An event loop waits no longer than that.
 *
 * @param client used; may be NULL.
 * @return milliseconds from now, rounded up, 0 if there is something already; -1 if nothing is planned, in a forked
 * child, for NULL, for a client that was refused.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
int64_t mlab_client_next_due_ms(const mlab_client *client);

/**
 * Stops a job, or all jobs. Its MLAB_EVENT_DONE has the status MLAB_E_CANCELLED, unless its end had come already.
 *
 * @param client used.
 * @param job the number that mlab_client_submit() gave; 0 for all jobs.
 * @return MLAB_OK. MLAB_E_INVALID_ARGUMENT: client is NULL, or there is no such job any more: its end was delivered.
 * MLAB_E_CLOSED: the client was freed meanwhile. MLAB_E_FORKED.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_client_cancel_job(const mlab_client *client,
                               uint64_t job);

/**
 * How many jobs are open: submitted, and their MLAB_EVENT_DONE not yet pulled.
 *
 * @param client used; may be NULL.
 * @return the number; 0 for NULL, in a forked child and for a client that was refused.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API size_t mlab_client_pending(const mlab_client *client);

/**
 * Ends every wait of this moment in mlab_client_next_event() and mlab_client_next_exchange() with MLAB_NO_EVENT; if
 * there is none, the next one that begins. It does not make mlab_client_event_fd() readable. To end several threads
 * that pull, use mlab_client_shutdown().
 *
 * @param client used; NULL does nothing.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
void mlab_client_wakeup(const mlab_client *client);

/**
 * Ends all jobs and calls with MLAB_E_CLOSED, and waits until those calls have returned and the client's threads have
 * ended. Nothing can begin afterwards.
 *
 * For hot reload: after MLAB_OK no code of the library runs for this client, and none of your functions will be
 * called. A name lookup that the system does not return from belongs to the process, and may still run. Events that
 * were not pulled still can be.
 *
 * @param client used.
 * @param timeout_ms how long to wait.
 * @return MLAB_OK, also for a client that was refused; MLAB_E_BUSY: a call or thread has not ended in time, call it
 * again; MLAB_E_INVALID_ARGUMENT: client is NULL; MLAB_E_CLOSED: it was freed meanwhile; MLAB_E_FORKED.
 * @note Threads: any, any number at once. Inside a callback, whichever client it is of, it does not wait: the call that made
 * it cannot leave meanwhile.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_client_shutdown(const mlab_client *client,
                             uint32_t timeout_ms);

/* --------------------------------------------------------------------------------------------------------------------
 * Events
 *
 * What mlab_client_next_event() gives: an event is a snapshot, and says what happened to which job.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * What mlab_event_kind() gives. Later versions may have more: ignore what you do not know.
 */
typedef enum mlab_event_kinds {
    /**
     * A poll was made that did not end the job, or bytes of its images came.
     */
    MLAB_EVENT_PROGRESS = 1,
    /**
     * The job has ended; the event has its result.
     */
    MLAB_EVENT_DONE = 2,
    /**
     * An image of the job is there: mlab_event_index() says which, and the event's result has it alone, at
     * that index. Only where mlab_request_set_image_events() asks for it.
     */
    MLAB_EVENT_IMAGE = 3,
} mlab_event_kinds;

/**
 * Ends an event, and its result unless that was taken.
 *
 * @param event consumed; NULL does nothing.
 * @note Threads: any; no other thread may use the event any more.
 * @since 0.1.0
 */
MLAB_API void mlab_event_free(mlab_event *event);

/**
 * What happened.
 *
 * @param event borrowed; may be NULL.
 * @return MLAB_EVENT_PROGRESS, MLAB_EVENT_DONE or MLAB_EVENT_IMAGE; later versions may have more, to be ignored; 0 for
 * NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_event_kind(const mlab_event *event);

/**
 * Which image of the job is there.
 *
 * @param event borrowed; may be NULL.
 * @return its index, from 0, that of its URL; -1 unless the kind is MLAB_EVENT_IMAGE.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API int32_t mlab_event_index(const mlab_event *event);

/**
 * The number of the job that the event tells of.
 *
 * @param event borrowed; may be NULL.
 * @return the number that mlab_client_submit() gave; 0 for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API uint64_t mlab_event_job(const mlab_event *event);

/**
 * Your own number for the job: mlab_request_set_tag().
 *
 * @param event borrowed; may be NULL.
 * @return the number; 0 for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API uint64_t mlab_event_tag(const mlab_event *event);

/**
 * The status of the job.
 *
 * @param event borrowed; may be NULL.
 * @return MLAB_PROCESSING for MLAB_EVENT_PROGRESS; for MLAB_EVENT_DONE the status of its result, as mlab_client_wait()
 * would return it; MLAB_OK for MLAB_EVENT_IMAGE; MLAB_E_INVALID_ARGUMENT for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_event_status(const mlab_event *event);

/**
 * The result of a job that has ended, or the image that is there.
 *
 * @param event borrowed; may be NULL.
 * @return a result borrowed until mlab_event_free(); NULL for MLAB_EVENT_PROGRESS, for NULL, and after
 * mlab_event_take_result().
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API const mlab_result *mlab_event_result(const mlab_event *event);

/**
 * Takes the result out of the event, to keep it longer than that.
 *
 * @param event changed; may be NULL.
 * @return a result to be freed with mlab_result_free(); NULL where mlab_event_result() would give NULL.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API mlab_result *mlab_event_take_result(mlab_event *event);

/**
 * How many times the job was polled so far.
 *
 * @param event borrowed; may be NULL.
 * @return the number; 0 for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API int32_t mlab_event_polls(const mlab_event *event);

/**
 * How long the job has run, in milliseconds since it was submitted.
 *
 * @param event borrowed; may be NULL.
 * @return milliseconds; 0 for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API int64_t mlab_event_elapsed_ms(const mlab_event *event);

/**
 * How much longer the last reply expected the job to take, in milliseconds.
 *
 * @param event borrowed; may be NULL.
 * @return milliseconds; -1 if it did not say, and for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API int64_t mlab_event_eta_ms(const mlab_event *event);

/**
 * When the next poll is due, in milliseconds since the job was submitted.
 *
 * @param event borrowed; may be NULL.
 * @return milliseconds; -1 for MLAB_EVENT_DONE, while images are downloaded, and for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API int64_t mlab_event_next_poll_ms(const mlab_event *event);

/**
 * How many bytes of the job's images have come.
 *
 * It can become less: an image that turns out bad is begun again.
 *
 * @param event borrowed; may be NULL.
 * @return bytes of all images of the job together; 0 before the first, and for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API int64_t mlab_event_bytes_done(const mlab_event *event);

/**
 * How many bytes the job's images are in all.
 *
 * @param event borrowed; may be NULL.
 * @return bytes of all images of the job together; -1 until the size of each is known, and for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API int64_t mlab_event_bytes_total(const mlab_event *event);

/* --------------------------------------------------------------------------------------------------------------------
 * Images
 *
 * Downloads the images themselves, whole and safely: of a job, with mlab_request_set_download_dir() or
 * mlab_request_set_download_memory() before mlab_client_wait() or mlab_client_submit(), which then end when all images are
 * there; or one by its URL.
 *
 * WHOLE OR NOT AT ALL. A file is written under another name in the same folder, put on the disk and renamed over its
 * target: the target is the old file or the whole new one. It is whole if its length was said and came, and the
 * image's own bytes lead to their end (PNG, JPEG, WebP, GIF; AVIF and MP4, which have none, need the length). A
 * download that broke off is resumed where it stood, if the server still has the same file.
 *
 * TIME. A link that answers 404 or 403 is asked again for up to a minute, since links work some time after success;
 * after other failures that may pass, a missing connection among them, it is tried again for at least a minute, and at
 * least as often as mlab_config_set_retries() says. A server may be silent for as long as the request timeout. All of
 * it is bounded by the deadline (10 minutes unless set), and ended by a cancel within 250 ms.
 *
 * SAFETY. A URL of the server is followed only over https, to port 443 of a public name, and only to addresses of the
 * public internet: never to this machine or a private network, however it is spelled, and not by redirects either (at
 * most 5 are followed). Where the endpoint is this machine itself, the images may be there too, also over http.
 * Neither your key nor any header of yours is sent. Behind a proxy it is the proxy that looks names up: then only URLs
 * are judged here, and addresses are the proxy's affair.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Sets the largest image taken into a file, in bytes; a larger one is MLAB_E_TOO_LARGE. The default is 64 MiB.
 *
 * @param config changed.
 * @param max_bytes 1 to 9223372036854775807 (2^63 - 1).
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_config_set_image_limit(mlab_config *config,
                                    uint64_t max_bytes);

/**
 * Sets how many images of one job are downloaded at most. The default is 64. A job that lists more ends with
 * MLAB_E_TOO_LARGE: its result has all URLs, and as many images as this.
 *
 * @param config changed.
 * @param count 1 to 10000.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API int32_t mlab_config_set_max_images(mlab_config *config, uint32_t count);

/**
 * Lets the images of the job be downloaded into memory. Of this function and those for a folder or a file, the last
 * call counts.
 *
 * @param request changed.
 * @param max_bytes the largest image taken, 1 to 9223372036854775807 (2^63 - 1); a larger one is MLAB_E_TOO_LARGE.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_request_set_download_memory(mlab_request *request,
                                         uint64_t max_bytes);

/**
 * Lets the images of the job be downloaded into files of a folder, named by id, index and type of image, such as
 * 12202888-0.png. Files of those names are replaced.
 *
 * The folder must exist when the wait or job begins, and be one that can be written into: this is checked before the
 * first poll, and if it is not so the wait or job ends with MLAB_E_FILE. Of this function and
 * mlab_request_set_download_memory(), the last call counts.
 *
 * @param request changed; not one made by mlab_request_new_download().
 * @param path the folder, in UTF-8 on every platform; copied.
 * @param flags 0; others are for later versions.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_request_set_download_dir(mlab_request *request,
                                      const char *path,
                                      uint32_t flags);

/**
 * Makes a request for one image by its URL. Unless mlab_request_set_download_file() is called, the image is taken into
 * memory, and may have at most 64 MiB.
 *
 * @param url as mlab_result_urls() has it, also a data: URL or base64; copied. NULL and what is not UTF-8 is refused by
 * the call that uses the request; mlab_request_message() has the reason at once. One that leads where no image should be
 * fetched from ends the wait or job with MLAB_E_UNSAFE_URL.
 * @return a request to be freed with mlab_request_free(); NULL only after an internal error.
 * @note Threads: any.
 * @since 0.1.0
 */
MLAB_API
mlab_request *mlab_request_new_download(const char *url);

/**
 * Lets the one image of the request be downloaded into a file.
 *
 * @param request changed; one made by mlab_request_new_download().
 * @param path the file, in UTF-8 on every platform; replaced if it is there, and a symbolic link is replaced itself; copied.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_request_set_download_file(mlab_request *request,
                                       const char *path);

/**
 * Lets each image of the job be an event of its own as soon as it is there: MLAB_EVENT_IMAGE. The default is none.
 *
 * @param request changed; one that downloads, submitted as a job. With any other this has no effect.
 * @param wanted 1 for events, 0 for none.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_request_set_image_events(mlab_request *request,
                                      int32_t wanted);

/**
 * Downloads one image into a file.
 *
 * Blocks for at most 10 minutes; mlab_client_wait() with a request of mlab_request_new_download() does the same with
 * another deadline, and mlab_client_submit() without blocking.
 *
 * @param client used.
 * @param url as mlab_result_urls() has it, also a data: URL or base64; copied.
 * @param path the file, in UTF-8 on every platform; replaced if it is there, and a symbolic link is replaced itself.
 * @param cancel ends the call; NULL for none.
 * @param[out] out receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
 * @return MLAB_OK: the file is there. MLAB_E_UNSAFE_URL: the URL leads where no image should be fetched from, and
 * nothing was sent. MLAB_E_BAD_IMAGE: what came is no image, or not all of one. MLAB_E_FILE: path or reason are in the
 * message. MLAB_E_NOT_FOUND, MLAB_E_FORBIDDEN: the link does not work yet, or no longer. MLAB_E_TOO_LARGE,
 * MLAB_E_DEADLINE, MLAB_E_CANCELLED, MLAB_E_CLOSED, MLAB_E_FORKED. Else as mlab_fetch_queued().
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_client_download(const mlab_client *client,
                             const char *url,
                             const char *path,
                             const mlab_cancel *cancel,
                             mlab_result **out);

/**
 * Downloads one image into memory: mlab_result_image(result, 0, ...) has it. Otherwise as mlab_client_download().
 *
 * @param client used.
 * @param url as mlab_result_urls() has it, also a data: URL or base64; copied.
 * @param max_bytes the largest image taken, 1 to 9223372036854775807 (2^63 - 1); a larger one is MLAB_E_TOO_LARGE.
 * @param cancel ends the call; NULL for none.
 * @param[out] out receives a result to be freed with mlab_result_free(), on success and on failure; not NULL.
 * @return as mlab_client_download(), but not MLAB_E_FILE; MLAB_E_NO_RESOURCES: there is not so much memory.
 * @note Threads: any, any number at once.
 * @since 0.1.0
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
 * @param result borrowed; may be NULL.
 * @return the number. If the status is not MLAB_OK, some of them may be missing: the functions below say so. The result of
 * an MLAB_EVENT_IMAGE has no URLs, and one image alone, at its own index: the number is that index and 1.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
size_t mlab_result_image_count(const mlab_result *result);

/**
 * The bytes of an image that was downloaded into memory.
 *
 * @param result borrowed; may be NULL.
 * @param index that of its URL, from 0.
 * @param[out] len receives the number of bytes, or 0; may be NULL.
 * @return the bytes, borrowed until mlab_result_free(); NULL if the image is in a file or missing.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API const void *mlab_result_image(const mlab_result *result, size_t index, size_t *len);

/**
 * The file that an image was downloaded into.
 *
 * @param result borrowed; may be NULL.
 * @param index that of its URL, from 0.
 * @return the path in UTF-8, borrowed until mlab_result_free(); NULL if the image is in memory or missing.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API const char *mlab_result_image_path(const mlab_result *result, size_t index);

/**
 * The type of an image, as its own bytes show it.
 *
 * @param result borrowed; may be NULL.
 * @param index that of its URL, from 0.
 * @return image/png, image/jpeg, image/webp, image/gif, image/avif or video/mp4, a string that is always there; NULL if
 * the image is missing.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
const char *mlab_result_image_type(const mlab_result *result,
                                   size_t index);

/**
 * The width of an image in pixels, as its header says it.
 *
 * @param result borrowed; may be NULL.
 * @param index that of its URL, from 0.
 * @return the width; 0 if the image is missing, or an AVIF or MP4 that does not say.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API uint32_t mlab_result_image_width(const mlab_result *result, size_t index);

/**
 * The height of an image in pixels, as its header says it.
 *
 * @param result borrowed; may be NULL.
 * @param index that of its URL, from 0.
 * @return the height; 0 if the image is missing, or an AVIF or MP4 that does not say.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API uint32_t mlab_result_image_height(const mlab_result *result, size_t index);

/* --------------------------------------------------------------------------------------------------------------------
 * Your own HTTP
 *
 * With a transport your program performs the HTTP exchanges, polls and images alike (mlab_exchange_kind()): for consoles, an
 * engine's own stack, tests. The library then makes no socket, and a thread, named mlab-file, only for what may take long on
 * this machine: images that go into files, and images that stand in the reply itself. Exchanges come to you in one of two
 * ways.
 *
 * CALLED: mlab_config_set_transport(). Your functions are called inside mlab_fetch_queued(), mlab_client_fetch(),
 * mlab_client_wait(), mlab_client_download(), mlab_client_download_memory(), mlab_client_next_event(),
 * mlab_client_cancel_job(), mlab_client_shutdown() and mlab_client_free(), on the thread that called; by several threads at
 * once, if several call.
 *
 * PULLED: mlab_config_set_transport_pull(), and mlab_client_next_exchange() gives them: no function of yours is
 * called. For languages that C had better not call.
 *
 * Either way jobs move on only inside mlab_client_next_event() and mlab_client_next_exchange(), so call one of them
 * every frame, or when mlab_client_event_fd() is readable or mlab_client_next_due_ms() has come. Send what the
 * exchange says, and answer it once: at once or later, from any thread. A blocking call (mlab_client_fetch(),
 * mlab_client_wait(), mlab_client_download(), mlab_client_download_memory(), mlab_fetch_queued()) waits for answers on
 * its own thread: if that thread is the one that would bring them, it blocks for its whole timeout. With pulled
 * exchanges another thread must pull while it blocks.
 *
 * Verify TLS. Do not follow redirects: the request may hold the API key, and the library judges where it may go. If
 * your HTTP stack follows them in any case, compare the URL that it ended at with that of the exchange, and fail with
 * MLAB_E_REDIRECT if they differ. Do not log the body.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Begins an exchange. It must return without waiting for the reply, and throw no exception.
 *
 * @param user as it was set.
 * @param exchange yours: answer it with mlab_exchange_reply() or mlab_exchange_fail(), then end it with
 * mlab_exchange_free().
 */
typedef void (*mlab_transport_start_fn)(void *user, mlab_exchange *exchange);

/**
 * Told that nobody waits for an exchange any more: it was cancelled or has run out of time. It may still be answered,
 * to no effect, and must still be freed. It must return at once, and throw no exception.
 *
 * @param user as it was set.
 * @param id mlab_exchange_id() of the exchange.
 */
typedef void (*mlab_transport_cancel_fn)(void *user, uint64_t id);

/**
 * Sets functions that perform the HTTP exchanges. The default is the library itself.
 *
 * With a transport the settings for timeouts, body limit, user agent and endpoint apply; those for proxy, CA and roots
 * are yours to handle. mlab_config_set_workers() then limits the exchanges under way for jobs at once. Of this
 * function and mlab_config_set_transport_pull(), the last call counts.
 *
 * @param config changed.
 * @param start begins an exchange; NULL for the library's own HTTP.
 * @param cancel told of exchanges that nobody waits for any more; may be NULL.
 * @param user handed to both; must stay valid as long as anything made from this config is used.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_config_set_transport(mlab_config *config,
                                  mlab_transport_start_fn start,
                                  mlab_transport_cancel_fn cancel,
                                  void *user);

/**
 * Lets exchanges be pulled with mlab_client_next_exchange(), with no function of yours. Otherwise as
 * mlab_config_set_transport(); of the two, the last call counts.
 *
 * @param config changed; it cannot become the default config, since calls without a client have nobody who pulls.
 * @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_config_set_transport_pull(mlab_config *config);

/**
 * The next exchange to perform, for a client whose config has mlab_config_set_transport_pull().
 *
 * One that nobody waits for any more before it was pulled is not given; later, mlab_exchange_is_cancelled() tells.
 *
 * @param client used.
 * @param timeout_ms how long to wait for an exchange if there is none; 0 never blocks.
 * @param[out] out receives an exchange to be answered and then freed with mlab_exchange_free(), or NULL; not NULL itself.
 * @return MLAB_OK: an exchange. MLAB_NO_EVENT: none came in time, or mlab_client_wakeup() ended the wait. A loop that
 * pulls ends at any negative status: MLAB_E_CLOSED: the client was shut down, told at once; MLAB_E_FORKED;
 * MLAB_E_INVALID_ARGUMENT: client or out is NULL, or its exchanges are not pulled; for a client that was refused, the
 * status of mlab_client_new().
 * @note Threads: any, any number at once; an exchange goes to one of them.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_client_next_exchange(const mlab_client *client,
                                  uint32_t timeout_ms,
                                  mlab_exchange **out);

/* --------------------------------------------------------------------------------------------------------------------
 * Exchanges
 *
 * One HTTP request to send, and one answer to give. A poll sends a small body and brings a small reply. An image
 * brings many bytes: mlab_exchange_progress() tells of them as they come, and mlab_exchange_write() takes them in
 * pieces, so that an image is not held twice.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * What mlab_exchange_kind() gives. Later versions may have more: fail what you do not know.
 */
typedef enum mlab_exchange_kinds {
    /**
     * A poll: its request holds the API key, its reply is JSON.
     */
    MLAB_EXCHANGE_POLL = 1,
    /**
     * An image: its request holds no key and no header of the client.
     */
    MLAB_EXCHANGE_IMAGE = 2,
} mlab_exchange_kinds;

/**
 * The number of an exchange, never 0 and never used twice in the process.
 *
 * @param exchange borrowed; may be NULL.
 * @return the number; 0 for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API uint64_t mlab_exchange_id(const mlab_exchange *exchange);

/**
 * What an exchange brings.
 *
 * @param exchange borrowed; may be NULL.
 * @return MLAB_EXCHANGE_POLL or MLAB_EXCHANGE_IMAGE; 0 for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API int32_t mlab_exchange_kind(const mlab_exchange *exchange);

/**
 * The HTTP method to use.
 *
 * @param exchange borrowed; may be NULL.
 * @return a static string: "POST" for a poll, "GET" for an image; "" for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API const char *mlab_exchange_method(const mlab_exchange *exchange);

/**
 * Where to send the request.
 *
 * @param exchange borrowed; may be NULL.
 * @return an absolute URL borrowed until mlab_exchange_free(); "" for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API const char *mlab_exchange_url(const mlab_exchange *exchange);

/**
 * The name of a header to send.
 *
 * @param exchange borrowed; may be NULL.
 * @param index from 0.
 * @return a string borrowed until mlab_exchange_free(); NULL if there is no such header.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API const char *mlab_exchange_header_name(const mlab_exchange *exchange, size_t index);

/**
 * The value of a header to send.
 *
 * @param exchange borrowed; may be NULL.
 * @param index from 0.
 * @return a string borrowed until mlab_exchange_free(); NULL if there is no such header.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API const char *mlab_exchange_header_value(const mlab_exchange *exchange, size_t index);

/**
 * The body to send. That of a poll holds the API key: send it, and do nothing else with it.
 *
 * @param exchange borrowed; may be NULL.
 * @param[out] len receives the number of bytes; may be NULL.
 * @return the bytes, borrowed until mlab_exchange_free(); NULL for an exchange without a body, and for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API const void *mlab_exchange_body(const mlab_exchange *exchange, size_t *len);

/**
 * The largest body that the library takes. Where a reply is larger, stop reading and fail with MLAB_E_TOO_LARGE.
 *
 * @param exchange borrowed; may be NULL.
 * @return bytes, at least 1; 0 for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
uint64_t mlab_exchange_body_limit(const mlab_exchange *exchange);

/**
 * How long the exchange may take in all, in milliseconds. Afterwards nobody waits for it.
 *
 * @param exchange borrowed; may be NULL.
 * @return milliseconds, at least 1 and at most 24 hours; 0 for NULL.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API uint32_t mlab_exchange_timeout_ms(const mlab_exchange *exchange);

/**
 * Whether nobody waits for the exchange any more: it was cancelled, or has run out of time. It may still be answered, to no
 * effect, and must still be freed.
 *
 * @param exchange borrowed; may be NULL.
 * @return 1 if so, and for NULL; else 0.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_exchange_is_cancelled(const mlab_exchange *exchange);

/**
 * Tells how many bytes of the body have come, for the events of the job. For MLAB_EXCHANGE_IMAGE; a poll ignores it.
 *
 * @param exchange used; NULL does nothing.
 * @param done bytes that have come.
 * @param total bytes in all; -1 if that is not known.
 * @note Threads: any, any number at once.
 * @since 0.1.0
 */
MLAB_API
void mlab_exchange_progress(const mlab_exchange *exchange,
                            uint64_t done,
                            int64_t total);

/**
 * Answers an exchange with the reply, whatever its HTTP status; redirects too.
 *
 * @param exchange answered; still to be freed.
 * @param http_status 100 to 599.
 * @param headers the reply's header lines, "Name: value" each, separated by line ends; only Content-Type, Retry-After,
 *   Date, Location, and for images Content-Length, Content-Range, Content-Encoding and ETag are used; may be NULL; copied.
 * @param body the body, decoded if it was compressed; copied. NULL only if len is 0. With MLAB_EXCHANGE_IMAGE and the
 *   http_status 200, 203 or 206, NULL says that the bytes follow: mlab_exchange_write().
 * @param len its number of bytes.
 * @return MLAB_OK. MLAB_E_INVALID_ARGUMENT: an argument is wrong and the exchange is not answered. MLAB_E_CLOSED: it was
 * answered before, and this answer is dropped. MLAB_E_NO_RESOURCES: there is no memory for the body, and the exchange is
 * not answered.
 * @note Threads: any, also inside the start function.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_exchange_reply(const mlab_exchange *exchange,
                            int32_t http_status,
                            const char *headers,
                            const void *body,
                            size_t len);

/**
 * Hands over the next bytes of an image whose reply came with body NULL.
 *
 * @param exchange one of the kind MLAB_EXCHANGE_IMAGE, answered by mlab_exchange_reply() with body NULL; still to be
 *   freed. Freed before the end, it counts as a broken connection.
 * @param bytes the bytes, in order; copied, and kept in memory until the image is whole; NULL only if len is 0.
 * @param len their number; 0 ends the body.
 * @return MLAB_OK: go on. Else stop reading: MLAB_E_CLOSED: the body has ended, or nobody waits for it any more;
 * MLAB_E_TOO_LARGE, MLAB_E_BAD_IMAGE, MLAB_E_NO_RESOURCES: the image has failed with that;
 * MLAB_E_INVALID_ARGUMENT: an argument is wrong, or the exchange takes no pieces.
 * @note Threads: one at a time.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_exchange_write(const mlab_exchange *exchange,
                            const void *bytes,
                            size_t len);

/**
 * Answers an exchange that brought no reply.
 *
 * @param exchange answered; still to be freed.
 * @param status why: MLAB_E_RESOLVE, MLAB_E_CONNECT, MLAB_E_TLS, MLAB_E_TIMEOUT, MLAB_E_NETWORK, MLAB_E_REDIRECT,
 *   MLAB_E_TOO_LARGE, MLAB_E_PROXY, MLAB_E_NO_RESOURCES; any other counts as MLAB_E_NETWORK.
 * @param message one line for people; may be NULL or empty; copied.
 * @return MLAB_OK; also for an image whose reply came and whose bytes were to follow. MLAB_E_INVALID_ARGUMENT: an argument
 * is wrong, such as a message that is not UTF-8, and the exchange is not answered. MLAB_E_CLOSED: it was answered before,
 * and this answer is dropped.
 * @note Threads: any, also inside the start function.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_exchange_fail(const mlab_exchange *exchange,
                           int32_t status,
                           const char *message);

/**
 * Ends an exchange. One that was not answered counts as a broken connection.
 *
 * @param exchange consumed; NULL does nothing.
 * @note Threads: any; no other thread may use the exchange any more.
 * @since 0.1.0
 */
MLAB_API void mlab_exchange_free(mlab_exchange *exchange);

/* --------------------------------------------------------------------------------------------------------------------
 * Identity
 *
 * Which library is loaded, and what its statuses mean. These functions allocate nothing and never fail.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * What mlab_status_group() gives. Later versions may have more: treat an unknown group as MLAB_GROUP_SYSTEM.
 */
typedef enum mlab_status_groups {
    /**
     * No failure, or no status of this version.
     */
    MLAB_GROUP_NONE = 0,
    /**
     * You passed something wrong; nothing was sent.
     */
    MLAB_GROUP_ARGUMENT = 1,
    /**
     * You ended it, or its time was over: cancel, deadline, shutdown, fork.
     */
    MLAB_GROUP_ENDED = 2,
    /**
     * This library, or the system under it: too much at once, no memory, a defect.
     */
    MLAB_GROUP_SYSTEM = 3,
    /**
     * The way to the server, or the server itself; most of it passes.
     */
    MLAB_GROUP_NETWORK = 4,
    /**
     * The key, and what its account may do and pay for.
     */
    MLAB_GROUP_ACCOUNT = 5,
    /**
     * The job: unknown, failed, or refused for a reason of its own.
     */
    MLAB_GROUP_JOB = 6,
    /**
     * An image or its file.
     */
    MLAB_GROUP_IMAGE = 7,
} mlab_status_groups;

/**
 * The version of the loaded library, such as "0.1.0"; MLAB_VERSION is that of the header.
 *
 * @return a static string, never NULL.
 * @note Threads: any.
 * @since 0.1.0
 */
MLAB_API const char *mlab_version(void);

/**
 * The version of the loaded library as a number: major * 65536 + minor * 256 + patch; compare it with
 * MLAB_VERSION_NUMBER.
 *
 * @return the number; 0.1.0 is 256.
 * @note Threads: any.
 * @since 0.1.0
 */
MLAB_API uint32_t mlab_version_number(void);

/**
 * The ABI of the loaded library. A program works with every library of the ABI it was built for (MLAB_ABI_VERSION)
 * whose version is not older than its header.
 *
 * @return the number, which is also the one in the file name libmlab.so.0.
 * @note Threads: any.
 * @since 0.1.0
 */
MLAB_API
uint32_t mlab_abi_version(void);

/**
 * The name of a status, such as "MLAB_E_AUTH".
 *
 * @param status any number.
 * @return a static string, never NULL; "MLAB_UNKNOWN" for a number that is no status of this version.
 * @note Threads: any.
 * @since 0.1.0
 */
MLAB_API const char *mlab_status_name(int32_t status);

/**
 * One English sentence for people: what a status means and what to do about it.
 *
 * @param status any number.
 * @return a static string, never NULL.
 * @note Threads: any.
 * @since 0.1.0
 */
MLAB_API const char *mlab_status_text(int32_t status);

/**
 * What kind of trouble a status is, to map statuses to the errors of another language without a list of your own.
 *
 * @param status any number.
 * @return one of mlab_status_groups; MLAB_GROUP_NONE for MLAB_OK, what is positive, and an unknown number.
 * @note Threads: any.
 * @since 0.1.0
 */
MLAB_API
int32_t mlab_status_group(int32_t status);

#ifdef __cplusplus
}
#endif

#endif /* MLAB_H */
