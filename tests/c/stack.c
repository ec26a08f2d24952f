/*
 * How much stack the calls need, measured by painting: each runs on a thread whose stack was filled with a pattern, and
 * what has changed of it was used. The header states the bounds.
 */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"
#include "settings.h"

#include <mlab.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KIB = 1024, STACK = 2048 * KIB, PAINT = 0xA5, PATIENCE_MS = 60000 };

/* The deepest JSON that a reply may hold, and more. */
enum { DEEP = 20000 };

static void nothing(void)
{
}

static void parse(void)
{
    static char deep[2 * DEEP];
    static const char ready[] = READY_REPLY;
    mlab_result *result;
    memset(deep, '[', DEEP);
    memset(deep + DEEP, ']', DEEP);
    mlab_parse(deep, sizeof deep, 200, &result);
    mlab_result_free(result);
    CHECK_INT(mlab_parse(ready, sizeof ready - 1, 200, &result), MLAB_OK);
    mlab_result_free(result);
}

static void fetch(void)
{
    mlab_result *result;
    CHECK_INT(mlab_fetch_queued(TEST_KEY, READY_ID, &result), MLAB_OK);
    mlab_result_free(result);
}

static mlab_client *secure_client(void)
{
    mlab_config *config = mlab_config_new();
    mlab_client *client = NULL;
    CHECK_INT(mlab_config_set_endpoint(config, harness_setting("MLAB_TEST_HTTPS")), MLAB_OK);
    CHECK_INT(mlab_config_set_ca_file(config, harness_setting("MLAB_TEST_CA_FILE")), MLAB_OK);
    CHECK_INT(mlab_client_new(TEST_KEY, config, &client), MLAB_OK);
    mlab_config_free(config);
    return client;
}

static const char *folder(void)
{
    static char name[1024];
    snprintf(name, sizeof name, "%s/stack-%ld", harness_setting("MLAB_TEST_FOLDER"), (long)getpid());
    mkdir(name, 0700);
    return name;
}

static void remove_images(const mlab_result *result)
{
    for (size_t i = 0; i < mlab_result_image_count(result); i++)
        CHECK_INT(remove(mlab_result_image_path(result, i)), 0);
    rmdir(folder());
}

static void wait_and_download(void)
{
    mlab_client *client = secure_client();
    mlab_request *request = mlab_request_new(READY_ID);
    mlab_result *result;
    CHECK_INT(mlab_request_set_download_dir(request, folder(), 0), MLAB_OK);
    CHECK_INT(mlab_client_wait(client, request, NULL, &result), MLAB_OK);
    remove_images(result);
    mlab_result_free(result);
    mlab_request_free(request);
    mlab_client_free(client);
}

static void jobs(void)
{
    mlab_client *client = secure_client();
    mlab_request *request = mlab_request_new(READY_ID);
    mlab_event *event;
    CHECK_INT(mlab_request_set_download_dir(request, folder(), 0), MLAB_OK);
    CHECK_INT(mlab_client_submit(client, request, NULL), MLAB_OK);
    while (mlab_client_pending(client) > 0) {
        if (mlab_client_next_event(client, PATIENCE_MS, &event) != MLAB_OK)
            continue;
        if (mlab_event_kind(event) == MLAB_EVENT_DONE)
            remove_images(mlab_event_result(event));
        mlab_event_free(event);
    }
    mlab_request_free(request);
    mlab_client_free(client);
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
        {"parse", parse, "MLAB_TEST_STACK_OTHER"},
        {"fetch", fetch, "MLAB_TEST_STACK_BLOCKING"},
        {"wait and download", wait_and_download, "MLAB_TEST_STACK_BLOCKING"},
        {"jobs", jobs, "MLAB_TEST_STACK_OTHER"},
    };
    size_t thread_itself;
    test_endpoint("MLAB_TEST_HTTPS", "MLAB_TEST_CA_FILE");
    thread_itself = used_by(nothing);
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        size_t used = used_by(calls[i].call) - thread_itself;
        printf("%s: %zu KiB\n", calls[i].name, (used + KIB - 1) / KIB);
        harness_row(calls[i].name);
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
