/*
 * Ten thousand jobs wait, and a game asks for events once a frame. Between two marks, which are system calls that
 * nothing else makes, it does nothing but that: whoever traces it sees what the asking costs.
 */
#define _DEFAULT_SOURCE
#include "../c/next_event.h"
#include "jobs.h"

#include <sys/syscall.h>
#include <unistd.h>

enum { JOBS = 10000, FRAMES = 1000 };

static void mark(void)
{
    syscall(SYS_getpgid, 0);
}

int main(void)
{
    mlab_client *client = job_client("MLAB_TEST_SILENT", 4);
    uint64_t i;

    for (i = 0; i < JOBS; i++)
        job_submit(client, "", i);
    MUST(next_event(client, 0) == NULL);
    mark();
    for (i = 0; i < FRAMES; i++)
        MUST(next_event(client, 0) == NULL);
    mark();
    MUST(mlab_client_pending(client) == JOBS);
    mlab_client_free(client);
    return 0;
}
