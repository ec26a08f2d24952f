/* mlab_parse() over the main replies. Every reply there is, row by row, is the business of the Rust tests (tests/wire). */
#include "harness.h"

#include <mlab.h>
#include <stdlib.h>
#include <string.h>

/* A body with its length, which strlen would get wrong where a NUL is inside. */
#define BODY(text) text, sizeof(text) - 1

static const struct {
    const char *name;
    const char *body;
    size_t len;
    int32_t http, status;
    size_t urls;
    const char *id;
    int64_t eta_ms, retry_after_ms;
    int32_t retryable;
    const char *message_has;
} replies[] = {
    {"ready", BODY("{\"status\":\"success\",\"id\":12202888,\"output\":[\"https://a.example/0.png\"]}"), 200, MLAB_OK, 1,
     "12202888", -1, -1, 0, ""},
    {"ready, http status not known", BODY("{\"status\":\"success\",\"output\":[\"https://a.example/0.png\"]}"), 0,
     MLAB_OK, 1, "", -1, -1, 0, ""},
    {"ready, one output that is no array", BODY("{\"status\":\"success\",\"output\":\"https://a.example/0.png\"}"), 200,
     MLAB_OK, 1, "", -1, -1, 0, ""},
    {"ready, an object of outputs", BODY("{\"status\":\"success\",\"output\":{\"0\":\"https://a\",\"1\":\"https://b\"}}"),
     200, MLAB_OK, 2, "", -1, -1, 0, ""},
    {"ready, the largest id", BODY("{\"status\":\"success\",\"id\":18446744073709551615,\"output\":[\"https://a\"]}"), 200,
     MLAB_OK, 1, "18446744073709551615", -1, -1, 0, ""},
    {"ready, but the links are not there yet", BODY("{\"status\":\"success\",\"id\":1,\"output\":[]}"), 200,
     MLAB_PROCESSING, 0, "1", -1, -1, 0, "link"},
    {"not ready", BODY("{\"status\":\"processing\",\"message\":\"try again later.\",\"output\":\"\",\"tip\":\"x\"}"), 200,
     MLAB_PROCESSING, 0, "", -1, -1, 0, "try again later."},
    {"not ready, richer",
     BODY("{\"status\":\"processing\",\"eta\":13.07,\"id\":65919758,\"output\":[],"
          "\"future_links\":[\"https:\\/\\/a.example\\/0.png\"]}"),
     200, MLAB_PROCESSING, 0, "65919758", 13070, -1, 0, ""},
    {"waiting at the worker", BODY("{\"status\":\"queued\",\"eta\":5,\"message\":\"Request has been queued\"}"), 200,
     MLAB_PROCESSING, 0, "", 5000, -1, 0, "queued"},
    {"unknown id", BODY("{\"status\":\"failed\",\"id\":\"\",\"message\":\"Request not found\",\"output\":\"\"}"), 200,
     MLAB_E_NOT_FOUND, 0, "", -1, -1, 0, "Request not found"},
    {"the job failed", BODY("{\"status\":\"failed\",\"id\":\"\",\"message\":\"Failed, Try Again\",\"output\":\"\"}"), 200,
     MLAB_E_JOB_FAILED, 0, "", -1, -1, 0, "Failed, Try Again"},
    {"refused with 200", BODY("{\"status\":\"error\",\"message\":\"Invalid API key\"}"), 200, MLAB_E_AUTH, 0, "", -1, -1, 0,
     "Invalid API key"},
    {"refused with 401", BODY("{\"status\":\"error\",\"message\":\"Invalid API key\"}"), 401, MLAB_E_AUTH, 0, "", -1, -1, 0,
     "Invalid API key"},
    {"no credit", BODY("{\"status\":\"error\",\"message\":\"Not enough credits\"}"), 200, MLAB_E_PAYMENT, 0, "", -1, -1, 0,
     "credits"},
    {"validation", BODY("{\"status\":\"error\",\"message\":{\"key\":[\"The key field is required.\"]}}"), 200,
     MLAB_E_BAD_REQUEST, 0, "", -1, -1, 0, "key: The key field is required."},
    {"too many requests", BODY("{\"status\":\"error\",\"message\":\"Rate limit exceeded.\",\"retry_after\":30}"), 429,
     MLAB_E_RATE_LIMITED, 0, "", -1, 30000, 1, "Rate limit"},
    {"trouble at the edge", BODY("<!DOCTYPE html><html><body>secret-page</body></html>"), 502, MLAB_E_SERVER, 0, "", -1, -1,
     1, ""},
    {"a page in place of JSON", BODY("<!DOCTYPE html><html><body>secret-page</body></html>"), 200, MLAB_E_PROTOCOL, 0, "",
     -1, -1, 1, ""},
    {"cut", BODY("{\"status\":\"success\",\"id\":12202888,\"output\":[\"https://a.exa"), 200, MLAB_E_PROTOCOL, 0, "", -1,
     -1, 1, ""},
    {"an array", BODY("[]"), 200, MLAB_E_PROTOCOL, 0, "", -1, -1, 0, ""},
    {"a NUL in the body", BODY("{\"status\":\"success\",\0\"output\":[\"https://a\"]}"), 200, MLAB_E_PROTOCOL, 0, "", -1,
     -1, 0, ""},
    {"a NUL behind the body", BODY("{\"status\":\"success\",\"output\":[\"https://a\"]}\0"), 200, MLAB_E_PROTOCOL, 0, "", -1,
     -1, 0, ""},
    {"a NUL in a link", BODY("{\"status\":\"success\",\"output\":[\"https://a\\u0000b\"]}"), 200, MLAB_E_PROTOCOL, 0, "", -1,
     -1, 0, ""},
    {"bytes that are no UTF-8", BODY("{\"status\":\"success\",\"output\":[\"https://\xff\"]}"), 200, MLAB_E_PROTOCOL, 0, "",
     -1, -1, 0, ""},
};

