#define _POSIX_C_SOURCE 200809L
#include "scenarios.h"

#include <mlab.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One retry, and every time as short as a busy machine bears: what fails is told within them. */
enum {
    CONNECT_MS = 2000,
    REQUEST_MS = 2500,
    DEADLINE_MS = 4000,
    RETRIES = 1,
    DOWNLOAD_MS = 2 * REQUEST_MS + 1000,
    CLOSE_MS = 3000,
    MOST_BYTES = 1 << 20,
};

/* One pixel, as PNG. */
static const unsigned char pixel[] = {
    0x89, 'P',  'N',  'G',  0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 'I',  'H',  'D',  'R',  0x00, 0x00,
    0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4, 0x89, 0x00, 0x00, 0x00,
    0x0d, 'I',  'D',  'A',  'T',  0x78, 0xda, 0x63, 0x64, 0x60, 0xf8, 0x5f, 0x0f, 0x00, 0x02, 0x87, 0x01, 0x80,
    0xeb, 0x47, 0xba, 0x92, 0x00, 0x00, 0x00, 0x00, 'I',  'E',  'N',  'D',  0xae, 0x42, 0x60, 0x82};

static const char *complaint;

const char *scenario_complaint(void)
{
    const char *last = complaint;
    complaint = NULL;
    return last;
}

static void must(int held, const char *what)
{
    if (!held && complaint == NULL)
        complaint = what;
}

static const char *setting(const char *name)
{
    const char *value = getenv(name);
    if (value == NULL) {
        printf("%s is not set: this program is run by `cargo test`\n", name);
        exit(EXIT_FAILURE);
    }
    return value;
}

static const char *path_of(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", setting("MLAB_TEST_FOLDER"), name);
    return path;
}

/* What is so of every result; frees it. */
static void end_of(mlab_result *result, int32_t status)
{
    const char *message = mlab_result_message(result);
    must(result != NULL, "there is no result");
    must(mlab_result_status(result) == status, "the result has another status");
    must(strlen(message) <= 1024, "the message is too long");
    must(strstr(message, TEST_KEY) == NULL, "the message has the key");
    must(status == MLAB_OK || message[0] != '\0', "there is no message");
    if (getenv("MLAB_TEST_VERBOSE") != NULL)
        printf("%s: %s\n", mlab_status_name(status), message);
    mlab_result_free(result);
}

static mlab_config *new_config(const char *endpoint)
{
    mlab_config *config = mlab_config_new();
    must(mlab_config_set_endpoint(config, endpoint) == MLAB_OK, "the endpoint is refused");
    must(mlab_config_set_ca_pem(config, setting("MLAB_TEST_CA_PEM")) == MLAB_OK, "the root is refused");
    must(mlab_config_set_proxy(config, "") == MLAB_OK, "no proxy is refused");
    mlab_config_set_connect_timeout_ms(config, CONNECT_MS);
    mlab_config_set_request_timeout_ms(config, REQUEST_MS);
    mlab_config_set_retries(config, RETRIES);
    mlab_config_set_workers(config, 4);
    return config;
}

static mlab_client *new_client(mlab_config *config)
{
    mlab_client *client = NULL;
    must(mlab_client_new(TEST_KEY, config, &client) == MLAB_OK, "there is no client");
    mlab_config_free(config);
    return client;
}

/* Shut down first, so that nothing of it is left when the test looks. */
static void end_client(mlab_client *client)
{
    must(mlab_client_shutdown(client, CLOSE_MS) == MLAB_OK, "the client does not shut down");
    mlab_client_free(client);
}

static mlab_request *new_request(int keeps_images)
{
    mlab_request *request = mlab_request_new("1");
    mlab_request_set_deadline_ms(request, DEADLINE_MS);
    mlab_request_set_poll_ms(request, 1000, 1000);
    if (keeps_images)
        mlab_request_set_download_dir(request, setting("MLAB_TEST_FOLDER"), 0);
    return request;
}

static int32_t call_once_at(const char *endpoint)
{
    mlab_config *config = new_config(endpoint);
    mlab_result *result = NULL;
    int32_t status;
    must(mlab_set_default_config(config) == MLAB_OK, "the default config is refused");
    mlab_config_free(config);
    status = mlab_fetch_queued(TEST_KEY, "1", &result);
    end_of(result, status);
    mlab_set_default_config(NULL);
    return status;
}

static int32_t one_call(void)
{
    return call_once_at(setting("MLAB_TEST_ENDPOINT"));
}

static int32_t one_secure_call(void)
{
    return call_once_at(setting("MLAB_TEST_HTTPS"));
}

