// Failures by mlab.hpp: statuses, exceptions, refusals, and what callables throw.
#include "wrapper.hpp"

#include <cstring>

namespace {

void every_outcome_comes_as_a_status()
{
    CHECK_EQUAL(client().try_fetch("never-1").status(), MLAB_PROCESSING);
    CHECK_EQUAL(client().try_wait("fail-1").status(), MLAB_E_JOB_FAILED);
    CHECK_EQUAL(client().try_fetch(std::string("auth-1")).status(), MLAB_E_AUTH);
    CHECK_EQUAL(client().try_fetch(mlab::string_view("not/an/id", 9)).status(), MLAB_E_INVALID_ARGUMENT);
    CHECK_EQUAL(client().try_fetch(nullptr).status(), MLAB_E_INVALID_ARGUMENT);
    const mlab::client nowhere(KEY, settings("MLAB_TEST_UNREACHABLE"));
    const mlab::result unreachable = nowhere.try_fetch("1");
    CHECK_EQUAL(unreachable.status(), MLAB_E_CONNECT);
    CHECK(unreachable.is_retryable());
    const mlab::result limited = client().try_fetch("rate-1");
    CHECK_EQUAL(limited.status(), MLAB_E_RATE_LIMITED);
    CHECK_EQUAL(limited.retry_after_ms(), 3000);
}

template <class Call>
std::string refusal(Call call)
{
    std::string message;
#if MLAB_HPP_THROWS
    try {
        const auto &refused = call();
        message = std::string(refused.message());
    } catch (const mlab::argument_error &error) {
        message = std::string(error.what()).substr(std::strlen("MLAB_E_INVALID_ARGUMENT: "));
    }
#else
    const auto &refused = call();
    message = std::string(refused.message());
#endif
    return message.substr(0, message.find_first_of(" :"));
}

void a_nul_inside_a_string_is_refused_by_name()
{
    const std::string id("12202888\0x", 10);
    for (const mlab::result &result : {client().try_fetch(id), client().try_fetch(mlab::string_view(id.data(), 10))}) {
        CHECK_EQUAL(result.status(), MLAB_E_INVALID_ARGUMENT);
        CHECK(text(result.message()).find("id ") == 0);
    }
    const std::string url = "https://images.example/1.png", cut("\0cut", 4);
    CHECK_EQUAL(refusal([&] { return client().try_download(url + cut, "1.png"); }), "url");
    CHECK_EQUAL(refusal([&] { return client().try_download(url, "1.png" + cut); }), "path");
    CHECK_EQUAL(refusal([&] { return client().try_download_memory(url + cut, 1); }), "url");
    CHECK_EQUAL(refusal([&] { return mlab::client(KEY + cut); }), "key");
    mlab::config config;
    CHECK_EQUAL(refusal([&]() -> mlab::config & { return config.set_endpoint(url + "{id}" + cut); }), "url_template");
    mlab::request request("1");
    CHECK_EQUAL(refusal([&]() -> mlab::request & { return request.set_download_file("1.png" + cut); }), "path");
}

void text_is_utf_8_both_ways()
{
    const mlab::client other(KEY, settings("MLAB_TEST_UTF8"));
    const mlab::result result = other.try_fetch("1");
    CHECK_EQUAL(result.status(), MLAB_OK);
    CHECK_EQUAL(text(result.url(0)), "https://images.example/\xc3\xa9/\xf0\x9f\x98\x80");
    CHECK_EQUAL(text(result.message()), "fertig: \xe6\x97\xa5\xe6\x9c\xac");
}

#if MLAB_HPP_THROWS

template <class Error, class Call>
void throws(std::int32_t status, Call call)
{
    try {
        call();
        CHECK_EQUAL(std::string("nothing"), "an error");
    } catch (const Error &error) {
        CHECK_EQUAL(error.status(), status);
        CHECK_EQUAL(error.group(), mlab_status_group(status));
        CHECK_EQUAL(std::string(error.what()).find(mlab_status_name(status)), 0u);
    } catch (const std::exception &error) {
        CHECK_EQUAL(error.what(), mlab_status_name(status));
    }
}

void negative_statuses_are_thrown_by_group()
{
    CHECK_EQUAL(client().fetch("12202888").status(), MLAB_OK);
    CHECK_EQUAL(client().fetch("never-1").status(), MLAB_PROCESSING);
    throws<mlab::job_error>(MLAB_E_JOB_FAILED, [] { client().wait("fail-1"); });
    throws<mlab::account_error>(MLAB_E_AUTH, [] { client().fetch("auth-1"); });
    throws<mlab::argument_error>(MLAB_E_INVALID_ARGUMENT, [] { client().fetch("not/an/id"); });
    throws<mlab::argument_error>(MLAB_E_INVALID_ARGUMENT, [] { client().submit("not/an/id"); });
    throws<mlab::argument_error>(MLAB_E_INVALID_ARGUMENT, [] { mlab::config().set_workers(0); });
    throws<mlab::argument_error>(MLAB_E_INVALID_ARGUMENT, [] { mlab::client bad(""); });
    throws<mlab::image_error>(MLAB_E_UNSAFE_URL, [] { client().download_memory("https://10.0.0.1/x.png", 1); });
    throws<mlab::error>(MLAB_E_AUTH, [] { mlab::parse("{}", 401); });
    throws<mlab::ended_error>(MLAB_E_CLOSED, [] {
        const mlab::client own(KEY, settings());
        own.shutdown(seconds(1));
        own.next_event(seconds(1));
    });
    try {
        client().fetch("rate-1");
    } catch (const mlab::error &error) {
        const mlab::error copy = error; // Exceptions are copied; their result is shared.
        CHECK_EQUAL(copy.retry_after_ms(), 3000);
        CHECK(copy.is_retryable() && copy.result().http_status() == 429);
    }
}

void a_refusal_that_was_caught_changes_nothing()
{
    mlab::config config = settings();
    int told = 0;
    config.set_log(MLAB_LOG_INFO, [&](std::int32_t, mlab::string_view, mlab::string_view) { told++; });
    throws<mlab::argument_error>(MLAB_E_INVALID_ARGUMENT, [&] { config.set_workers(0); });
    throws<mlab::argument_error>(MLAB_E_INVALID_ARGUMENT, [&] {
        config.set_log(7, [](std::int32_t, mlab::string_view, mlab::string_view) {});
    });
    CHECK_EQUAL(config.status(), MLAB_OK);
    CHECK(mlab::client(KEY, config).fetch("12202888").is_ok());
    CHECK(told > 0);
    mlab::request request("12202888");
    throws<mlab::argument_error>(MLAB_E_INVALID_ARGUMENT, [&] { request.set_poll(milliseconds(1), milliseconds(2)); });
    CHECK_EQUAL(request.status(), MLAB_OK);
    CHECK(client().wait(request).is_ok());
    mlab::config pulled;
    pulled.set_transport_pull();
    throws<mlab::argument_error>(MLAB_E_INVALID_ARGUMENT, [&] { mlab::set_default_config(pulled); });
}

struct Own {
    int number;
};

/** What a call passes on of what a callable threw. */
template <class Call>
int passed_on(Call call)
{
    try {
        call();
    } catch (const Own &own) {
        return own.number;
    }
    return 0;
}

void what_a_callable_throws_comes_out_of_the_call()
{
    mlab::request request = never();
    request.set_progress([](const mlab::progress &) -> bool { throw Own{1}; });
    CHECK_EQUAL(passed_on([&] { client().wait(request); }), 1);
    CHECK_EQUAL(passed_on([&] { client().try_wait(request); }), 1);

    mlab::config logs = settings();
    logs.set_log(MLAB_LOG_INFO, [](std::int32_t, mlab::string_view, mlab::string_view) { throw Own{2}; });
    const mlab::client logging(KEY, logs);
    CHECK_EQUAL(passed_on([&] { logging.fetch("12202888"); }), 2);
    mlab_result *raw = nullptr; // Called by C, what is thrown has nowhere to go.
    CHECK_EQUAL(mlab_client_fetch(logging.get(), "12202888", nullptr, &raw), MLAB_OK);
    mlab_result_free(raw);

    mlab::config hosted;
    hosted.set_retries(0).set_transport([](mlab::exchange) { throw Own{3}; });
    CHECK_EQUAL(passed_on([&] { mlab::client(KEY, hosted).fetch("7"); }), 3);

    // A call inside a callable keeps its own apart.
    mlab::request outer = never();
    outer.set_progress([&](const mlab::progress &) {
        CHECK_EQUAL(passed_on([&] { client().try_wait(request); }), 1);
        return false;
    });
    CHECK_EQUAL(client().try_wait(outer).status(), MLAB_E_CANCELLED);
}

void the_key_comes_from_the_environment_where_none_is_given()
{
#if defined(__unix__) || defined(__APPLE__)
    unsetenv("MODELSLAB_API_KEY");
    unsetenv("API_KEY");
    try {
        mlab::client none;
        CHECK_EQUAL(std::string("nothing"), "an error");
    } catch (const mlab::argument_error &error) {
        CHECK(std::string(error.what()).find("MODELSLAB_API_KEY") != std::string::npos);
    }
    setenv("API_KEY", KEY, 1);
    CHECK_EQUAL(mlab::client(settings()).fetch("12202888").status(), MLAB_OK);
    setenv("MODELSLAB_API_KEY", "", 1); // An empty one is none.
    CHECK_EQUAL(mlab::client(settings()).fetch("12202888").status(), MLAB_OK);
    setenv("API_KEY", "another-key-not-real", 1);
    setenv("MODELSLAB_API_KEY", KEY, 1); // It goes before the other.
    CHECK_EQUAL(mlab::client(settings()).fetch("12202888").status(), MLAB_OK);
#endif
}

#else

void what_is_refused_sticks_to_the_config_and_the_request()
{
    mlab::config config = settings();
    config.set_workers(0).set_retries(1000).set_retries(1);
    CHECK_EQUAL(config.status(), MLAB_E_INVALID_ARGUMENT);
    CHECK(config.message().find("workers") == 0); // The first one.
    const mlab::client refused(KEY, config);
    CHECK_EQUAL(refused.status(), MLAB_E_INVALID_ARGUMENT);
    CHECK_EQUAL(refused.message(), config.message());
    CHECK_EQUAL(refused.try_fetch("12202888").status(), MLAB_E_INVALID_ARGUMENT);
    CHECK_EQUAL(mlab::set_default_config(config), MLAB_E_INVALID_ARGUMENT);
    int told = 0;
    mlab::config logs = settings();
    logs.set_log(MLAB_LOG_INFO, [&](std::int32_t, mlab::string_view, mlab::string_view) { told++; });
    logs.set_log(7, [](std::int32_t, mlab::string_view, mlab::string_view) {});
    mlab_client *raw = nullptr; // The one before is C's still.
    CHECK_EQUAL(mlab_client_new(KEY, logs.get(), &raw), MLAB_OK);
    mlab_result *polled = nullptr;
    CHECK_EQUAL(mlab_client_fetch(raw, "12202888", nullptr, &polled), MLAB_OK);
    CHECK(told > 0);
    mlab_result_free(polled);
    mlab_client_free(raw);
    mlab::request request("12202888");
    request.set_poll(milliseconds(1), milliseconds(2));
    CHECK_EQUAL(request.status(), MLAB_E_INVALID_ARGUMENT);
    CHECK(text(request.message()).find("min_ms") == 0);
    CHECK_EQUAL(client().try_wait(request).status(), MLAB_E_INVALID_ARGUMENT);
    CHECK(text(mlab::request("not/an/id").message()).find("id ") == 0);
}

#endif

#if defined(__cpp_lib_expected)
void a_result_becomes_an_expected()
{
    const auto good = mlab::expected(client().try_fetch("12202888"));
    CHECK(good.has_value() && good->urls().size() == 4);
    const auto bad = mlab::expected(client().try_fetch("auth-1"));
    CHECK(!bad.has_value() && bad.error().status() == MLAB_E_AUTH);
}
#endif

} // namespace

void errors()
{
    every_outcome_comes_as_a_status();
    a_nul_inside_a_string_is_refused_by_name();
    text_is_utf_8_both_ways();
#if MLAB_HPP_THROWS
    negative_statuses_are_thrown_by_group();
    a_refusal_that_was_caught_changes_nothing();
    what_a_callable_throws_comes_out_of_the_call();
    the_key_comes_from_the_environment_where_none_is_given();
#else
    what_is_refused_sticks_to_the_config_and_the_request();
#endif
#if defined(__cpp_lib_expected)
    a_result_becomes_an_expected();
#endif
}
