/*
 * Many threads on one client for some seconds, against a server that fails now and then: fetches, waits that are
 * cancelled with cancels that are freed at once, and clients that are freed while others wait with them. Some fetches
 * are made without a client, while the default config is set anew.
 *
 * The server knows a job "1" that is ready and a job "never-ready" that is not: the stand-in's own names for such.
 *
 * Every call must end as one of the things that can happen here; the sanitizers see the rest. MLAB_TEST_THREADS and
 * MLAB_TEST_SECONDS say how many and how long.
 */
#define _POSIX_C_SOURCE 200809L
#include "../c/harness.h"
#include "client.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THREADS = 256, GROUP = 4, CLOSE_MS = 5000 };

/* How calls ended, over all threads. */
static struct {
    atomic_ulong fine, cancelled, closed, passing, retried, wrong, late, logged;
} seen;

static atomic_int stop;

static void count_end(int32_t status, const mlab_result *result)
{
    int agrees = result != NULL && mlab_result_status(result) == status
                 && (status == MLAB_OK) == (mlab_result_url_count(result) > 0)
                 && strlen(mlab_result_message(result)) <= 1024 && strstr(mlab_result_message(result), TEST_KEY) == NULL;
    if (mlab_result_attempts(result) > 1)
        atomic_fetch_add(&seen.retried, 1);
    if (!agrees)
        atomic_fetch_add(&seen.wrong, 1);
    else if (status == MLAB_OK)
        atomic_fetch_add(&seen.fine, 1);
    else if (status == MLAB_E_CANCELLED)
        atomic_fetch_add(&seen.cancelled, 1);
    else if (status == MLAB_E_CLOSED)
        atomic_fetch_add(&seen.closed, 1);
    else if (mlab_result_is_retryable(result))
        atomic_fetch_add(&seen.passing, 1);
    else
        atomic_fetch_add(&seen.wrong, 1);
}

static void on_log(void *user, int32_t level, const char *area, const char *text)
{
    (void)user, (void)level, (void)area;
    if (strstr(text, TEST_KEY) != NULL)
        atomic_fetch_add(&seen.wrong, 1);
    atomic_fetch_add(&seen.logged, 1);
}

static void set_log(mlab_config *config)
{
    mlab_config_set_log(config, MLAB_LOG_DEBUG, on_log, NULL);
}

/* Cancels in use. Whoever is in the box is triggered sooner or later, and freed by its owner, who takes it out first. */
static struct {
    pthread_mutex_t lock;
    mlab_cancel *in_use[MOST_THREADS];
} box = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void put(int place, mlab_cancel *cancel)
{
    pthread_mutex_lock(&box.lock);
    box.in_use[place] = cancel;
    pthread_mutex_unlock(&box.lock);
}

typedef struct {
    const mlab_client *client;
    int place;
} worker;

/* Fetches with cancels that a thread of its own triggers, at any moment of a fetch or of the pause between its tries. */
static void *fetch_on(void *argument)
{
    const worker *self = argument;
    for (unsigned long round = 0; !atomic_load(&stop); round++) {
        mlab_cancel *cancel = round % 4 == 0 ? NULL : mlab_cancel_new();
        mlab_result *result = NULL;
        put(self->place, cancel);
        int32_t status = round % 8 == 4 ? mlab_fetch_queued(TEST_KEY, "1", &result)
                                        : mlab_client_fetch(self->client, "1", cancel, &result);
        put(self->place, NULL);
        count_end(status, result);
        mlab_cancel_free(cancel);
        mlab_result_free(result);
    }
    return NULL;
}

static void *trigger_what_is_in_the_box(void *threads)
{
    for (unsigned long round = 0; !atomic_load(&stop); round++) {
        int place = (int)(round % *(unsigned long *)threads);
        pthread_mutex_lock(&box.lock);
        mlab_cancel_trigger(box.in_use[place]);
        pthread_mutex_unlock(&box.lock);
        test_sleep_ms(1);
    }
    return NULL;
}

/* A wait whose cancel is triggered and freed by another thread, as soon as the wait is known to be inside. */
typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int is_inside;
    mlab_cancel *cancel;
} hand_over;

static int32_t say_inside(void *user, int32_t polls, int64_t elapsed_ms, int64_t eta_ms, int64_t next_poll_ms)
{
    hand_over *shared = user;
    (void)polls, (void)elapsed_ms, (void)eta_ms, (void)next_poll_ms;
    pthread_mutex_lock(&shared->lock);
    shared->is_inside = 1;
    pthread_cond_signal(&shared->changed);
    pthread_mutex_unlock(&shared->lock);
    return 0;
}

static void *cancel_and_free(void *argument)
{
    hand_over *shared = argument;
    pthread_mutex_lock(&shared->lock);
    while (!shared->is_inside)
        pthread_cond_wait(&shared->changed, &shared->lock);
    pthread_mutex_unlock(&shared->lock);
    mlab_cancel_trigger(shared->cancel);
    mlab_cancel_free(shared->cancel);
    return NULL;
}

static void *wait_on(void *argument)
{
    const worker *self = argument;
    while (!atomic_load(&stop)) {
        hand_over shared = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, mlab_cancel_new()};
        mlab_request *request = mlab_request_new("never-ready");
        mlab_result *result = NULL;
        pthread_t canceller;
        int32_t status;

        mlab_request_set_progress(request, say_inside, &shared);
        if (pthread_create(&canceller, NULL, cancel_and_free, &shared) != 0)
            abort();
        status = mlab_client_wait(self->client, request, shared.cancel, &result);
        /* Should it have ended before it told anything, nobody may wait for that. */
        say_inside(&shared, 0, 0, 0, 0);
        pthread_join(canceller, NULL);
        if (status != MLAB_E_CANCELLED)
            atomic_fetch_add(&seen.wrong, 1);
        count_end(status, result);
        mlab_request_free(request);
        mlab_result_free(result);
    }
    return NULL;
}

