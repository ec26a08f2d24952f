/*
 * A game that waits for images without a hitch: sixty frames a second, drawn as text, a spinner a job.
 *
 *     MODELSLAB_API_KEY=... ./game_loop 12202888 12202889
 *
 * Each frame asks for events with mlab_client_next_event(), which does not block when told to wait 0 ms; the client's own
 * threads do the rest. It ends with the frame times: how much of a frame went into the library, and the longest frame.
 * On a terminal the jobs are drawn in place; elsewhere a line tells of each change.
 *
 * MLAB_ENDPOINT and MLAB_CA_FILE as in fetch.c.
 *
 * Exit code: 0 all images are there, 3 not all came before their deadline, 1 something went wrong, 2 wrong use.
 */
#include "platform.h"

#include <mlab.h>

#include <stdio.h>
#include <stdlib.h>

enum { DONE = 0, FAILED = 1, USAGE = 2, NOT_READY = 3 };

enum { FRAME_NS = 1000000000 / 60 };

/* What the game knows of a job. Its place in the array is the tag that comes back with each event. */
struct job {
    const char *id;
    mlab_result *result; /* NULL until it has ended. */
    int32_t polls;
};

struct frame_times {
    long count, longest;
    int64_t longest_ns, total_ns;
    int64_t library_longest_ns, library_total_ns; /* The part spent in calls of the library. */
};

/* A client with the settings of the environment; NULL after a message. */
static mlab_client *make_client(const char *key)
{
    const char *endpoint = getenv("MLAB_ENDPOINT");
    const char *ca_file = getenv("MLAB_CA_FILE");
    mlab_config *config = mlab_config_new();
    mlab_client *client = NULL;

    if (endpoint != NULL && mlab_config_set_endpoint(config, endpoint) != MLAB_OK)
        fprintf(stderr, "MLAB_ENDPOINT: %s\n", mlab_config_message(config));
    else if (ca_file != NULL && mlab_config_set_ca_file(config, ca_file) != MLAB_OK)
        fprintf(stderr, "MLAB_CA_FILE: %s\n", mlab_config_message(config));
    else if (mlab_client_new(key, config, &client) != MLAB_OK) {
        fprintf(stderr, "MODELSLAB_API_KEY: %s\n", mlab_client_message(client));
        mlab_client_free(client); /* One that was refused is there to say why. */
        client = NULL;
    }
    mlab_config_free(config);
    return client;
}

/* Submits a job for each id. Returns 0 after a message if one cannot be submitted. */
static int submit(mlab_client *client, struct job *jobs, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        mlab_request *request = mlab_request_new(jobs[i].id);
        int32_t status;

        mlab_request_set_tag(request, i);
        status = mlab_client_submit(client, request, NULL);
        if (status != MLAB_OK)
            fprintf(stderr, "%s: %s: %s\n", jobs[i].id, mlab_status_name(status), mlab_request_message(request));
        mlab_request_free(request);
        if (status != MLAB_OK)
            return 0;
    }
    return 1;
}

static void print_job(const struct job *job)
{
    if (job->result == NULL)
        printf("%s: not ready, poll %d\n", job->id, (int)job->polls);
    else if (mlab_result_status(job->result) == MLAB_OK)
        printf("%s: %s\n", job->id, mlab_result_url(job->result, 0));
    else
        printf("%s: %s: %s\n", job->id, mlab_status_name(mlab_result_status(job->result)),
               mlab_result_message(job->result));
}

/* Takes in what happened since the last frame. Returns how many jobs ended. */
static size_t take_events(mlab_client *client, struct job *jobs, int is_drawn)
{
    mlab_event *event;
    size_t ended = 0;

    while (mlab_client_next_event(client, 0, &event) == MLAB_OK) {
        struct job *job = &jobs[mlab_event_tag(event)];

        job->polls = mlab_event_polls(event);
        if (mlab_event_kind(event) == MLAB_EVENT_DONE) {
            job->result = mlab_event_take_result(event);
            ended++;
        }
        mlab_event_free(event);
        if (!is_drawn)
            print_job(job);
    }
    return ended;
}

/* Draws over what was drawn before: a line a job. */
static void draw(const struct job *jobs, size_t count, long frame)
{
    static const char spinner[] = "|/-\\";
    size_t i;

    if (frame > 0)
        printf("\033[%luA", (unsigned long)count);
    for (i = 0; i < count; i++) {
        printf("\r\033[K");
        if (jobs[i].result == NULL)
            printf("%c ", spinner[((size_t)frame / 6 + i) % 4]);
        else
            printf("%c ", mlab_result_status(jobs[i].result) == MLAB_OK ? '*' : '!');
        print_job(&jobs[i]);
    }
    fflush(stdout);
}

static void count_frame(struct frame_times *times, int64_t frame_ns, int64_t library_ns)
{
    if (frame_ns > times->longest_ns) {
        times->longest_ns = frame_ns;
        times->longest = times->count;
    }
    if (library_ns > times->library_longest_ns)
        times->library_longest_ns = library_ns;
    times->total_ns += frame_ns;
    times->library_total_ns += library_ns;
    times->count++;
}

static void print_times(const struct frame_times *times)
{
    double frames = (double)times->count;

    printf("%ld frames; work in a frame: %.1f us on average, %.1f us in the longest, number %ld\n", times->count,
           (double)times->total_ns / frames / 1000, (double)times->longest_ns / 1000, times->longest);
    printf("of that in the library: %.1f us on average, %.1f us at most; a frame has %d us\n",
           (double)times->library_total_ns / frames / 1000, (double)times->library_longest_ns / 1000,
           FRAME_NS / 1000);
}

/* The loop of the game, until all jobs have ended. */
static void play(mlab_client *client, struct job *jobs, size_t count)
{
    struct frame_times times = {0, 0, 0, 0, 0, 0};
    int is_drawn = platform_is_terminal(stdout);
    int64_t next = platform_now_ns();
    size_t ended = 0;

    while (ended < count) {
        int64_t began = platform_now_ns(), after_library;

        ended += take_events(client, jobs, is_drawn);
        after_library = platform_now_ns();
        if (is_drawn)
            draw(jobs, count, times.count);
        count_frame(&times, platform_now_ns() - began, after_library - began);
        next += FRAME_NS;
        platform_sleep_ns(next - platform_now_ns());
    }
    print_times(&times);
}

static int worst(struct job *jobs, size_t count)
{
    int code = DONE;
    size_t i;

    for (i = 0; i < count; i++) {
        int32_t status = mlab_result_status(jobs[i].result);

        if (status != MLAB_OK && code != FAILED)
            code = status == MLAB_E_DEADLINE ? NOT_READY : FAILED;
    }
    return code;
}

int main(int argc, char **argv)
{
    const char *key = getenv("MODELSLAB_API_KEY");
    size_t count = argc > 1 ? (size_t)argc - 1 : 0, i;
    mlab_client *client;
    struct job *jobs;
    int code = USAGE;

    if (key == NULL || count == 0) {
        fprintf(stderr, "usage: MODELSLAB_API_KEY=<your key> %s <id>...\n", argv[0]);
        return USAGE;
    }
    client = make_client(key);
    jobs = calloc(count, sizeof *jobs);
    for (i = 0; jobs != NULL && i < count; i++)
        jobs[i].id = argv[i + 1];
    if (client != NULL && jobs != NULL && submit(client, jobs, count)) {
        play(client, jobs, count);
        code = worst(jobs, count);
    }
    for (i = 0; jobs != NULL && i < count; i++)
        mlab_result_free(jobs[i].result);
    free(jobs);
    mlab_client_free(client);
    return code;
}
