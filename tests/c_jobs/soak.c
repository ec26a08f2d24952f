/*
 * Threads submit, cancel, pull and wake, and clients are shut and freed under them, for MLAB_TEST_SECONDS. Two jobs in
 * three download their images, into memory or into files of MLAB_TEST_FOLDER. To be run under thread and address
 * sanitizers; MLAB_TEST_ENDPOINT names a stand-in server in automatic mode.
 */
#define _POSIX_C_SOURCE 200809L
#include "../c/next_event.h"
#include "../c/own_folder.h"
#include "jobs.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SUBMITTERS = 2, PULLERS = 2, THREADS = SUBMITTERS + PULLERS + 1, JOBS_EACH = 40, PATIENCE_MS = 1500, PATIENCE_SECONDS = 60 };

typedef struct {
    mlab_client *client;
    uint64_t chance;
    uint64_t submitted, ended, in_memory, in_files;
} actor;

static own_folder folder;

static const char *const kinds[] = {"", "", "", "", "", "", "never-", "busy-", "cut-", "fail-"};

static void into_memory(mlab_request *request)
{
    MUST(mlab_request_set_download_memory(request, 1 << 20) == MLAB_OK);
}

static void into_files(mlab_request *request)
{
    MUST(mlab_request_set_download_dir(request, folder.path, 0) == MLAB_OK);
    MUST(mlab_request_set_image_events(request, 1) == MLAB_OK);
}

static void (*const downloads[])(mlab_request *) = {NULL, into_memory, into_files};

static void *submit_and_cancel(void *argument)
{
    actor *self = argument;
    int i;

    for (i = 0; i < JOBS_EACH; i++) {
        const char *kind = kinds[below(&self->chance, sizeof kinds / sizeof *kinds)];
        /* Few numbers, so that jobs share ids. */
        uint64_t number = below(&self->chance, 60);
        uint64_t job = job_submit_with(self->client, kind, number, downloads[below(&self->chance, 3)]);

        self->submitted++;
        if (below(&self->chance, 3) == 0)
            mlab_client_cancel_job(self->client, 1 + below(&self->chance, (uint32_t)job));
        if (below(&self->chance, 20) == 0)
            sleep_us((long)below(&self->chance, 2000));
    }
    return NULL;
}

/* Where the images are that came. */
static void count_images(actor *self, const mlab_result *result)
{
    size_t i;

    for (i = 0; i < mlab_result_image_count(result); i++) {
        size_t len;

        self->in_memory += mlab_result_image(result, i, &len) != NULL;
        self->in_files += mlab_result_image_path(result, i) != NULL;
    }
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void *pull(void *argument)
{
    actor *self = argument;
    mlab_event *event;
    /* So that the client ends at any moment from before the first poll to after some images, however slow all is. */
    uint64_t wanted = below(&self->chance, 8);
    int64_t end = now_ms() + PATIENCE_MS;

    while (self->in_memory + self->in_files < wanted && now_ms() < end) {
        if ((event = next_event(self->client, 50)) == NULL)
            continue;
        if (mlab_event_kind(event) == MLAB_EVENT_DONE) {
            mlab_result *result = below(&self->chance, 2) ? mlab_event_take_result(event) : NULL;

            MUST(mlab_event_status(event) != MLAB_PROCESSING);
            count_images(self, result != NULL ? result : mlab_event_result(event));
            mlab_result_free(result);
            self->ended++;
        }
        mlab_event_free(event);
    }
    return NULL;
}

static void *disturb(void *argument)
{
    actor *self = argument;
    int i;

    for (i = 0; i < 20; i++) {
        mlab_client_wakeup(self->client);
        MUST(mlab_client_pending(self->client) <= (size_t)SUBMITTERS * JOBS_EACH);
        /* Seldom enough that most clients have jobs that go on to their images. */
        if (below(&self->chance, 100) == 0)
            mlab_client_cancel_job(self->client, 0);
        sleep_us((long)below(&self->chance, 3000));
    }
    return NULL;
}

static int has_images(const actor *all)
{
    return all->in_memory > 0 && all->in_files > 0;
}

/* One client's life, added to what all did. */
static void live(uint64_t *chance, actor *all)
{
    actor actors[THREADS];
    pthread_t threads[THREADS];
    mlab_client *client = job_client("MLAB_TEST_ENDPOINT", 2 + below(chance, 15));
    uint64_t submitted = 0, ended = 0, job;
    int i, shut = below(chance, 2) == 0;

    for (i = 0; i < THREADS; i++) {
        actor self = {NULL, 0, 0, 0, 0, 0};

        self.client = client;
        self.chance = *chance + (uint64_t)i + 1;
        actors[i] = self;
        MUST(pthread_create(&threads[i], NULL,
                            i < SUBMITTERS             ? submit_and_cancel
                            : i < SUBMITTERS + PULLERS ? pull
                                                       : disturb,
                            &actors[i])
             == 0);
    }
    for (i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        submitted += actors[i].submitted;
        ended += actors[i].ended;
        all->in_memory += actors[i].in_memory;
        all->in_files += actors[i].in_files;
    }
    if (shut) {
        MUST(mlab_client_shutdown(client, 10000) == MLAB_OK);
        while (job_next_end(client, 0, &job) != MLAB_PROCESSING)
            ended++;
        MUST(ended == submitted);
    }
    mlab_client_free(client);
    all->submitted += submitted;
}

int main(void)
{
    time_t end = time(NULL) + atol(setting("MLAB_TEST_SECONDS"));
    uint64_t chance = 88172645463325252u;
    actor all = {NULL, 0, 0, 0, 0, 0};

    folder = own_folder_new(setting("MLAB_TEST_FOLDER"), "jobs-soak");
    do
        live(&chance, &all);
    while (time(NULL) < end || (!has_images(&all) && time(NULL) < end + PATIENCE_SECONDS));
    own_folder_remove(&folder);
    printf("%llu jobs, %llu images in memory, %llu in files\n", (unsigned long long)all.submitted,
           (unsigned long long)all.in_memory, (unsigned long long)all.in_files);
    MUST(has_images(&all));
    return EXIT_SUCCESS;
}
