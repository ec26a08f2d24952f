/*
 * An event loop of the program's own, on several clients at once, beside something that is nothing of the library's:
 * Ctrl-C. waiting.h has the few lines that differ between poll(2) with mlab_client_event_fd() and WaitForMultipleObjects()
 * with mlab_client_event_handle(). epoll, kqueue, libuv, asyncio and select wait on the descriptors in the same way.
 *
 *     MODELSLAB_API_KEY=... ./event_loop 12202888 12202889
 *
 * The ids are dealt out to two clients; the second takes the key MODELSLAB_API_KEY_2 if there is one. Ctrl-C cancels
 * what is open, and the loop ends once every job has told its end.
 *
 * MLAB_ENDPOINT and MLAB_CA_FILE as in fetch.c.
 *
 * Exit code: 0 all images are there, 1 something went wrong, 2 wrong use, 130 stopped by Ctrl-C.
 */
#include "waiting.h"

#include <mlab.h>

#include <stdio.h>
#include <stdlib.h>

enum { DONE = 0, FAILED = 1, USAGE = 2, STOPPED = 130 };

enum { CLIENTS = 2, SLICE_MS = 200 };

struct loop {
    mlab_client *clients[CLIENTS];
    waitable interrupts;
    int code;
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

/* Takes what a client has to tell, until there is nothing left: only then may the loop wait again. */
static void take_events(struct loop *loop, mlab_client *client)
{
    mlab_event *event;

    while (mlab_client_next_event(client, 0, &event) == MLAB_OK) {
        const mlab_result *result = mlab_event_result(event);
        const char *const *url;

        if (mlab_event_kind(event) == MLAB_EVENT_DONE) {
            for (url = mlab_result_urls(result, NULL); *url != NULL; url++)
                printf("%s\n", *url);
            if (mlab_event_status(event) != MLAB_OK) {
                fprintf(stderr, "%s: %s: %s\n", mlab_result_id(result), mlab_status_name(mlab_event_status(event)),
                        mlab_result_message(result));
                if (loop->code == DONE)
                    loop->code = FAILED;
            }
        }
        mlab_event_free(event);
    }
}

static void stop(struct loop *loop)
{
    int i;

    loop->code = STOPPED;
    for (i = 0; i < CLIENTS; i++)
        mlab_client_cancel_job(loop->clients[i], 0);
}

static size_t pending(const struct loop *loop)
{
    size_t count = 0;
    int i;

    for (i = 0; i < CLIENTS; i++)
        count += mlab_client_pending(loop->clients[i]);
    return count;
}

/* How long to wait: until the first client has something to do by itself. */
static int timeout_ms(const struct loop *loop)
{
    int64_t first = -1;
    int i;

    for (i = 0; i < CLIENTS; i++) {
        int64_t due = mlab_client_next_due_ms(loop->clients[i]);

        /* Without free descriptors there is nothing to wait on: then the loop asks a few times a second. */
        if (!waiting_is_possible(waiting_of(loop->clients[i])) && (due < 0 || due > SLICE_MS))
            due = SLICE_MS;
        if (due >= 0 && (first < 0 || due < first))
            first = due;
    }
    return first > 60000 ? 60000 : (int)first;
}

static void run(struct loop *loop)
{
    while (pending(loop) > 0) {
        /* What the program waits for: the clients, then its own. */
        waitable what[CLIENTS + 1];
        int i;

        for (i = 0; i < CLIENTS; i++)
            what[i] = waiting_of(loop->clients[i]);
        what[CLIENTS] = loop->interrupts;
        waiting_for_any(what, CLIENTS + 1, timeout_ms(loop));
        if (waiting_was_interrupted(loop->interrupts))
            stop(loop);
        /* Those whose time has come have something to do as well, so all are asked; it costs next to nothing. */
        for (i = 0; i < CLIENTS; i++)
            take_events(loop, loop->clients[i]);
    }
}

/* Returns 0 after a message. */
static int submit(mlab_client *client, const char *id)
{
    mlab_request *request = mlab_request_new(id);
    int32_t status = mlab_client_submit(client, request, NULL);

    if (status != MLAB_OK)
        fprintf(stderr, "%s: %s: %s\n", id, mlab_status_name(status), mlab_request_message(request));
    mlab_request_free(request);
    return status == MLAB_OK;
}

int main(int argc, char **argv)
{
    const char *keys[CLIENTS];
    struct loop loop = {0};
    int i;

    keys[0] = getenv("MODELSLAB_API_KEY");
    keys[1] = getenv("MODELSLAB_API_KEY_2") != NULL ? getenv("MODELSLAB_API_KEY_2") : keys[0];
    if (keys[0] == NULL || argc < 2) {
        fprintf(stderr, "usage: MODELSLAB_API_KEY=<your key> %s <id>...\n", argv[0]);
        return USAGE;
    }
    loop.interrupts = waiting_for_interrupts();
    for (i = 0; i < CLIENTS && loop.code == DONE; i++) {
        loop.clients[i] = make_client(keys[i]);
        if (loop.clients[i] == NULL)
            loop.code = USAGE;
    }
    for (i = 1; i < argc && loop.code == DONE; i++)
        if (!submit(loop.clients[i % CLIENTS], argv[i]))
            loop.code = USAGE;
    if (loop.code == DONE)
        run(&loop);
    for (i = 0; i < CLIENTS; i++)
        mlab_client_free(loop.clients[i]);
    return loop.code;
}
