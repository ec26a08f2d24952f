/* What `mlab wait` shows: a live line on a terminal, plain lines in a pipe, lines of JSON if asked for. */
#ifndef SHOW_H
#define SHOW_H

#include <mlab.h>

/* What is known of a job. Its place among the jobs is the tag that comes back with each event. */
struct job {
    const char *id;
    int is_done;
    int32_t status;      /* once it is done */
    int64_t expected_ms; /* when it should be ready, since the start; -1 if nobody said */
    int64_t bytes_done, bytes_total;
};

/* A text of the log; longer ones are cut. */
enum { TROUBLE = 512 };

struct show {
    int is_json;
    int is_saving; /* files are printed, not URLs */
    int is_drawn; /* somebody looks at standard error */
    int64_t began_ns;
    char trouble[TROUBLE]; /* to be shown; empty: none */
    char shown[TROUBLE];   /* the last that was */
};

/* A mlab_log_fn: keeps what failed and will be tried again. `user` is a struct show. */
void show_take_log(void *user, int32_t level, const char *area, const char *text);

/* Shows the trouble that was kept, if it is another than the last time. */
void show_trouble(struct show *show);

/* Shows what an event tells, and takes it into what is known of its job. */
void show_event(const struct show *show, struct job *job, const mlab_event *event);

/* Shows that a job was refused before it began: its end, as the others have one. */
void show_refusal(const struct show *show, struct job *job, int32_t status, const char *message);

/* Draws the live line anew, where there is one. */
void show_line(const struct show *show, const struct job *jobs, size_t count);

/* Takes the live line away, so that something else can be printed. */
void show_no_line(const struct show *show);

#endif /* SHOW_H */
