/*
 * One client for as long as MLAB_TEST_SECONDS says, with 200 jobs open against a service that fails in every way it
 * knows, those that end replaced four times a second: jobs with and without images, into memory and into files, links by
 * themselves, and beside them a thread of blocking calls, some of which are cancelled. Once a second it says what it has
 * of memory, threads and descriptors; the runner rules on whether that is flat.
 *
 * MLAB_TEST_PLANTED: "leak" never frees the requests.
 */
#define _POSIX_C_SOURCE 200809L
#include "../c/next_event.h"
#include "../c_torture/allocations.h"

#include <dirent.h>
#include <mlab.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Obviously false. */
#define TEST_KEY "test-key-not-real"

enum {
    OPEN = 200,
    WORKERS = 32,
    DEADLINE_MS = 60000,
    POLL_LEAST_MS = 2000,
    POLL_MOST_MS = 5000,
    REQUEST_MS = 5000,
    MOST_BYTES = 1 << 20,
    CLOSE_MS = 10000,
    LEAVING_MS = 5000,
    SECONDS_UNTIL_HUNG = 120, /* after the time it has */
};

/* What the ids ask of the service by how they begin; those of the first kind are well as far as chance lets them. */
static const char *const troubles[] = {
    "",       "",        "",        "",        "",         "",        "",       "",       "",        "",
    "busy-2", "html-1",  "cut-2",   "reset-2", "garbled-1", "slow-1", "late-3", "gone-3", "fail-1",  "never-1",
};
enum { TROUBLES = sizeof troubles / sizeof troubles[0], RATE_LIMITED_EVERY = 200 };

static struct {
    atomic_ulong submitted, ended, fine, images, calls, cancelled, wrong;
} seen;

/* How jobs ended, by the number of their status without its sign. */
static unsigned long ends[100];

static atomic_int stop;

/* The cancel of the wait that is under way: triggered under the lock, and freed by its owner, who takes it out first. */
static struct {
    pthread_mutex_t lock;
    mlab_cancel *cancel;
} under_way = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void put_under_way(mlab_cancel *cancel)
{
    pthread_mutex_lock(&under_way.lock);
    under_way.cancel = cancel;
    pthread_mutex_unlock(&under_way.lock);
}

static void cancel_the_wait(void)
{
    pthread_mutex_lock(&under_way.lock);
    mlab_cancel_trigger(under_way.cancel);
    pthread_mutex_unlock(&under_way.lock);
}

static const char *setting(const char *name)
{
    const char *value = getenv(name);
    if (value == NULL) {
        printf("%s is not set: this program is run by tests/soak.sh\n", name);
        exit(EXIT_FAILURE);
    }
    return value;
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void sleep_ms(long ms)
{
    struct timespec left = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&left, NULL);
}

static long entries(const char *folder)
{
    DIR *listing = opendir(folder);
    long count = -3; /* itself, its parent, and the listing's own descriptor */
    while (listing != NULL && readdir(listing) != NULL)
        count++;
    if (listing != NULL)
        closedir(listing);
    return count;
}

static long threads(void)
{
    return entries("/proc/self/task") + 1;
}

static long resident_kib(void)
{
    long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file != NULL) {
        if (fscanf(file, "%ld %ld", &pages, &resident) != 2)
            resident = 0;
        fclose(file);
    }
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void id_of(char *id, size_t size, unsigned long number)
{
    const char *trouble = number % RATE_LIMITED_EVERY == RATE_LIMITED_EVERY - 1 ? "rate-1" : troubles[number % TROUBLES];
    snprintf(id, size, "%s%ssoak-%lu", trouble, trouble[0] == '\0' ? "" : "-", number);
}

static mlab_request *new_request(unsigned long number)
{
    char id[64];
    mlab_request *request;
    id_of(id, sizeof id, number);
    request = mlab_request_new(id);
    mlab_request_set_deadline_ms(request, DEADLINE_MS);
    mlab_request_set_poll_ms(request, POLL_LEAST_MS, POLL_MOST_MS);
    switch (number / TROUBLES % 3) {
    case 0:
        break;
    case 1:
        mlab_request_set_download_memory(request, MOST_BYTES);
        mlab_request_set_image_events(request, 1);
        break;
    default:
        mlab_request_set_download_dir(request, setting("MLAB_TEST_FOLDER"), 0);
        break;
    }
    return request;
}

static void submit(const mlab_client *client, unsigned long number)
{
    mlab_request *request = new_request(number);
    int32_t status = mlab_client_submit(client, request, NULL);
    if (status != MLAB_OK) {
        /* Nothing that this program does is a reason to. */
        printf("job %lu is refused: %s\n", number, mlab_status_name(status));
        fflush(stdout);
        abort();
    }
    atomic_fetch_add(&seen.submitted, 1);
    if (getenv("MLAB_TEST_PLANTED") == NULL)
        mlab_request_free(request);
}

/* What is so of every result. */
static void look_at(const mlab_result *result, int32_t status)
{
    int agrees = result != NULL && mlab_result_status(result) == status && status != MLAB_E_INTERNAL
                 && status != MLAB_E_NO_RESOURCES && strstr(mlab_result_message(result), TEST_KEY) == NULL;
    if (!agrees) {
        printf("wrong: %s: %s\n", mlab_status_name(status), mlab_result_message(result));
        atomic_fetch_add(&seen.wrong, 1);
    }
    for (size_t i = 0; i < mlab_result_image_count(result); i++) {
        const char *path = mlab_result_image_path(result, i);
        if (path != NULL || mlab_result_image(result, i, NULL) != NULL)
            atomic_fetch_add(&seen.images, 1);
        if (path != NULL)
            remove(path);
    }
}

