/*
 * Every function that takes a client, in a thread of its own, while another thread shuts the client down or frees it, or
 * forks. The calls are generated from the header, so a new function is among them. What is checked here is that they end,
 * and how; a use after free or a race is for the sanitizers to find.
 *
 * MLAB_TEST_ROUNDS says how often. The server has a job "never-ready" that never ends. Without the argument "-forks" the
 * process forks as well, which ThreadSanitizer cannot bear with threads about.
 */
#define _POSIX_C_SOURCE 200809L
#include "../c/call_objects.h"
#include "../c/harness.h"
#include "client.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What an out parameter holds before a call. */
static char rubbish;

#include <client_calls.h>

enum {
    CALLS = sizeof client_calls / sizeof client_calls[0],
    PATIENCE_MS = 60000, /* of a call that waits; none may use it up */
    CLOSE_MS = 5000,     /* within which a client is ended, and every call on it; sanitizers are slow */
    SECONDS_UNTIL_HUNG = 60,
};

/* The three ways in which exchanges are made. */
enum { OWN_HTTP, CALLED, PULLED, TRANSPORTS };
static const char *const transports[] = {"own HTTP", "a transport that is called", "a transport that is pulled"};

/* One that never answers: its exchanges are freed at the end. */
static struct {
    pthread_mutex_t lock;
    mlab_exchange *kept[4096];
    size_t count;
} host = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void keep(void *user, mlab_exchange *exchange)
{
    (void)user;
    pthread_mutex_lock(&host.lock);
    if (host.count < sizeof host.kept / sizeof host.kept[0])
        host.kept[host.count++] = exchange;
    else
        mlab_exchange_free(exchange);
    pthread_mutex_unlock(&host.lock);
}

static void on_cancel(void *user, uint64_t id)
{
    (void)user, (void)id;
}

static void on_log(void *user, int32_t level, const char *area, const char *text)
{
    (void)user, (void)level, (void)area, (void)text;
}

static void free_what_was_kept(void)
{
    while (host.count > 0)
        mlab_exchange_free(host.kept[--host.count]);
}

static void set_log(mlab_config *config)
{
    mlab_config_set_log(config, MLAB_LOG_DEBUG, on_log, NULL);
}

static void set_called(mlab_config *config)
{
    set_log(config);
    mlab_config_set_transport(config, keep, on_cancel, NULL);
}

static void set_pulled(mlab_config *config)
{
    set_log(config);
    mlab_config_set_transport_pull(config);
}

/* One function, one client, one thread. */
typedef struct {
    const concurrent_call *function;
    call_objects with;
    char path[1024], url[1024];
    atomic_int begins;
    int32_t got;
    pthread_t thread;
    int is_joined;
} caller;

static void *call_once(void *argument)
{
    caller *self = argument;
    atomic_store(&self->begins, 1);
    self->got = self->function->call(&self->with);
    return NULL;
}

/* One that the server has as soon as the job is ready, and is asked for again and again until then. */
static void image_that_is_late(char *url, size_t size)
{
    const char *endpoint = harness_setting("MLAB_TEST_ENDPOINT"), *path = strstr(endpoint, "/api/");
    CHECK(path != NULL);
    snprintf(url, size, "%.*s/generations/never-ready-0.png", path == NULL ? 0 : (int)(path - endpoint), endpoint);
}

static void prepare(caller *self, const concurrent_call *function, int transport)
{
    void (*const set[TRANSPORTS])(mlab_config *) = {set_log, set_called, set_pulled};
    memset(&self->with, 0, sizeof self->with);
    self->function = function;
    self->with.client = test_client("MLAB_TEST_ENDPOINT", set[transport]);
    self->with.request = test_request("never-ready", PATIENCE_MS);
    self->with.cancel = mlab_cancel_new();
    self->with.id = "never-ready";
    snprintf(self->path, sizeof self->path, "%s/lifetimes-%ld-%s.png", harness_setting("MLAB_TEST_FOLDER"), (long)getpid(),
             function->name);
    self->with.path = self->path;
    self->with.url = self->url;
    image_that_is_late(self->url, sizeof self->url);
    self->with.timeout_ms = PATIENCE_MS;
    self->is_joined = 0;
    atomic_store(&self->begins, 0);
    /* So that there is something to cancel, to tell, and to end. */
    CHECK_INT(mlab_client_submit(self->with.client, self->with.request, NULL), MLAB_OK);
}

static void begin(caller *self)
{
    CHECK_INT(pthread_create(&self->thread, NULL, call_once, self), 0);
    while (!atomic_load(&self->begins))
        ;
}

static void join(caller *self)
{
    if (!self->is_joined)
        pthread_join(self->thread, NULL);
    self->is_joined = 1;
}

