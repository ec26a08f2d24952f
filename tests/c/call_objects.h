/*
 * What the calls that are generated from the header work on (null_calls.h, client_calls.h, written by the runner): a
 * field is called as the parameter that it is for.
 */
#ifndef CALL_OBJECTS_H
#define CALL_OBJECTS_H

#include "pixel.h"

#include <mlab.h>

typedef struct {
    mlab_client *client;
    mlab_config *config;
    mlab_request *request;
    mlab_cancel *cancel;
    mlab_result *result;
    mlab_event *event;
    mlab_exchange *exchange;
    const char *id, *path, *url_template;
    uint32_t timeout_ms;
} call_objects;

/* What a generated call gives for a function that has no status. */
#define NO_STATUS INT32_MIN

#endif /* CALL_OBJECTS_H */
