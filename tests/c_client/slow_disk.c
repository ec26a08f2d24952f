/*
 * A disk whose fsync() or unlink() takes longer than anybody waits: calls and jobs end with their deadline or their cancel, and
 * what the disk brings later spoils nothing. The runner looks into the folder afterwards.
 *
 * All of these but the last fail if stop_downloading() of the engine's scheduler sets no end for attempts that do not
 * let go: then everybody waits for the thread that writes.
 */
#define _POSIX_C_SOURCE 200809L
#include "../c/slow_disk.h"
#include "../c/harness.h"
#include "../c/next_event.h"
#include "client.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* LATE_MS: far more than the library takes, for a busy machine; deadline and it are over before the fsync() is. */
enum { DEADLINE_MS = 1500, LATE_MS = 1500, PATIENCE_MS = 30000 };

static const char *folder(void)
{
    return harness_setting("MLAB_TEST_FOLDER");
}

/*
 * The two ways in which images come: with the library's own HTTP a worker writes what it reads, with a host's a thread for
 * files writes what the host has brought. This host has one image, that of the id which it is asked for.
 */
static struct {
    int is_asked;
    char id[8], image[64 * 1024];
    size_t len;
} host;

static void answer(void *user, mlab_exchange *exchange)
{
    char ready[128];
    (void)user;
    snprintf(ready, sizeof ready, "{\"status\":\"success\",\"output\":[\"https://images.example.com/%s-0.png\"]}", host.id);
    if (mlab_exchange_kind(exchange) == MLAB_EXCHANGE_POLL)
        mlab_exchange_reply(exchange, 200, NULL, ready, strlen(ready));
    else
        mlab_exchange_reply(exchange, 200, NULL, host.image, host.len);
    mlab_exchange_free(exchange);
}

static void set_host(mlab_config *config)
{
    CHECK_INT(mlab_config_set_transport(config, answer, NULL, NULL), MLAB_OK);
}

/* Lets the host have the image of this id, from the server. */
static void give_to_the_host(const char *id)
{
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", NULL);
    mlab_result *job = NULL, *result = NULL;
    const void *image;
    CHECK_INT(mlab_client_fetch(client, id, NULL, &job), MLAB_OK);
    CHECK_INT(mlab_client_download_memory(client, mlab_result_url(job, 0), sizeof host.image, NULL, &result), MLAB_OK);
    image = mlab_result_image(result, 0, &host.len);
    if (CHECK(image != NULL))
        memcpy(host.image, image, host.len);
    snprintf(host.id, sizeof host.id, "%s", id);
    mlab_result_free(result);
    mlab_result_free(job);
    mlab_client_free(client);
}

/* A client for this id, with the library's own HTTP or the host's. */
static mlab_client *client_for(const char *id)
{
    if (host.is_asked)
        give_to_the_host(id);
    return test_client("MLAB_TEST_ENDPOINT", host.is_asked ? set_host : NULL);
}

static mlab_request *request_for_files(const char *id, uint32_t deadline_ms)
{
    mlab_request *request = test_request(id, deadline_ms);
    CHECK_INT(mlab_request_set_download_dir(request, folder(), 0), MLAB_OK);
    return request;
}

/* The late thread ends with its fsync(), and not before; then the client's threads are gone. */
static void end_with_the_disk(mlab_client *client)
{
    CHECK_INT(slow_disk_begun(), 1);
    CHECK_INT(slow_disk_ended(), 0);
    CHECK_INT(mlab_client_shutdown(client, 0), MLAB_E_BUSY);
    CHECK_INT(mlab_client_shutdown(client, PATIENCE_MS), MLAB_OK);
    CHECK_INT(slow_disk_ended(), 1);
    CHECK_INT(slow_disk_begun(), 1);
    mlab_client_free(client);
    slow_disk_set(DISK_AS_EVER);
}

static void check_deadline(int64_t start)
{
    int64_t took = test_now_ms() - start;
    if (!CHECK(took >= DEADLINE_MS && took < DEADLINE_MS + LATE_MS))
        printf("it took %d ms\n", (int)took);
}

static void wait_until_its_deadline(const char *id, slow_disk_way way)
{
    mlab_client *client = client_for(id);
    mlab_request *request = request_for_files(id, DEADLINE_MS);
    mlab_result *result = NULL;
    int64_t start;
    slow_disk_set(way);
    start = test_now_ms();
    CHECK_INT(mlab_client_wait(client, request, NULL, &result), MLAB_E_DEADLINE);
    check_deadline(start);
    CHECK_INT(mlab_result_status(result), MLAB_E_DEADLINE);
    mlab_result_free(result);
    mlab_request_free(request);
    end_with_the_disk(client);
}

