/*
 * Every function with NULL in every pointer position, one at a time and all at once, and with every number at the ends of
 * its range: what the header's comment says of NULL holds, out parameters are written, and a message names the argument.
 * The calls are generated from the header.
 */
#define _POSIX_C_SOURCE 200809L
#include "call_objects.h"
#include "harness.h"
#include "host_http.h"
#include "pixel.h"
#include "ready_host.h"
#include "settings.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What an out parameter holds before a call: no address that any call could give. */
static char rubbish;

static void no_log_fn(void *user, int32_t level, const char *area, const char *text)
{
    (void)user, (void)level, (void)area, (void)text;
}

static int32_t no_progress_fn(void *user, int32_t polls, int64_t elapsed_ms, int64_t eta_ms, int64_t next_poll_ms)
{
    (void)user, (void)polls, (void)elapsed_ms, (void)eta_ms, (void)next_poll_ms;
    return 0;
}

static void no_transport_start_fn(void *user, mlab_exchange *exchange)
{
    (void)user;
    mlab_exchange_free(exchange);
}

static void no_transport_cancel_fn(void *user, uint64_t id)
{
    (void)user, (void)id;
}

/* Checks that a message starts with one of these, up to NULL: the names of the arguments. */
static void check_names_one(const char *message, const char *name, ...)
{
    int is_named = 0;
    va_list names;
    va_start(names, name);
    for (; name != NULL; name = va_arg(names, const char *))
        is_named |= strncmp(message, name, strlen(name)) == 0;
    va_end(names);
    if (!CHECK(is_named))
        printf("    it says: %s\n", message);
}

typedef struct {
    const char *name;
    void (*call)(const call_objects *with);
} checked_call;

#include <extreme_calls.h>
#include <null_calls.h>

/* Objects that nobody used before, so that no call can spoil the next one. */
static void with_new_objects(const checked_call *checked)
{
    char path[1024];
    ready_host host = ready_host_new(200, NULL, READY_REPLY);
    host_http http = host_http_new(), other = host_http_new();
    call_objects with = {0};
    with.config = ready_host_config(ready_host_answer, &host);
    CHECK_INT(mlab_client_new(TEST_KEY, with.config, &with.client), MLAB_OK);
    with.request = mlab_request_new(READY_ID);
    with.cancel = mlab_cancel_new();
    CHECK_INT(mlab_parse(READY_REPLY, strlen(READY_REPLY), 200, &with.result), MLAB_OK);
    with.event = host_http_done(&other);
    with.exchange = http.exchange;
    with.id = READY_ID;
    with.url = TEST_PIXEL;
    with.body = "";
    with.len = 1;
    with.url_template = HOST_ORIGIN "/fetch/{id}";
    snprintf(path, sizeof path, "%s/null-%ld.png", harness_setting("MLAB_TEST_FOLDER"), (long)getpid());
    with.path = path;
    with.timeout_ms = 10000;
    /* The calls without a client go to the same host. */
    CHECK_INT(mlab_set_default_config(with.config), MLAB_OK);
    checked->call(&with);
    mlab_set_default_config(NULL);
    mlab_client_free(with.client);
    mlab_config_free(with.config);
    mlab_request_free(with.request);
    mlab_cancel_free(with.cancel);
    mlab_result_free(with.result);
    mlab_event_free(with.event);
    host_http_free(&http);
    host_http_free(&other);
    remove(path);
}

static void every_function_takes_null_as_its_comment_says(void)
{
    for (size_t i = 0; i < sizeof null_calls / sizeof null_calls[0]; i++) {
        harness_row(null_calls[i].name);
        with_new_objects(&null_calls[i]);
    }
}

static void every_function_takes_numbers_at_the_ends_of_their_range(void)
{
    for (size_t i = 0; i < sizeof extreme_calls / sizeof extreme_calls[0]; i++) {
        harness_row(extreme_calls[i].name);
        with_new_objects(&extreme_calls[i]);
    }
}

static const harness_test tests[] = {
    TEST(every_function_takes_null_as_its_comment_says),
    TEST(every_function_takes_numbers_at_the_ends_of_their_range),
    END_OF_TESTS,
};
static const harness_suite suites[] = {{"null", tests}, {NULL, NULL}};

int main(int argc, char **argv)
{
    return harness_main(suites, argc, argv);
}
