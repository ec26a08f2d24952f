/*
 * Clocks that jump, as on machines that were asleep, moved or set right. The library asks the C library what time it is,
 * and here the test stands in its place. Where the kernel is told a time of the moved clock, it is put back first.
 */
#define _GNU_SOURCE
#include "../c/harness.h"
#include "scenarios.h"

#include <dlfcn.h>
#include <linux/futex.h>
#include <mlab.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define HOUR INT64_C(3600)
#define YEAR (INT64_C(8766) * HOUR)

/* PROMPT_MS: after a jump; the gap of polls and a busy machine. */
enum { LONG_MS = 3 * 3600 * 1000, PROMPT_MS = 5000, PATIENCE_MS = 20000 };

/* Seconds that the clocks are ahead. */
static _Atomic int64_t wall_ahead, steady_ahead;

/* If not 0, the wall clock is so much further off at each look, now ahead and now behind. */
static _Atomic int64_t wall_shakes;

static int is_wall(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int failed = (int)syscall(SYS_clock_gettime, clock, now);
    if (failed == 0 && is_wall(clock)) {
        int64_t shake = atomic_load(&wall_shakes);
        atomic_store(&wall_shakes, -shake);
        now->tv_sec += atomic_load(&wall_ahead) + shake;
    } else if (failed == 0) {
        now->tv_sec += atomic_load(&steady_ahead);
    }
    return failed;
}

/* Rust's standard library waits through this function until a time of the steady clock. */
long syscall(long number, ...)
{
    static long (*real)(long, ...);
    long with[6];
    struct timespec until;
    va_list arguments;
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "syscall");
    va_start(arguments, number);
    for (int i = 0; i < 6; i++)
        with[i] = va_arg(arguments, long);
    va_end(arguments);
    if (number == SYS_futex && (with[1] & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET && with[3] != 0) {
        memcpy(&until, (const void *)with[3], sizeof until);
        until.tv_sec -= atomic_load(&steady_ahead);
        if (until.tv_sec < 0)
            until.tv_sec = 0;
        with[3] = (long)&until;
    }
    return real(number, with[0], with[1], with[2], with[3], with[4], with[5]);
}

static int64_t real_ms(void)
{
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void set_clocks(int64_t wall, int64_t shakes, int64_t steady)
{
    atomic_store(&wall_ahead, wall);
    atomic_store(&wall_shakes, shakes);
    atomic_store(&steady_ahead, steady);
}

static void run_each(const char *const *names)
{
    for (; *names != NULL; names++)
        for (const scenario *of = scenarios; of->name != NULL; of++)
            if (strcmp(of->name, *names) == 0) {
                const char *complaint;
                harness_row(of->name);
                CHECK_INT(of->run(), of->healthy);
                complaint = scenario_complaint();
                CHECK_TEXT(complaint == NULL ? "" : complaint, "");
                harness_row(NULL);
            }
}

static const char *const without_tls[] = {"one call", "fetch",    "wait",           "wait with images", "job",
                                          "job with images", "download", "wait of a host", "job of a host",    NULL};

static void the_wall_clock_is_no_matter_without_tls(void)
{
    const int64_t places[] = {-50 * YEAR, -HOUR, 15 * YEAR, 500 * YEAR};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        set_clocks(places[i], 0, 0);
        run_each(without_tls);
    }
    set_clocks(0, 10 * YEAR, 0);
    run_each(without_tls);
    set_clocks(0, 0, 0);
}

static int32_t secure_fetch(void)
{
    for (const scenario *of = scenarios; of->name != NULL; of++)
        if (strcmp(of->name, "secure fetch") == 0)
            return of->run();
    return MLAB_E_INTERNAL;
}

/* Certificates have a time: what is wrong with the clock is told as that, and is over with it. */
static void a_wrong_wall_clock_is_a_matter_of_tls_and_is_forgotten(void)
{
    set_clocks(-50 * YEAR, 0, 0);
    CHECK_INT(secure_fetch(), MLAB_E_TLS);
    set_clocks(500 * YEAR, 0, 0);
    CHECK_INT(secure_fetch(), MLAB_E_TLS);
    set_clocks(0, 0, 0);
    CHECK_INT(secure_fetch(), MLAB_OK);
}

static mlab_client *new_client(void)
{
    mlab_config *config = mlab_config_new();
    mlab_client *client = NULL;
    CHECK_INT(mlab_config_set_endpoint(config, harness_setting("MLAB_TEST_ENDPOINT")), MLAB_OK);
    CHECK_INT(mlab_client_new(TEST_KEY, config, &client), MLAB_OK);
    mlab_config_free(config);
    return client;
}

static mlab_request *request_for_hours(void)
{
    mlab_request *request = mlab_request_new("never");
    CHECK_INT(mlab_request_set_deadline_ms(request, LONG_MS), MLAB_OK);
    CHECK_INT(mlab_request_set_poll_ms(request, 1000, 1000), MLAB_OK);
    return request;
}

