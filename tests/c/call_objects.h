/*
 * What the calls that are generated from the header work on (null_calls.h, client_calls.h and others, written by the
 * runner): a field is called as the parameter that it is for, but that `body` is for `bytes` as well.
 */
#ifndef CALL_OBJECTS_H
#define CALL_OBJECTS_H

#include <mlab.h>

typedef struct {
    mlab_client *client;
    mlab_config *config;
    mlab_request *request;
    mlab_cancel *cancel;
    mlab_result *result;
    mlab_event *event;
    mlab_exchange *exchange;
    const char *id, *path, *url, *url_template;
    const void *body;
    size_t len;
    uint32_t timeout_ms;
} call_objects;

/* One that other threads may make while the object is ended (client_calls.h, exchange_calls.h). */
typedef struct {
    const char *name;
    int32_t (*call)(const call_objects *with);
} concurrent_call;

/* What a generated call gives for a function that has no status. */
#define NO_STATUS INT32_MIN

#endif /* CALL_OBJECTS_H */