static void finish(caller *self)
{
    join(self);
    /* What can be true of a call that began before, during or after the end; never a defect, or a wait to its end. */
    CHECK(self->got != MLAB_E_INTERNAL && self->got != MLAB_E_FORKED && self->got != MLAB_E_DEADLINE);
    CHECK(self->got != MLAB_E_TIMEOUT && self->got != MLAB_E_NO_RESOURCES);
    mlab_request_free(self->with.request);
    mlab_cancel_free(self->with.cancel);
    remove(self->path);
}

/* Ends the client at some moment of the call: at its first instructions, or well inside. */
static void end_at_some_moment(caller *self, unsigned long round, int shuts_down)
{
    int64_t began;
    test_pass_some_moment(round);
    began = test_now_ms();
    if (shuts_down) {
        CHECK_INT(mlab_client_shutdown(self->with.client, CLOSE_MS), MLAB_OK);
        /* Everybody has left: this waits for the end of the thread alone. */
        join(self);
    }
    mlab_client_free(self->with.client);
    CHECK(test_now_ms() - began < CLOSE_MS);
}

static unsigned long rounds(void)
{
    return strtoul(harness_setting("MLAB_TEST_ROUNDS"), NULL, 10);
}

/* All functions at once, each on a client of its own: none is made while others are ended. */
static void in_every_function(int shuts_down)
{
    static caller callers[CALLS];
    for (unsigned long round = 0; round < rounds(); round++) {
        for (int transport = 0; transport < TRANSPORTS; transport++) {
            int64_t began;
            for (size_t i = 0; i < CALLS; i++)
                prepare(&callers[i], &client_calls[i], transport);
            for (size_t i = 0; i < CALLS; i++)
                begin(&callers[i]);
            began = test_now_ms();
            for (size_t i = 0; i < CALLS; i++) {
                char row[128];
                snprintf(row, sizeof row, "%s, %s", client_calls[i].name, transports[transport]);
                harness_row(row);
                end_at_some_moment(&callers[i], round + i, shuts_down);
                harness_row(NULL);
            }
            for (size_t i = 0; i < CALLS; i++) {
                harness_row(client_calls[i].name);
                finish(&callers[i]);
            }
            harness_row(transports[transport]);
            CHECK(test_now_ms() - began < PATIENCE_MS / 2);
            harness_row(NULL);
            free_what_was_kept();
        }
    }
}

static void a_free_in_another_thread_ends_every_call(void)
{
    in_every_function(0);
}

static void a_shutdown_in_another_thread_ends_every_call_before_it_says_ok(void)
{
    in_every_function(1);
}

/*
 * In the child of a process whose threads are inside: each function answers at once and FORKED where it can, and the
 * client can be freed. Returns the number of the first function that did not, from 1; 0 for none. No CHECK: what the
 * harness printed would be printed by both processes.
 */
static int use_in_a_child(const caller *callers)
{
    for (size_t i = 0; i < CALLS; i++) {
        int32_t got = callers[i].function->call(&callers[i].with);
        if (got != NO_STATUS && got != MLAB_E_FORKED)
            return (int)i + 1;
    }
    for (size_t i = 0; i < CALLS; i++)
        mlab_client_free(callers[i].with.client);
    return 0;
}

static void a_child_is_told_that_the_client_is_its_parents(void)
{
    static caller callers[CALLS];
    for (unsigned long round = 0; round < rounds(); round++) {
        for (int transport = 0; transport < TRANSPORTS; transport++) {
            int status = -1;
            pid_t child;
            for (size_t i = 0; i < CALLS; i++)
                prepare(&callers[i], &client_calls[i], transport);
            for (size_t i = 0; i < CALLS; i++)
                begin(&callers[i]);
            child = fork();
            if (child == 0) {
                alarm(SECONDS_UNTIL_HUNG);
                _exit(use_in_a_child(callers));
            }
            CHECK(child > 0 && waitpid(child, &status, 0) == child);
            harness_row(WIFEXITED(status) && WEXITSTATUS(status) > 0 && WEXITSTATUS(status) <= CALLS
                            ? client_calls[WEXITSTATUS(status) - 1].name
                            : transports[transport]);
            CHECK_INT(WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status), 0);
            harness_row(NULL);
            for (size_t i = 0; i < CALLS; i++)
                mlab_client_free(callers[i].with.client);
            for (size_t i = 0; i < CALLS; i++)
                finish(&callers[i]);
            free_what_was_kept();
        }
    }
}

static const harness_test ends[] = {
    TEST(a_free_in_another_thread_ends_every_call),
    TEST(a_shutdown_in_another_thread_ends_every_call_before_it_says_ok),
    END_OF_TESTS,
};
static const harness_test forks[] = {TEST(a_child_is_told_that_the_client_is_its_parents), END_OF_TESTS};
static const harness_suite suites[] = {{"ends", ends}, {"forks", forks}, {NULL, NULL}};

int main(int argc, char **argv)
{
    return harness_main(suites, argc, argv);
}
