#define _POSIX_C_SOURCE 200809L
#include "stack_calls.h"

#include "harness.h"
#include "pixel.h"
#include "settings.h"
#include "tunnel.h"

#include <mlab.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The deepest JSON that a reply may hold, and more. */
enum { DEEP = 20000 };

enum { PATIENCE_MS = 60000, SOME_BYTES = 1 << 20 };

static const char *deep_json(void)
{
    static char deep[2 * DEEP];
    memset(deep, '[', DEEP);
    memset(deep + DEEP, ']', DEEP);
    return deep;
}

void stack_parse(void)
{
    static const char ready[] = READY_REPLY;
    mlab_result *result;
    mlab_parse(deep_json(), (size_t)2 * DEEP, 200, &result);
    mlab_result_free(result);
    CHECK_INT(mlab_parse(ready, sizeof ready - 1, 200, &result), MLAB_OK);
    mlab_result_free(result);
}

void stack_fetch(void)
{
    mlab_result *result;
    CHECK_INT(mlab_fetch_queued(TEST_KEY, READY_ID, &result), MLAB_OK);
    mlab_result_free(result);
}

/* Its words are put together on the stack of whoever logs. */
static void drop_log(void *user, int32_t level, const char *area, const char *text)
{
    (void)user, (void)level, (void)area, (void)text;
}

/* Consumes the config. */
static mlab_client *client_of(mlab_config *config)
{
    mlab_client *client = NULL;
    CHECK_INT(mlab_config_set_log(config, MLAB_LOG_DEBUG, drop_log, NULL), MLAB_OK);
    CHECK_INT(mlab_client_new(TEST_KEY, config, &client), MLAB_OK);
    mlab_config_free(config);
    return client;
}

static mlab_config *secure_config(void)
{
    mlab_config *config = mlab_config_new();
    CHECK_INT(mlab_config_set_endpoint(config, harness_setting("MLAB_TEST_HTTPS")), MLAB_OK);
    CHECK_INT(mlab_config_set_ca_file(config, harness_setting("MLAB_TEST_CA_FILE")), MLAB_OK);
    return config;
}

static const char *folder(void)
{
    static char name[1024];
    snprintf(name, sizeof name, "%s/stack-%ld", harness_setting("MLAB_TEST_FOLDER"), (long)getpid());
    mkdir(name, 0700);
    return name;
}

static void remove_images(const mlab_result *result)
{
    for (size_t i = 0; i < mlab_result_image_count(result); i++)
        CHECK_INT(remove(mlab_result_image_path(result, i)), 0);
    rmdir(folder());
}

static mlab_request *request_for_files(void)
{
    mlab_request *request = mlab_request_new(READY_ID);
    CHECK_INT(mlab_request_set_download_dir(request, folder(), 0), MLAB_OK);
    CHECK_INT(mlab_request_set_image_events(request, 1), MLAB_OK);
    return request;
}

static void wait_with_images(mlab_client *client)
{
    mlab_request *request = request_for_files();
    mlab_result *result;
    if (!CHECK_INT(mlab_client_wait(client, request, NULL, &result), MLAB_OK))
        CHECK_TEXT(mlab_result_message(result), "");
    remove_images(result);
    mlab_result_free(result);
    mlab_request_free(request);
    mlab_client_free(client);
}

/* Performs the exchanges that are to be pulled; NULL for a client that has none. */
typedef void (*perform_fn)(const mlab_client *client);

static void jobs_with_images(mlab_client *client, perform_fn perform)
{
    mlab_request *request = request_for_files();
    mlab_event *event;
    CHECK_INT(mlab_client_submit(client, request, NULL), MLAB_OK);
    while (mlab_client_pending(client) > 0) {
        if (perform != NULL)
            perform(client);
        if (mlab_client_next_event(client, perform == NULL ? PATIENCE_MS : 1, &event) != MLAB_OK)
            continue;
        if (mlab_event_kind(event) == MLAB_EVENT_DONE) {
            CHECK_INT(mlab_event_status(event), MLAB_OK);
            remove_images(mlab_event_result(event));
        }
        mlab_event_free(event);
    }
    mlab_request_free(request);
    mlab_client_free(client);
}

void stack_wait_with_images(void)
{
    wait_with_images(client_of(secure_config()));
}

void stack_jobs_with_images(void)
{
    jobs_with_images(client_of(secure_config()), NULL);
}

/* The first link of the server's job. */
static mlab_result *ready_result(const mlab_client *client)
{
    mlab_result *result;
    CHECK_INT(mlab_client_fetch(client, READY_ID, NULL, &result), MLAB_OK);
    CHECK(mlab_result_url_count(result) > 0);
    return result;
}

