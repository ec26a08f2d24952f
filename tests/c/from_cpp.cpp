// The same header from C++: types that stay incomplete are owned by smart pointers, and nothing is thrown through.
#include <mlab.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace {

struct Free {
    void operator()(mlab_result *result) const { mlab_result_free(result); }
    void operator()(mlab_config *config) const { mlab_config_free(config); }
};

std::vector<std::string> fetch(const char *id)
{
    mlab_result *out = nullptr;
    const int32_t status = mlab_fetch_queued("test-key-not-real", id, &out);
    const std::unique_ptr<mlab_result, Free> result(out);
    if (status != MLAB_OK) {
        std::cerr << mlab_status_name(status) << ": " << mlab_result_message(result.get()) << '\n';
        return {};
    }
    std::size_t count = 0;
    const char *const *urls = mlab_result_urls(result.get(), &count);
    return std::vector<std::string>(urls, urls + count);
}

} // namespace

int main()
{
    const char *endpoint = std::getenv("MLAB_TEST_HTTP");
    const std::unique_ptr<mlab_config, Free> config(mlab_config_new());
    if (endpoint == nullptr || mlab_config_set_endpoint(config.get(), endpoint) != MLAB_OK ||
        mlab_set_default_config(config.get()) != MLAB_OK)
        return EXIT_FAILURE;
    return fetch("12202888").size() == 4 && fetch("404").empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}
