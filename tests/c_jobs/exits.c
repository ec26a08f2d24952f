/*
 * Ends the process while jobs are in every phase: exits.c WAY MICROSECONDS, where the second says how long after the
 * jobs began. Whatever the way, the process must end by it and by nothing else.
 */
#define _POSIX_C_SOURCE 200809L
#include "jobs.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static mlab_client *clients[3];

static void *exit_elsewhere(void *unused)
{
    (void)unused;
    exit(EXIT_SUCCESS);
}

static void *wait_for_events(void *client)
{
    uint64_t job;

    /* Until the client is shut down. */
    while (job_next_end(client, 60000, &job) != MLAB_PROCESSING)
        ;
    return NULL;
}

static void free_at_exit(void)
{
    mlab_client_free(clients[0]);
}

static void begin_jobs(void)
{
    static const char *const endpoints[] = {"MLAB_TEST_ENDPOINT", "MLAB_TEST_SILENT", "MLAB_TEST_SECURE"};
    size_t i, n;

    for (i = 0; i < sizeof clients / sizeof *clients; i++) {
        clients[i] = job_client(endpoints[i], 3);
        for (n = 0; n < 30; n++)
            job_submit(clients[i], n % 3 ? "" : "never-", n);
    }
}

int main(int argc, char **argv)
{
    pthread_t waiter, ender;
    const char *way;

    MUST(argc == 3);
    way = argv[1];
    begin_jobs();
    /* One that is inside a call when the process ends. */
    MUST(pthread_create(&waiter, NULL, wait_for_events, clients[0]) == 0);
    sleep_us(atol(argv[2]));
    if (strcmp(way, "exit-elsewhere") == 0) {
        MUST(pthread_create(&ender, NULL, exit_elsewhere, NULL) == 0);
        pthread_join(ender, NULL);
    } else if (strcmp(way, "atexit") == 0) {
        /* A host that frees when it is too late for anything but that. */
        MUST(mlab_client_shutdown(clients[0], 10000) == MLAB_OK);
        MUST(pthread_join(waiter, NULL) == 0);
        MUST(atexit(free_at_exit) == 0);
    } else if (strcmp(way, "_exit") == 0) {
        _exit(EXIT_SUCCESS);
    } else {
        MUST(strcmp(way, "return") == 0);
    }
    return EXIT_SUCCESS;
}
