/*
 * Exchanges of a host with its own HTTP, while another thread ends their client: every function that takes an exchange,
 * by itself, and hosts that perform whole jobs. The calls are generated from the header, so a new function is among
 * them. What is checked here is how they end; a use after free or a race is for the sanitizers to find.
 *
 * MLAB_TEST_ROUNDS says how often. Nothing is sent.
 */
#define _POSIX_C_SOURCE 200809L
#include "../c/call_objects.h"
#include "../c/harness.h"
#include "../c/own_folder.h"
#include "../c/pixel.h"
#include "../c/settings.h"
#include "client.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <exchange_calls.h>

enum {
    CALLS = sizeof exchange_calls / sizeof exchange_calls[0],
    HOSTS = 2,
    JOBS = 12,
    PATIENCE_MS = 60000, /* of a wait that must be ended before */
    CLOSE_MS = 5000,     /* within which a client is ended; sanitizers are slow */
};

/* With an image that stands in the reply, and one that is an exchange of its own. */
#define TWO_IMAGES                                                                                                 \
    "{\"status\":\"success\",\"id\":42,\"output\":[\"" TEST_PIXEL "\",\"https://images.example.org/1\"]}"

static const char png_headers[] = "Content-Type: image/png";

static own_folder folder;

static void on_log(void *user, int32_t level, const char *area, const char *text)
{
    (void)user, (void)level, (void)area, (void)text;
}

/* Consumes the config. */
static mlab_client *client_of(mlab_config *config)
{
    mlab_client *client = NULL;
    CHECK_INT(mlab_config_set_log(config, MLAB_LOG_DEBUG, on_log, NULL), MLAB_OK);
    CHECK_INT(mlab_client_new(TEST_KEY, config, &client), MLAB_OK);
    mlab_config_free(config);
    return client;
}

static mlab_client *pulled_client(void)
{
    mlab_config *config = mlab_config_new();
    CHECK_INT(mlab_config_set_transport_pull(config), MLAB_OK);
    return client_of(config);
}

static void submit(const mlab_client *client, int into_files)
{
    mlab_request *request = mlab_request_new(READY_ID);
    if (into_files)
        CHECK_INT(mlab_request_set_download_dir(request, folder.path, 0), MLAB_OK);
    else
        CHECK_INT(mlab_request_set_download_memory(request, 1 << 20), MLAB_OK);
    CHECK_INT(mlab_request_set_image_events(request, 1), MLAB_OK);
    CHECK_INT(mlab_client_submit(client, request, NULL), MLAB_OK);
    mlab_request_free(request);
}

/* What an exchange is when the call is made. */
static const struct {
    const char *name;
    int is_image, has_begun, into_files;
} states[] = {
    {"a poll", 0, 0, 0},
    {"an image for memory", 1, 0, 0},
    {"an image for a file", 1, 0, 1},
    {"an image for memory whose bytes follow", 1, 1, 0},
    {"an image for a file whose bytes follow", 1, 1, 1},
};

/* One function, one exchange, one client, one thread. */
typedef struct {
    const concurrent_call *function;
    call_objects with;
    int is_repeated;
    atomic_int begins, ended;
    pthread_t thread;
} caller;

/* Frees the exchange too: at once, or after calls before, while and after the client is ended. */
static void *call_and_free(void *argument)
{
    caller *self = argument;
    int is_last;
    atomic_store(&self->begins, 1);
    do {
        int32_t got;
        is_last = !self->is_repeated || atomic_load(&self->ended);
        got = self->function->call(&self->with);
        if (got == MLAB_E_INTERNAL || got == MLAB_E_FORKED)
            abort();
    } while (!is_last);
    mlab_exchange_free(self->with.exchange);
    return NULL;
}

static void prepare(caller *self, const concurrent_call *function, size_t state, int is_repeated)
{
    mlab_exchange *exchange = NULL;
    memset(&self->with, 0, sizeof self->with);
    self->function = function;
    self->is_repeated = is_repeated;
    atomic_store(&self->begins, 0);
    atomic_store(&self->ended, 0);
    self->with.client = pulled_client();
    self->with.body = states[state].is_image ? TEST_PNG : TWO_IMAGES;
    self->with.len = states[state].is_image ? TEST_PNG_BYTES : sizeof TWO_IMAGES - 1;
    submit(self->with.client, states[state].into_files);
    CHECK_INT(mlab_client_next_exchange(self->with.client, PATIENCE_MS, &exchange), MLAB_OK);
    if (states[state].is_image) {
        CHECK_INT(mlab_exchange_reply(exchange, 200, NULL, TWO_IMAGES, sizeof TWO_IMAGES - 1), MLAB_OK);
        mlab_exchange_free(exchange);
        CHECK_INT(mlab_client_next_exchange(self->with.client, PATIENCE_MS, &exchange), MLAB_OK);
        CHECK_INT(mlab_exchange_kind(exchange), MLAB_EXCHANGE_IMAGE);
    }
    if (states[state].has_begun)
        CHECK_INT(mlab_exchange_reply(exchange, 200, png_headers, NULL, 0), MLAB_OK);
    self->with.exchange = exchange;
}

/* Ends the client, and waits for the thread. */
static void end(caller *self, unsigned long round)
{
    int64_t began;
    CHECK_INT(pthread_create(&self->thread, NULL, call_and_free, self), 0);
    while (!atomic_load(&self->begins))
        ;
    test_pass_some_moment(round);
    began = test_now_ms();
    if (round % 2 == 0)
        CHECK_INT(mlab_client_shutdown(self->with.client, CLOSE_MS), MLAB_OK);
    mlab_client_free(self->with.client);
    CHECK(test_now_ms() - began < CLOSE_MS);
    atomic_store(&self->ended, 1);
    pthread_join(self->thread, NULL);
}