/* By a name, which is looked up; the certificate is for another. */
static int32_t one_call_by_name(void)
{
    return call_once_at(setting("MLAB_TEST_NAMED"));
}

static int32_t fetch_at(const char *endpoint)
{
    mlab_client *client = new_client(new_config(endpoint));
    mlab_result *result = NULL;
    int32_t status = mlab_client_fetch(client, "1", NULL, &result);
    end_of(result, status);
    end_client(client);
    return status;
}

static int32_t fetch(void)
{
    return fetch_at(setting("MLAB_TEST_ENDPOINT"));
}

static int32_t secure_fetch(void)
{
    return fetch_at(setting("MLAB_TEST_HTTPS"));
}

static int32_t wait_with(mlab_client *client, int keeps_images)
{
    mlab_request *request = new_request(keeps_images);
    mlab_result *result = NULL;
    int32_t status = mlab_client_wait(client, request, NULL, &result);
    mlab_request_free(request);
    end_of(result, status);
    end_client(client);
    return status;
}

static int32_t wait(void)
{
    return wait_with(new_client(new_config(setting("MLAB_TEST_ENDPOINT"))), 0);
}

static int32_t wait_with_images(void)
{
    return wait_with(new_client(new_config(setting("MLAB_TEST_ENDPOINT"))), 1);
}

static void answer(void *user, mlab_exchange *exchange);

/* Performs what there is to pull. */
static void answer_all(const mlab_client *client)
{
    mlab_exchange *exchange;
    while (mlab_client_next_exchange(client, 0, &exchange) == MLAB_OK)
        answer(NULL, exchange);
}

/* One job from its submission to its end, which it must have once. */
static int32_t job_with(mlab_client *client, int keeps_images, int pulls)
{
    mlab_request *request = new_request(keeps_images);
    mlab_event *event = NULL;
    int32_t status, told;
    int ends = 0;
    uint64_t job = 0;
    mlab_client_event_fd(client);
    told = mlab_client_submit(client, request, &job);
    status = told;
    mlab_request_free(request);
    must(job != 0 || told != MLAB_OK, "the job has no number");
    while (mlab_client_pending(client) > 0 && told >= 0) {
        if (pulls)
            answer_all(client);
        told = mlab_client_next_event(client, pulls ? 20 : DEADLINE_MS, &event);
        if (told == MLAB_OK && mlab_event_kind(event) == MLAB_EVENT_DONE) {
            ends++;
            status = mlab_event_status(event);
            end_of(mlab_event_take_result(event), status);
        }
        mlab_event_free(event);
        event = NULL;
    }
    must(ends == (job != 0), "the job does not end once");
    end_client(client);
    return status;
}

static int32_t job(void)
{
    return job_with(new_client(new_config(setting("MLAB_TEST_ENDPOINT"))), 0, 0);
}

static int32_t job_with_images(void)
{
    return job_with(new_client(new_config(setting("MLAB_TEST_ENDPOINT"))), 1, 0);
}

static int32_t download_from(const char *url)
{
    mlab_client *client = new_client(new_config(setting("MLAB_TEST_ENDPOINT")));
    mlab_result *result = NULL;
    int32_t status = mlab_client_download(client, url, path_of("download.png"), NULL, &result);
    must((mlab_result_image_path(result, 0) != NULL) == (status == MLAB_OK), "the path of the image is wrong");
    end_of(result, status);
    end_client(client);
    return status;
}

static int32_t download(void)
{
    return download_from(setting("MLAB_TEST_IMAGE"));
}

/* Half of the image comes first, and all of it when it is asked for again. */
static int32_t cut_download(void)
{
    return download_from(setting("MLAB_TEST_CUT_IMAGE"));
}

static int32_t download_into_memory_from(const char *url)
{
    mlab_client *client = new_client(new_config(setting("MLAB_TEST_ENDPOINT")));
    mlab_result *result = NULL;
    size_t len = 0;
    int32_t status = mlab_client_download_memory(client, url, MOST_BYTES, NULL, &result);
    must((mlab_result_image(result, 0, &len) != NULL && len > 0) == (status == MLAB_OK), "the image is wrong");
    end_of(result, status);
    end_client(client);
    return status;
}

static int32_t download_into_memory(void)
{
    return download_into_memory_from(setting("MLAB_TEST_IMAGE"));
}

static int32_t large_download_into_memory(void)
{
    return download_into_memory_from(setting("MLAB_TEST_LARGE_IMAGE"));
}

