#define _POSIX_C_SOURCE 200809L
#include "../c/next_event.h"
#include "jobs.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PATIENCE_MS = 20000 };

void must_fail(const char *what, const char *file, int line)
{
    printf("%s:%d: does not hold: %s\n", file, line, what);
    fflush(stdout);
    _Exit(EXIT_FAILURE);
}

const char *setting(const char *name)
{
    const char *value = getenv(name);

    if (value == NULL) {
        printf("%s is not set: this program is run by `cargo test`\n", name);
        exit(EXIT_FAILURE);
    }
    return value;
}

mlab_client *job_client(const char *endpoint_variable, uint32_t workers)
{
    const char *ca_file = getenv("MLAB_TEST_CA_FILE");
    mlab_config *config = mlab_config_new();
    mlab_client *client;

    MUST(mlab_config_set_endpoint(config, setting(endpoint_variable)) == MLAB_OK);
    MUST(ca_file == NULL || mlab_config_set_ca_file(config, ca_file) == MLAB_OK);
    MUST(mlab_config_set_workers(config, workers) == MLAB_OK);
    MUST(mlab_client_new("test-key-not-real", config, &client) == MLAB_OK);
    mlab_config_free(config);
    return client;
}

uint64_t job_submit(const mlab_client *client, const char *start, uint64_t number)
{
    return job_submit_with(client, start, number, NULL);
}

uint64_t job_submit_with(const mlab_client *client, const char *start, uint64_t number, void (*change)(mlab_request *))
{
    char id[64];
    mlab_request *request;
    uint64_t job;

    snprintf(id, sizeof id, "%s%llu", start, (unsigned long long)number);
    request = mlab_request_new(id);
    MUST(mlab_request_set_tag(request, number) == MLAB_OK);
    if (change != NULL)
        change(request);
    MUST(mlab_client_submit(client, request, &job) == MLAB_OK);
    MUST(job != 0);
    mlab_request_free(request);
    return job;
}

int32_t job_next_end(const mlab_client *client, uint32_t within_ms, uint64_t *job)
{
    mlab_event *event;

    *job = 0;
    while ((event = next_event(client, within_ms)) != NULL) {
        int32_t status = mlab_event_status(event);
        int ended = mlab_event_kind(event) == MLAB_EVENT_DONE;

        MUST(!ended || mlab_event_result(event) != NULL);
        *job = ended ? mlab_event_job(event) : 0;
        mlab_event_free(event);
        if (ended)
            return status;
    }
    return MLAB_PROCESSING;
}

uint32_t below(uint64_t *state, uint32_t end)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)((*state >> 16) % end);
}

void sleep_us(long us)
{
    struct timespec left = {us / 1000000, us % 1000000 * 1000};

    while (nanosleep(&left, &left) != 0)
        ;
}

int entries(const char *folder)
{
    DIR *dir = opendir(folder);
    int count = 0;

    MUST(dir != NULL);
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count;
}

void wait_for_entries(const char *folder, int most)
{
    int waited;

    for (waited = 0; entries(folder) > most; waited++) {
        MUST(waited < PATIENCE_MS);
        sleep_us(1000);
    }
}
