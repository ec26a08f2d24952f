/*
 * A client whose exchanges the test itself performs: no socket, no thread, and every step when the test wants it. It has
 * one job, whose first poll was begun.
 */
#ifndef HOST_HTTP_H
#define HOST_HTTP_H

#include <mlab.h>

/* The tag of the job. */
#define HOST_TAG 77

typedef struct {
    mlab_client *client;
    uint64_t job;
    mlab_exchange *exchange; /* not answered yet; the tests' own to free */
} host_http;

/* Makes a client with a transport, and begins its job unless told to leave that to the test. */
host_http host_http_new(void);
host_http host_http_without_job(void);

/* The exchange that the library began last; NULL if none since the last question. */
mlab_exchange *host_http_begun(void);

/* Answers the exchange with images and pulls the event of the job's end. */
mlab_event *host_http_done(host_http *http);

void host_http_free(host_http *http);

#endif /* HOST_HTTP_H */
