/* Stands before the library: there are no events any more, for a reason of its own. */
#include <mlab.h>

int32_t mlab_client_next_event(const mlab_client *client, uint32_t timeout_ms, mlab_event **out)
{
    (void)client;
    (void)timeout_ms;
    *out = NULL;
    return MLAB_E_INTERNAL;
}