static void a_wait_ends_at_its_deadline_though_the_file_is_not_on_the_disk(void)
{
    wait_until_its_deadline("101", DISK_SLOW_FOR_FILES);
}

static void a_wait_ends_at_its_deadline_though_the_folder_is_not_on_the_disk(void)
{
    wait_until_its_deadline("102", DISK_SLOW_FOR_FOLDERS);
}

static int64_t cancelled_at;

/* In the middle of the fsync(). */
static void *cancel_when_it_syncs(void *cancel)
{
    int waited;
    for (waited = 0; slow_disk_begun() == 0 && waited < PATIENCE_MS; waited++)
        test_sleep_ms(1);
    cancelled_at = test_now_ms();
    mlab_cancel_trigger(cancel);
    return NULL;
}

static void download_until_its_cancel(const char *id)
{
    mlab_client *client = client_for(id);
    mlab_cancel *cancel = mlab_cancel_new();
    mlab_result *job = NULL, *result = NULL;
    char path[1024];
    pthread_t thread;
    snprintf(path, sizeof path, "%s/%s-0.png", folder(), id);
    CHECK_INT(mlab_client_fetch(client, id, NULL, &job), MLAB_OK);
    slow_disk_set(DISK_SLOW_FOR_FILES);
    CHECK_INT(pthread_create(&thread, NULL, cancel_when_it_syncs, cancel), 0);
    CHECK_INT(mlab_client_download(client, mlab_result_url(job, 0), path, cancel, &result), MLAB_E_CANCELLED);
    pthread_join(thread, NULL);
    CHECK(test_now_ms() - cancelled_at < LATE_MS);
    mlab_result_free(result);
    mlab_result_free(job);
    mlab_cancel_free(cancel);
    end_with_the_disk(client);
}

/* The end of the client's only job, with its status. */
static int32_t status_of_end(const mlab_client *client, uint64_t job)
{
    mlab_event *event;
    int32_t status = MLAB_PROCESSING;
    while (status == MLAB_PROCESSING && (event = next_event(client, PATIENCE_MS)) != NULL) {
        CHECK(mlab_event_job(event) == job);
        if (mlab_event_kind(event) == MLAB_EVENT_DONE)
            status = mlab_event_status(event);
        mlab_event_free(event);
    }
    return status;
}

static void let_a_job_reach_its_deadline(const char *id)
{
    mlab_client *client = client_for(id);
    mlab_request *request = request_for_files(id, DEADLINE_MS);
    uint64_t job = 0;
    int64_t start;
    slow_disk_set(DISK_SLOW_FOR_FILES);
    start = test_now_ms();
    CHECK_INT(mlab_client_submit(client, request, &job), MLAB_OK);
    CHECK_INT(status_of_end(client, job), MLAB_E_DEADLINE);
    check_deadline(start);
    mlab_request_free(request);
    end_with_the_disk(client);
}

static void cancel_a_job(const char *id)
{
    mlab_client *client = client_for(id);
    mlab_request *request = request_for_files(id, PATIENCE_MS);
    uint64_t job = 0;
    int64_t start;
    int waited;
    slow_disk_set(DISK_SLOW_FOR_FILES);
    CHECK_INT(mlab_client_submit(client, request, &job), MLAB_OK);
    for (waited = 0; slow_disk_begun() == 0 && waited < PATIENCE_MS; waited++) {
        /* With a host's HTTP, jobs move on in here alone. */
        mlab_event *event = next_event(client, 1);
        CHECK(event == NULL || mlab_event_kind(event) == MLAB_EVENT_PROGRESS);
        mlab_event_free(event);
    }
    start = test_now_ms();
    CHECK_INT(mlab_client_cancel_job(client, job), MLAB_OK);
    CHECK_INT(status_of_end(client, job), MLAB_E_CANCELLED);
    CHECK(test_now_ms() - start < LATE_MS);
    mlab_request_free(request);
    end_with_the_disk(client);
}

static void wait_for_the_disk(const char *id)
{
    mlab_client *client = client_for(id);
    mlab_request *request = request_for_files(id, PATIENCE_MS);
    mlab_result *result = NULL;
    slow_disk_set(DISK_SLOW_FOR_FILES);
    CHECK_INT(mlab_client_wait(client, request, NULL, &result), MLAB_OK);
    CHECK_INT(slow_disk_begun(), 1);
    CHECK_INT(slow_disk_ended(), 1);
    mlab_result_free(result);
    mlab_request_free(request);
    mlab_client_free(client);
    slow_disk_set(DISK_AS_EVER);
}

