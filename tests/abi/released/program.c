/*
 * A program of the last release, which calls each of its functions as most programs do. It is kept as source and
 * compiled, and runs with every later library; it changes only with a release, and then by additions.
 *
 * MLAB_TEST_HTTP and MLAB_TEST_HTTPS are the endpoints of a stand-in server with the job "12202888", which is ready and
 * has images, and the job "65919762", which never is. MLAB_TEST_CA_FILE has the root of its certificate, and files are
 * made in MLAB_TEST_FOLDER. Exit code: 0 all is as it was; 1 something is not, and the line says what.
 */
#define _POSIX_C_SOURCE 200809L
#include <mlab.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEY "test-key-not-real"

/* What has to be so, or the program ends. */
#define HOLDS(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            printf("line %d: not so: %s\n", __LINE__, #condition);                                                     \
            exit(EXIT_FAILURE);                                                                                        \
        }                                                                                                              \
    } while (0)

enum { PATIENCE_MS = 20000, LARGEST = 1 << 20, PATH_SIZE = 4096 };

static const char ready[] = "{\"status\":\"success\",\"id\":7,\"output\":[\"https://example.com/0.png\"]}";
static const char waiting[] = "{\"status\":\"processing\",\"eta\":12.5}";

/* A GIF of one pixel. */
static const unsigned char pixel[] = {'G', 'I', 'F', '8', '9', 'a', 1,   0, 1, 0, 0x80, 0, 0, 0,    0,    0, 255, 255,
                                      255, ',', 0,   0,   0,   0,   1,   0, 1, 0, 0,    2, 2, 0x44, 0x01, 0, ';'};

static void the_library_is_of_the_same_abi(void)
{
    HOLDS(mlab_abi_version() == MLAB_ABI_VERSION);
    HOLDS(mlab_version_number() >= MLAB_VERSION_NUMBER);
    HOLDS(strchr(mlab_version(), '.') != NULL);
    HOLDS(strcmp(mlab_status_name(MLAB_E_AUTH), "MLAB_E_AUTH") == 0);
    HOLDS(strlen(mlab_status_text(MLAB_E_AUTH)) > 0);
    HOLDS(mlab_status_group(MLAB_E_AUTH) == MLAB_GROUP_ACCOUNT);
    HOLDS(strcmp(mlab_status_name(-1000), "MLAB_UNKNOWN") == 0);
}

static void a_reply_is_parsed(void)
{
    mlab_result *result;
    size_t count, len;

    HOLDS(mlab_parse(ready, strlen(ready), 200, &result) == MLAB_OK);
    HOLDS(mlab_result_status(result) == MLAB_OK && mlab_result_http_status(result) == 200);
    HOLDS(strcmp(mlab_result_urls(result, &count)[0], "https://example.com/0.png") == 0 && count == 1);
    HOLDS(mlab_result_url_count(result) == 1 && mlab_result_url(result, 1) == NULL);
    HOLDS(strcmp(mlab_result_id(result), "7") == 0 && mlab_result_eta_ms(result) == -1);
    HOLDS(strcmp(mlab_result_body(result, &len), ready) == 0 && len == strlen(ready));
    HOLDS(mlab_result_retry_after_ms(result) == -1 && !mlab_result_is_retryable(result));
    mlab_result_free(result);

    HOLDS(mlab_parse(waiting, strlen(waiting), 200, &result) == MLAB_PROCESSING);
    HOLDS(mlab_result_eta_ms(result) == 12500 && *mlab_result_urls(result, NULL) == NULL);
    mlab_result_free(result);

    HOLDS(mlab_parse(NULL, 1, 200, &result) == MLAB_E_INVALID_ARGUMENT);
    HOLDS(strstr(mlab_result_message(result), "body") != NULL);
    mlab_result_free(result);
    mlab_result_free(NULL);
}

static void on_log(void *user, int32_t level, const char *area, const char *text)
{
    HOLDS(level >= MLAB_LOG_ERROR && level <= MLAB_LOG_DEBUG && strlen(area) > 0 && strstr(text, KEY) == NULL);
    ++*(unsigned *)user;
}

