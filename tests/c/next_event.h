/* The next event, for tests that need no more than that; what mlab_client_next_event() returns is tested in closing.c. */
#ifndef NEXT_EVENT_H
#define NEXT_EVENT_H

#include <mlab.h>
#include <stddef.h>

/* NULL if there is none. Yours to free. */
static inline mlab_event *next_event(const mlab_client *client, uint32_t timeout_ms)
{
    mlab_event *event = NULL;
    return mlab_client_next_event(client, timeout_ms, &event) == MLAB_OK ? event : NULL;
}

#endif /* NEXT_EVENT_H */
