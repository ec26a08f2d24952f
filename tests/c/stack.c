/*
 * How much stack the calls need, measured by painting: each runs on a thread whose stack was filled with a pattern, and
 * what has changed of it was used. The header states the bounds.
 */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"
#include "settings.h"
#include "stack_calls.h"

#include <mlab.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KIB = 1024, STACK = 2048 * KIB, PAINT = 0xA5 };

static void nothing(void)
{
}

static void *run(void *call)
{
    (*(void (**)(void))call)();
    return NULL;
}

/* The bytes of stack that a call used. */
static size_t used_by(void (*call)(void))
{
    pthread_attr_t attributes;
    pthread_t thread;
    unsigned char *stack;
    size_t untouched = 0;
    if (!CHECK(posix_memalign((void **)&stack, 64 * KIB, STACK) == 0))
        return 0;
    memset(stack, PAINT, STACK);
    pthread_attr_init(&attributes);
    CHECK_INT(pthread_attr_setstack(&attributes, stack, STACK), 0);
    CHECK_INT(pthread_create(&thread, &attributes, run, &call), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    while (untouched < STACK && stack[untouched] == PAINT)
        untouched++;
    free(stack);
    return STACK - untouched;
}

static void no_call_needs_more_stack_than_the_header_says(void)
{
    static const struct {
        const char *name;
        void (*call)(void);
        const char *setting; /* the bound, in KiB */
    } calls[] = {
        {"parse", stack_parse, "MLAB_TEST_STACK_OTHER"},
        {"fetch", stack_fetch, "MLAB_TEST_STACK_BLOCKING"},
        {"wait with images", stack_wait_with_images, "MLAB_TEST_STACK_BLOCKING"},
        {"jobs with images", stack_jobs_with_images, "MLAB_TEST_STACK_OTHER"},
        {"download", stack_download, "MLAB_TEST_STACK_BLOCKING"},
        {"download into memory", stack_download_memory, "MLAB_TEST_STACK_BLOCKING"},
        {"fetch by a proxy", stack_fetch_by_proxy, "MLAB_TEST_STACK_BLOCKING"},
        {"fetch with the system's roots", stack_fetch_with_system_roots, "MLAB_TEST_STACK_BLOCKING"},
        {"jobs on exchanges that are pulled", stack_pulled_jobs, "MLAB_TEST_STACK_OTHER"},
        {"jobs on functions that are called", stack_called_jobs, "MLAB_TEST_STACK_OTHER"},
        {"a deep reply that was pulled", stack_pulled_deep_reply, "MLAB_TEST_STACK_OTHER"},
        {"wait on functions that are called", stack_wait_on_called, "MLAB_TEST_STACK_BLOCKING"},
    };
    size_t thread_itself;
    test_endpoint("MLAB_TEST_HTTPS", "MLAB_TEST_CA_FILE");
    thread_itself = used_by(nothing);
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        size_t used;
        harness_row(calls[i].name);
        used = used_by(calls[i].call) - thread_itself;
        printf("%s: %zu KiB\n", calls[i].name, (used + KIB - 1) / KIB);
        CHECK(used <= strtoul(harness_setting(calls[i].setting), NULL, 10) * KIB);
    }
    mlab_set_default_config(NULL);
}

static const harness_test tests[] = {TEST(no_call_needs_more_stack_than_the_header_says), END_OF_TESTS};
static const harness_suite suites[] = {{"stack", tests}, {NULL, NULL}};

int main(int argc, char **argv)
{
    return harness_main(suites, argc, argv);
}
