/* The table and the queue of jobs. */
#include "node.h"

#include <stdlib.h>

enum { FIRST_BUCKETS = 64 };

static struct job **bucket(const struct jobs *jobs, int64_t number)
{
    /* Numbers follow one another, which spreads them evenly. */
    return &jobs->buckets[(uint64_t)number & (jobs->bucket_count - 1)];
}

static void grow(struct jobs *jobs)
{
    struct jobs larger = *jobs;

    larger.bucket_count = jobs->bucket_count == 0 ? FIRST_BUCKETS : jobs->bucket_count * 2;
    larger.buckets = must_allocate(larger.bucket_count * sizeof(struct job *));
    for (size_t i = 0; i < jobs->bucket_count; i++)
        for (struct job *job = jobs->buckets[i], *next; job != NULL; job = next) {
            struct job **place = bucket(&larger, job->number);

            next = job->next_in_bucket;
            job->next_in_bucket = *place;
            *place = job;
        }
    free(jobs->buckets);
    *jobs = larger;
}

struct job *jobs_find(const struct jobs *jobs, int64_t number)
{
    if (jobs->bucket_count == 0)
        return NULL;
    for (struct job *job = *bucket(jobs, number); job != NULL; job = job->next_in_bucket)
        if (job->number == number)
            return job;
    return NULL;
}

void jobs_add(struct jobs *jobs, struct job *job)
{
    struct job **place;

    if (jobs->count >= jobs->bucket_count)
        grow(jobs);
    place = bucket(jobs, job->number);
    job->next_in_bucket = *place;
    *place = job;
    jobs->count++;
    job->next_queued = NULL;
    if (jobs->queue_last == NULL)
        jobs->queue_first = job;
    else
        jobs->queue_last->next_queued = job;
    jobs->queue_last = job;
}

void jobs_remove(struct jobs *jobs, struct job *job)
{
    for (struct job **place = bucket(jobs, job->number); *place != NULL; place = &(*place)->next_in_bucket)
        if (*place == job) {
            *place = job->next_in_bucket;
            jobs->count--;
            return;
        }
}

void jobs_each(const struct jobs *jobs, void (*visit)(struct job *job, void *user), void *user)
{
    for (size_t i = 0; i < jobs->bucket_count; i++)
        for (struct job *job = jobs->buckets[i]; job != NULL; job = job->next_in_bucket)
            visit(job, user);
}

struct job *queue_pop(struct jobs *jobs)
{
    struct job *job = jobs->queue_first;

    if (job != NULL) {
        jobs->queue_first = job->next_queued;
        if (jobs->queue_first == NULL)
            jobs->queue_last = NULL;
        job->next_queued = NULL;
    }
    return job;
}

void queue_push_front(struct jobs *jobs, struct job *job)
{
    job->next_queued = jobs->queue_first;
    jobs->queue_first = job;
    if (jobs->queue_last == NULL)
        jobs->queue_last = job;
}

void job_free(struct job *job)
{
    mlab_result_free(job->done);
    value_free(&job->options);
    free(job->id);
    free(job);
}
