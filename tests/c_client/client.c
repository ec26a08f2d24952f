#define _POSIX_C_SOURCE 200809L
#include "client.h"

#include "../c/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void must(int32_t status, const char *message)
{
    if (status == MLAB_OK)
        return;
    printf("no client: %s %s\n", mlab_status_name(status), message);
    exit(EXIT_FAILURE);
}

mlab_config *test_config(const char *endpoint_variable)
{
    const char *ca_file = getenv("MLAB_TEST_CA_FILE");
    mlab_config *config = mlab_config_new();
    must(mlab_config_set_endpoint(config, harness_setting(endpoint_variable)), mlab_config_message(config));
    if (ca_file != NULL)
        must(mlab_config_set_ca_file(config, ca_file), mlab_config_message(config));
    return config;
}

mlab_client *test_client(const char *endpoint_variable, void (*change)(mlab_config *))
{
    mlab_config *config = test_config(endpoint_variable);
    mlab_client *client = NULL;
    if (change != NULL)
        change(config);
    must(mlab_client_new(TEST_KEY, config, &client), mlab_client_message(client));
    mlab_config_free(config);
    return client;
}

int32_t test_fetch(const mlab_client *client, const char *id)
{
    mlab_result *result = NULL;
    int32_t status = mlab_client_fetch(client, id, NULL, &result);
    /* A result there must be, and it must agree. */
    if (mlab_result_status(result) != status)
        status = MLAB_E_INTERNAL;
    mlab_result_free(result);
    return status;
}

mlab_request *test_request(const char *id, uint32_t deadline_ms)
{
    mlab_request *request = mlab_request_new(id);
    CHECK_INT(mlab_request_set_deadline_ms(request, deadline_ms), MLAB_OK);
    CHECK_INT(mlab_request_set_poll_ms(request, 1000, 1000), MLAB_OK);
    return request;
}

void test_sleep_ms(long ms)
{
    struct timespec left = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&left, &left) != 0)
        ;
}

void test_pass_some_moment(unsigned long round)
{
    if (round % 3 == 1)
        for (volatile unsigned long spins = 0; spins < round * 997 % 20000; spins++)
            ;
    else if (round % 3 == 2)
        test_sleep_ms((long)(round % 7) * 5);
}

int64_t test_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t test_best_of_three(int64_t (*try_ms)(void), int64_t bar_ms)
{
    int64_t best = try_ms();
    for (int tries = 1; tries < 3 && best > bar_ms; tries++) {
        int64_t took = try_ms();
        best = took < best ? took : best;
    }
    return best;
}
