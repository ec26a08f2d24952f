/* One reasonable call of every exported function, with what it gives, and what it gives after a caught panic. */
#ifndef EXPORTED_H
#define EXPORTED_H

#include <mlab.h>
#include <stddef.h>

/* What the calls work on; made anew for each program. */
typedef struct {
    mlab_config *config;   /* whose endpoint is the stand-in */
    mlab_client *client;   /* made from it */
    mlab_cancel *cancel;   /* not triggered */
    mlab_request *request; /* for a job that is ready */
    mlab_result *result;   /* of a refused call: HTTP 429 with a time to wait */
    mlab_result *ready;    /* with images */
} exported_objects;

typedef struct {
    const char *name;
    /* Calls the function and checks what it gave: its answer, or if a panic was planted, its neutral value. */
    void (*call)(const exported_objects *with, int planted);
} exported_function;

extern const exported_function exported_functions[];
extern const size_t exported_function_count;

/* EXPORTED_FUNCTIONS(X): X of every function of mlab.h, written by the runner. */
#include <exported_functions.h>

#define DECLARE_CALL(function) void call_##function(const exported_objects *with, int planted);
EXPORTED_FUNCTIONS(DECLARE_CALL)

exported_objects exported_objects_new(void);
void exported_objects_free(exported_objects *objects);

/* Calls made this way have a host's errno before them, and are checked to leave it alone. */
#define ODD_ERRNO 4242
#define CALL(statement)                                                                                            \
    do {                                                                                                           \
        errno = ODD_ERRNO;                                                                                         \
        statement;                                                                                                 \
        CHECK_INT(errno, ODD_ERRNO);                                                                               \
    } while (0)

#endif /* EXPORTED_H */
