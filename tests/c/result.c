/* What a result lends: the counted array, strings, bytes; and how long. */
#include "harness.h"

#include <mlab.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static mlab_result *parsed(const char *body)
{
    mlab_result *result = NULL;
    mlab_parse(body, strlen(body), 200, &result);
    CHECK(result != NULL);
    return result;
}

/* A ready reply with so many links, each its number. */
static mlab_result *with_links(size_t count)
{
    char *body = malloc(64 + count * 40), *end = body;
    mlab_result *result;
    if (body == NULL)
        abort();
    end += sprintf(end, "{\"status\":\"success\",\"id\":1,\"output\":[");
    for (size_t i = 0; i < count; i++)
        end += sprintf(end, "%s\"https://a.example/%zu.png\"", i == 0 ? "" : ",", i);
    strcpy(end, "]}");
    result = parsed(body);
    free(body);
    return result;
}

static void the_array_is_counted_and_has_null_behind_its_last_link(void)
{
    static const size_t counts[] = {0, 1, 2, 4, 1000};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        mlab_result *result = with_links(counts[i]);
        size_t count = SIZE_MAX, walked = 0;
        const char *const *urls = mlab_result_urls(result, &count);
        CHECK_SIZE(count, counts[i]);
        CHECK_SIZE(mlab_result_url_count(result), counts[i]);
        CHECK(urls == mlab_result_urls(result, NULL));
        for (; urls[walked] != NULL; walked++) {
            char wanted[64];
            snprintf(wanted, sizeof wanted, "https://a.example/%zu.png", walked);
            CHECK_TEXT(urls[walked], wanted);
            CHECK(mlab_result_url(result, walked) == urls[walked]);
        }
        CHECK_SIZE(walked, counts[i]);
        mlab_result_free(result);
    }
}

static void there_is_no_link_beyond_the_last(void)
{
    static const size_t beyond[] = {2, 3, 4, SIZE_MAX / sizeof(char *), SIZE_MAX / 2, SIZE_MAX - 1, SIZE_MAX};
    mlab_result *result = with_links(2);
    CHECK(mlab_result_url(result, 1) != NULL);
    for (size_t i = 0; i < sizeof beyond / sizeof beyond[0]; i++)
        CHECK(mlab_result_url(result, beyond[i]) == NULL);
    mlab_result_free(result);
}

static void a_result_that_is_not_ok_lends_an_empty_array(void)
{
    static const char *const bodies[] = {
        "{\"status\":\"processing\",\"output\":[\"https://a.example/0.png\"]}",
        "{\"status\":\"failed\",\"output\":[\"https://a.example/0.png\"]}",
        "",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        mlab_result *result = parsed(bodies[i]);
        size_t count = SIZE_MAX;
        const char *const *urls = mlab_result_urls(result, &count);
        CHECK(urls != NULL && urls[0] == NULL);
        CHECK_SIZE(count, 0);
        CHECK(mlab_result_url(result, 0) == NULL);
        mlab_result_free(result);
    }
}

static void what_is_lent_stays_where_it_is_until_the_result_is_freed(void)
{
    mlab_result *result = with_links(3), *other;
    const char *const *urls = mlab_result_urls(result, NULL);
    const char *url = mlab_result_url(result, 2), *message = mlab_result_message(result);
    const char *id = mlab_result_id(result), *body = mlab_result_body(result, NULL);
    other = with_links(100);
    mlab_result_free(other);
    mlab_set_default_config(NULL);
    CHECK(mlab_result_urls(result, NULL) == urls && mlab_result_url(result, 2) == url);
    CHECK(mlab_result_message(result) == message && mlab_result_id(result) == id);
    CHECK(mlab_result_body(result, NULL) == body);
    CHECK_TEXT(url, "https://a.example/2.png");
    mlab_result_free(result);
}

static void the_body_has_its_own_length_and_a_nul_behind_it(void)
{
    static const char body[] = "a\0b\0";
    mlab_result *result = NULL;
    size_t len = 0;
    const char *lent;
    mlab_parse(body, sizeof body - 1, 200, &result);
    lent = mlab_result_body(result, &len);
    CHECK_SIZE(len, sizeof body - 1);
    CHECK(memcmp(lent, body, sizeof body) == 0);
    mlab_result_free(result);
}

static void every_call_makes_a_result_of_its_own(void)
{
    mlab_result *first = with_links(1), *second = with_links(1);
    CHECK(first != second);
    mlab_result_free(first);
    CHECK_TEXT(mlab_result_url(second, 0), "https://a.example/0.png");
    mlab_result_free(second);
}

const harness_test result_tests[] = {
    TEST(the_array_is_counted_and_has_null_behind_its_last_link),
    TEST(there_is_no_link_beyond_the_last),
    TEST(a_result_that_is_not_ok_lends_an_empty_array),
    TEST(what_is_lent_stays_where_it_is_until_the_result_is_freed),
    TEST(the_body_has_its_own_length_and_a_nul_behind_it),
    TEST(every_call_makes_a_result_of_its_own),
    END_OF_TESTS,
};