void stack_download(void)
{
    mlab_client *client = client_of(secure_config());
    mlab_result *ready = ready_result(client), *result;
    char path[1100];
    snprintf(path, sizeof path, "%s/one.png", folder());
    CHECK_INT(mlab_client_download(client, mlab_result_url(ready, 0), path, NULL, &result), MLAB_OK);
    remove_images(result);
    mlab_result_free(result);
    mlab_result_free(ready);
    mlab_client_free(client);
}

void stack_download_memory(void)
{
    mlab_client *client = client_of(secure_config());
    mlab_result *ready = ready_result(client), *result;
    CHECK_INT(mlab_client_download_memory(client, mlab_result_url(ready, 0), SOME_BYTES, NULL, &result), MLAB_OK);
    mlab_result_free(result);
    mlab_result_free(ready);
    mlab_client_free(client);
}

void stack_fetch_by_proxy(void)
{
    char url[64];
    mlab_config *config = secure_config();
    mlab_client *client;
    tunnel_begin(url, sizeof url);
    CHECK_INT(mlab_config_set_proxy(config, url), MLAB_OK);
    client = client_of(config);
    mlab_result_free(ready_result(client));
    mlab_client_free(client);
    tunnel_end();
}

/* The system knows nothing of the server's certificate, after it was asked for all it knows. */
void stack_fetch_with_system_roots(void)
{
    mlab_config *config = secure_config();
    mlab_result *result;
    mlab_client *client;
    CHECK_INT(mlab_config_set_roots(config, MLAB_ROOTS_SYSTEM), MLAB_OK);
    client = client_of(config);
    CHECK_INT(mlab_client_fetch(client, READY_ID, NULL, &result), MLAB_E_TLS);
    mlab_result_free(result);
    mlab_client_free(client);
}

/* Every second image comes in pieces. */
static void answer_image(const mlab_exchange *exchange)
{
    static const char type[] = "Content-Type: image/png";
    if (mlab_exchange_id(exchange) % 2 == 0) {
        CHECK_INT(mlab_exchange_reply(exchange, 200, type, TEST_PNG, TEST_PNG_BYTES), MLAB_OK);
        return;
    }
    CHECK_INT(mlab_exchange_reply(exchange, 200, type, NULL, 0), MLAB_OK);
    for (size_t i = 0; i < TEST_PNG_BYTES; i += 10) {
        mlab_exchange_progress(exchange, i, TEST_PNG_BYTES);
        CHECK_INT(mlab_exchange_write(exchange, &TEST_PNG[i], 10), MLAB_OK);
    }
    CHECK_INT(mlab_exchange_write(exchange, NULL, 0), MLAB_OK);
}

/* One image of the reply stands in it. */
static void answer(void *user, mlab_exchange *exchange)
{
    static const char ready[] =
        "{\"status\":\"success\",\"id\":42,\"output\":[\"https://images.example.org/0\",\"" TEST_PIXEL "\",\"https://images.example.org/1\"]}";
    (void)user;
    if (mlab_exchange_kind(exchange) == MLAB_EXCHANGE_IMAGE)
        answer_image(exchange);
    else
        CHECK_INT(mlab_exchange_reply(exchange, 200, NULL, ready, sizeof ready - 1), MLAB_OK);
    mlab_exchange_free(exchange);
}

static mlab_client *called_client(void)
{
    mlab_config *config = mlab_config_new();
    CHECK_INT(mlab_config_set_transport(config, answer, NULL, NULL), MLAB_OK);
    return client_of(config);
}

static mlab_client *pulled_client(void)
{
    mlab_config *config = mlab_config_new();
    CHECK_INT(mlab_config_set_transport_pull(config), MLAB_OK);
    return client_of(config);
}

static void pull(const mlab_client *client)
{
    mlab_exchange *exchange;
    while (mlab_client_next_exchange(client, 0, &exchange) == MLAB_OK)
        answer(NULL, exchange);
}

void stack_pulled_jobs(void)
{
    jobs_with_images(pulled_client(), pull);
}

void stack_called_jobs(void)
{
    jobs_with_images(called_client(), NULL);
}

void stack_wait_on_called(void)
{
    wait_with_images(called_client());
}

/* The reply is read by the thread that pulls next. */
void stack_pulled_deep_reply(void)
{
    mlab_client *client = pulled_client();
    mlab_request *request = mlab_request_new(READY_ID);
    mlab_exchange *exchange = NULL;
    mlab_event *event;
    CHECK_INT(mlab_client_submit(client, request, NULL), MLAB_OK);
    CHECK_INT(mlab_client_next_exchange(client, PATIENCE_MS, &exchange), MLAB_OK);
    CHECK_INT(mlab_exchange_reply(exchange, 200, NULL, deep_json(), (size_t)2 * DEEP), MLAB_OK);
    mlab_exchange_free(exchange);
    CHECK_INT(mlab_client_next_event(client, 0, &event), MLAB_OK);
    CHECK_INT(mlab_event_kind(event), MLAB_EVENT_DONE);
    mlab_event_free(event);
    mlab_request_free(request);
    mlab_client_free(client);
}
