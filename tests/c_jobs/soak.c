/*
 * Threads submit, cancel, pull and wake, and clients are shut and freed under them, for MLAB_TEST_SECONDS. To be run
 * under thread and address sanitizers; MLAB_TEST_ENDPOINT names a stand-in server in automatic mode.
 */
#define _POSIX_C_SOURCE 200809L
#include "../c/next_event.h"
#include "jobs.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SUBMITTERS = 2, PULLERS = 2, THREADS = SUBMITTERS + PULLERS + 1, JOBS_EACH = 40 };

typedef struct {
    mlab_client *client;
    uint64_t chance;
    uint64_t submitted, ended;
} actor;

static const char *const kinds[] = {"", "", "", "never-", "busy-", "cut-", "fail-"};

static void *submit_and_cancel(void *argument)
{
    actor *self = argument;
    int i;

    for (i = 0; i < JOBS_EACH; i++) {
        const char *kind = kinds[below(&self->chance, sizeof kinds / sizeof *kinds)];
        /* Few numbers, so that jobs share ids. */
        uint64_t job = job_submit(self->client, kind, below(&self->chance, 60));

        self->submitted++;
        if (below(&self->chance, 3) == 0)
            mlab_client_cancel_job(self->client, 1 + below(&self->chance, (uint32_t)job));
        if (below(&self->chance, 20) == 0)
            sleep_us((long)below(&self->chance, 2000));
    }
    return NULL;
}

static void *pull(void *argument)
{
    actor *self = argument;
    mlab_event *event;

    while ((event = next_event(self->client, 50)) != NULL) {
        if (mlab_event_kind(event) == MLAB_EVENT_DONE) {
            mlab_result *result = below(&self->chance, 2) ? mlab_event_take_result(event) : NULL;

            MUST(mlab_event_status(event) != MLAB_PROCESSING);
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
        if (below(&self->chance, 8) == 0)
            mlab_client_cancel_job(self->client, 0);
        sleep_us((long)below(&self->chance, 3000));
    }
    return NULL;
}

/* One client's life; gives the jobs that were submitted. */
static uint64_t live(uint64_t *chance)
{
    actor actors[THREADS];
    pthread_t threads[THREADS];
    mlab_client *client = job_client("MLAB_TEST_ENDPOINT", 1 + below(chance, 4));
    uint64_t submitted = 0, ended = 0, job;
    int i, shut = below(chance, 2) == 0;

    for (i = 0; i < THREADS; i++) {
        actor self = {NULL, 0, 0, 0};

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
    }
    if (shut) {
        MUST(mlab_client_shutdown(client, 10000) == MLAB_OK);
        while (job_next_end(client, 0, &job) != MLAB_PROCESSING)
            ended++;
        MUST(ended == submitted);
    }
    mlab_client_free(client);
    return submitted;
}

int main(void)
{
    time_t end = time(NULL) + atol(setting("MLAB_TEST_SECONDS"));
    uint64_t chance = 88172645463325252u, jobs = 0;

    do
        jobs += live(&chance);
    while (time(NULL) < end);
    printf("%llu jobs\n", (unsigned long long)jobs);
    return EXIT_SUCCESS;
}
