/* The host's own event loop: something to wait on, the time to wait, and exchanges that are pulled. */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"
#include "next_event.h"
#include "ready_host.h"
#include "settings.h"
#include "test_clients.h"
#include <pthread.h>

enum { PATIENCE_MS = 60000 };

#ifdef _WIN32 /* Its loops wait on handles. */

#include <windows.h>

typedef HANDLE waitable;

static waitable waitable_of(const mlab_client *client)
{
    return mlab_client_event_handle(client);
}

static int is_raised(waitable handle, DWORD timeout_ms)
{
    return WaitForSingleObject(handle, timeout_ms) == WAIT_OBJECT_0;
}

static void the_handle_is_signalled_while_there_is_something_to_pull(void)
{
    mlab_client *client = test_client_at_http();
    waitable handle = mlab_client_event_handle(client);
    mlab_event *event;
    CHECK(handle != NULL);
    CHECK(mlab_client_event_handle(client) == handle);
    CHECK_INT(mlab_client_event_fd(client), -1);
    CHECK(!is_raised(handle, 0));
    test_submit(client, READY_ID);
    CHECK(is_raised(handle, PATIENCE_MS));
    while (mlab_client_pending(client) > 0) {
        CHECK(is_raised(handle, PATIENCE_MS));
        while (mlab_client_next_event(client, 0, &event) == MLAB_OK)
            mlab_event_free(event);
    }
    CHECK_INT(mlab_client_next_event(client, 0, &event), MLAB_NO_EVENT);
    CHECK(!is_raised(handle, 0));
    CHECK_INT(mlab_client_shutdown(client, PATIENCE_MS), MLAB_OK);
    CHECK(is_raised(handle, 0));
    mlab_client_free(client);
}

static void the_handle_stays_signalled_until_the_last_event_was_pulled(void)
{
    ready_host self = ready_host_new(200, NULL, READY_REPLY);
    mlab_client *client = ready_host_client(ready_host_answer, &self);
    waitable handle;
    mlab_event *event;
    test_submit(client, "1");
    test_submit(client, "2");
    /* Made now, it knows of what came before. */
    handle = mlab_client_event_handle(client);
    CHECK(is_raised(handle, 0));
    CHECK(is_raised(handle, 0));
    event = next_event(client, 0);
    CHECK_INT(mlab_event_kind(event), MLAB_EVENT_DONE);
    mlab_event_free(event);
    CHECK(is_raised(handle, 0));
    event = next_event(client, 0);
    CHECK_INT(mlab_event_kind(event), MLAB_EVENT_DONE);
    mlab_event_free(event);
    CHECK(!is_raised(handle, 0));
    CHECK_INT(mlab_client_next_event(client, 0, &event), MLAB_NO_EVENT);
    CHECK(!is_raised(handle, 0));
    mlab_client_free(client);
}

static void a_client_closes_its_handle(void)
{
    mlab_client *client = test_client_that_pulls();
    waitable handle = mlab_client_event_handle(client);
    DWORD flags;
    CHECK(GetHandleInformation(handle, &flags));
    CHECK_INT(flags & HANDLE_FLAG_INHERIT, 0);
    mlab_client_free(client);
    CHECK(!GetHandleInformation(handle, &flags));
}

#define OF_THE_SYSTEM \
    TEST(the_handle_is_signalled_while_there_is_something_to_pull), \
        TEST(the_handle_stays_signalled_until_the_last_event_was_pulled), TEST(a_client_closes_its_handle)

#else

#include <poll.h>
#include <unistd.h>

typedef int waitable;

static waitable waitable_of(const mlab_client *client)
{
    return mlab_client_event_fd(client);
}

static int is_raised(waitable descriptor, int timeout_ms)
{
    struct pollfd polled;
    polled.fd = descriptor;
    polled.events = POLLIN;
    polled.revents = 0;
    return poll(&polled, 1, timeout_ms) == 1 && (polled.revents & POLLIN) != 0;
}

