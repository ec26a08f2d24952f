#define _GNU_SOURCE /* POLLRDHUP */
#include "slow_send.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>

enum { PATIENCE_MS = 5000 };

static int is_slow, broken;

void slow_send_begin(void)
{
    is_slow = 1;
    broken = 0;
}

int slow_send_end(void)
{
    is_slow = 0;
    return broken;
}

static void wait_for(int socket, short what)
{
    struct pollfd polled;
    polled.fd = socket;
    polled.events = what; /* errors are always waited for too */
    polled.revents = 0;
    poll(&polled, 1, PATIENCE_MS);
}

ssize_t send(int socket, const void *bytes, size_t length, int flags)
{
    ssize_t sent;
    if (!is_slow)
        return sendto(socket, bytes, length, flags, NULL, 0);
    wait_for(socket, POLLRDHUP);
    sent = sendto(socket, bytes, (length + 1) / 2, flags, NULL, 0);
    if (sent >= 0)
        wait_for(socket, 0);
    else
        broken += errno == EPIPE;
    return sent;
}