/* A host that has everything in memory, and answers inside the call that asks. */
static void answer(void *user, mlab_exchange *exchange)
{
    static const char ready[] =
        "{\"status\":\"success\",\"id\":1,\"output\":[\"https://images.example.com/0.png\"]}";
    (void)user;
    if (mlab_exchange_kind(exchange) == MLAB_EXCHANGE_POLL)
        mlab_exchange_reply(exchange, 200, "Content-Type: application/json", ready, sizeof ready - 1);
    else
        mlab_exchange_reply(exchange, 200, "Content-Type: image/png", pixel, sizeof pixel);
    mlab_exchange_free(exchange);
}

/* The same, but the image is there only when it is asked for again: sooner after a 503 than after a 404. `user`
 * counts. */
static void answer_late(void *user, mlab_exchange *exchange)
{
    int *images = user;
    if (mlab_exchange_kind(exchange) == MLAB_EXCHANGE_POLL || (*images)++ > 0) {
        answer(NULL, exchange);
        return;
    }
    mlab_exchange_reply(exchange, 503, NULL, "", 0);
    mlab_exchange_free(exchange);
}

static mlab_client *client_of_a_host(int pulls)
{
    mlab_config *config = new_config("https://service.example/fetch/{id}");
    int32_t status =
        pulls ? mlab_config_set_transport_pull(config) : mlab_config_set_transport(config, answer, NULL, NULL);
    must(status == MLAB_OK, "the transport is refused");
    return new_client(config);
}

static int32_t host_wait(void)
{
    return wait_with(client_of_a_host(0), 1);
}

static int32_t late_host_wait(void)
{
    int images = 0;
    mlab_config *config = new_config("https://service.example/fetch/{id}");
    int32_t status = mlab_config_set_transport(config, answer_late, NULL, &images);
    must(status == MLAB_OK, "the transport is refused");
    return wait_with(new_client(config), 1);
}

static int32_t host_job(void)
{
    return job_with(client_of_a_host(0), 1, 0);
}

static int32_t pulled_job(void)
{
    return job_with(client_of_a_host(1), 1, 1);
}

static int32_t ca_file(void)
{
    mlab_config *config = mlab_config_new();
    int32_t status = mlab_config_set_ca_file(config, setting("MLAB_TEST_CA_FILE"));
    must((mlab_config_message(config)[0] != '\0') == (status != MLAB_OK), "the message is wrong");
    mlab_config_free(config);
    return status;
}

const scenario scenarios[] = {
    {"one call", "mlab_fetch_queued", one_call, MLAB_OK, NULL, REQUEST_MS},
    {"one secure call", "mlab_fetch_queued", one_secure_call, MLAB_OK, NULL, REQUEST_MS},
    {"one call by name", "mlab_fetch_queued", one_call_by_name, MLAB_E_TLS, NULL, REQUEST_MS},
    {"fetch", "mlab_client_fetch", fetch, MLAB_OK, NULL, REQUEST_MS},
    {"secure fetch", "mlab_client_fetch", secure_fetch, MLAB_OK, NULL, REQUEST_MS},
    {"wait", "mlab_client_wait", wait, MLAB_OK, NULL, DEADLINE_MS},
    {"wait with images", "mlab_client_wait", wait_with_images, MLAB_OK, "1-0.png", DEADLINE_MS},
    {"job", "mlab_event_status", job, MLAB_OK, NULL, DEADLINE_MS},
    {"job with images", "mlab_event_status", job_with_images, MLAB_OK, "1-0.png", DEADLINE_MS},
    {"download", "mlab_client_download", download, MLAB_OK, "download.png", DOWNLOAD_MS},
    {"cut download", "mlab_client_download", cut_download, MLAB_OK, "download.png", DOWNLOAD_MS},
    {"download into memory", "mlab_client_download_memory", download_into_memory, MLAB_OK, NULL, DOWNLOAD_MS},
    {"large download into memory", "mlab_client_download_memory", large_download_into_memory, MLAB_OK, NULL, DOWNLOAD_MS},
    {"wait of a host", "mlab_client_wait", host_wait, MLAB_OK, "1-0.png", DEADLINE_MS},
    {"late wait of a host", "mlab_client_wait", late_host_wait, MLAB_OK, "1-0.png", DEADLINE_MS},
    {"job of a host", "mlab_event_status", host_job, MLAB_OK, "1-0.png", DEADLINE_MS},
    {"job of a host that pulls", "mlab_event_status", pulled_job, MLAB_OK, "1-0.png", DEADLINE_MS},
    {"CA file", "mlab_config_set_ca_file", ca_file, MLAB_OK, NULL, CONNECT_MS},
    {NULL, NULL, NULL, 0, NULL, 0},
};