static void the_descriptor_is_readable_while_there_is_something_to_pull(void)
{
    mlab_client *client = test_client_at_http();
    waitable descriptor = mlab_client_event_fd(client);
    mlab_event *event;
    char byte;
    CHECK(descriptor >= 0);
    CHECK_INT(mlab_client_event_fd(client), descriptor);
    CHECK(!is_raised(descriptor, 0));
    test_submit(client, READY_ID);
    test_submit(client, READY_ID);
    CHECK(is_raised(descriptor, PATIENCE_MS));
    /* Whoever reads its byte pulls until there is nothing left; what a pull leaves behind raises it again. */
    while (mlab_client_next_event(client, 0, &event) == MLAB_OK)
        mlab_event_free(event);
    while (mlab_client_pending(client) > 0) {
        CHECK(is_raised(descriptor, PATIENCE_MS));
        CHECK_INT((int64_t)read(descriptor, &byte, 1), 1);
        while (mlab_client_next_event(client, 0, &event) == MLAB_OK)
            mlab_event_free(event);
    }
    CHECK(!is_raised(descriptor, 0));
    CHECK_INT(mlab_client_shutdown(client, PATIENCE_MS), MLAB_OK);
    CHECK(is_raised(descriptor, 0));
    CHECK_INT(mlab_client_next_event(client, 0, &event), MLAB_E_CLOSED);
    CHECK(is_raised(descriptor, 0));
    mlab_client_free(client);
}

static void what_a_pull_leaves_behind_raises_the_descriptor_again(void)
{
    ready_host self = ready_host_new(200, NULL, READY_REPLY);
    mlab_client *client = ready_host_client(ready_host_answer, &self);
    waitable descriptor = mlab_client_event_fd(client);
    mlab_event *event;
    char byte;
    test_submit(client, "1");
    test_submit(client, "2");
    CHECK(is_raised(descriptor, 0));
    CHECK_INT((int64_t)read(descriptor, &byte, 1), 1);
    CHECK(!is_raised(descriptor, 0));
    CHECK_INT(mlab_client_next_due_ms(client), 0);
    event = next_event(client, 0);
    CHECK(event != NULL);
    mlab_event_free(event);
    CHECK(is_raised(descriptor, 0));
    event = next_event(client, 0);
    CHECK(event != NULL);
    mlab_event_free(event);
    CHECK(!is_raised(descriptor, 0));
    CHECK(mlab_client_next_due_ms(client) != 0);
    mlab_client_free(client);
}