static mlab_config *settings(unsigned *entries)
{
    mlab_config *config = mlab_config_new();

    HOLDS(mlab_config_set_endpoint(config, getenv("MLAB_TEST_HTTP")) == MLAB_OK);
    HOLDS(mlab_config_set_connect_timeout_ms(config, 5000) == MLAB_OK);
    HOLDS(mlab_config_set_request_timeout_ms(config, PATIENCE_MS) == MLAB_OK);
    HOLDS(mlab_config_set_body_limit(config, 65536) == MLAB_OK);
    HOLDS(mlab_config_set_user_agent(config, "Released/0.1") == MLAB_OK);
    HOLDS(mlab_config_set_proxy(config, "") == MLAB_OK);
    HOLDS(mlab_config_set_roots(config, MLAB_ROOTS_BUNDLED) == MLAB_OK);
    HOLDS(mlab_config_set_retries(config, 1) == MLAB_OK);
    HOLDS(mlab_config_set_requests_per_second(config, 100.0) == MLAB_OK);
    HOLDS(mlab_config_set_workers(config, 4) == MLAB_OK);
    HOLDS(mlab_config_set_max_jobs(config, 8) == MLAB_OK);
    HOLDS(mlab_config_set_image_limit(config, LARGEST) == MLAB_OK);
    HOLDS(mlab_config_set_max_images(config, 16) == MLAB_OK);
    HOLDS(mlab_config_set_log(config, MLAB_LOG_DEBUG, on_log, entries) == MLAB_OK);
    HOLDS(strcmp(mlab_config_message(config), "") == 0);
    HOLDS(mlab_config_set_workers(config, 0) == MLAB_E_INVALID_ARGUMENT);
    HOLDS(strstr(mlab_config_message(config), "workers") != NULL);
    return config;
}

static void the_job_is_ready_to(const mlab_config *config)
{
    mlab_result *result;

    HOLDS(mlab_set_default_config(config) == MLAB_OK);
    HOLDS(mlab_fetch_queued(KEY, "12202888", &result) == MLAB_OK && mlab_result_url_count(result) > 0);
    mlab_result_free(result);
    HOLDS(mlab_set_default_config(NULL) == MLAB_OK);
}

static void a_root_of_ones_own_is_trusted(void)
{
    static char pem[65536];
    const char *path = getenv("MLAB_TEST_CA_FILE");
    mlab_config *config = mlab_config_new();
    FILE *file = fopen(path, "rb");

    HOLDS(file != NULL && fread(pem, 1, sizeof pem - 1, file) > 0 && fclose(file) == 0);
    HOLDS(mlab_config_set_endpoint(config, getenv("MLAB_TEST_HTTPS")) == MLAB_OK);
    HOLDS(mlab_config_set_proxy(config, "") == MLAB_OK);
    HOLDS(mlab_config_set_ca_pem(config, "no certificate") == MLAB_E_INVALID_ARGUMENT);
    HOLDS(mlab_config_set_ca_pem(config, pem) == MLAB_OK);
    the_job_is_ready_to(config);
    HOLDS(mlab_config_set_ca_file(config, "/nowhere/ca.pem") == MLAB_E_FILE);
    HOLDS(mlab_config_set_ca_file(config, path) == MLAB_OK);
    the_job_is_ready_to(config);
    mlab_config_free(config);
}

static int32_t on_progress(void *user, int32_t polls, int64_t elapsed_ms, int64_t eta_ms, int64_t next_poll_ms)
{
    HOLDS(polls >= 1 && elapsed_ms >= 0 && eta_ms >= -1 && next_poll_ms >= elapsed_ms);
    ++*(unsigned *)user;
    return 1;
}

