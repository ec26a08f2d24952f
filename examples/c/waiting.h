/*
 * Waiting for the first of several things, and for Ctrl-C as one of them: on Unix descriptors and poll(2), on Windows
 * handles and WaitForMultipleObjects(). Include it before everything else, as platform.h.
 */
#ifndef WAITING_H
#define WAITING_H

#include "platform.h"

#include <mlab.h>

#ifdef _WIN32

typedef HANDLE waitable;

enum { MAX_WAITABLES = MAXIMUM_WAIT_OBJECTS };

/* What a client raises when there is something to pull; NULL without free handles. */
static inline waitable waiting_of(const mlab_client *client)
{
    return mlab_client_event_handle(client);
}

static inline int waiting_is_possible(waitable what)
{
    return what != NULL;
}

/* Waits until one is raised or so many milliseconds are over, -1 for no end. Passes over what is none. */
static inline void waiting_for_any(const waitable *what, int count, int timeout_ms)
{
    HANDLE real[MAX_WAITABLES];
    DWORD found = 0, timeout = timeout_ms < 0 ? INFINITE : (DWORD)timeout_ms;
    int i;

    for (i = 0; i < count; i++)
        if (what[i] != NULL)
            real[found++] = what[i];
    if (found > 0)
        WaitForMultipleObjects(found, real, FALSE, timeout);
    else
        Sleep(timeout);
}

/* For the handler, which gets no pointer and runs on a thread of its own. */
static HANDLE waiting_interrupt;

static inline BOOL WINAPI waiting_on_control(DWORD kind)
{
    return kind == CTRL_C_EVENT && SetEvent(waiting_interrupt);
}

/* What Ctrl-C raises from now on. */
static inline waitable waiting_for_interrupts(void)
{
    waiting_interrupt = CreateEventW(NULL, TRUE, FALSE, NULL); /* Reset by whoever asks, not by a wait. */
    if (waiting_interrupt == NULL || !SetConsoleCtrlHandler(waiting_on_control, TRUE))
        exit(1);
    return waiting_interrupt;
}

/* Whether Ctrl-C came since the last call. */
static inline int waiting_was_interrupted(waitable interrupts)
{
    return WaitForSingleObject(interrupts, 0) == WAIT_OBJECT_0 && ResetEvent(interrupts);
}

#else

#include <fcntl.h>
#include <poll.h>
#include <signal.h>

typedef int waitable;

enum { MAX_WAITABLES = 64 };

static inline waitable waiting_of(const mlab_client *client)
{
    return mlab_client_event_fd(client);
}

static inline int waiting_is_possible(waitable what)
{
    return what >= 0;
}

static inline void waiting_for_any(const waitable *what, int count, int timeout_ms)
{
    struct pollfd waiting[MAX_WAITABLES];
    int i;

    for (i = 0; i < count; i++) {
        waiting[i].fd = what[i]; /* poll() passes over -1. */
        waiting[i].events = POLLIN;
        waiting[i].revents = 0;
    }
    poll(waiting, (nfds_t)count, timeout_ms);
}

/* Both ends of a pipe; the signal handler, which gets no pointer, writes into the second. */
static int waiting_pipe[2];

static inline void waiting_on_signal(int signal)
{
    char byte = 0;
    ssize_t written = write(waiting_pipe[1], &byte, 1);

    (void)signal;
    (void)written; /* A full pipe has woken the loop already. */
}

static inline waitable waiting_for_interrupts(void)
{
    struct sigaction action = {0};

    if (pipe(waiting_pipe) != 0) {
        perror("pipe");
        exit(1);
    }
    fcntl(waiting_pipe[0], F_SETFL, O_NONBLOCK);
    fcntl(waiting_pipe[1], F_SETFL, O_NONBLOCK);
    action.sa_handler = waiting_on_signal;
    sigaction(SIGINT, &action, NULL);
    return waiting_pipe[0];
}

static inline int waiting_was_interrupted(waitable interrupts)
{
    char bytes[64];
    int came = 0;

    while (read(interrupts, bytes, sizeof bytes) > 0)
        came = 1;
    return came;
}

#endif

#endif /* WAITING_H */
