/* The one call against the stand-in server: over http as the topic "fetch", over https as the topic "secure". */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"
#include "settings.h"

#include <mlab.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

/* Which server the tests below ask; its job that is not ready at first; its ready one with four images. */
static struct {
    const char *endpoint, *ca_file, *slow_id, *ready_id;
} lane;

static void from_here_on_the_server_is_asked_over_http(void)
{
    lane.endpoint = "MLAB_TEST_HTTP";
    lane.ca_file = NULL;
    lane.slow_id = "65919758";
    lane.ready_id = "12202888";
    test_endpoint(lane.endpoint, lane.ca_file);
}

static void from_here_on_the_server_is_asked_over_https(void)
{
    lane.endpoint = "MLAB_TEST_HTTPS";
    lane.ca_file = "MLAB_TEST_CA_FILE";
    lane.slow_id = "65919759";
    lane.ready_id = "abc123-def456";
    test_endpoint(lane.endpoint, lane.ca_file);
}

static void check_images(const mlab_result *result)
{
    size_t count = 0;
    const char *const *urls = mlab_result_urls(result, &count);
    CHECK_SIZE(count, 4);
    for (size_t i = 0; i < count; i++) {
        CHECK_STARTS(urls[i], "http");
        CHECK_HAS(urls[i], "://");
    }
    CHECK(urls[count] == NULL);
}

static void processing_comes_first_and_then_the_images(void)
{
    const struct timespec between_polls = {0, 20 * 1000 * 1000};
    mlab_result *result = NULL;
    int32_t status = mlab_fetch_queued(TEST_KEY, lane.slow_id, &result);
    CHECK_INT(status, MLAB_PROCESSING);
    CHECK_INT(mlab_result_status(result), MLAB_PROCESSING);
    CHECK_SIZE(mlab_result_url_count(result), 0);
    CHECK(mlab_result_message(result)[0] != '\0');
    CHECK_TEXT(mlab_result_id(result), lane.slow_id);
    CHECK_INT(mlab_result_is_retryable(result), 0);
    /* The job is ready half a second after its first poll; the alarm of the harness ends a wait without end. */
    while (status == MLAB_PROCESSING) {
        mlab_result_free(result);
        nanosleep(&between_polls, NULL);
        status = mlab_fetch_queued(TEST_KEY, lane.slow_id, &result);
    }
    CHECK_INT(status, MLAB_OK);
    CHECK_TEXT(mlab_result_id(result), lane.slow_id);
    CHECK_INT(mlab_result_http_status(result), 200);
    CHECK_INT(mlab_result_attempts(result), 1);
    CHECK(mlab_result_elapsed_ms(result) >= 0 && mlab_result_elapsed_ms(result) < 30000);
    check_images(result);
    mlab_result_free(result);
}

static void a_ready_job_has_its_images_at_the_first_poll(void)
{
    mlab_result *result = NULL;
    CHECK_INT(mlab_fetch_queued(TEST_KEY, lane.ready_id, &result), MLAB_OK);
    CHECK_TEXT(mlab_result_id(result), lane.ready_id);
    check_images(result);
    mlab_result_free(result);
}

static void a_wrong_key_is_auth_and_stands_in_no_text(void)
{
    mlab_result *result = NULL;
    size_t len = 0;
    CHECK_INT(mlab_fetch_queued("wrong-key-not-real", lane.ready_id, &result), MLAB_E_AUTH);
    CHECK_HAS(mlab_result_message(result), "Invalid API key");
    CHECK(strstr(mlab_result_message(result), "wrong-key-not-real") == NULL);
    CHECK(strstr(mlab_result_body(result, &len), "wrong-key-not-real") == NULL);
    CHECK(len > 0);
    CHECK_INT(mlab_result_is_retryable(result), 0);
    CHECK_SIZE(mlab_result_url_count(result), 0);
    mlab_result_free(result);
}

static void an_unknown_id_is_not_found(void)
{
    mlab_result *result = NULL;
    CHECK_INT(mlab_fetch_queued(TEST_KEY, "404", &result), MLAB_E_NOT_FOUND);
    CHECK_HAS(mlab_result_message(result), "Request not found");
    CHECK_TEXT(mlab_result_id(result), "404");
    mlab_result_free(result);
}

static void a_reply_over_the_body_limit_is_too_large(void)
{
    mlab_config *config = mlab_config_new();
    mlab_result *result = NULL;
    mlab_config_set_endpoint(config, harness_setting(lane.endpoint));
    if (lane.ca_file != NULL)
        mlab_config_set_ca_file(config, harness_setting(lane.ca_file));
    CHECK_INT(mlab_config_set_body_limit(config, 10), MLAB_OK);
    mlab_set_default_config(config);
    mlab_config_free(config);
    CHECK_INT(mlab_fetch_queued(TEST_KEY, lane.ready_id, &result), MLAB_E_TOO_LARGE);
    mlab_result_free(result);
    test_endpoint(lane.endpoint, lane.ca_file);
}

static void *fetch_ready(void *status)
{
    mlab_result *result = NULL;
    *(int32_t *)status = mlab_fetch_queued(TEST_KEY, lane.ready_id, &result);
    if (mlab_result_url_count(result) != 4)
        *(int32_t *)status = MLAB_E_INTERNAL;
    mlab_result_free(result);
    return NULL;
}

static void several_threads_fetch_at_once(void)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    int32_t statuses[THREADS];
    for (int i = 0; i < THREADS; i++)
        if (!CHECK_INT(pthread_create(&threads[i], NULL, fetch_ready, &statuses[i]), 0))
            return;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(statuses[i], MLAB_OK);
    }
}

static void a_server_of_an_unknown_root_is_not_trusted(void)
{
    mlab_result *result = NULL;
    test_endpoint(lane.endpoint, NULL);
    CHECK_INT(mlab_fetch_queued(TEST_KEY, lane.ready_id, &result), MLAB_E_TLS);
    CHECK_INT(mlab_result_is_retryable(result), 0);
    CHECK_INT(mlab_result_http_status(result), 0);
    CHECK_TEXT(mlab_result_body(result, NULL), "");
    mlab_result_free(result);
}

const harness_test fetch_tests[] = {
    TEST(from_here_on_the_server_is_asked_over_http),
    TEST(processing_comes_first_and_then_the_images),
    TEST(a_ready_job_has_its_images_at_the_first_poll),
    TEST(a_wrong_key_is_auth_and_stands_in_no_text),
    TEST(an_unknown_id_is_not_found),
    TEST(a_reply_over_the_body_limit_is_too_large),
    TEST(several_threads_fetch_at_once),
    END_OF_TESTS,
};

const harness_test secure_tests[] = {
    TEST(from_here_on_the_server_is_asked_over_https),
    TEST(processing_comes_first_and_then_the_images),
    TEST(a_ready_job_has_its_images_at_the_first_poll),
    TEST(a_wrong_key_is_auth_and_stands_in_no_text),
    TEST(an_unknown_id_is_not_found),
    TEST(a_reply_over_the_body_limit_is_too_large),
    TEST(several_threads_fetch_at_once),
    TEST(a_server_of_an_unknown_root_is_not_trusted),
    END_OF_TESTS,
};