/* Jumps past the deadline after the first poll. */
static int32_t jump(void *jumped_at, int32_t polls, int64_t elapsed_ms, int64_t eta_ms, int64_t next_poll_ms)
{
    (void)polls, (void)elapsed_ms, (void)eta_ms, (void)next_poll_ms;
    if (*(int64_t *)jumped_at == 0) {
        *(int64_t *)jumped_at = real_ms();
        atomic_fetch_add(&steady_ahead, 4 * HOUR);
    }
    return 0;
}

static void a_wait_ends_when_the_steady_clock_jumps_past_its_deadline(void)
{
    mlab_client *client = new_client();
    mlab_request *request = request_for_hours();
    mlab_result *result = NULL;
    int64_t jumped_at = 0;
    CHECK_INT(mlab_request_set_progress(request, jump, &jumped_at), MLAB_OK);
    CHECK_INT(mlab_client_wait(client, request, NULL, &result), MLAB_E_DEADLINE);
    CHECK(real_ms() - jumped_at < PROMPT_MS);
    CHECK(mlab_result_elapsed_ms(result) >= 4 * HOUR * 1000);
    mlab_result_free(result);
    mlab_request_free(request);
    CHECK_INT(mlab_client_shutdown(client, PATIENCE_MS), MLAB_OK);
    mlab_client_free(client);
    set_clocks(0, 0, 0);
}

static void a_job_ends_when_the_steady_clock_jumps_past_its_deadline(void)
{
    mlab_client *client = new_client();
    mlab_request *request = request_for_hours();
    mlab_event *event = NULL;
    int64_t jumped_at = 0;
    int32_t kind = 0;
    CHECK_INT(mlab_client_submit(client, request, NULL), MLAB_OK);
    while (kind != MLAB_EVENT_DONE && mlab_client_next_event(client, PATIENCE_MS, &event) == MLAB_OK) {
        kind = mlab_event_kind(event);
        if (kind == MLAB_EVENT_DONE)
            CHECK_INT(mlab_event_status(event), MLAB_E_DEADLINE);
        else
            jump(&jumped_at, 0, 0, 0, 0);
        mlab_event_free(event);
    }
    CHECK_INT(kind, MLAB_EVENT_DONE);
    CHECK(real_ms() - jumped_at < PROMPT_MS);
    mlab_request_free(request);
    CHECK_INT(mlab_client_shutdown(client, PATIENCE_MS), MLAB_OK);
    mlab_client_free(client);
    set_clocks(0, 0, 0);
}

/* No system's does, but those of virtual machines did. */
static void a_steady_clock_that_goes_back_harms_nothing(void)
{
    mlab_client *client;
    mlab_result *result = NULL;
    set_clocks(0, 0, 100);
    client = new_client();
    CHECK_INT(mlab_client_fetch(client, "1", NULL, &result), MLAB_OK);
    mlab_result_free(result);
    set_clocks(0, 0, 0);
    CHECK_INT(mlab_client_fetch(client, "1", NULL, &result), MLAB_OK);
    CHECK(mlab_result_elapsed_ms(result) >= 0);
    mlab_result_free(result);
    CHECK_INT(mlab_client_shutdown(client, PATIENCE_MS), MLAB_OK);
    mlab_client_free(client);
    run_each(without_tls);
}

/* Kept connections are too old then, and lookups, tickets and what a client has learnt. */
static void a_client_goes_on_after_a_jump(void)
{
    const int64_t jumps[] = {HOUR, 24 * HOUR, YEAR, 200 * YEAR};
    mlab_client *client = new_client();
    int64_t ahead = 0;
    for (size_t i = 0; i < sizeof jumps / sizeof jumps[0]; i++) {
        mlab_result *result = NULL;
        set_clocks(0, 0, ahead += jumps[i]);
        CHECK_INT(mlab_client_fetch(client, "1", NULL, &result), MLAB_OK);
        mlab_result_free(result);
    }
    CHECK_INT(mlab_client_shutdown(client, PATIENCE_MS), MLAB_OK);
    mlab_client_free(client);
    run_each(without_tls);
    set_clocks(0, 0, 0);
}

static const harness_test walls[] = {
    TEST(the_wall_clock_is_no_matter_without_tls),
    TEST(a_wrong_wall_clock_is_a_matter_of_tls_and_is_forgotten),
    END_OF_TESTS,
};
static const harness_test steadies[] = {
    TEST(a_wait_ends_when_the_steady_clock_jumps_past_its_deadline),
    TEST(a_job_ends_when_the_steady_clock_jumps_past_its_deadline),
    TEST(a_steady_clock_that_goes_back_harms_nothing),
    TEST(a_client_goes_on_after_a_jump),
    END_OF_TESTS,
};
static const harness_suite suites[] = {{"wall", walls}, {"steady", steadies}, {NULL, NULL}};

int main(int argc, char **argv)
{
    return harness_main(suites, argc, argv);
}
