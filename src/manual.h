/**
 * @file
 *
 * mlab: fetches queued images of ModelsLab.                                                    Version @VERSION@
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