static void calls_block_until_they_have_an_answer(const mlab_client *client)
{
    mlab_result *result;
    mlab_request *request = mlab_request_new("65919762");
    mlab_cancel *cancel = mlab_cancel_new();
    unsigned told = 0;

    HOLDS(mlab_client_fetch(client, "12202888", NULL, &result) == MLAB_OK);
    HOLDS(mlab_result_url_count(result) > 0 && mlab_result_attempts(result) == 1);
    HOLDS(mlab_result_elapsed_ms(result) >= 0 && mlab_result_image_count(result) == 0);
    mlab_result_free(result);

    HOLDS(mlab_request_set_deadline_ms(request, PATIENCE_MS) == MLAB_OK);
    HOLDS(mlab_request_set_poll_ms(request, 1000, 2000) == MLAB_OK);
    HOLDS(mlab_request_set_eta_ms(request, 0) == MLAB_OK);
    HOLDS(mlab_request_set_progress(request, on_progress, &told) == MLAB_OK);
    HOLDS(mlab_client_wait(client, request, NULL, &result) == MLAB_E_CANCELLED && told == 1);
    mlab_result_free(result);

    HOLDS(mlab_request_set_poll_once(request, 1) == MLAB_OK);
    HOLDS(mlab_client_wait(client, request, NULL, &result) == MLAB_PROCESSING && told == 1);
    mlab_result_free(result);
    HOLDS(mlab_request_set_poll_once(request, 0) == MLAB_OK);

    mlab_cancel_trigger(cancel);
    HOLDS(mlab_client_wait(client, request, cancel, &result) == MLAB_E_CANCELLED);
    mlab_result_free(result);
    mlab_cancel_free(cancel);
    HOLDS(strcmp(mlab_request_message(request), "") == 0);
    mlab_request_free(request);
}

/* Pulls until a job has ended; the event is the caller's. */
static mlab_event *end_of(const mlab_client *client, uint64_t job)
{
    for (;;) {
        mlab_event *event;
        HOLDS(mlab_client_next_event(client, PATIENCE_MS, &event) == MLAB_OK);
        HOLDS(mlab_event_job(event) == job && mlab_event_tag(event) == 77);
        if (mlab_event_kind(event) == MLAB_EVENT_DONE)
            return event;
        HOLDS(mlab_event_result(event) == NULL || mlab_event_kind(event) == MLAB_EVENT_IMAGE);
        mlab_event_free(event);
    }
}

static void a_job_brings_its_images(const mlab_client *client)
{
    mlab_request *request = mlab_request_new("12202888");
    mlab_event *event;
    mlab_result *result;
    uint64_t job;
    size_t len;

    HOLDS(mlab_request_set_tag(request, 77) == MLAB_OK);
    HOLDS(mlab_request_set_download_memory(request, LARGEST) == MLAB_OK);
    HOLDS(mlab_request_set_image_events(request, 1) == MLAB_OK);
    HOLDS(mlab_client_submit(client, request, &job) == MLAB_OK && job != 0);
    HOLDS(mlab_client_pending(client) == 1);
    event = end_of(client, job);
    HOLDS(mlab_client_pending(client) == 0 && mlab_event_status(event) == MLAB_OK);
    HOLDS(mlab_event_polls(event) >= 1 && mlab_event_elapsed_ms(event) >= 0 && mlab_event_eta_ms(event) >= -1);
    HOLDS(mlab_event_next_poll_ms(event) == -1 && mlab_event_index(event) == -1);
    HOLDS(mlab_event_bytes_done(event) == mlab_event_bytes_total(event));
    result = mlab_event_take_result(event);
    mlab_event_free(event);
    HOLDS(mlab_result_image_count(result) == mlab_result_url_count(result));
    HOLDS(mlab_result_image(result, 0, &len) != NULL && len > 0 && mlab_result_image_path(result, 0) == NULL);
    HOLDS(strchr(mlab_result_image_type(result, 0), '/') != NULL);
    HOLDS(mlab_result_image_width(result, 0) > 0 && mlab_result_image_height(result, 0) > 0);

    mlab_result *image;
    HOLDS(mlab_client_download_memory(client, mlab_result_url(result, 0), LARGEST, NULL, &image) == MLAB_OK);
    mlab_result_free(image);
    mlab_result_free(result);
    mlab_request_free(request);
}

/* Whether a file is there, and not empty; it is none afterwards. */
static int was_written(const char *path)
{
    FILE *file = fopen(path, "rb");
    int written = file != NULL && getc(file) != EOF;

    return file != NULL && fclose(file) == 0 && remove(path) == 0 && written;
}

