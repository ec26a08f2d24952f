/* What a transport of the host's own answers, and what the library makes of that. */
#include "harness.h"
#include "next_event.h"
#include "host_http.h"
#include "ready_host.h"
#include "settings.h"

#include <mlab.h>
#include <string.h>

static void an_answer_with_a_wrong_argument_leaves_the_exchange_to_be_answered(void)
{
    static const int32_t statuses[] = {INT32_MIN, -1, 0, 99, 600, INT32_MAX};
    host_http http = host_http_new();
    mlab_event *event;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        CHECK_INT(mlab_exchange_reply(http.exchange, statuses[i], NULL, READY_REPLY, sizeof READY_REPLY - 1),
                  MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_reply(http.exchange, 200, "\xff", NULL, 0), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_reply(http.exchange, 200, NULL, NULL, 1), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_exchange_fail(http.exchange, MLAB_E_TLS, "\xff"), MLAB_E_INVALID_ARGUMENT);
    CHECK(next_event(http.client, 0) == NULL);
    event = host_http_done(&http);
    CHECK_INT(mlab_event_status(event), MLAB_OK);
    mlab_event_free(event);
    host_http_free(&http);
}

#define LIMITED "{\"status\":\"error\",\"message\":\"Rate limit exceeded.\",\"retry_after\":30}"

static const struct {
    const char *name;
    int32_t http_status;
    const char *headers, *body;
    int32_t status;
    int64_t retry_after_ms;
} replies[] = {
    {"the lowest http status", 100, NULL, NULL, MLAB_E_PROTOCOL, -1},
    {"the highest http status", 599, NULL, NULL, MLAB_E_SERVER, -1},
    {"no body", 200, NULL, NULL, MLAB_E_PROTOCOL, -1},
    {"no body and no headers", 429, "", NULL, MLAB_E_RATE_LIMITED, -1},
    {"a header as servers write it", 429, "Retry-After: 7", NULL, MLAB_E_RATE_LIMITED, 7000},
    {"a header in small letters", 429, "retry-after: 7", NULL, MLAB_E_RATE_LIMITED, 7000},
    {"a header in large letters", 429, "RETRY-AFTER: 7", NULL, MLAB_E_RATE_LIMITED, 7000},
    {"no space, and the ends of lines in HTTP", 429, "A: b\r\nrEtRy-AfTeR:7\r\n\r\n", NULL, MLAB_E_RATE_LIMITED, 7000},
    {"spaces, and the ends of lines in C", 429, "A: b\nRetry-After :  7 \nC: d\n", NULL, MLAB_E_RATE_LIMITED, 7000},
    {"a status line before the headers", 429, "HTTP/1.1 429 x\r\nRetry-After: 7", NULL, MLAB_E_RATE_LIMITED, 7000},
    {"a date, counted from the server's own", 429,
     "DATE: Sun, 06 Nov 1994 08:49:30 GMT\nretry-after: Sun, 06 Nov 1994 08:49:37 GMT", NULL, MLAB_E_RATE_LIMITED,
     7000},
    {"the header goes before the body", 429, "Retry-After: 7", LIMITED, MLAB_E_RATE_LIMITED, 7000},
    {"the body alone", 429, NULL, LIMITED, MLAB_E_RATE_LIMITED, 30000},
    {"a header of another name", 429, "X-Retry-After: 7\nRetry: 7\nA: Retry-After: 7", NULL, MLAB_E_RATE_LIMITED, -1},
    {"lines that are no headers", 429, "Retry-After\n:\n: 7\n\n7", NULL, MLAB_E_RATE_LIMITED, -1},
};

static void a_reply_is_ruled_on_by_its_status_headers_and_body(void)
{
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        ready_host self = ready_host_new(replies[i].http_status, replies[i].headers, replies[i].body);
        mlab_result *result;
        size_t len = SIZE_MAX;
        harness_row(replies[i].name);
        result = ready_host_fetch(ready_host_config(ready_host_answer, &self), replies[i].status);
        CHECK_INT(self.answered, MLAB_OK);
        CHECK_INT(mlab_result_http_status(result), replies[i].http_status);
        CHECK_INT(mlab_result_retry_after_ms(result), replies[i].retry_after_ms);
        CHECK_TEXT(mlab_result_body(result, &len), replies[i].body == NULL ? "" : replies[i].body);
        CHECK_SIZE(len, replies[i].body == NULL ? 0 : strlen(replies[i].body));
        mlab_result_free(result);
    }
}

