// mlab.hpp against the stand-in, in whatever standard and with or without exceptions, as it is compiled.
#include "wrapper.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <thread>

namespace {

void a_ready_job_gives_its_urls_as_views()
{
    const mlab::result result = client().try_fetch("12202888");
    CHECK_EQUAL(result.status(), MLAB_OK);
    CHECK(result.is_ok() && !result.is_processing());
    CHECK_EQUAL(result.urls().size(), 4u);
    std::size_t seen = 0;
    for (mlab::string_view url : result.output()) {
        CHECK(text(url).find("http://127.0.0.1:") == 0);
        CHECK(url == result.url(seen) && url == result.urls()[seen]);
        CHECK(url.data() == mlab_result_url(result.get(), seen)); // No copy.
        seen++;
    }
    CHECK_EQUAL(seen, result.url_count());
    CHECK(result.url(4).empty());
    CHECK_EQUAL(text(result.id()), "12202888");
    CHECK_EQUAL(result.http_status(), 200);
    CHECK_EQUAL(result.attempts(), 1);
    CHECK(!result.body().empty() && !result.is_retryable() && result.image_count() == 0);
    CHECK(result.elapsed() < seconds(30));
    CHECK_EQUAL(result.eta_ms(), -1);
#if MLAB_HPP_STANDARD >= 201703L
    CHECK(!result.eta() && !result.retry_after());
#endif
#if MLAB_HPP_STANDARD >= 202002L
    static_assert(std::ranges::forward_range<mlab::url_range> && std::ranges::view<mlab::url_range>);
    CHECK(std::ranges::all_of(result.urls(), [](mlab::string_view url) { return url.starts_with("http"); }));
    const std::span<const std::byte> body = result.body();
    CHECK(body.front() == std::byte{'{'});
#endif
}

void an_id_of_64_bits_comes_back_whole()
{
    const mlab::result result = client().try_fetch("18446744073709551615");
    CHECK_EQUAL(result.status(), MLAB_OK);
    CHECK_EQUAL(text(result.id()), "18446744073709551615");
}

/** The name of the argument that a call refuses: the first word of the message, whether it is thrown or not. */
std::int32_t stopped_wait(const mlab::cancel &cancel) { return client().try_wait(never(), cancel).status(); }
#if defined(__cpp_lib_jthread)
std::int32_t stopped_wait(const std::stop_source &source) { return client().try_wait(never(), source.get_token()).status(); }
#endif

/** Waits until another thread stops it soon, within 300 ms. Whatever else the machine does may hold this up: the best of three
 *  tries counts. */
template <class Stopper, class Stop>
void ends_at_once(Stop stop)
{
    using clock = std::chrono::steady_clock;
    clock::duration best = clock::duration::max();
    for (int tries = 0; tries < 3 && best >= milliseconds(300); tries++) {
        const Stopper stopper;
        clock::time_point at;
        std::thread other([&] {
            std::this_thread::sleep_for(milliseconds(50));
            at = clock::now();
            stop(stopper);
        });
        const std::int32_t status = stopped_wait(stopper);
        const clock::time_point ended = clock::now();
        other.join();
        CHECK_EQUAL(status, MLAB_E_CANCELLED);
        best = std::min(best, ended - at);
    }
    CHECK(best < milliseconds(300));
}

void a_cancel_ends_a_wait_from_another_thread()
{
    ends_at_once<mlab::cancel>([](const mlab::cancel &cancel) { cancel.trigger(); });
    const mlab::cancel cancel;
    cancel.trigger();
    CHECK_EQUAL(client().try_fetch("12202888", cancel).status(), MLAB_E_CANCELLED); // It is sticky.
#if defined(__cpp_lib_jthread)
    ends_at_once<std::stop_source>([](std::stop_source source) { source.request_stop(); });
#endif
}

void progress_is_told_and_can_end_the_wait()
{
    int told = 0;
    mlab::request request("soon-1");
    request.set_poll(seconds(1), seconds(1)).set_progress([&](const mlab::progress &now) {
        CHECK_EQUAL(now.polls, ++told);
        CHECK(now.elapsed >= milliseconds(0) && now.next_poll > now.elapsed && now.eta == milliseconds(-1));
        return true;
    });
    CHECK_EQUAL(client().try_wait(request).status(), MLAB_OK);
    CHECK_EQUAL(told, 1);
    mlab::request ends = never();
    ends.set_progress([](const mlab::progress &) { return false; });
    CHECK_EQUAL(client().try_wait(ends).status(), MLAB_E_CANCELLED);
    ends.set_progress(nullptr).set_deadline(milliseconds(100));
    CHECK_EQUAL(client().try_wait(ends).status(), MLAB_E_DEADLINE);
}

void the_log_goes_to_a_callable_that_outlives_its_config()
{
    std::map<std::string, int> areas;
    const auto count = [&](std::int32_t level, mlab::string_view area, mlab::string_view line) {
        CHECK(level >= MLAB_LOG_ERROR && level <= MLAB_LOG_DEBUG && !line.empty());
        areas[text(area)]++;
    };
    std::unique_ptr<mlab::client> logging;
    {
        mlab::config config = settings();
        config.set_log(MLAB_LOG_INFO, count);
        logging.reset(new mlab::client(KEY, config));
    }
    CHECK_EQUAL(logging->try_fetch("12202888").status(), MLAB_OK);
    CHECK(areas["poll"] > 0);
}

void jobs_end_by_events()
{
    const mlab::client own(KEY, settings());
    for (std::uint64_t tag = 1; tag <= 3; tag++) {
        mlab::request request("12202888");
        request.set_tag(tag);
        CHECK_EQUAL(own.try_submit(request), MLAB_OK);
    }
    CHECK_EQUAL(own.pending(), 3u);
    std::uint64_t tags = 0;
    std::vector<mlab::result> taken;
    for (mlab::event &event : own.events()) {
        if (!event.is_done())
            continue;
        tags += event.tag();
        CHECK_EQUAL(event.status(), MLAB_OK);
        CHECK(event.result().url_count() == 4 && event.job() != 0 && event.polls() > 0 && event.index() == -1);
        taken.push_back(event.take_result());
    }
    CHECK_EQUAL(tags, 6u);
    CHECK(taken.size() == 3 && taken[0].urls().size() == 4); // The events are gone.
    mlab::event none;
    CHECK_EQUAL(own.try_next_event(milliseconds(0), none), MLAB_NO_EVENT);
    CHECK(!none);
    std::uint64_t job = 0;
    CHECK_EQUAL(own.try_submit(never(), &job), MLAB_OK);
    CHECK_EQUAL(own.cancel_job(job), MLAB_OK);
    for (mlab::event &event : own.events())
        CHECK(!event.is_done() || event.status() == MLAB_E_CANCELLED);
    CHECK_EQUAL(own.shutdown(seconds(5)), MLAB_OK);
    CHECK_EQUAL(own.try_next_event(seconds(5), none), MLAB_E_CLOSED);
    own.wakeup();
}

#if defined(__unix__) || defined(__APPLE__)
void an_event_loop_gets_a_descriptor()
{
    const mlab::client own(KEY, settings());
    CHECK(own.event_fd() >= 0 && own.event_fd() == own.event_fd());
    CHECK(own.event_handle() == nullptr);
    CHECK_EQUAL(own.next_due_ms(), -1);
}
#endif

void images_come_into_memory_and_into_files()
{
    mlab::request into_memory("12202888");
    into_memory.set_download_memory(1 << 20);
    const mlab::result held = client().try_wait(into_memory);
    CHECK_EQUAL(held.status(), MLAB_OK);
    CHECK_EQUAL(held.image_count(), 4u);
    CHECK_EQUAL(text(held.image(0).type()), "image/png");
    CHECK(held.image(0).data().size() > 8 && held.image(0).path().empty() && !held.image(0).is_missing());
    CHECK_EQUAL(held.image(1).width(), 64u);
    CHECK_EQUAL(held.image(1).height(), 48u);
    CHECK(held.image(4).is_missing() && held.image(4).data().empty());

    const std::string folder = check::setting("MLAB_TEST_FOLDER");
    mlab::request into_files("12202888");
    into_files.set_download_dir(folder);
    const mlab::result files = client().try_wait(into_files);
    CHECK_EQUAL(files.status(), MLAB_OK);
    std::ifstream file(text(files.image(0).path()), std::ios::binary);
    const std::string written((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    CHECK(written.size() == held.image(0).data().size() &&
          std::memcmp(written.data(), held.image(0).data().data(), written.size()) == 0);

    const std::string url = text(held.url(0)), path = folder + "/one.png";
    CHECK_EQUAL(client().try_download(url, path).status(), MLAB_OK);
    const mlab::result one = client().try_download_memory(url, 1 << 20);
    CHECK_EQUAL(one.image(0).width(), 64u);
    CHECK_EQUAL(client().try_wait(mlab::request::download(url)).status(), MLAB_OK);
    CHECK_EQUAL(client().try_download_memory(url, 10).status(), MLAB_E_TOO_LARGE);
}

const char REPLY[] = "{\"status\":\"success\",\"id\":7,\"output\":[\"https://images.example/7.png\"]}";

void exchanges_go_to_a_callable()
{
    int started = 0;
    mlab::config config;
    config.set_transport(
        [&](mlab::exchange exchange) {
            started++;
            CHECK(exchange.id() != 0 && exchange.kind() == MLAB_EXCHANGE_POLL && !exchange.is_cancelled());
            CHECK_EQUAL(text(exchange.method()), "POST");
            CHECK(text(exchange.url()).find("/fetch/7") != std::string::npos);
            CHECK(exchange.headers().size() >= 2 && !exchange.body().empty() && exchange.body_limit() > 0);
            CHECK(exchange.timeout() > milliseconds(0));
            CHECK_EQUAL(exchange.reply(200, "Content-Type: application/json", REPLY), MLAB_OK);
        },
        [](std::uint64_t) {});
    const mlab::client hosted(KEY, config);
    CHECK_EQUAL(hosted.try_fetch("7").status(), MLAB_OK);
    CHECK_EQUAL(started, 1);
    mlab::config failing;
    failing.set_retries(0).set_transport(
        [](mlab::exchange exchange) { CHECK_EQUAL(exchange.fail(MLAB_E_RESOLVE, "no such host"), MLAB_OK); });
    CHECK_EQUAL(mlab::client(KEY, failing).try_fetch("7").status(), MLAB_E_RESOLVE);
}

void exchanges_can_be_pulled()
{
    mlab::config config;
    config.set_transport_pull();
    const mlab::client hosted(KEY, config);
    std::thread puller([&] {
        mlab::exchange exchange;
        while (hosted.try_next_exchange(milliseconds(200), exchange) >= 0) {
            if (exchange)
                exchange.reply(200, nullptr, REPLY);
        }
    });
    const mlab::result result = hosted.try_fetch("7");
    CHECK_EQUAL(hosted.shutdown(seconds(5)), MLAB_OK);
    puller.join();
    CHECK_EQUAL(result.status(), MLAB_OK);
    CHECK_EQUAL(text(result.url(0)), "https://images.example/7.png");
}

void owners_are_moved()
{
    mlab::client first(KEY, settings());
    mlab::client second(std::move(first));
    CHECK(first.get() == nullptr && second.get() != nullptr);
    CHECK_EQUAL(first.try_fetch("12202888").status(), MLAB_E_INVALID_ARGUMENT);
    first = std::move(second);
    mlab::result result = first.try_fetch("12202888");
    mlab::result other(std::move(result));
    CHECK(result.get() == nullptr && other.urls().size() == 4);
    result = std::move(other);
    const mlab::result_view view = result;
    CHECK(view.urls().size() == 4 && view.get() == result.get());
    mlab_result_free(result.release());
}

void a_client_that_is_replaced_may_call_its_callables_to_the_end()
{
    int cancels = 0;
    std::vector<mlab::exchange> open;
    std::weak_ptr<int> callables;
    mlab::client replaced(KEY, settings());
    {
        const auto held = std::make_shared<int>();
        callables = held;
        mlab::config config;
        config.set_transport([held, &open](mlab::exchange exchange) { open.push_back(std::move(exchange)); },
                             [&](std::uint64_t) {
                                 CHECK(!callables.expired());
                                 cancels++;
                             });
        replaced = mlab::client(KEY, config);
    }
    CHECK_EQUAL(replaced.try_submit("7"), MLAB_OK);
    mlab::event none;
    CHECK_EQUAL(replaced.try_next_event(milliseconds(0), none), MLAB_NO_EVENT);
    CHECK_EQUAL(open.size(), 1u);
    replaced = mlab::client(KEY, settings());
    CHECK_EQUAL(cancels, 1);
    CHECK(callables.expired());
    CHECK_EQUAL(replaced.try_fetch("12202888").status(), MLAB_OK);
}

void times_are_rounded_up_and_kept_in_range()
{
    using mlab::detail::time;
    CHECK_EQUAL(time(std::chrono::microseconds(1)).ms(), 1u);
    CHECK_EQUAL(time(milliseconds(7)).ms(), 7u);
    CHECK_EQUAL(time(std::chrono::duration<double>(0.0015)).ms(), 2u);
    CHECK_EQUAL(time(seconds(-1)).ms(), 0u);
    CHECK_EQUAL(time(std::chrono::hours(1 << 20)).ms(), 4294967295u);
}

void calls_without_a_client_use_the_default_config()
{
    mlab::config config = settings();
    int told = 0;
    config.set_log(MLAB_LOG_INFO, [&](std::int32_t, mlab::string_view, mlab::string_view) { told++; });
    CHECK_EQUAL(mlab::set_default_config(config), MLAB_OK);
    CHECK_EQUAL(mlab::try_fetch_queued(KEY, "12202888").url_count(), 4u);
    CHECK(told > 0);
    CHECK_EQUAL(mlab::set_default_config(nullptr), MLAB_OK);
    CHECK_EQUAL(mlab::try_parse(REPLY).status(), MLAB_OK);
    CHECK_EQUAL(mlab::try_parse("{}", 2, 401).status(), MLAB_E_AUTH);
}

void identity_is_that_of_the_library()
{
    CHECK_EQUAL(text(mlab::version()), MLAB_VERSION);
    CHECK_EQUAL(mlab::version_number(), static_cast<std::uint32_t>(MLAB_VERSION_NUMBER));
    CHECK_EQUAL(mlab::abi_version(), static_cast<std::uint32_t>(MLAB_ABI_VERSION));
    CHECK_EQUAL(text(mlab::status_name(MLAB_E_AUTH)), "MLAB_E_AUTH");
    CHECK(!mlab::status_text(MLAB_E_AUTH).empty());
    CHECK_EQUAL(mlab::status_group(MLAB_E_AUTH), MLAB_GROUP_ACCOUNT);
}

} // namespace

int main()
{
    a_ready_job_gives_its_urls_as_views();
    an_id_of_64_bits_comes_back_whole();
    a_cancel_ends_a_wait_from_another_thread();
    progress_is_told_and_can_end_the_wait();
    the_log_goes_to_a_callable_that_outlives_its_config();
    jobs_end_by_events();
#if defined(__unix__) || defined(__APPLE__)
    an_event_loop_gets_a_descriptor();
#endif
    images_come_into_memory_and_into_files();
    exchanges_go_to_a_callable();
    exchanges_can_be_pulled();
    owners_are_moved();
    a_client_that_is_replaced_may_call_its_callables_to_the_end();
    times_are_rounded_up_and_kept_in_range();
    calls_without_a_client_use_the_default_config();
    identity_is_that_of_the_library();
    errors();
    std::cerr << check::failures() << " failures\n";
    return check::failures() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