static void a_descriptor_that_the_host_closed_is_none_for_good_and_harms_nothing(void)
{
    mlab_client *client = test_client_at_http();
    waitable descriptor = mlab_client_event_fd(client);
    int pipe_ends[2];
    mlab_event *event;
    char byte;
    CHECK_INT(close(descriptor), 0);
    /* Its number is the host's own now. */
    CHECK_INT(pipe(pipe_ends), 0);
    CHECK(pipe_ends[0] == descriptor || pipe_ends[1] == descriptor);
    test_submit(client, READY_ID);
    event = next_event(client, PATIENCE_MS);
    CHECK_INT(mlab_event_status(event), MLAB_OK);
    mlab_event_free(event);
    CHECK_INT(mlab_client_event_fd(client), -1);
    mlab_client_free(client);
    CHECK_INT((int64_t)write(pipe_ends[1], "x", 1), 1);
    CHECK_INT((int64_t)read(pipe_ends[0], &byte, 1), 1);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

#define OF_THE_SYSTEM \
    TEST(the_descriptor_is_readable_while_there_is_something_to_pull), \
        TEST(what_a_pull_leaves_behind_raises_the_descriptor_again), \
        TEST(a_descriptor_that_the_host_closed_is_none_for_good_and_harms_nothing)

#endif /* _WIN32 */

static void the_next_due_time_is_the_deadline_of_a_job(void)
{
    mlab_client *client = test_client_at_http();
    mlab_request *request = mlab_request_new("65919762");
    int64_t due;
    CHECK_INT(mlab_client_next_due_ms(client), -1);
    CHECK_INT(mlab_request_set_deadline_ms(request, 90000), MLAB_OK);
    CHECK_INT(mlab_client_submit(client, request, NULL), MLAB_OK);
    mlab_event_free(next_event(client, PATIENCE_MS));
    due = mlab_client_next_due_ms(client);
    CHECK(due > 0 && due <= 90000);
    mlab_request_free(request);
    mlab_client_free(client);
}

static void exchanges_are_pulled_and_answered_without_a_callback(void)
{
    mlab_client *client = test_client_that_pulls();
    waitable signal = waitable_of(client);
    mlab_exchange *exchange;
    mlab_event *event;
    CHECK_INT(mlab_client_next_exchange(client, 0, &exchange), MLAB_NO_EVENT);
    CHECK(exchange == NULL);
    test_submit(client, READY_ID);
    CHECK(is_raised(signal, 0));
    CHECK_INT(mlab_client_next_exchange(client, 0, &exchange), MLAB_OK);
    CHECK_HAS(mlab_exchange_url(exchange), READY_ID);
    CHECK_INT(mlab_exchange_kind(exchange), MLAB_EXCHANGE_POLL);
    CHECK_INT(mlab_exchange_is_cancelled(exchange), 0);
    CHECK_INT(mlab_client_next_event(client, 0, &event), MLAB_NO_EVENT);
    CHECK(!is_raised(signal, 0));
    CHECK_INT(mlab_exchange_reply(exchange, 200, NULL, READY_REPLY, sizeof READY_REPLY - 1), MLAB_OK);
    CHECK(is_raised(signal, 0));
    event = next_event(client, 0);
    CHECK_INT(mlab_event_status(event), MLAB_OK);
    mlab_event_free(event);
    mlab_exchange_free(exchange);
    mlab_client_free(client);
}

static void an_exchange_that_nobody_waits_for_is_not_pulled_and_a_pulled_one_knows(void)
{
    mlab_client *client = test_client_that_pulls();
    mlab_exchange *exchange = NULL, *other = NULL;
    mlab_event *event;
    test_submit(client, "1");
    CHECK_INT(mlab_client_next_exchange(client, 0, &exchange), MLAB_OK);
    test_submit(client, "2");
    CHECK_INT(mlab_client_next_event(client, 0, &event), MLAB_NO_EVENT);
    CHECK_INT(mlab_client_cancel_job(client, 0), MLAB_OK);
    CHECK_INT(mlab_exchange_is_cancelled(exchange), 1);
    CHECK_INT(mlab_client_next_exchange(client, 0, &other), MLAB_NO_EVENT);
    mlab_exchange_free(exchange);
    mlab_client_free(client);
}

typedef struct {
    mlab_client *client;
    int32_t status;
} fetcher;

static void *fetch(void *argument)
{
    fetcher *self = argument;
    mlab_result *result;
    self->status = mlab_client_fetch(self->client, READY_ID, NULL, &result);
    mlab_result_free(result);
    return NULL;
}

static void a_blocking_call_is_answered_by_a_thread_that_pulls(void)
{
    fetcher self = {test_client_that_pulls(), MLAB_E_INTERNAL};
    mlab_exchange *exchange;
    pthread_t thread;
    CHECK_INT(pthread_create(&thread, NULL, fetch, &self), 0);
    if (CHECK_INT(mlab_client_next_exchange(self.client, PATIENCE_MS, &exchange), MLAB_OK))
        CHECK_INT(mlab_exchange_reply(exchange, 200, NULL, READY_REPLY, sizeof READY_REPLY - 1), MLAB_OK);
    mlab_exchange_free(exchange);
    pthread_join(thread, NULL);
    CHECK_INT(self.status, MLAB_OK);
    mlab_client_free(self.client);
}

static void the_last_of_the_two_transports_counts_and_a_pulled_one_is_no_default(void)
{
    ready_host self = ready_host_new(200, NULL, READY_REPLY);
    mlab_config *config = ready_host_config(ready_host_answer, &self);
    mlab_exchange *exchange;
    mlab_client *client = ready_host_client(ready_host_answer, &self);
    CHECK_INT(mlab_client_next_exchange(client, 0, &exchange), MLAB_E_INVALID_ARGUMENT);
    mlab_client_free(client);
    CHECK_INT(mlab_config_set_transport_pull(config), MLAB_OK);
    CHECK_INT(mlab_set_default_config(config), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_client_new(TEST_KEY, config, &client), MLAB_OK);
    CHECK_INT(mlab_client_next_exchange(client, 0, &exchange), MLAB_NO_EVENT);
    mlab_client_free(client);
    CHECK_INT(mlab_config_set_transport(config, NULL, NULL, NULL), MLAB_OK);
    CHECK_INT(mlab_set_default_config(config), MLAB_OK);
    CHECK_INT(mlab_set_default_config(NULL), MLAB_OK);
    CHECK_INT(self.asked, 0);
    mlab_config_free(config);
}

const harness_test event_loop_tests[] = {
    OF_THE_SYSTEM,
    TEST(the_next_due_time_is_the_deadline_of_a_job),
    TEST(exchanges_are_pulled_and_answered_without_a_callback),
    TEST(an_exchange_that_nobody_waits_for_is_not_pulled_and_a_pulled_one_knows),
    TEST(a_blocking_call_is_answered_by_a_thread_that_pulls),
    TEST(the_last_of_the_two_transports_counts_and_a_pulled_one_is_no_default),
    END_OF_TESTS,
};
