/*
 * A host with HTTP of its own that has its answer ready: a start function does the same with every exchange, and notes
 * what it saw. For a test that answers each exchange in its own way there is host_http.h.
 */
#ifndef READY_HOST_H
#define READY_HOST_H

#include <mlab.h>

/* Where the exchanges go; nobody listens there. */
#define HOST_ORIGIN "https://service.example"

typedef struct {
    int32_t http_status; /* 0: it fails with `failure` instead, and `text` is the message */
    int32_t failure;
    const char *headers, *text;
    int32_t answered; /* what the last answer returned */
    int asked;
    uint32_t timeout_ms; /* this and the next two: of the last exchange */
    uint64_t id;
    char url[256];
    uint64_t cancelled;  /* the last exchange that nobody waited for any more; 0 for none */
    mlab_exchange *kept; /* the last that was kept; the test's own to free */
} ready_host;

/* One that replies this way. Borrows the texts. */
ready_host ready_host_new(int32_t http_status, const char *headers, const char *body);

/* Start functions, whose user is a ready_host. */
void ready_host_answer(void *user, mlab_exchange *exchange);
void ready_host_keep(void *user, mlab_exchange *exchange);
void ready_host_give_up(void *user, mlab_exchange *exchange);

/* Settings with this host's HTTP, and a client made from them. */
mlab_config *ready_host_config(mlab_transport_start_fn start, ready_host *host);
mlab_client *ready_host_client(mlab_transport_start_fn start, ready_host *host);

/* Makes the one call with these settings, which it frees, and checks its status. The result is the test's to free. */
mlab_result *ready_host_fetch(mlab_config *config, int32_t status);

#endif /* READY_HOST_H */
