/* Settings: what each setter takes and refuses, as tables, and what the message says. */
#include "harness.h"
#include "setter_checks.h"
#include "settings.h"

#include <math.h>
#include <mlab.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define A10 "aaaaaaaaaa"
#define A50 A10 A10 A10 A10 A10
#define A200 A50 A50 A50 A50

enum { MIB = 1024 * 1024 };

static const text_row endpoints[] = {
    {"https://modelslab.com/api/v1/enterprise/flux/fetch/{id}", MLAB_OK},
    {"https://modelslab.com/api/v6/images/fetch/{id}?v=1", MLAB_OK},
    {"HTTPS://Modelslab.com:8443/{id}", MLAB_OK},
    {"http://127.0.0.1:8080/fetch/{id}", MLAB_OK},
    {"http://[::1]/{id}/x", MLAB_OK},
    {"http://localhost/{id}", MLAB_OK},
    {"", MLAB_E_INVALID_ARGUMENT},
    {"{id}", MLAB_E_INVALID_ARGUMENT},
    {"https://", MLAB_E_INVALID_ARGUMENT},
    {"https:///{id}", MLAB_E_INVALID_ARGUMENT},
    {"modelslab.com/{id}", MLAB_E_INVALID_ARGUMENT},
    {"https://modelslab.com/fetch", MLAB_E_INVALID_ARGUMENT},
    {"https://modelslab.com/fetch/x{id}", MLAB_E_INVALID_ARGUMENT},
    {"https://modelslab.com/{id}/{id}", MLAB_E_INVALID_ARGUMENT},
    {"https://{id}/fetch", MLAB_E_INVALID_ARGUMENT},
    {"https://modelslab.com/?id={id}", MLAB_E_INVALID_ARGUMENT},
    {"http://modelslab.com/{id}", MLAB_E_INVALID_ARGUMENT},
    {"http://127.0.0.1.example/{id}", MLAB_E_INVALID_ARGUMENT},
    {"ftp://modelslab.com/{id}", MLAB_E_INVALID_ARGUMENT},
    {"https://user:word@modelslab.com/{id}", MLAB_E_INVALID_ARGUMENT},
    {"https://-/{id}", MLAB_E_INVALID_ARGUMENT},
    {"https://a..b/{id}", MLAB_E_INVALID_ARGUMENT},
    {"https://modelslab.com:99999/{id}", MLAB_E_INVALID_ARGUMENT},
    {"https://modelslab.com/a b/{id}", MLAB_E_INVALID_ARGUMENT},
    {"https://modelslab.com/\r\nX: y/{id}", MLAB_E_INVALID_ARGUMENT},
    {"https://modelslab.com/\xc3\xa9/{id}", MLAB_E_INVALID_ARGUMENT},
    {"https://modelslab.com/\xff/{id}", MLAB_E_INVALID_ARGUMENT},
    {NULL, 0},
};

static const text_row user_agents[] = {
    {"", MLAB_OK},
    {"MyGame/1.2", MLAB_OK},
    {"MyGame/1.2 (a; b) c/3", MLAB_OK},
    {A200, MLAB_OK},
    {A200 "a", MLAB_E_INVALID_ARGUMENT},
    {"a\nb", MLAB_E_INVALID_ARGUMENT},
    {"a\r\nX: y", MLAB_E_INVALID_ARGUMENT},
    {"a\tb", MLAB_E_INVALID_ARGUMENT},
    {"\x7f", MLAB_E_INVALID_ARGUMENT},
    {"\xc3\xa9", MLAB_E_INVALID_ARGUMENT},
    {"\xff", MLAB_E_INVALID_ARGUMENT},
    {NULL, 0},
};

static const text_row proxies[] = {
    {"", MLAB_OK},
    {"http://127.0.0.1:3128", MLAB_OK},
    {"http://proxy.example", MLAB_OK},
    {"https://user:word@proxy.example:3128", MLAB_OK},
    {"ftp://proxy.example", MLAB_E_INVALID_ARGUMENT},
    {"http://", MLAB_E_INVALID_ARGUMENT},
    {"http://proxy.example:99999", MLAB_E_INVALID_ARGUMENT},
    {"\xff", MLAB_E_INVALID_ARGUMENT},
    {NULL, 0},
};

