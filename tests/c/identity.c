/* Which library is loaded, and what its statuses mean. */
#include "harness.h"

#include <mlab.h>
#include <string.h>

static void the_library_is_the_one_of_the_header(void)
{
    CHECK_TEXT(mlab_version(), MLAB_VERSION);
    CHECK_INT(mlab_version_number(), MLAB_VERSION_NUMBER);
    CHECK_INT(mlab_abi_version(), MLAB_ABI_VERSION);
}

static void a_static_string_is_the_same_at_each_call(void)
{
    CHECK(mlab_version() == mlab_version());
    CHECK(mlab_status_name(MLAB_OK) == mlab_status_name(MLAB_OK));
    CHECK(mlab_status_text(MLAB_E_AUTH) == mlab_status_text(MLAB_E_AUTH));
}

static void statuses_have_their_own_names_and_texts(void)
{
    static const int32_t statuses[] = {
        MLAB_OK,             MLAB_PROCESSING,     MLAB_E_INVALID_ARGUMENT, MLAB_E_CANCELLED,   MLAB_E_DEADLINE,
        MLAB_NO_EVENT,
        MLAB_E_BUSY,         MLAB_E_CLOSED,       MLAB_E_FORKED,           MLAB_E_NO_RESOURCES, MLAB_E_INTERNAL,
        MLAB_E_RESOLVE,      MLAB_E_CONNECT,      MLAB_E_TLS,              MLAB_E_TIMEOUT,     MLAB_E_NETWORK,
        MLAB_E_REDIRECT,     MLAB_E_PROTOCOL,     MLAB_E_TOO_LARGE,        MLAB_E_PROXY,       MLAB_E_AUTH,
        MLAB_E_PAYMENT,      MLAB_E_FORBIDDEN,    MLAB_E_NOT_FOUND,        MLAB_E_RATE_LIMITED, MLAB_E_BAD_REQUEST,
        MLAB_E_SERVER,       MLAB_E_JOB_FAILED,   MLAB_E_API,              MLAB_E_FILE,        MLAB_E_UNSAFE_URL,
        MLAB_E_BAD_IMAGE,
    };
    const size_t count = sizeof statuses / sizeof statuses[0];
    for (size_t i = 0; i < count; i++) {
        harness_row(mlab_status_name(statuses[i]));
        CHECK_STARTS(mlab_status_name(statuses[i]), statuses[i] < 0 ? "MLAB_E_" : "MLAB_");
        CHECK(strlen(mlab_status_text(statuses[i])) > 20);
        CHECK((mlab_status_group(statuses[i]) == MLAB_GROUP_NONE) == (statuses[i] >= 0));
        for (size_t j = 0; j < i; j++) {
            CHECK(strcmp(mlab_status_name(statuses[i]), mlab_status_name(statuses[j])) != 0);
            CHECK(strcmp(mlab_status_text(statuses[i]), mlab_status_text(statuses[j])) != 0);
        }
    }
    harness_row(NULL);
    CHECK_TEXT(mlab_status_name(MLAB_OK), "MLAB_OK");
    CHECK_TEXT(mlab_status_name(MLAB_E_AUTH), "MLAB_E_AUTH");
}

static void a_number_that_is_no_status_is_named_unknown(void)
{
    static const int32_t numbers[] = {3, -9, -19, -29, -49, -63, 1000, -1000, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        CHECK_TEXT(mlab_status_name(numbers[i]), "MLAB_UNKNOWN");
        CHECK_STARTS(mlab_status_text(numbers[i]), "Not a status");
        CHECK_INT(mlab_status_group(numbers[i]), MLAB_GROUP_NONE);
    }
}

static void a_status_is_in_the_group_of_what_to_do_about_it(void)
{
    static const struct {
        int32_t status, group;
    } rows[] = {
        {MLAB_OK, MLAB_GROUP_NONE},
        {MLAB_NO_EVENT, MLAB_GROUP_NONE},
        {MLAB_E_INVALID_ARGUMENT, MLAB_GROUP_ARGUMENT},
        {MLAB_E_CANCELLED, MLAB_GROUP_ENDED},
        {MLAB_E_FORKED, MLAB_GROUP_ENDED},
        {MLAB_E_BUSY, MLAB_GROUP_SYSTEM},
        {MLAB_E_INTERNAL, MLAB_GROUP_SYSTEM},
        {MLAB_E_RESOLVE, MLAB_GROUP_NETWORK},
        {MLAB_E_PROXY, MLAB_GROUP_NETWORK},
        {MLAB_E_SERVER, MLAB_GROUP_NETWORK},
        {MLAB_E_AUTH, MLAB_GROUP_ACCOUNT},
        {MLAB_E_RATE_LIMITED, MLAB_GROUP_ACCOUNT},
        {MLAB_E_NOT_FOUND, MLAB_GROUP_JOB},
        {MLAB_E_JOB_FAILED, MLAB_GROUP_JOB},
        {MLAB_E_FILE, MLAB_GROUP_IMAGE},
        {MLAB_E_BAD_IMAGE, MLAB_GROUP_IMAGE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        harness_row(mlab_status_name(rows[i].status));
        CHECK_INT(mlab_status_group(rows[i].status), rows[i].group);
    }
    harness_row(NULL);
}

const harness_test identity_tests[] = {
    TEST(the_library_is_the_one_of_the_header),
    TEST(a_static_string_is_the_same_at_each_call),
    TEST(statuses_have_their_own_names_and_texts),
    TEST(a_number_that_is_no_status_is_named_unknown),
    TEST(a_status_is_in_the_group_of_what_to_do_about_it),
    END_OF_TESTS,
};
