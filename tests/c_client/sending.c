/* A request that no buffer takes: the call ends with its timeout, or with its cancel, and says what it was doing. */
#define _POSIX_C_SOURCE 200809L
#include "../c/harness.h"
#include "../c/slow_send.h"
#include "client.h"

#include <pthread.h>

enum { TIMEOUT_MS = 2000, PATIENCE_MS = 10000, LATE_MS = 250 };

static void time_out_soon(mlab_config *config)
{
    CHECK_INT(mlab_config_set_request_timeout_ms(config, TIMEOUT_MS), MLAB_OK);
    CHECK_INT(mlab_config_set_retries(config, 0), MLAB_OK);
}

/* How long after its timeout a call ends. */
static int64_t time_out_while_sending(void)
{
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", time_out_soon);
    mlab_result *result = NULL;
    int64_t start, took;
    /* Over a kept connection: a handshake has to send too. */
    CHECK_INT(test_fetch(client, "1"), MLAB_OK);
    stuck_send_begin();
    start = test_now_ms();
    CHECK_INT(mlab_client_fetch(client, "1", NULL, &result), MLAB_E_TIMEOUT);
    took = test_now_ms() - start;
    CHECK(took >= TIMEOUT_MS);
    CHECK(stuck_send_end() > 1);
    CHECK_HAS(mlab_result_message(result), "sending the request");
    mlab_result_free(result);
    CHECK_INT(test_fetch(client, "1"), MLAB_OK);
    mlab_client_free(client);
    return took - TIMEOUT_MS;
}

static void what_cannot_be_sent_ends_with_the_timeout(void)
{
    CHECK(test_best_of_three(time_out_while_sending, LATE_MS) <= LATE_MS);
}

static int64_t cancelled_at;

static void *cancel_once_it_sends(void *cancel)
{
    int64_t start = test_now_ms();
    while (stuck_send_tries() < 2 && test_now_ms() - start < PATIENCE_MS)
        test_sleep_ms(1);
    cancelled_at = test_now_ms();
    mlab_cancel_trigger(cancel);
    return NULL;
}

/* How long after its cancel a call ends. */
static int64_t cancel_while_sending(void)
{
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", NULL);
    mlab_cancel *cancel = mlab_cancel_new();
    mlab_result *result = NULL;
    pthread_t thread;
    int64_t ended;
    CHECK_INT(test_fetch(client, "1"), MLAB_OK);
    stuck_send_begin();
    CHECK_INT(pthread_create(&thread, NULL, cancel_once_it_sends, cancel), 0);
    CHECK_INT(mlab_client_fetch(client, "1", cancel, &result), MLAB_E_CANCELLED);
    ended = test_now_ms();
    pthread_join(thread, NULL);
    CHECK(stuck_send_end() > 1);
    mlab_result_free(result);
    mlab_cancel_free(cancel);
    mlab_client_free(client);
    return ended - cancelled_at;
}

static void what_cannot_be_sent_ends_with_the_cancel(void)
{
    CHECK(test_best_of_three(cancel_while_sending, LATE_MS) <= LATE_MS);
}

const harness_test sending_tests[] = {
    TEST(what_cannot_be_sent_ends_with_the_timeout),
    TEST(what_cannot_be_sent_ends_with_the_cancel),
    END_OF_TESTS,
};