static void endpoints_are_https_or_this_machine_with_the_id_as_a_segment(void)
{
    check_texts(mlab_config_set_endpoint, "url_template ", endpoints);
}

static void user_agents_are_printable_ascii(void)
{
    check_texts(mlab_config_set_user_agent, "suffix ", user_agents);
}

static void proxies_are_http_urls(void)
{
    check_texts(mlab_config_set_proxy, "proxy_url ", proxies);
}

static void numbers_are_taken_within_their_limits(void)
{
    static const struct {
        uint32_t ms;
        int32_t status;
    } timeouts[] = {{0, MLAB_E_INVALID_ARGUMENT}, {1, MLAB_OK}, {86400000, MLAB_OK}, {INT32_MAX, MLAB_OK},
                    {UINT32_MAX, MLAB_OK}};
    static const struct {
        size_t bytes;
        int32_t status;
    } limits[] = {{0, MLAB_E_INVALID_ARGUMENT},        {1, MLAB_OK},
                  {64 * MIB, MLAB_OK},                 {64 * MIB + 1, MLAB_E_INVALID_ARGUMENT},
                  {UINT32_MAX, MLAB_E_INVALID_ARGUMENT}, {SIZE_MAX, MLAB_E_INVALID_ARGUMENT}};
    static const struct {
        int32_t roots, status;
    } roots[] = {{MLAB_ROOTS_BUNDLED, MLAB_OK},       {MLAB_ROOTS_SYSTEM, MLAB_OK},
                 {2, MLAB_E_INVALID_ARGUMENT},        {-1, MLAB_E_INVALID_ARGUMENT},
                 {INT32_MIN, MLAB_E_INVALID_ARGUMENT}, {INT32_MAX, MLAB_E_INVALID_ARGUMENT}};
    mlab_config *config = mlab_config_new();
    for (size_t i = 0; i < sizeof timeouts / sizeof timeouts[0]; i++) {
        CHECK_INT(mlab_config_set_connect_timeout_ms(config, timeouts[i].ms), timeouts[i].status);
        check_message(config, timeouts[i].status, "timeout_ms ");
        CHECK_INT(mlab_config_set_request_timeout_ms(config, timeouts[i].ms), timeouts[i].status);
        check_message(config, timeouts[i].status, "timeout_ms ");
    }
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        CHECK_INT(mlab_config_set_body_limit(config, limits[i].bytes), limits[i].status);
        check_message(config, limits[i].status, "max_bytes ");
    }
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        CHECK_INT(mlab_config_set_roots(config, roots[i].roots), roots[i].status);
        check_message(config, roots[i].status, "roots ");
    }
    mlab_config_free(config);
}

static void tries_and_their_pace_are_taken_within_their_limits(void)
{
    static const struct {
        uint32_t retries;
        int32_t status;
    } tries[] = {{0, MLAB_OK}, {100, MLAB_OK}, {101, MLAB_E_INVALID_ARGUMENT}, {UINT32_MAX, MLAB_E_INVALID_ARGUMENT}};
    static const struct {
        double per_second;
        int32_t status;
    } paces[] = {{0, MLAB_OK},
                 {0.001, MLAB_OK},
                 {1000, MLAB_OK},
                 {0.0009, MLAB_E_INVALID_ARGUMENT},
                 {1000.1, MLAB_E_INVALID_ARGUMENT},
                 {-1, MLAB_E_INVALID_ARGUMENT},
                 {HUGE_VAL, MLAB_E_INVALID_ARGUMENT},
                 {-HUGE_VAL, MLAB_E_INVALID_ARGUMENT}};
    mlab_config *config = mlab_config_new();
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        CHECK_INT(mlab_config_set_retries(config, tries[i].retries), tries[i].status);
        check_message(config, tries[i].status, "retries ");
    }
    for (size_t i = 0; i < sizeof paces / sizeof paces[0]; i++) {
        CHECK_INT(mlab_config_set_requests_per_second(config, paces[i].per_second), paces[i].status);
        check_message(config, paces[i].status, "requests_per_second ");
    }
    CHECK_INT(mlab_config_set_requests_per_second(config, HUGE_VAL - HUGE_VAL), MLAB_E_INVALID_ARGUMENT);
    mlab_config_free(config);
}

