/*
 * Strings and numbers that cannot be used. The default endpoint is the stand-in for these tests, and the runner checks
 * that no connection came: the refusal is before any I/O.
 */
#include "harness.h"
#include "settings.h"

#include <mlab.h>
#include <stdlib.h>
#include <string.h>

#define ID "12202888"

enum { MIB = 1024 * 1024 };

/* A string of `length` times the character, to be freed. */
static char *repeated(char character, size_t length)
{
    char *text = malloc(length + 1);
    if (text == NULL)
        abort();
    memset(text, character, length);
    text[length] = '\0';
    return text;
}

/* Checks that the call was refused with a result that explains, and frees it. */
static void refused(int32_t status, mlab_result *const *out, const char *argument)
{
    /* The caller's variable, and not its value: C may read that before it makes the call beside it. */
    mlab_result *result = *out;
    CHECK_INT(status, MLAB_E_INVALID_ARGUMENT);
    if (!CHECK(result != NULL))
        return;
    CHECK_INT(mlab_result_status(result), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_result_message(result), argument);
    CHECK(strlen(mlab_result_message(result)) <= 1024);
    CHECK_INT(mlab_result_attempts(result), 0);
    CHECK_INT(mlab_result_is_retryable(result), 0);
    mlab_result_free(result);
}

static const struct {
    const char *name, *text;
} bad_keys[] = {
    {"empty", ""},
    {"a line end left over from a file", TEST_KEY "\n"},
    {"a control character within", "test\tkey"},
    {"a lone byte of UTF-8", "test-key-\xff"},
    {"cut UTF-8", "test-key-\xe2\x82"},
    {"a surrogate in UTF-8", "test-key-\xed\xa0\x80"},
    {"an overlong form", "test-key-\xc0\xaf"},
};

static const struct {
    const char *name, *text;
} bad_ids[] = {
    {"empty", ""},
    {"the folder itself", "."},
    {"the folder above", ".."},
    {"two segments", "1/2"},
    {"a way out", "../12202888"},
    {"an escape", "a%2fb"},
    {"a query", "1?x=1"},
    {"a fragment", "1#x"},
    {"a space", "1 2"},
    {"a line end", "12202888\n"},
    {"a header", "1\r\nX: y"},
    {"a letter beyond ASCII", "\xc3\xa9"},
    {"a lone byte of UTF-8", "\x80"},
};

static void a_key_that_cannot_be_sent_is_refused(void)
{
    test_endpoint("MLAB_TEST_HTTP", NULL);
    for (size_t i = 0; i < sizeof bad_keys / sizeof bad_keys[0]; i++) {
        mlab_result *result = NULL;
        harness_row(bad_keys[i].name);
        refused(mlab_fetch_queued(bad_keys[i].text, ID, &result), &result, "key ");
    }
}

static void a_refusal_of_the_key_shows_nothing_of_it(void)
{
    mlab_result *result = NULL;
    mlab_fetch_queued("secret\nkey", ID, &result);
    CHECK(strstr(mlab_result_message(result), "secret") == NULL);
    CHECK_TEXT(mlab_result_body(result, NULL), "");
    mlab_result_free(result);
}

static void an_id_that_would_leave_its_path_segment_is_refused(void)
{
    test_endpoint("MLAB_TEST_HTTP", NULL);
    for (size_t i = 0; i < sizeof bad_ids / sizeof bad_ids[0]; i++) {
        mlab_result *result = NULL;
        harness_row(bad_ids[i].name);
        refused(mlab_fetch_queued(TEST_KEY, bad_ids[i].text, &result), &result, "id ");
    }
}

static void strings_that_are_too_long_are_refused(void)
{
    static const struct {
        const char *name;
        size_t key, id;
        const char *argument;
    } rows[] = {
        {"a key a byte too long", 4097, 8, "key "}, {"a key of 1 MiB", MIB, 8, "key "},
        {"an id a byte too long", 8, 129, "id "},   {"an id of 1 MiB", 8, MIB, "id "},
        {"both of 1 MiB", MIB, MIB, "key "},
    };
    test_endpoint("MLAB_TEST_HTTP", NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *key = repeated('k', rows[i].key), *id = repeated('1', rows[i].id);
        mlab_result *result = NULL;
        harness_row(rows[i].name);
        refused(mlab_fetch_queued(key, id, &result), &result, rows[i].argument);
        free(key);
        free(id);
    }
}

static void an_http_status_that_is_none_is_refused(void)
{
    static const int32_t numbers[] = {-1, 1, 99, 600, 1000, 65536, 65736, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        mlab_result *result = NULL;
        refused(mlab_parse("{}", 2, numbers[i], &result), &result, "http_status ");
    }
}

static void every_http_status_that_is_one_is_ruled_on(void)
{
    for (int32_t http = 100; http <= 599; http++) {
        mlab_result *result = NULL;
        int32_t status = mlab_parse("", 0, http, &result);
        CHECK(status != MLAB_E_INVALID_ARGUMENT && status != MLAB_E_INTERNAL && status < 0);
        CHECK_INT(mlab_result_http_status(result), http);
        mlab_result_free(result);
    }
}

static void a_length_that_is_none_is_refused_before_a_byte_is_read(void)
{
    mlab_result *result = NULL;
    refused(mlab_parse("{}", SIZE_MAX, 200, &result), &result, "len ");
    refused(mlab_parse("{}", SIZE_MAX / 2 + 1, 200, &result), &result, "len ");
}

static void a_body_over_the_limit_is_too_large(void)
{
    char *body = repeated(' ', MIB + 1);
    mlab_result *result = NULL;
    mlab_set_default_config(NULL);
    CHECK_INT(mlab_parse(body, MIB + 1, 200, &result), MLAB_E_TOO_LARGE);
    CHECK_STARTS(mlab_result_message(result), "body ");
    mlab_result_free(result);
    CHECK_INT(mlab_parse(body, MIB, 200, &result), MLAB_E_PROTOCOL);
    mlab_result_free(result);
    free(body);
}

const harness_test argument_tests[] = {
    TEST(a_key_that_cannot_be_sent_is_refused),
    TEST(a_refusal_of_the_key_shows_nothing_of_it),
    TEST(an_id_that_would_leave_its_path_segment_is_refused),
    TEST(strings_that_are_too_long_are_refused),
    TEST(an_http_status_that_is_none_is_refused),
    TEST(every_http_status_that_is_one_is_ruled_on),
    TEST(a_length_that_is_none_is_refused_before_a_byte_is_read),
    TEST(a_body_over_the_limit_is_too_large),
    END_OF_TESTS,
};