static void take_events(const mlab_client *client, double until)
{
    mlab_event *event;
    while (now_s() < until && (event = next_event(client, 50)) != NULL) {
        if (mlab_event_kind(event) == MLAB_EVENT_DONE) {
            int32_t status = mlab_event_status(event);
            look_at(mlab_event_result(event), status);
            atomic_fetch_add(&seen.ended, 1);
            atomic_fetch_add(&seen.fine, status == MLAB_OK);
            ends[abs(status) % 100]++;
        }
        mlab_event_free(event);
    }
}

/* Blocking calls of a second thread: a fetch, a download of what it found, and a wait that is mostly cancelled. */
static void *call(void *client)
{
    for (unsigned long number = 0; !atomic_load(&stop); number++) {
        char id[64];
        mlab_result *result = NULL, *image = NULL;
        mlab_cancel *cancel = mlab_cancel_new();
        mlab_request *request;
        int32_t status;
        snprintf(id, sizeof id, "call-%lu", number / 100);
        status = mlab_client_fetch(client, id, NULL, &result);
        look_at(result, status);
        if (status == MLAB_OK) {
            status = mlab_client_download_memory(client, mlab_result_url(result, 0), MOST_BYTES, NULL, &image);
            look_at(image, status);
            mlab_result_free(image);
        }
        mlab_result_free(result);
        snprintf(id, sizeof id, "never-1-call-%lu", number);
        request = mlab_request_new(id);
        mlab_request_set_deadline_ms(request, DEADLINE_MS);
        put_under_way(cancel);
        status = mlab_client_wait(client, request, cancel, &result);
        put_under_way(NULL);
        look_at(result, status);
        atomic_fetch_add(&seen.cancelled, status == MLAB_E_CANCELLED);
        mlab_result_free(result);
        mlab_request_free(request);
        mlab_cancel_free(cancel);
        atomic_fetch_add(&seen.calls, 1);
    }
    return NULL;
}

/* Open are those that were submitted and have not ended, whatever the client says of itself. */
static void say(double seconds)
{
    printf("%.0f s: memory %ld KiB, resident %ld KiB, threads %ld, descriptors %ld, open %lu, ended %lu, fine %lu, images "
           "%lu, calls %lu\n",
           seconds, allocations_bytes() / 1024, resident_kib(), threads(), entries("/proc/self/fd"),
           seen.submitted - seen.ended, seen.ended, seen.fine, seen.images, seen.calls);
    fflush(stdout);
}

static mlab_client *new_client(void)
{
    mlab_config *config = mlab_config_new();
    mlab_client *client = NULL;
    int32_t status = mlab_config_set_endpoint(config, setting("MLAB_TEST_ENDPOINT"));
    if (status == MLAB_OK)
        status = mlab_config_set_ca_file(config, setting("MLAB_TEST_CA_FILE"));
    mlab_config_set_workers(config, WORKERS);
    mlab_config_set_request_timeout_ms(config, REQUEST_MS);
    mlab_config_set_connect_timeout_ms(config, REQUEST_MS / 2);
    if (status == MLAB_OK)
        status = mlab_client_new(TEST_KEY, config, &client);
    mlab_config_free(config);
    if (status != MLAB_OK)
        abort();
    return client;
}

/* One client's life. */
static void soak(double seconds)
{
    mlab_client *client = new_client();
    pthread_t caller;
    double began = now_s(), told = began;
    unsigned long number = 0;
    if (pthread_create(&caller, NULL, call, client) != 0)
        abort();
    while (now_s() - began < seconds) {
        while (mlab_client_pending(client) < OPEN)
            submit(client, number++);
        if (now_s() - told >= 1) {
            told = now_s();
            say(told - began);
            cancel_the_wait();
        }
        take_events(client, now_s() + 0.25);
    }
    atomic_store(&stop, 1);
    mlab_client_cancel_job(client, 0);
    if (mlab_client_shutdown(client, CLOSE_MS) != MLAB_OK)
        atomic_fetch_add(&seen.wrong, 1);
    pthread_join(caller, NULL);
    take_events(client, now_s() + 1);
    mlab_client_free(client);
}

int main(void)
{
    double seconds = strtod(setting("MLAB_TEST_SECONDS"), NULL);
    long descriptors, left_threads = threads();
    alarm((unsigned)seconds + SECONDS_UNTIL_HUNG);
    allocations_begin();
    descriptors = entries("/proc/self/fd");
    soak(seconds);
    for (int waited = 0; waited < LEAVING_MS && threads() > left_threads; waited++)
        sleep_ms(1);
    for (int32_t status = 0; status < 100; status++)
        if (ends[status] > 0)
            printf("%s: %lu jobs\n", mlab_status_name(-status), ends[status]);
    printf("%s: %lu waits\n", mlab_status_name(MLAB_E_CANCELLED), seen.cancelled);
    printf("left: memory %ld KiB, threads %ld, descriptors %ld, jobs %lu, wrong %lu\n", allocations_bytes() / 1024,
           threads() - left_threads, entries("/proc/self/fd") - descriptors, seen.submitted - seen.ended, seen.wrong);
    return EXIT_SUCCESS;
}