/* One of a group that waits with a client until another thread frees it. */
typedef struct {
    const mlab_client *client;
    atomic_int inside;
} doomed;

static int32_t count_inside(void *inside, int32_t polls, int64_t elapsed_ms, int64_t eta_ms, int64_t next_poll_ms)
{
    (void)elapsed_ms, (void)eta_ms, (void)next_poll_ms;
    if (polls == 1)
        atomic_fetch_add((atomic_int *)inside, 1);
    return 0;
}

static void *wait_until_closed(void *argument)
{
    doomed *group = argument;
    mlab_request *request = mlab_request_new("never-ready");
    mlab_result *result = NULL;
    int32_t status;

    mlab_request_set_progress(request, count_inside, &group->inside);
    status = mlab_client_wait(group->client, request, NULL, &result);
    if (status != MLAB_E_CLOSED) {
        atomic_fetch_add(&seen.wrong, 1);
        atomic_fetch_add(&group->inside, GROUP);
    }
    count_end(status, result);
    mlab_request_free(request);
    mlab_result_free(result);
    return NULL;
}

static void set_default_config(void)
{
    mlab_config *config = test_config("MLAB_TEST_ENDPOINT");
    if (mlab_set_default_config(config) != MLAB_OK)
        atomic_fetch_add(&seen.wrong, 1);
    mlab_config_free(config);
}

static void *free_clients_in_use(void *argument)
{
    (void)argument;
    while (!atomic_load(&stop)) {
        mlab_client *client = test_client("MLAB_TEST_ENDPOINT", NULL);
        pthread_t threads[GROUP];
        doomed group = {client, 0};
        int64_t start;

        for (int i = 0; i < GROUP; i++)
            if (pthread_create(&threads[i], NULL, wait_until_closed, &group) != 0)
                abort();
        while (atomic_load(&group.inside) < GROUP)
            test_sleep_ms(1);
        set_default_config();
        start = test_now_ms();
        mlab_client_free(client);
        if (test_now_ms() - start > CLOSE_MS)
            atomic_fetch_add(&seen.late, 1);
        for (int i = 0; i < GROUP; i++)
            pthread_join(threads[i], NULL);
    }
    return NULL;
}

/* The entries of a folder of /proc/self; of those that are threads, only the library's. */
static size_t entries_of(const char *folder, int (*counts)(const char *name))
{
    DIR *listing = opendir(folder);
    const struct dirent *entry;
    size_t count = 0;
    while (listing != NULL && (entry = readdir(listing)) != NULL)
        count += counts == NULL || counts(entry->d_name);
    if (listing != NULL)
        closedir(listing);
    return count;
}

/* The sanitizers have threads of their own, hence by name. */
static int is_of_the_library(const char *thread)
{
    char path[512], name[16] = "";
    FILE *file;
    snprintf(path, sizeof path, "/proc/self/task/%s/comm", thread);
    file = fopen(path, "r");
    if (file != NULL) {
        if (fgets(name, sizeof name, file) == NULL)
            name[0] = '\0';
        fclose(file);
    }
    return strncmp(name, "mlab-", 5) == 0;
}

static unsigned long number(const char *setting)
{
    return strtoul(harness_setting(setting), NULL, 10);
}

/* What a thread does: of eight, five fetch, two wait and are cancelled; one frees clients under four more threads. */
static void *(*role(unsigned long place))(void *)
{
    return place % 8 < 5 ? fetch_on : place % 8 < 7 ? wait_on : free_clients_in_use;
}

static void calls_end_as_they_may_and_leave_nothing_behind(void)
{
    unsigned long threads = number("MLAB_TEST_THREADS"), seconds = number("MLAB_TEST_SECONDS");
    pthread_t running[MOST_THREADS], trigger;
    worker workers[MOST_THREADS];
    size_t descriptors;
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", set_log);

    if (!CHECK(threads >= 8 && threads <= MOST_THREADS))
        return;
    descriptors = entries_of("/proc/self/fd", NULL);
    set_default_config();
    for (unsigned long i = 0; i < threads; i++) {
        workers[i] = (worker){client, (int)i};
        CHECK_INT(pthread_create(&running[i], NULL, role(i), &workers[i]), 0);
    }
    CHECK_INT(pthread_create(&trigger, NULL, trigger_what_is_in_the_box, &threads), 0);
    test_sleep_ms((long)seconds * 1000);
    atomic_store(&stop, 1);
    for (unsigned long i = 0; i < threads; i++)
        pthread_join(running[i], NULL);
    pthread_join(trigger, NULL);
    mlab_client_free(client);
    mlab_set_default_config(NULL);

    printf("fine %lu, cancelled %lu, closed %lu, failed for now %lu, retried %lu, log entries %lu\n", seen.fine,
           seen.cancelled, seen.closed, seen.passing, seen.retried, seen.logged);
    CHECK_SIZE(seen.wrong, 0);
    CHECK_SIZE(seen.late, 0);
    CHECK(seen.fine > 0 && seen.cancelled > 0 && seen.closed >= GROUP && seen.retried > 0 && seen.logged > 0);
    CHECK_SIZE(entries_of("/proc/self/fd", NULL), descriptors);
    CHECK_SIZE(entries_of("/proc/self/task", is_of_the_library), 0);
}

static const harness_test soak_tests[] = {TEST(calls_end_as_they_may_and_leave_nothing_behind), END_OF_TESTS};
static const harness_suite suites[] = {{"soak", soak_tests}, {NULL, NULL}};

int main(int argc, char **argv)
{
    return harness_main(suites, argc, argv);
}
