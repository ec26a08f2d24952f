/*
 * Times mlab_client_next_event(client, 0, ...) with nothing to tell: frame.c ENDPOINT JOBS HOT COLD, where the last two say
 * how often it is called in a row, and how often once a millisecond. The server must make every job wait.
 */
#define _POSIX_C_SOURCE 200809L
#include <mlab.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(EXIT_FAILURE);
}

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* What the process holds in memory. */
static double resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long all, held;

    if (file == NULL || fscanf(file, "%ld %ld", &all, &held) != 2)
        fail("/proc/self/statm cannot be read");
    fclose(file);
    return (double)held * (double)sysconf(_SC_PAGESIZE);
}

static void submit(const mlab_client *client, size_t count)
{
    char id[32];

    while (count-- > 0) {
        mlab_request *request;

        snprintf(id, sizeof id, "%lu", 12000000UL + (unsigned long)count);
        request = mlab_request_new(id);
        if (mlab_client_submit(client, request, NULL) != MLAB_OK)
            fail("a job cannot be submitted");
        mlab_request_free(request);
    }
}

/* Until each job was polled once. */
static void pull_progress(mlab_client *client, size_t count)
{
    while (count > 0) {
        mlab_event *event;

        if (mlab_client_next_event(client, 60000, &event) != MLAB_OK || mlab_event_kind(event) != MLAB_EVENT_PROGRESS)
            fail("a job does not wait");
        mlab_event_free(event);
        count--;
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void ask(mlab_client *client, const char *name, size_t times, long pause_ns)
{
    const struct timespec pause = {0, pause_ns};
    double *took = malloc(times * sizeof *took);
    size_t i;

    for (i = 0; i < times; i++) {
        mlab_event *event;
        double start;

        if (pause_ns > 0)
            nanosleep(&pause, NULL);
        start = now_ns();
        if (mlab_client_next_event(client, 0, &event) != MLAB_NO_EVENT)
            fail("there is something to tell");
        took[i] = now_ns() - start;
    }
    qsort(took, times, sizeof *took, by_size);
    printf("%s_median=%.0f %s_rare=%.0f %s_longest=%.0f ", name, took[times / 2], name, took[times - 1 - times / 1000],
           name, took[times - 1]);
    free(took);
}

int main(int argc, char **argv)
{
    mlab_config *config = mlab_config_new();
    mlab_client *client;
    double before, submitted;
    size_t jobs;

    if (argc != 5)
        fail("usage: frame ENDPOINT JOBS HOT COLD");
    jobs = strtoul(argv[2], NULL, 10);
    if (mlab_config_set_endpoint(config, argv[1]) != MLAB_OK
        || mlab_client_new("test-key-not-real", config, &client) != MLAB_OK)
        fail(mlab_config_message(config));
    mlab_config_free(config);
    before = resident();
    submit(client, jobs);
    submitted = resident();
    pull_progress(client, jobs);
    printf("submitted=%.0f waiting=%.0f ", (submitted - before) / (double)(jobs + !jobs),
           (resident() - before) / (double)(jobs + !jobs));
    ask(client, "hot", strtoul(argv[3], NULL, 10), 0);
    ask(client, "cold", strtoul(argv[4], NULL, 10), 1000000);
    printf("\n");
    mlab_client_free(client);
    return EXIT_SUCCESS;
}
