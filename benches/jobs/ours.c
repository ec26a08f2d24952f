/* Our side: a job an id, with the eta that its generation call named, and one thread that takes the events. */
#define _POSIX_C_SOURCE 200809L
#include "crowd.h"

#include <mlab.h>

static mlab_client *make_client(const struct crowd *crowd)
{
    mlab_config *config = mlab_config_new();
    mlab_client *client;

    if (mlab_config_set_workers(config, (uint32_t)crowd->connections) != MLAB_OK
        || mlab_config_set_endpoint(config, crowd->url) != MLAB_OK
        || mlab_config_set_ca_file(config, crowd->ca_file) != MLAB_OK)
        fail(mlab_config_message(config));
    if (mlab_client_new("test-key-not-real", config, &client) != MLAB_OK)
        fail("no client");
    mlab_config_free(config);
    return client;
}

static void submit(const mlab_client *client, const struct crowd *crowd)
{
    size_t i;

    for (i = 0; i < crowd->count; i++) {
        char id[32];
        mlab_request *request;

        snprintf(id, sizeof id, "%zu", i);
        request = mlab_request_new(id);
        mlab_request_set_eta_ms(request, eta_ms(crowd, i));
        mlab_request_set_tag(request, i);
        if (mlab_client_submit(client, request, NULL) != MLAB_OK)
            fail("a job cannot be submitted");
        mlab_request_free(request);
    }
}

/* Tells the jobs that run beside from those that are measured. */
#define BESIDE UINT64_MAX

static void submit_one(const mlab_client *client, const char *prefix, size_t number, int downloads)
{
    char id[32];
    mlab_request *request;

    snprintf(id, sizeof id, "%s%zu", prefix, number);
    request = mlab_request_new(id);
    mlab_request_set_tag(request, BESIDE);
    if (downloads)
        mlab_request_set_download_memory(request, 1 << 24);
    if (mlab_client_submit(client, request, NULL) != MLAB_OK)
        fail("a job cannot be submitted");
    mlab_request_free(request);
}

/* Images whose links do not work for long, and replies that take long: crowd.rs has the same numbers. */
static void submit_beside(const mlab_client *client)
{
    size_t i;

    for (i = 0; i < 200; i++)
        submit_one(client, "late-", i, 1);
    for (i = 0; i < 50; i++)
        submit_one(client, "slow-6-", i, 0);
}

int main(int argc, char **argv)
{
    struct crowd crowd = crowd_of(argc, argv);
    mlab_client *client = make_client(&crowd);

    submit(client, &crowd);
    if (crowd.beside)
        submit_beside(client);
    while (crowd.ended < crowd.count) {
        mlab_event *event;

        if (mlab_client_next_event(client, 60000, &event) != MLAB_OK)
            fail("jobs are open, and nothing happens");
        if (mlab_event_kind(event) == MLAB_EVENT_DONE && mlab_event_tag(event) != BESIDE) {
            if (mlab_event_status(event) != MLAB_OK)
                fail(mlab_result_message(mlab_event_result(event)));
            crowd_ready(&crowd, mlab_event_tag(event));
        }
        mlab_event_free(event);
    }
    crowd_print(&crowd);
    mlab_client_free(client);
    return EXIT_SUCCESS;
}