static void the_main_replies_are_ruled_as_the_service_means_them(void)
{
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        mlab_result *result = NULL;
        size_t count = 0, len = 0;
        const char *body;
        harness_row(replies[i].name);
        CHECK_INT(mlab_parse(replies[i].body, replies[i].len, replies[i].http, &result), replies[i].status);
        if (!CHECK(result != NULL))
            continue;
        CHECK_INT(mlab_result_status(result), replies[i].status);
        mlab_result_urls(result, &count);
        CHECK_SIZE(count, replies[i].urls);
        CHECK_TEXT(mlab_result_id(result), replies[i].id);
        CHECK_INT(mlab_result_eta_ms(result), replies[i].eta_ms);
        CHECK_INT(mlab_result_retry_after_ms(result), replies[i].retry_after_ms);
        CHECK_INT(mlab_result_is_retryable(result), replies[i].retryable);
        CHECK_HAS(mlab_result_message(result), replies[i].message_has);
        CHECK(strstr(mlab_result_message(result), "secret-page") == NULL);
        CHECK_INT(mlab_result_http_status(result), replies[i].http == 0 ? 200 : replies[i].http);
        CHECK_INT(mlab_result_attempts(result), 0);
        CHECK_INT(mlab_result_elapsed_ms(result), 0);
        body = mlab_result_body(result, &len);
        CHECK_SIZE(len, replies[i].len);
        CHECK(memcmp(body, replies[i].body, len) == 0 && body[len] == '\0');
        mlab_result_free(result);
    }
}

static void escapes_are_decoded_and_links_else_left_byte_for_byte(void)
{
    static const char body[] = "{\"status\":\"success\",\"output\":[\"https:\\/\\/a.example\\/\\u00e9 //x.png?a=1#b\","
                               "\"data:image/png;base64,iVBORw0KGgo=\",\"\\ud83d\\ude00\"]}";
    mlab_result *result = NULL;
    CHECK_INT(mlab_parse(body, sizeof body - 1, 200, &result), MLAB_OK);
    CHECK_TEXT(mlab_result_url(result, 0), "https://a.example/\xc3\xa9 //x.png?a=1#b");
    CHECK_TEXT(mlab_result_url(result, 1), "data:image/png;base64,iVBORw0KGgo=");
    CHECK_TEXT(mlab_result_url(result, 2), "\xf0\x9f\x98\x80");
    mlab_result_free(result);
}

static void a_message_is_one_line_of_at_most_1024_bytes(void)
{
    enum { LETTERS = 5000 };
    static char body[LETTERS + 100];
    mlab_result *result = NULL;
    const char *message;
    strcpy(body, "{\"status\":\"error\",\"message\":\"one\\r\\ntwo\\u0007");
    memset(body + strlen(body), 'x', LETTERS);
    strcat(body, "\"}");
    CHECK_INT(mlab_parse(body, strlen(body), 200, &result), MLAB_E_API);
    message = mlab_result_message(result);
    CHECK(strlen(message) <= 1024);
    CHECK_HAS(message, "one  two xxx");
    for (const char *c = message; *c != '\0'; c++)
        CHECK((unsigned char)*c >= 0x20 && *c != 0x7f);
    mlab_result_free(result);
}

static void the_body_may_be_freed_as_soon_as_the_call_returned(void)
{
    static const char text[] = "{\"status\":\"success\",\"id\":7,\"output\":[\"https://a.example/0.png\"]}";
    mlab_result *result = NULL;
    char *body = malloc(sizeof text);
    if (!CHECK(body != NULL))
        return;
    memcpy(body, text, sizeof text);
    CHECK_INT(mlab_parse(body, sizeof text - 1, 200, &result), MLAB_OK);
    memset(body, 'x', sizeof text);
    free(body);
    CHECK_TEXT(mlab_result_url(result, 0), "https://a.example/0.png");
    CHECK_TEXT(mlab_result_id(result), "7");
    CHECK_TEXT(mlab_result_body(result, NULL), text);
    mlab_result_free(result);
}

static void nesting_without_end_is_refused(void)
{
    enum { DEPTH = 500 * 1000 };
    char *body = malloc(DEPTH);
    mlab_result *result = NULL;
    if (!CHECK(body != NULL))
        return;
    memset(body, '[', DEPTH);
    CHECK_INT(mlab_parse(body, DEPTH, 200, &result), MLAB_E_PROTOCOL);
    mlab_result_free(result);
    free(body);
}

const harness_test parse_tests[] = {
    TEST(the_main_replies_are_ruled_as_the_service_means_them),
    TEST(escapes_are_decoded_and_links_else_left_byte_for_byte),
    TEST(a_message_is_one_line_of_at_most_1024_bytes),
    TEST(the_body_may_be_freed_as_soon_as_the_call_returned),
    TEST(nesting_without_end_is_refused),
    END_OF_TESTS,
};