static const struct {
    int32_t failure, status;
} failures[] = {
    {MLAB_E_RESOLVE, MLAB_E_RESOLVE},     {MLAB_E_CONNECT, MLAB_E_CONNECT}, {MLAB_E_TLS, MLAB_E_TLS},
    {MLAB_E_TIMEOUT, MLAB_E_TIMEOUT},     {MLAB_E_NETWORK, MLAB_E_NETWORK}, {MLAB_E_PROXY, MLAB_E_PROXY},
    {MLAB_E_NO_RESOURCES, MLAB_E_NO_RESOURCES},
    /* Nothing that a transport can know of. */
    {MLAB_OK, MLAB_E_NETWORK},            {MLAB_PROCESSING, MLAB_E_NETWORK}, {MLAB_E_AUTH, MLAB_E_NETWORK},
    {MLAB_E_CANCELLED, MLAB_E_NETWORK},   {12345, MLAB_E_NETWORK},           {INT32_MIN, MLAB_E_NETWORK},
};

static void a_failure_is_what_the_host_says_in_one_line_without_the_key(void)
{
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        ready_host self = ready_host_new(0, NULL, "no cable\nfor " TEST_KEY);
        mlab_result *result;
        harness_row(mlab_status_name(failures[i].failure));
        self.failure = failures[i].failure;
        result = ready_host_fetch(ready_host_config(ready_host_answer, &self), failures[i].status);
        CHECK_INT(self.answered, MLAB_OK);
        CHECK_INT(mlab_result_http_status(result), 0);
        CHECK(mlab_result_message(result)[0] != '\0');
        CHECK(strchr(mlab_result_message(result), '\n') == NULL);
        CHECK(strstr(mlab_result_message(result), TEST_KEY) == NULL);
        if (failures[i].status == MLAB_E_NETWORK)
            CHECK_HAS(mlab_result_message(result), "no cable for ***");
        mlab_result_free(result);
    }
}

static void a_reply_over_the_body_limit_is_too_large(void)
{
    ready_host self = ready_host_new(200, NULL, READY_REPLY);
    mlab_config *config = ready_host_config(ready_host_answer, &self);
    CHECK_INT(mlab_config_set_body_limit(config, sizeof READY_REPLY - 2), MLAB_OK);
    mlab_result_free(ready_host_fetch(config, MLAB_E_TOO_LARGE));
    CHECK_INT(self.answered, MLAB_OK);
}

/* Sends the first exchange on within its origin, and answers the second. */
static void redirect_once(void *user, mlab_exchange *exchange)
{
    ready_host *self = user;
    self->http_status = self->asked == 0 ? 307 : 200;
    self->text = self->asked == 0 ? NULL : READY_REPLY;
    ready_host_answer(user, exchange);
}

static void a_redirect_is_asked_of_the_host_again(void)
{
    ready_host self = ready_host_new(307, "LOCATION: /moved", NULL);
    mlab_result_free(ready_host_fetch(ready_host_config(redirect_once, &self), MLAB_OK));
    CHECK_INT(self.asked, 2);
    CHECK_TEXT(self.url, HOST_ORIGIN "/moved");
    self = ready_host_new(307, "location: https://other.example/moved", NULL);
    mlab_result_free(ready_host_fetch(ready_host_config(redirect_once, &self), MLAB_E_REDIRECT));
    CHECK_INT(self.asked, 1);
}

const harness_test reply_tests[] = {
    TEST(an_answer_with_a_wrong_argument_leaves_the_exchange_to_be_answered),
    TEST(a_reply_is_ruled_on_by_its_status_headers_and_body),
    TEST(a_failure_is_what_the_host_says_in_one_line_without_the_key),
    TEST(a_reply_over_the_body_limit_is_too_large),
    TEST(a_redirect_is_asked_of_the_host_again),
    END_OF_TESTS,
};
