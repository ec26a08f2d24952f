// mlab.hpp under load: many waits at once, many calls in a row, bodies that are no text, and an end with jobs open.
#include "check.hpp"

#include <mlab.hpp>

#include <atomic>
#include <cstring>
#include <fstream>
#include <thread>

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const char *const KEY = "test-key-not-real";

mlab::config settings(const char *endpoint)
{
    mlab::config config;
    config.set_endpoint(check::setting(endpoint)).set_retries(0);
    return config;
}

void a_body_is_bytes_whatever_is_in_it()
{
    static const char BODY[] = {0, 'a', 0, '\xff', 'b', 0};
    const mlab::client binary(KEY, settings("MLAB_TEST_BINARY"));
    for (const mlab::result &result :
         {binary.try_fetch("1"), binary.try_wait("1"), mlab::try_parse(BODY, sizeof BODY, 401)}) {
        CHECK_EQUAL(result.status(), MLAB_E_AUTH);
        CHECK_EQUAL(result.body().size(), sizeof BODY);
        CHECK(std::memcmp(result.body().data(), BODY, sizeof BODY) == 0);
    }
}

/** How long thirty waits at once take, on ids of this round. */
std::chrono::steady_clock::duration thirty_waits(int round)
{
    const mlab::client client(KEY, settings("MLAB_TEST_HTTP"));
    const auto start = std::chrono::steady_clock::now();
    std::atomic<int> ready(0);
    std::vector<std::thread> threads;
    for (int i = 0; i < 30; i++)
        threads.emplace_back([&client, &ready, round, i] {
            mlab::request request("many-" + std::to_string(round) + "-" + std::to_string(i));
            request.set_poll(seconds(1), seconds(1)).set_eta(milliseconds(600));
            ready += client.try_wait(request).is_ok() ? 1 : 0;
        });
    for (std::thread &thread : threads)
        thread.join();
    CHECK_EQUAL(ready.load(), 30);
    return std::chrono::steady_clock::now() - start;
}

/** In one of three rounds: what else runs on the machine may delay one. */
void thirty_waits_at_once_take_three_seconds()
{
    int slow = 0;
    while (slow < 3 && thirty_waits(slow) >= seconds(3))
        slow++;
    CHECK(slow < 3);
}

/** In pages, as Linux tells it. */
long resident()
{
    long size = 0, pages = 0;
    std::ifstream("/proc/self/statm") >> size >> pages;
    return pages;
}

void ten_thousand_calls_do_not_grow()
{
    const mlab::client client(KEY, settings("MLAB_TEST_HTTP"));
    const std::string body = R"({"status":"success","output":["https://images.example/1.png"]})";
    const auto calls = [&](int count) {
        for (int i = 0; i < count; i++) {
            CHECK(mlab::try_parse(body.data(), body.size(), 200).is_ok());
            CHECK_EQUAL(client.try_wait("no id").status(), MLAB_E_INVALID_ARGUMENT);
            if (i % 10 == 0)
                CHECK(client.try_fetch("12202888").is_ok());
        }
    };
    calls(2000);
    const long before = resident();
    calls(10000);
    CHECK(resident() - before < 256); // 1 MiB
}

} // namespace

int main()
{
    a_body_is_bytes_whatever_is_in_it();
    thirty_waits_at_once_take_three_seconds();
    ten_thousand_calls_do_not_grow();
    // Never ended: the process has to end all the same.
    static const mlab::client left(KEY, settings("MLAB_TEST_HTTP"));
    for (int i = 0; i < 20; i++)
        CHECK_EQUAL(left.try_submit(mlab::request("never-" + std::to_string(i))), MLAB_OK);
    static const mlab::client *const leaked = new mlab::client(KEY, settings("MLAB_TEST_HTTP"));
    CHECK_EQUAL(leaked->try_submit(mlab::request("never-30")), MLAB_OK);
    std::cerr << check::failures() << " failures\n";
    return check::failures() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
