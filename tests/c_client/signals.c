/* A host with a timer that signals a thousand times a second, as profilers and emulators have. */
#define _POSIX_C_SOURCE 200809L
#include "../c/harness.h"
#include "../c/next_event.h"
#include "client.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum { FETCHES = 200, EVERY_NS = 1000000, LEAST_SIGNALS = 200, DEADLINE_MS = 1500 };

static pthread_t host_thread;
static atomic_ulong signals, elsewhere;

static void count_signal(int number)
{
    (void)number;
    atomic_fetch_add(&signals, 1);
    if (!pthread_equal(pthread_self(), host_thread))
        atomic_fetch_add(&elsewhere, 1);
}

static timer_t begin(int flags)
{
    struct sigaction action;
    struct sigevent event;
    struct itimerspec every = {{0, EVERY_NS}, {0, EVERY_NS}};
    timer_t timer;

    host_thread = pthread_self();
    atomic_store(&signals, 0);
    atomic_store(&elsewhere, 0);
    memset(&action, 0, sizeof action);
    action.sa_handler = count_signal;
    action.sa_flags = flags;
    CHECK_INT(sigaction(SIGUSR1, &action, NULL), 0);
    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGUSR1;
    CHECK_INT(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    CHECK_INT(timer_settime(timer, 0, &every, NULL), 0);
    return timer;
}

static void end(timer_t timer)
{
    timer_delete(timer);
    CHECK(atomic_load(&signals) >= LEAST_SIGNALS);
    CHECK_SIZE(atomic_load(&elsewhere), 0);
}

/* How long a wait takes that ends by its deadline. */
static int64_t wait_to_the_end(const mlab_client *client, const mlab_request *never)
{
    mlab_result *result = NULL;
    int64_t start = test_now_ms(), took;
    CHECK_INT(mlab_client_wait(client, never, NULL, &result), MLAB_E_DEADLINE);
    took = test_now_ms() - start;
    CHECK(took >= DEADLINE_MS);
    CHECK(mlab_result_attempts(result) <= 2);
    mlab_result_free(result);
    return took;
}

static void call_under_signals(int flags)
{
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", NULL);
    mlab_request *soon = test_request("soon", 10000), *never = test_request("never", DEADLINE_MS);
    mlab_result *result = NULL;
    timer_t timer = begin(flags);
    int64_t took;

    for (int i = 0; i < FETCHES; i++)
        CHECK_INT(test_fetch(client, "1"), MLAB_OK);
    /* Each on a connection of its own: lookup, connect and handshake are signalled too. */
    for (int i = 0; i < FETCHES / 20; i++) {
        mlab_client *fresh = test_client("MLAB_TEST_ENDPOINT", NULL);
        errno = 4711;
        CHECK_INT(test_fetch(fresh, "1"), MLAB_OK);
        CHECK_INT(errno, 4711);
        mlab_client_free(fresh);
    }
    CHECK_INT(mlab_client_wait(client, soon, NULL, &result), MLAB_OK);
    CHECK_INT(mlab_result_attempts(result), 2);
    mlab_result_free(result);
    /* A sleep that each signal began anew would not end, one that each cut short would spin. Another program may delay one. */
    took = wait_to_the_end(client, never);
    for (int again = 0; again < 2 && took >= DEADLINE_MS + 250; again++)
        took = wait_to_the_end(client, never);
    CHECK(took < DEADLINE_MS + 250);
    end(timer);
    mlab_request_free(soon);
    mlab_request_free(never);
    mlab_client_free(client);
}

static void calls_and_waits_do_not_notice_signals_that_restart(void)
{
    call_under_signals(SA_RESTART);
}

static void calls_and_waits_do_not_notice_signals_that_interrupt(void)
{
    call_under_signals(0);
}

/* Into a file by a wait, into memory by a job. */
static void fetch_images(const mlab_client *client, const char *folder)
{
    mlab_request *files = test_request("1", 20000), *memory = test_request("1", 20000);
    mlab_result *result = NULL;
    mlab_event *event;
    CHECK_INT(mlab_request_set_download_dir(files, folder, 0), MLAB_OK);
    CHECK_INT(mlab_client_wait(client, files, NULL, &result), MLAB_OK);
    CHECK(mlab_result_image_path(result, 0) != NULL);
    mlab_result_free(result);
    CHECK_INT(mlab_request_set_download_memory(memory, 1 << 20), MLAB_OK);
    CHECK_INT(mlab_client_submit(client, memory, NULL), MLAB_OK);
    while ((event = next_event(client, 20000)) != NULL && mlab_client_pending(client) > 0)
        mlab_event_free(event);
    CHECK_INT(mlab_event_status(event), MLAB_OK);
    CHECK(mlab_result_image(mlab_event_result(event), 0, NULL) != NULL);
    mlab_event_free(event);
    mlab_request_free(files);
    mlab_request_free(memory);
}

static void images_and_jobs_do_not_notice_signals(void)
{
    const int flags[] = {SA_RESTART, 0};
    for (int i = 0; i < 2; i++) {
        timer_t timer = begin(flags[i]);
        while (atomic_load(&signals) < LEAST_SIGNALS) {
            mlab_client *client = test_client("MLAB_TEST_ENDPOINT", NULL);
            fetch_images(client, harness_setting("MLAB_TEST_FOLDER"));
            mlab_client_free(client);
        }
        end(timer);
    }
}

const harness_test signal_restart_tests[] = {TEST(calls_and_waits_do_not_notice_signals_that_restart), END_OF_TESTS};
const harness_test signal_interrupt_tests[] = {TEST(calls_and_waits_do_not_notice_signals_that_interrupt),
                                               END_OF_TESTS};
const harness_test signal_image_tests[] = {TEST(images_and_jobs_do_not_notice_signals), END_OF_TESTS};