static void images_come_into_files(const mlab_client *client)
{
    char folder[PATH_SIZE], path[PATH_SIZE + 16];
    mlab_request *request = mlab_request_new("12202888"), *download;
    mlab_result *result, *image;
    size_t index;

    snprintf(folder, sizeof folder, "%s/released-XXXXXX", getenv("MLAB_TEST_FOLDER"));
    HOLDS(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/image", folder);
    HOLDS(mlab_request_set_download_dir(request, folder, 0) == MLAB_OK);
    HOLDS(mlab_client_wait(client, request, NULL, &result) == MLAB_OK && mlab_result_image_count(result) > 0);
    for (index = 0; index < mlab_result_image_count(result); index++)
        HOLDS(mlab_result_image(result, index, NULL) == NULL && was_written(mlab_result_image_path(result, index)));

    HOLDS(mlab_client_download(client, mlab_result_url(result, 0), path, NULL, &image) == MLAB_OK);
    HOLDS(strcmp(mlab_result_image_path(image, 0), path) == 0 && was_written(path));
    mlab_result_free(image);

    download = mlab_request_new_download(mlab_result_url(result, 0));
    HOLDS(mlab_request_set_download_file(download, path) == MLAB_OK);
    HOLDS(mlab_client_wait(client, download, NULL, &image) == MLAB_OK && was_written(path));
    mlab_result_free(image);
    mlab_request_free(download);
    mlab_result_free(result);
    mlab_request_free(request);
    HOLDS(rmdir(folder) == 0);
}

static int is_readable(int32_t descriptor, int timeout_ms)
{
    struct pollfd readable = {descriptor, POLLIN, 0};

    return poll(&readable, 1, timeout_ms) == 1;
}

static void a_job_is_cancelled(const mlab_client *client)
{
    mlab_request *request = mlab_request_new("65919762");
    mlab_event *event;
    uint64_t job;
    int32_t descriptor = mlab_client_event_fd(client);

    HOLDS(descriptor >= 0 && mlab_client_event_fd(client) == descriptor && !is_readable(descriptor, 0));
    HOLDS(mlab_client_event_handle(client) == NULL);
    HOLDS(mlab_request_set_tag(request, 77) == MLAB_OK);
    HOLDS(mlab_client_submit(client, request, &job) == MLAB_OK);
    HOLDS(mlab_client_cancel_job(client, job) == MLAB_OK);
    HOLDS(is_readable(descriptor, PATIENCE_MS));
    event = end_of(client, job);
    HOLDS(mlab_event_status(event) == MLAB_E_CANCELLED);
    mlab_event_free(event);
    HOLDS(mlab_client_cancel_job(client, job) == MLAB_E_INVALID_ARGUMENT);
    HOLDS(mlab_client_next_due_ms(client) == -1);
    mlab_client_wakeup(client);
    HOLDS(mlab_client_next_event(client, PATIENCE_MS, &event) == MLAB_NO_EVENT && event == NULL);
    mlab_request_free(request);
}

/* A transport that is pulled, and answers what it likes. */
static void a_host_performs_the_exchanges(mlab_config *config)
{
    mlab_request *request = mlab_request_new("12202888");
    mlab_client *client;
    mlab_exchange *exchange;
    mlab_event *event;
    uint64_t job;
    size_t len;

    HOLDS(mlab_config_set_transport_pull(config) == MLAB_OK);
    HOLDS(mlab_client_new(KEY, config, &client) == MLAB_OK);
    HOLDS(mlab_request_set_tag(request, 77) == MLAB_OK);
    HOLDS(mlab_client_submit(client, request, &job) == MLAB_OK);
    HOLDS(mlab_client_next_exchange(client, PATIENCE_MS, &exchange) == MLAB_OK);
    HOLDS(mlab_exchange_id(exchange) != 0 && mlab_exchange_kind(exchange) == MLAB_EXCHANGE_POLL);
    HOLDS(strcmp(mlab_exchange_method(exchange), "POST") == 0);
    HOLDS(strstr(mlab_exchange_url(exchange), "12202888") != NULL);
    HOLDS(mlab_exchange_header_name(exchange, 0) != NULL && mlab_exchange_header_value(exchange, 0) != NULL);
    HOLDS(mlab_exchange_body(exchange, &len) != NULL && len > strlen(KEY));
    HOLDS(mlab_exchange_body_limit(exchange) == 65536 && mlab_exchange_timeout_ms(exchange) > 0);
    HOLDS(!mlab_exchange_is_cancelled(exchange));
    mlab_exchange_progress(exchange, 1, -1);
    HOLDS(mlab_exchange_reply(exchange, 200, "Content-Type: application/json", ready, strlen(ready)) == MLAB_OK);
    HOLDS(mlab_exchange_fail(exchange, MLAB_E_NETWORK, "too late") == MLAB_E_CLOSED);
    mlab_exchange_free(exchange);
    event = end_of(client, job);
    HOLDS(mlab_event_status(event) == MLAB_OK);
    mlab_event_free(event);
    HOLDS(mlab_client_shutdown(client, PATIENCE_MS) == MLAB_OK);
    HOLDS(mlab_client_next_event(client, 0, &event) == MLAB_E_CLOSED);
    mlab_client_free(client);
    mlab_request_free(request);
}

/* A transport that is called and answers at once: a poll with the address of an image, and that with the image in two
 * pieces. */
static void start(void *user, mlab_exchange *exchange)
{
    if (mlab_exchange_kind(exchange) == MLAB_EXCHANGE_POLL) {
        HOLDS(mlab_exchange_reply(exchange, 200, NULL, ready, strlen(ready)) == MLAB_OK);
    } else {
        HOLDS(mlab_exchange_reply(exchange, 200, "Content-Type: image/gif", NULL, 0) == MLAB_OK);
        HOLDS(mlab_exchange_write(exchange, pixel, 10) == MLAB_OK);
        HOLDS(mlab_exchange_write(exchange, pixel + 10, sizeof pixel - 10) == MLAB_OK);
        HOLDS(mlab_exchange_write(exchange, NULL, 0) == MLAB_OK);
    }
    mlab_exchange_free(exchange);
    ++*(unsigned *)user;
}

static void a_host_is_called_for_the_exchanges(mlab_config *config)
{
    unsigned exchanges = 0;
    mlab_client *client;
    mlab_result *result, *image;
    size_t len;

    HOLDS(mlab_config_set_transport(config, start, NULL, &exchanges) == MLAB_OK);
    HOLDS(mlab_client_new(KEY, config, &client) == MLAB_OK);
    HOLDS(mlab_client_fetch(client, "12202888", NULL, &result) == MLAB_OK && exchanges == 1);
    HOLDS(mlab_client_download_memory(client, mlab_result_url(result, 0), LARGEST, NULL, &image) == MLAB_OK);
    HOLDS(exchanges == 2 && mlab_result_image(image, 0, &len) != NULL && len == sizeof pixel);
    HOLDS(memcmp(mlab_result_image(image, 0, NULL), pixel, len) == 0);
    mlab_result_free(image);
    mlab_result_free(result);
    mlab_client_free(client);
}

int main(void)
{
    unsigned entries = 0;
    mlab_config *config = settings(&entries);
    mlab_client *client, *refused;

    the_library_is_of_the_same_abi();
    a_reply_is_parsed();
    the_job_is_ready_to(config);
    a_root_of_ones_own_is_trusted();
    HOLDS(mlab_client_new(KEY, config, &client) == MLAB_OK && strcmp(mlab_client_message(client), "") == 0);
    HOLDS(mlab_client_new("", config, &refused) == MLAB_E_INVALID_ARGUMENT && mlab_client_message(refused)[0] != '\0');
    mlab_client_free(refused);
    calls_block_until_they_have_an_answer(client);
    a_job_brings_its_images(client);
    images_come_into_files(client);
    a_job_is_cancelled(client);
    mlab_client_free(client);
    a_host_performs_the_exchanges(config);
    a_host_is_called_for_the_exchanges(config);
    mlab_config_free(config);
    HOLDS(entries > 0);
    puts("all is as it was");
    return EXIT_SUCCESS;
}
