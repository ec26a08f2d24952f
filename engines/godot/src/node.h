/*
 * What a MlabClient is inside: settings, clients of the library, jobs, images being decoded.
 *
 * All of it belongs to the main thread, but for an image while WorkerThreadPool decodes it.
 */
#ifndef MLAB_NODE_H
#define MLAB_NODE_H

#include "godot.h"

#include <mlab.h>

/* A client of the library, with the settings it was made with. */
struct session {
    struct session *next;
    mlab_client *client;
    int64_t jobs; /* Submitted, and their end not yet pulled. */
};

/* A job, from wait_for() to its last signal. */
struct job {
    struct job *next_in_bucket;
    struct job *next_queued;
    int64_t number;
    uint64_t library_number; /* 0 until it was submitted. */
    struct session *session; /* NULL until it was submitted, and once its end was pulled. */
    char *id;
    variant options; /* A Dictionary of its own, or nil. */
    uint64_t begun;  /* A bit for each image that is decoded or was told; the library's limit is 64. */
    int64_t open_images;
    int64_t max_pixels;
    mlab_result *done; /* Once its end was pulled. */
    bool keeps_bytes;
    bool is_cancelled;
};

/* Jobs by number, and in the order of wait_for() those that were not yet submitted. */
struct jobs {
    struct job **buckets;
    size_t bucket_count; /* A power of two, or 0. */
    size_t count;
    struct job *queue_first, *queue_last;
};

struct images {
    struct image *waiting_first, *waiting_last;
    struct image *decoding; /* Oldest first. */
    int decoding_count;
};

struct node {
    GDExtensionObjectPtr object;
    char *endpoint, *key; /* "" where the project's settings or the environment count. */
    int64_t workers;
    int64_t frame_limit_usec;
    bool auto_pump;

    struct session *sessions;
    struct session *current; /* The one with the settings of this moment; NULL before it is needed. */
    struct jobs jobs;
    struct images images;
    int64_t last_number;
    bool is_pumping;
    bool is_ending;     /* Its object is being deleted, and not reloaded. */
    bool is_freed;      /* Freed inside a signal: the pump ends it. */
    bool is_processing; /* Godot calls it every frame. */
};

/* node.c */
struct node *node_new(GDExtensionObjectPtr object);
void node_free(struct node *node);
/* Asks for frames while there are jobs, and for none otherwise. */
void node_update_processing(struct node *node);
/* Opens a job; takes `id` and `options`. */
struct job *node_open(struct node *node, int64_t number, char *id, variant options);
bool node_cancel(struct node *node, int64_t number);
void node_cancel_all(struct node *node);
/* Puts the settings of this moment out of use; jobs that run keep theirs. */
void node_retire_settings(struct node *node);

/* sessions.c */
/* The client with the settings of this moment. NULL: it was refused, and `why` receives a text to be freed. */
struct session *session_current(struct node *node, int32_t *status, char **why);
/* Frees clients that are out of use and have no jobs. */
void sessions_tidy(struct node *node);
void sessions_free(struct node *node);

/* jobs.c */
struct job *jobs_find(const struct jobs *jobs, int64_t number);
void jobs_add(struct jobs *jobs, struct job *job);
void jobs_remove(struct jobs *jobs, struct job *job);
/* Calls a function with each job, which may not add or remove any. */
void jobs_each(const struct jobs *jobs, void (*visit)(struct job *job, void *user), void *user);
struct job *queue_pop(struct jobs *jobs);
void queue_push_front(struct jobs *jobs, struct job *job);
void job_free(struct job *job);

/* options.c */
/* Makes the library's request of a job. NULL: it was refused, and `why` receives a text to be freed. */
mlab_request *job_request(struct job *job, char **why);

/* images.c */
/* Queues an image of a job for decoding; takes `result`, which has it. */
void images_add(struct node *node, struct job *job, mlab_result *result, int32_t index);
/* Gives WorkerThreadPool as many as it may have at once. */
void images_decode(struct node *node);
/* The oldest that was decoded, out of the list, or NULL. */
struct image *images_pop_decoded(struct node *node);
/* Emits `image_ready`, and ends the image. */
void image_tell(struct node *node, struct image *image);
struct job *image_job(const struct image *image);
/* Waits for what WorkerThreadPool has, and drops all: their jobs have not begun them. */
void images_drop(struct node *node);

/* pump.c */
void node_pump(struct node *node);

/* reload.c */
/* Leaves the open jobs and the key with the object, which outlives a hot reload of the plugin. */
void reload_leave(struct node *node);
/* Takes them up again. */
void reload_take(struct node *node);

/* signals.c */
enum signal { SIGNAL_PROGRESS, SIGNAL_IMAGE_READY, SIGNAL_JOB_READY, SIGNAL_FAILED };
extern const char *const SIGNAL_NAMES[];
/* Emits a signal and ends its `count` arguments. Afterwards node->is_freed must be looked at. */
void node_emit(struct node *node, enum signal signal, int count, variant *arguments);

/* registration.c */
void class_register(void);
void class_unregister(void);

#endif
