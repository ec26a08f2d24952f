/*
 * What happens once a frame: images that were decoded are told, events of the library become signals, jobs are submitted,
 * for as long as the frame's share lasts. Each of these does one thing at least, so that none can starve.
 *
 * Signals run the game's code, which may do anything: open and cancel jobs, change settings, free the node.
 */
#include "node.h"

#include <stdlib.h>

static const double SECONDS = 1e-3; /* in a millisecond */

/* Ends a job with its last signal. */
static void finish(struct node *node, struct job *job, int32_t status, const char *message)
{
    variant arguments[4];

    jobs_remove(&node->jobs, job);
    arguments[0] = value_int(job->number);
    if (status == MLAB_OK) {
        arguments[1] = value_new(GDEXTENSION_VARIANT_TYPE_PACKED_STRING_ARRAY);
        for (const char *const *url = mlab_result_urls(job->done, NULL); *url != NULL; url++)
            array_push(&arguments[1], value_string(*url));
        job_free(job);
        node_emit(node, SIGNAL_JOB_READY, 2, arguments);
        return;
    }
    arguments[1] = value_int(status);
    arguments[2] = value_string(mlab_status_name(status));
    arguments[3] = value_string(message);
    job_free(job);
    node_emit(node, SIGNAL_FAILED, 4, arguments);
}

/* Ends a job whose end was pulled, once all its images were told. */
static void finish_if_over(struct node *node, struct job *job)
{
    if (job->done != NULL && job->open_images == 0)
        finish(node, job, mlab_result_status(job->done), mlab_result_message(job->done));
}

static void tell_images(struct node *node, int64_t until)
{
    struct image *image;

    do {
        struct job *job;

        image = images_pop_decoded(node);
        if (image == NULL)
            return;
        job = image_job(image);
        image_tell(node, image);
        if (node->is_freed)
            return;
        job->open_images--;
        finish_if_over(node, job);
    } while (!node->is_freed && now_usec() < until);
}

static void tell_progress(struct node *node, const struct job *job, const mlab_event *event)
{
    variant arguments[2], *info = &arguments[1];
    int64_t eta_ms = mlab_event_eta_ms(event), next_poll_ms = mlab_event_next_poll_ms(event);

    arguments[0] = value_int(job->number);
    *info = value_new(GDEXTENSION_VARIANT_TYPE_DICTIONARY);
    dictionary_put(info, "polls", value_int(mlab_event_polls(event)));
    dictionary_put(info, "elapsed", value_float((double)mlab_event_elapsed_ms(event) * SECONDS));
    dictionary_put(info, "eta", value_float(eta_ms < 0 ? -1 : (double)eta_ms * SECONDS));
    dictionary_put(info, "next_poll", value_float(next_poll_ms < 0 ? -1 : (double)next_poll_ms * SECONDS));
    dictionary_put(info, "bytes_done", value_int(mlab_event_bytes_done(event)));
    dictionary_put(info, "bytes_total", value_int(mlab_event_bytes_total(event)));
    node_emit(node, SIGNAL_PROGRESS, 2, arguments);
}

static void take_image(struct node *node, struct job *job, mlab_event *event)
{
    int32_t index = mlab_event_index(event);
    mlab_result *result = mlab_event_take_result(event);
    /* After a reload, images come again that were told before. */
    bool is_new = index >= 0 && index < 64 && !(job->begun & UINT64_C(1) << index);

    if (is_new)
        images_add(node, job, result, index);
    else
        mlab_result_free(result);
}

static void take_end(struct node *node, struct job *job, mlab_event *event)
{
    job->done = mlab_event_take_result(event);
    job->session->jobs--;
    job->session = NULL;
    finish_if_over(node, job);
}

static void handle(struct node *node, mlab_event *event)
{
    struct job *job = jobs_find(&node->jobs, (int64_t)mlab_event_tag(event));

    if (job == NULL)
        return;
    switch (mlab_event_kind(event)) {
    case MLAB_EVENT_PROGRESS:
        tell_progress(node, job, event);
        break;
    case MLAB_EVENT_IMAGE:
        take_image(node, job, event);
        break;
    case MLAB_EVENT_DONE:
        take_end(node, job, event);
        break;
    default: /* of a later version */
        break;
    }
}

struct lost {
    const struct session *session;
    struct job *job;
};

static void find_lost(struct job *job, void *user)
{
    struct lost *lost = user;

    if (job->session == lost->session)
        lost->job = job;
}

/* A client that cannot go on, after a defect in the library: its jobs would wait for ever. */
static void lose_session(struct node *node, struct session *session, int32_t status)
{
    if (node->current == session)
        node->current = NULL;
    while (!node->is_freed && session->jobs > 0) {
        struct lost lost = {session, NULL};

        jobs_each(&node->jobs, find_lost, &lost);
        if (lost.job == NULL)
            return;
        session->jobs--;
        lost.job->session = NULL;
        finish(node, lost.job, status, mlab_status_text(status));
    }
}

static void pull_events(struct node *node, struct session *session, int64_t until)
{
    int32_t status;

    do {
        mlab_event *event;

        status = mlab_client_next_event(session->client, 0, &event);
        if (status == MLAB_OK)
            handle(node, event);
        mlab_event_free(event);
    } while (status == MLAB_OK && !node->is_freed && now_usec() < until);
    if (status < 0 && !node->is_freed)
        lose_session(node, session, status);
}

/* Submits a job out of the queue. False: the client has no place for it now. */
static bool submit(struct node *node, struct job *job)
{
    struct session *session;
    mlab_request *request = NULL;
    int32_t status = MLAB_E_INVALID_ARGUMENT;
    char *why = NULL;

    if (job->is_cancelled) {
        finish(node, job, MLAB_E_CANCELLED, mlab_status_text(MLAB_E_CANCELLED));
        return true;
    }
    session = session_current(node, &status, &why);
    if (session != NULL)
        request = job_request(job, &why);
    if (request == NULL) {
        finish(node, job, session == NULL ? status : MLAB_E_INVALID_ARGUMENT, why);
        free(why);
        return true;
    }
    status = mlab_client_submit(session->client, request, &job->library_number);
    mlab_request_free(request);
    if (status == MLAB_OK) {
        job->session = session;
        session->jobs++;
    } else if (status == MLAB_E_BUSY) {
        queue_push_front(&node->jobs, job);
        return false;
    } else {
        finish(node, job, status, mlab_status_text(status));
    }
    return true;
}

static void submit_queued(struct node *node, int64_t until)
{
    struct job *job;

    do {
        job = queue_pop(&node->jobs);
        if (job == NULL || !submit(node, job))
            return;
    } while (!node->is_freed && now_usec() < until);
}

void node_pump(struct node *node)
{
    int64_t until;

    if (node->is_pumping)
        return; /* called by a signal's receiver */
    node->is_pumping = true;
    until = now_usec() + node->frame_limit_usec;
    tell_images(node, until);
    /* Signals do not add sessions: those are made by submit_queued(). */
    for (struct session *session = node->sessions; session != NULL && !node->is_freed; session = session->next)
        pull_events(node, session, until);
    if (!node->is_freed) {
        images_decode(node);
        submit_queued(node, until);
    }
    node->is_pumping = false;
    if (node->is_freed) {
        node_free(node);
        return;
    }
    sessions_tidy(node);
    node_update_processing(node);
}