static unsigned long rounds(void)
{
    return strtoul(harness_setting("MLAB_TEST_ROUNDS"), NULL, 10);
}

static void every_function_may_run_while_its_exchanges_client_ends(void)
{
    static caller self;
    for (unsigned long round = 0; round < rounds(); round++) {
        for (size_t state = 0; state < sizeof states / sizeof states[0]; state++) {
            for (size_t i = 0; i < CALLS; i++) {
                char row[128];
                snprintf(row, sizeof row, "%s, %s", exchange_calls[i].name, states[state].name);
                harness_row(row);
                prepare(&self, &exchange_calls[i], state, round % 4 < 2);
                end(&self, round + i);
            }
        }
    }
}

/* Any of it may come too late. */
static void answer_image(const mlab_exchange *exchange)
{
    size_t sent = 0;
    if (mlab_exchange_id(exchange) % 2 == 0) {
        mlab_exchange_reply(exchange, 200, png_headers, TEST_PNG, TEST_PNG_BYTES);
        return;
    }
    mlab_exchange_reply(exchange, 200, png_headers, NULL, 0);
    while (sent < TEST_PNG_BYTES && mlab_exchange_write(exchange, &TEST_PNG[sent], 10) == MLAB_OK) {
        sent += 10;
        mlab_exchange_progress(exchange, sent, TEST_PNG_BYTES);
    }
    if (mlab_exchange_is_cancelled(exchange))
        mlab_exchange_fail(exchange, MLAB_E_NETWORK, "nobody waits");
    else
        mlab_exchange_write(exchange, NULL, 0);
}

static void perform(void *user, mlab_exchange *exchange)
{
    (void)user;
    if (mlab_exchange_kind(exchange) == MLAB_EXCHANGE_IMAGE)
        answer_image(exchange);
    else
        mlab_exchange_reply(exchange, 200, NULL, TWO_IMAGES, sizeof TWO_IMAGES - 1);
    mlab_exchange_free(exchange);
}

static void *perform_until_closed(void *client)
{
    mlab_exchange *exchange;
    int32_t status;
    while ((status = mlab_client_next_exchange(client, PATIENCE_MS, &exchange)) >= 0)
        if (status == MLAB_OK)
            perform(NULL, exchange);
    return NULL;
}

/* Ends of jobs, and those that were done. */
static atomic_ulong ends, done;

static int count_event(const mlab_client *client, uint32_t timeout_ms)
{
    mlab_event *event;
    int32_t status = mlab_client_next_event(client, timeout_ms, &event);
    if (status == MLAB_OK && mlab_event_kind(event) == MLAB_EVENT_DONE) {
        atomic_fetch_add(&ends, 1);
        atomic_fetch_add(&done, mlab_event_status(event) == MLAB_OK);
    }
    mlab_event_free(event);
    return status >= 0;
}

static void *pull_until_closed(void *client)
{
    while (count_event(client, PATIENCE_MS))
        ;
    return NULL;
}

static mlab_client *called_client(void)
{
    mlab_config *config = mlab_config_new();
    CHECK_INT(mlab_config_set_transport(config, perform, NULL, NULL), MLAB_OK);
    return client_of(config);
}

static void shut_down_while_jobs_are_performed(mlab_client *client, unsigned long round, int hosts)
{
    pthread_t threads[HOSTS + 1];
    atomic_store(&ends, 0);
    for (int i = 0; i < JOBS; i++)
        submit(client, i % 2);
    for (int i = 0; i <= hosts; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, i < hosts ? perform_until_closed : pull_until_closed, client), 0);
    /* The first time nothing is cut short. */
    while (round == 0 && atomic_load(&ends) < JOBS)
        test_sleep_ms(1);
    test_pass_some_moment(round);
    CHECK_INT(mlab_client_shutdown(client, CLOSE_MS), MLAB_OK);
    for (int i = 0; i <= hosts; i++)
        pthread_join(threads[i], NULL);
    while (count_event(client, 0))
        ;
    CHECK_INT((int64_t)atomic_load(&ends), JOBS);
    mlab_client_free(client);
}

static void jobs_may_be_performed_while_their_client_is_shut_down(void)
{
    for (unsigned long round = 0; round < 3 * rounds(); round++) {
        harness_row("exchanges that are pulled");
        shut_down_while_jobs_are_performed(pulled_client(), round, HOSTS);
        harness_row("functions that are called");
        shut_down_while_jobs_are_performed(called_client(), round, 0);
    }
    printf("%lu jobs were done before\n", atomic_load(&done));
    CHECK(atomic_load(&done) >= 2 * JOBS);
}

static const harness_test tests[] = {
    TEST(every_function_may_run_while_its_exchanges_client_ends),
    TEST(jobs_may_be_performed_while_their_client_is_shut_down),
    END_OF_TESTS,
};
static const harness_suite suites[] = {{"exchanges", tests}, {NULL, NULL}};

int main(int argc, char **argv)
{
    int failed;
    folder = own_folder_new(harness_setting("MLAB_TEST_FOLDER"), "exchanges");
    failed = harness_main(suites, argc, argv);
    own_folder_remove(&folder);
    return failed;
}
