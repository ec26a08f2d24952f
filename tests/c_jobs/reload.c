/*
 * A host that loads and unloads the library again and again, as editors and engines do with plugins: a thousand times,
 * with jobs in every phase, freed before the unloading. Then once as no host should: unloaded with jobs under way.
 */
#define _POSIX_C_SOURCE 200809L
#include "jobs.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

enum { TIMES = 1000 };

/* The functions in use, found anew each time. */
static struct {
    void *library;
    mlab_config *(*config_new)(void);
    int32_t (*config_set_endpoint)(mlab_config *, const char *);
    void (*config_free)(mlab_config *);
    int32_t (*client_new)(const char *, const mlab_config *, mlab_client **);
    mlab_request *(*request_new)(const char *);
    void (*request_free)(mlab_request *);
    int32_t (*client_submit)(const mlab_client *, const mlab_request *, uint64_t *);
    int32_t (*client_next_event)(const mlab_client *, uint32_t, mlab_event **);
    int32_t (*client_cancel_job)(const mlab_client *, uint64_t);
    void (*event_free)(mlab_event *);
    void (*client_free)(mlab_client *);
} mlab;

/* ISO C knows no way from an object pointer to a function pointer; POSIX promises that this one leads there. */
static void find(void *function, const char *name)
{
    void *found = dlsym(mlab.library, name);

    MUST(found != NULL);
    memcpy(function, &found, sizeof found);
}

static void load(const char *path)
{
    mlab.library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    MUST(mlab.library != NULL);
    find(&mlab.config_new, "mlab_config_new");
    find(&mlab.config_set_endpoint, "mlab_config_set_endpoint");
    find(&mlab.config_free, "mlab_config_free");
    find(&mlab.client_new, "mlab_client_new");
    find(&mlab.request_new, "mlab_request_new");
    find(&mlab.request_free, "mlab_request_free");
    find(&mlab.client_submit, "mlab_client_submit");
    find(&mlab.client_next_event, "mlab_client_next_event");
    find(&mlab.client_cancel_job, "mlab_client_cancel_job");
    find(&mlab.event_free, "mlab_event_free");
    find(&mlab.client_free, "mlab_client_free");
}

static mlab_client *begin_jobs(const char *endpoint, uint32_t count)
{
    mlab_config *config = mlab.config_new();
    mlab_client *client;

    MUST(mlab.config_set_endpoint(config, setting(endpoint)) == MLAB_OK);
    MUST(mlab.client_new("test-key-not-real", config, &client) == MLAB_OK);
    mlab.config_free(config);
    while (count-- > 0) {
        char id[32];
        mlab_request *request;

        snprintf(id, sizeof id, "%s%u", count % 3 ? "" : "never-", count);
        request = mlab.request_new(id);
        MUST(mlab.client_submit(client, request, NULL) == MLAB_OK);
        mlab.request_free(request);
    }
    return client;
}

static void pull_some(mlab_client *client, uint64_t *chance)
{
    uint32_t events = below(chance, 4);

    while (events-- > 0) {
        mlab_event *event;

        mlab.client_next_event(client, below(chance, 2), &event);
        mlab.event_free(event);
    }
}

int main(void)
{
    const char *path = setting("MLAB_TEST_LIBRARY");
    uint64_t chance = 1;
    int threads, descriptors, i;

    load(path);
    mlab.client_free(begin_jobs("MLAB_TEST_ENDPOINT", 3));
    dlclose(mlab.library);
    threads = entries("/proc/self/task");
    descriptors = entries("/proc/self/fd");
    for (i = 0; i < TIMES; i++) {
        mlab_client *client;

        load(path);
        /* A read that is under way sees the end of its client after 50 ms at most; too long to do it every time. */
        client = begin_jobs(i % 50 ? "MLAB_TEST_ENDPOINT" : "MLAB_TEST_SILENT", 1 + below(&chance, 6));
        sleep_us((long)below(&chance, 1500));
        if (i % 3 == 0)
            pull_some(client, &chance);
        if (i % 5 == 0)
            MUST(mlab.client_cancel_job(client, 0) == MLAB_OK);
        mlab.client_free(client);
        MUST(dlclose(mlab.library) == 0);
    }
    wait_for_entries("/proc/self/task", threads);
    wait_for_entries("/proc/self/fd", descriptors);

    load(path);
    begin_jobs("MLAB_TEST_ENDPOINT", 20);
    begin_jobs("MLAB_TEST_SILENT", 20);
    MUST(dlclose(mlab.library) == 0);
    /* Its threads go on where they were: the code must still be there. */
    sleep_us(200000);
    return 0;
}
