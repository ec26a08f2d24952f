/* The proxy variables of the environment, as the runner set them. A topic a setting. */
#define _POSIX_C_SOURCE 200809L
#include "../c/harness.h"
#include "client.h"

#include <string.h>

enum { POLL_MS = 1000 };

static int64_t wait_with_rubbish(void)
{
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", NULL);
    mlab_request *request = test_request("1", 5000);
    mlab_result *result = NULL;
    int64_t took;

    CHECK_INT(mlab_client_wait(client, request, NULL, &result), MLAB_E_PROXY);
    took = mlab_result_elapsed_ms(result);
    mlab_result_free(result);
    mlab_request_free(request);
    mlab_client_free(client);
    return took;
}

static void rubbish_is_refused_by_its_name_and_not_quoted(void)
{
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", NULL);
    mlab_result *result = NULL;

    CHECK_INT(mlab_client_fetch(client, "1", NULL, &result), MLAB_E_PROXY);
    CHECK_HAS(mlab_result_message(result), harness_setting("MLAB_TEST_VARIABLE"));
    CHECK(strstr(mlab_result_message(result), "secret") == NULL);
    CHECK_INT(mlab_result_is_retryable(result), 0);
    mlab_result_free(result);
    mlab_client_free(client);
    /* It does not pass by waiting either. */
    CHECK(test_best_of_three(wait_with_rubbish, POLL_MS - 100) < POLL_MS);
}

static void set_none(mlab_config *config)
{
    CHECK_INT(mlab_config_set_proxy(config, ""), MLAB_OK);
    CHECK_INT(mlab_config_set_connect_timeout_ms(config, 10000), MLAB_OK);
    CHECK_INT(mlab_config_set_retries(config, 0), MLAB_OK);
}

static void the_hosts_own_setting_goes_before_rubbish(void)
{
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", set_none);
    /* There is no such host; what matters is that no proxy is blamed. */
    CHECK_INT(test_fetch(client, "1"), MLAB_E_RESOLVE);
    mlab_client_free(client);
}

static void this_machine_is_reached_without_a_proxy(void)
{
    mlab_client *client = test_client("MLAB_TEST_HTTP", NULL);
    CHECK_INT(test_fetch(client, "1"), MLAB_OK);
    mlab_client_free(client);
}

static void a_proxy_that_refuses_is_told_of_and_learns_nothing(void)
{
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", NULL);
    mlab_result *result = NULL;
    CHECK_INT(mlab_client_fetch(client, "1", NULL, &result), MLAB_E_PROXY);
    CHECK_HAS(mlab_result_message(result), "407");
    CHECK_INT(mlab_result_attempts(result), 1);
    CHECK_INT(mlab_result_http_status(result), 0);
    mlab_result_free(result);
    mlab_client_free(client);
}

static void a_proxy_that_tunnels_serves_all_calls_by_one_tunnel(void)
{
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", NULL);
    for (int i = 0; i < 10; i++)
        CHECK_INT(test_fetch(client, "1"), MLAB_OK);
    mlab_client_free(client);
}

const harness_test proxy_rubbish_tests[] = {
    TEST(rubbish_is_refused_by_its_name_and_not_quoted),
    TEST(the_hosts_own_setting_goes_before_rubbish),
    TEST(this_machine_is_reached_without_a_proxy),
    END_OF_TESTS,
};
const harness_test proxy_refuses_tests[] = {TEST(a_proxy_that_refuses_is_told_of_and_learns_nothing), END_OF_TESTS};
const harness_test proxy_tunnels_tests[] = {TEST(a_proxy_that_tunnels_serves_all_calls_by_one_tunnel), END_OF_TESTS};