static void workers_and_jobs_are_taken_within_their_limits(void)
{
    static const struct {
        uint32_t count;
        int32_t workers, max_jobs;
    } counts[] = {{0, MLAB_E_INVALID_ARGUMENT, MLAB_E_INVALID_ARGUMENT},
                  {1, MLAB_OK, MLAB_OK},
                  {64, MLAB_OK, MLAB_OK},
                  {1024, MLAB_OK, MLAB_OK},
                  {1025, MLAB_E_INVALID_ARGUMENT, MLAB_OK},
                  {10000000, MLAB_E_INVALID_ARGUMENT, MLAB_OK},
                  {10000001, MLAB_E_INVALID_ARGUMENT, MLAB_E_INVALID_ARGUMENT},
                  {UINT32_MAX, MLAB_E_INVALID_ARGUMENT, MLAB_E_INVALID_ARGUMENT}};
    mlab_config *config = mlab_config_new();
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        CHECK_INT(mlab_config_set_workers(config, counts[i].count), counts[i].workers);
        check_message(config, counts[i].workers, "workers ");
        CHECK_INT(mlab_config_set_max_jobs(config, counts[i].count), counts[i].max_jobs);
        check_message(config, counts[i].max_jobs, "max_jobs ");
    }
    mlab_config_free(config);
}

static void a_string_of_1_mib_is_refused_with_a_short_message(void)
{
    static const struct {
        int32_t (*set)(mlab_config *, const char *);
        const char *argument;
        int32_t status;
    } setters[] = {
        {mlab_config_set_endpoint, "url_template ", MLAB_E_INVALID_ARGUMENT},
        {mlab_config_set_user_agent, "suffix ", MLAB_E_INVALID_ARGUMENT},
        {mlab_config_set_proxy, "proxy_url ", MLAB_E_INVALID_ARGUMENT},
        {mlab_config_set_ca_file, "path", MLAB_E_FILE},
        {mlab_config_set_ca_pem, "pem ", MLAB_E_INVALID_ARGUMENT},
    };
    char *text = malloc(MIB + 1);
    mlab_config *config = mlab_config_new();
    if (!CHECK(text != NULL))
        return;
    memset(text, 'a', MIB);
    text[MIB] = '\0';
    for (size_t i = 0; i < sizeof setters / sizeof setters[0]; i++) {
        harness_row(setters[i].argument);
        CHECK_INT(setters[i].set(config, text), setters[i].status);
        check_message(config, setters[i].status, setters[i].argument);
    }
    memcpy(text, "https://modelslab.com/", 22);
    memcpy(text + MIB - 5, "/{id}", 5);
    harness_row("a long endpoint that is right else");
    CHECK_INT(mlab_config_set_endpoint(config, text), MLAB_E_INVALID_ARGUMENT);
    check_message(config, MLAB_E_INVALID_ARGUMENT, "url_template ");
    mlab_config_free(config);
    free(text);
}

static void the_message_shows_no_password_of_a_proxy(void)
{
    mlab_config *config = mlab_config_new();
    CHECK_INT(mlab_config_set_proxy(config, "gopher://user:secret@proxy.example"), MLAB_E_INVALID_ARGUMENT);
    CHECK(strstr(mlab_config_message(config), "secret") == NULL);
    mlab_config_free(config);
}

/* The status of parsing so many spaces: TOO_LARGE over the default config's body limit, PROTOCOL within. */
static int32_t parsed_spaces(int bytes)
{
    char body[64];
    mlab_result *result = NULL;
    int32_t status;
    memset(body, ' ', sizeof body);
    status = mlab_parse(body, (size_t)bytes, 200, &result);
    mlab_result_free(result);
    return status;
}

