#define _GNU_SOURCE /* POLLRDHUP */
#include "slow_send.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/socket.h>

enum { PATIENCE_MS = 5000, FULL_MS = 20 };

static enum { AS_EVER, SLOW, STUCK } way;
static int broken;

/* Counted by the thread that sends, and read by another. */
static struct {
    pthread_mutex_t lock;
    int count;
} tried = {PTHREAD_MUTEX_INITIALIZER, 0};

static int tried_more(int more)
{
    int now;
    pthread_mutex_lock(&tried.lock);
    now = tried.count += more;
    pthread_mutex_unlock(&tried.lock);
    return now;
}

void slow_send_begin(void)
{
    way = SLOW;
    broken = 0;
}

int slow_send_end(void)
{
    way = AS_EVER;
    return broken;
}

void stuck_send_begin(void)
{
    tried_more(-tried_more(0));
    way = STUCK;
}

int stuck_send_tries(void)
{
    return tried_more(0);
}

int stuck_send_end(void)
{
    way = AS_EVER;
    return stuck_send_tries();
}

static void wait_for(int socket, short what)
{
    struct pollfd polled;
    polled.fd = socket;
    polled.events = what; /* errors are always waited for too */
    polled.revents = 0;
    poll(&polled, 1, PATIENCE_MS);
}

static ssize_t send_slowly(int socket, const void *bytes, size_t length, int flags)
{
    ssize_t sent;
    wait_for(socket, POLLRDHUP);
    sent = sendto(socket, bytes, (length + 1) / 2, flags, NULL, 0);
    if (sent >= 0)
        wait_for(socket, 0);
    else
        broken += errno == EPIPE;
    return sent;
}

ssize_t send(int socket, const void *bytes, size_t length, int flags)
{
    switch (way) {
    case SLOW:
        return send_slowly(socket, bytes, length, flags);
    case STUCK:
        tried_more(1);
        /* Blocks for less than the socket's own timeout, and reports as it would. */
        poll(NULL, 0, FULL_MS);
        errno = EAGAIN;
        return -1;
    default:
        return sendto(socket, bytes, length, flags, NULL, 0);
    }
}