static void a_download_ends_with_its_cancel_though_the_file_is_not_on_the_disk(void)
{
    download_until_its_cancel("103");
}

static void a_job_is_done_at_its_deadline_though_the_file_is_not_on_the_disk(void)
{
    let_a_job_reach_its_deadline("104");
}

static void a_cancelled_job_is_done_though_the_file_is_not_on_the_disk(void)
{
    cancel_a_job("105");
}

static void a_wait_with_time_enough_waits_for_the_disk(void)
{
    wait_for_the_disk("106");
}

static void what_a_host_has_brought_is_waited_for_no_longer(void)
{
    host.is_asked = 1;
    wait_until_its_deadline("107", DISK_SLOW_FOR_FILES);
    wait_until_its_deadline("108", DISK_SLOW_FOR_FOLDERS);
    download_until_its_cancel("109");
    let_a_job_reach_its_deadline("110");
    cancel_a_job("111");
    wait_for_the_disk("112");
    host.is_asked = 0;
}

static int retries;

static void count_retries(void *user, int32_t level, const char *area, const char *text)
{
    (void)user, (void)level;
    retries += strcmp(area, "download") == 0 && strstr(text, "trying again") != NULL;
}

static void set_log(mlab_config *config)
{
    CHECK_INT(mlab_config_set_log(config, MLAB_LOG_WARNING, count_retries, NULL), MLAB_OK);
}

/* A job whose image has broken off: half of it is in a file, and waits for the next attempt. */
static uint64_t job_with_half_an_image(mlab_client *client)
{
    mlab_request *request = mlab_request_new_download(harness_setting("MLAB_TEST_HALF"));
    char path[1024];
    uint64_t job = 0;
    int waited;
    snprintf(path, sizeof path, "%s/half.png", folder());
    CHECK_INT(mlab_request_set_download_file(request, path), MLAB_OK);
    CHECK_INT(mlab_client_submit(client, request, &job), MLAB_OK);
    retries = 0;
    /* What workers have to log is told in here. */
    for (waited = 0; retries == 0 && waited < PATIENCE_MS; waited++)
        mlab_event_free(next_event(client, 1));
    CHECK(retries > 0);
    mlab_request_free(request);
    return job;
}

static void a_cancelled_job_is_done_though_its_half_image_is_not_removed(void)
{
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", set_log);
    uint64_t job = job_with_half_an_image(client);
    int64_t start;
    slow_disk_set(DISK_SLOW_FOR_REMOVALS);
    start = test_now_ms();
    CHECK_INT(mlab_client_cancel_job(client, job), MLAB_OK);
    CHECK(test_now_ms() - start < LATE_MS);
    CHECK_INT(status_of_end(client, job), MLAB_E_CANCELLED);
    CHECK(test_now_ms() - start < LATE_MS);
    end_with_the_disk(client);
}

/* A shutdown that waits for nobody, and then for the disk. */
static void a_client_ends_though_a_half_image_is_not_removed(void)
{
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", set_log);
    int64_t start;
    int waited;
    job_with_half_an_image(client);
    slow_disk_set(DISK_SLOW_FOR_REMOVALS);
    start = test_now_ms();
    CHECK_INT(mlab_client_shutdown(client, 0), MLAB_E_BUSY);
    CHECK(test_now_ms() - start < LATE_MS);
    for (waited = 0; slow_disk_begun() == 0 && waited < PATIENCE_MS; waited++)
        test_sleep_ms(1);
    end_with_the_disk(client);
}

const harness_test slow_disk_removal_tests[] = {
    TEST(a_cancelled_job_is_done_though_its_half_image_is_not_removed),
    TEST(a_client_ends_though_a_half_image_is_not_removed),
    END_OF_TESTS,
};

const harness_test slow_disk_wait_tests[] = {
    TEST(a_wait_ends_at_its_deadline_though_the_file_is_not_on_the_disk),
    TEST(a_wait_ends_at_its_deadline_though_the_folder_is_not_on_the_disk),
    END_OF_TESTS,
};

const harness_test slow_disk_job_tests[] = {
    TEST(a_job_is_done_at_its_deadline_though_the_file_is_not_on_the_disk),
    TEST(a_cancelled_job_is_done_though_the_file_is_not_on_the_disk),
    END_OF_TESTS,
};

const harness_test slow_disk_call_tests[] = {
    TEST(a_download_ends_with_its_cancel_though_the_file_is_not_on_the_disk),
    TEST(a_wait_with_time_enough_waits_for_the_disk),
    END_OF_TESTS,
};

const harness_test slow_disk_host_tests[] = {TEST(what_a_host_has_brought_is_waited_for_no_longer), END_OF_TESTS};
