/* Requests: what each setter takes and refuses, and that a refusal changes nothing. */
#include "harness.h"

#include <mlab.h>
#include <string.h>

/* The setters of one number under one shape; poll is tried with either of its numbers. */
static int32_t set_least_poll(mlab_request *request, uint32_t ms) { return mlab_request_set_poll_ms(request, ms, UINT32_MAX); }
static int32_t set_most_poll(mlab_request *request, uint32_t ms) { return mlab_request_set_poll_ms(request, 1000, ms); }

static const struct {
    const char *name;
    int32_t (*set)(mlab_request *, uint32_t);
    uint32_t ms;
    int32_t status;
    const char *argument;
} numbers[] = {
    {"no time at all", mlab_request_set_deadline_ms, 0, MLAB_E_INVALID_ARGUMENT, "deadline_ms "},
    {"the shortest deadline", mlab_request_set_deadline_ms, 1, MLAB_OK, ""},
    {"a deadline that counts as 24 hours", mlab_request_set_deadline_ms, UINT32_MAX, MLAB_OK, ""},
    {"polls that are too close", set_least_poll, 999, MLAB_E_INVALID_ARGUMENT, "min_ms "},
    {"polls without a pause", set_least_poll, 0, MLAB_E_INVALID_ARGUMENT, "min_ms "},
    {"the closest polls", set_least_poll, 1000, MLAB_OK, ""},
    {"polls that are never made", set_least_poll, UINT32_MAX, MLAB_OK, ""},
    {"a most below the least", set_most_poll, 999, MLAB_E_INVALID_ARGUMENT, "max_ms "},
    {"a most that is the least", set_most_poll, 1000, MLAB_OK, ""},
    {"a most that counts as 24 hours", set_most_poll, UINT32_MAX, MLAB_OK, ""},
    {"ready at once", mlab_request_set_eta_ms, 0, MLAB_OK, ""},
    {"an eta that counts as 24 hours", mlab_request_set_eta_ms, UINT32_MAX, MLAB_OK, ""},
};

static void numbers_are_taken_within_their_limits(void)
{
    mlab_request *request = mlab_request_new("12202888");
    CHECK_TEXT(mlab_request_message(request), "");
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        harness_row(numbers[i].name);
        CHECK_INT(numbers[i].set(request, numbers[i].ms), numbers[i].status);
        if (numbers[i].status == MLAB_OK)
            CHECK_TEXT(mlab_request_message(request), "");
        else
            CHECK_STARTS(mlab_request_message(request), numbers[i].argument);
    }
    CHECK_INT(mlab_request_set_tag(request, UINT64_MAX), MLAB_OK);
    mlab_request_free(request);
}

static void an_id_that_cannot_be_used_is_refused_by_the_wait(void)
{
    static const char *const ids[] = {"", "..", "a/b", "\xff"};
    mlab_client *client = NULL;
    CHECK_INT(mlab_client_new("test-key-not-real", NULL, &client), MLAB_OK);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        mlab_request *request = mlab_request_new(ids[i]);
        mlab_result *result = NULL;
        harness_row(ids[i]);
        CHECK_INT(mlab_client_wait(client, request, NULL, &result), MLAB_E_INVALID_ARGUMENT);
        CHECK_STARTS(mlab_result_message(result), "id ");
        CHECK_INT(mlab_result_attempts(result), 0);
        mlab_result_free(result);
        mlab_request_free(request);
    }
    mlab_client_free(client);
}

/* A submit has no result that could say it. */
static void the_message_tells_of_an_id_that_cannot_be_used_unless_a_setter_refused(void)
{
    mlab_request *request = mlab_request_new("a/b");
    CHECK_STARTS(mlab_request_message(request), "id ");
    CHECK_INT(mlab_request_set_deadline_ms(request, 0), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_request_message(request), "deadline_ms ");
    CHECK_INT(mlab_request_set_deadline_ms(request, 1), MLAB_OK);
    CHECK_STARTS(mlab_request_message(request), "id ");
    mlab_request_free(request);
    request = mlab_request_new(NULL);
    CHECK_TEXT(mlab_request_message(request), "id is NULL");
    mlab_request_free(request);
}

const harness_test request_tests[] = {
    TEST(numbers_are_taken_within_their_limits),
    TEST(an_id_that_cannot_be_used_is_refused_by_the_wait),
    TEST(the_message_tells_of_an_id_that_cannot_be_used_unless_a_setter_refused),
    END_OF_TESTS,
};