static void a_refused_value_changes_nothing(void)
{
    mlab_config *config = mlab_config_new();
    CHECK_INT(mlab_config_set_body_limit(config, 10), MLAB_OK);
    CHECK_INT(mlab_config_set_body_limit(config, 0), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_config_set_body_limit(config, SIZE_MAX), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_set_default_config(config), MLAB_OK);
    CHECK_INT(parsed_spaces(10), MLAB_E_PROTOCOL);
    CHECK_INT(parsed_spaces(11), MLAB_E_TOO_LARGE);
    mlab_config_free(config);
    mlab_set_default_config(NULL);
}

static void the_default_config_is_a_copy(void)
{
    mlab_config *config = mlab_config_new();
    mlab_config_set_body_limit(config, 10);
    mlab_set_default_config(config);
    mlab_config_set_body_limit(config, 20);
    CHECK_INT(parsed_spaces(11), MLAB_E_TOO_LARGE);
    mlab_config_free(config);
    CHECK_INT(parsed_spaces(11), MLAB_E_TOO_LARGE);
    mlab_set_default_config(NULL);
    CHECK_INT(parsed_spaces(11), MLAB_E_PROTOCOL);
}

static void an_accepted_value_clears_the_message(void)
{
    mlab_config *config = mlab_config_new();
    CHECK_TEXT(mlab_config_message(config), "");
    CHECK_INT(mlab_config_set_roots(config, 7), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_config_message(config), "roots ");
    CHECK_INT(mlab_config_set_roots(config, MLAB_ROOTS_SYSTEM), MLAB_OK);
    CHECK_TEXT(mlab_config_message(config), "");
    mlab_config_free(config);
}

/* Makes an endpoint of this length, which must fit the memory. Nothing listens at port 9 of this machine. */
static const char *endpoint_of(char *memory, size_t length)
{
    memset(memory, 'a', length);
    memcpy(memory, "http://127.0.0.1:9/", 19);
    memcpy(memory + length - 5, "/{id}", 6);
    return memory;
}

/* With the id put in, a URL may be longer than the template was. */
static void the_longest_endpoint_takes_the_longest_id(void)
{
    char memory[65536], id[129];
    size_t taken = 100, refused = sizeof memory - 1;
    mlab_config *config = mlab_config_new();
    mlab_result *result = NULL;
    while (refused - taken > 1) {
        size_t length = (taken + refused) / 2;
        if (mlab_config_set_endpoint(config, endpoint_of(memory, length)) == MLAB_OK)
            taken = length;
        else
            refused = length;
    }
    CHECK(taken > 1024);
    CHECK_INT(mlab_config_set_endpoint(config, endpoint_of(memory, taken)), MLAB_OK);
    memset(id, '1', sizeof id - 1);
    id[sizeof id - 1] = '\0';
    mlab_set_default_config(config);
    CHECK_INT(mlab_fetch_queued(TEST_KEY, id, &result), MLAB_E_CONNECT);
    mlab_result_free(result);
    mlab_set_default_config(NULL);
    mlab_config_free(config);
}

const harness_test config_tests[] = {
    TEST(endpoints_are_https_or_this_machine_with_the_id_as_a_segment),
    TEST(user_agents_are_printable_ascii),
    TEST(proxies_are_http_urls),
    TEST(numbers_are_taken_within_their_limits),
    TEST(tries_and_their_pace_are_taken_within_their_limits),
    TEST(workers_and_jobs_are_taken_within_their_limits),
    TEST(a_string_of_1_mib_is_refused_with_a_short_message),
    TEST(the_message_shows_no_password_of_a_proxy),
    TEST(a_refused_value_changes_nothing),
    TEST(the_default_config_is_a_copy),
    TEST(an_accepted_value_clears_the_message),
    TEST(the_longest_endpoint_takes_the_longest_id),
    END_OF_TESTS,
};
