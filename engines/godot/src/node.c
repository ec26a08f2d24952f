/* The life of a MlabClient, and what a game asks of it. */
#include "node.h"

#include <stdlib.h>

struct node *node_new(GDExtensionObjectPtr object)
{
    struct node *node = must_allocate(sizeof *node);

    node->object = object;
    node->endpoint = must_copy("");
    node->key = must_copy("");
    node->workers = 64; /* as the library's */
    node->frame_limit_usec = 1000;
    node->auto_pump = true;
    return node;
}

static void free_job(struct job *job, void *user)
{
    struct job **freed = user;

    /* The table is read on until all were visited. */
    job->next_queued = *freed;
    *freed = job;
}

void node_free(struct node *node)
{
    struct job *freed = NULL;

    if (node->is_pumping) {
        node->is_freed = true;
        return;
    }
    if (!node->is_ending && !node->is_freed)
        reload_leave(node);
    images_drop(node);
    sessions_free(node);
    jobs_each(&node->jobs, free_job, &freed);
    while (freed != NULL) {
        struct job *job = freed;

        freed = job->next_queued;
        job_free(job);
    }
    free(node->jobs.buckets);
    free(node->endpoint);
    free(node->key);
    free(node);
}

void node_update_processing(struct node *node)
{
    bool is_wanted = node->auto_pump && (node->jobs.count > 0 || node->sessions != node->current);

    if (is_wanted != node->is_processing) {
        variant self = value_object(node->object), wanted = value_bool(is_wanted);

        value_call_void(&self, NAME_set_process_internal, 1, &wanted);
        value_free(&self);
        node->is_processing = is_wanted;
    }
}

struct job *node_open(struct node *node, int64_t number, char *id, variant options)
{
    struct job *job = must_allocate(sizeof *job);

    job->number = number;
    job->id = id;
    job->options = options;
    jobs_add(&node->jobs, job);
    node_update_processing(node);
    return job;
}

bool node_cancel(struct node *node, int64_t number)
{
    struct job *job = jobs_find(&node->jobs, number);

    if (job == NULL)
        return false;
    job->is_cancelled = true;
    if (job->session != NULL)
        mlab_client_cancel_job(job->session->client, job->library_number);
    return true;
}

static void cancel(struct job *job, void *user)
{
    (void)user;
    job->is_cancelled = true;
}

void node_cancel_all(struct node *node)
{
    jobs_each(&node->jobs, cancel, NULL);
    for (struct session *session = node->sessions; session != NULL; session = session->next)
        mlab_client_cancel_job(session->client, 0);
}

void node_retire_settings(struct node *node)
{
    node->current = NULL;
    node_update_processing(node);
}
