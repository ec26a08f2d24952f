// One part of a program whose parts are compiled by different standards: each has its own layout of the same types.
#include <mlab.hpp>

bool PART();
bool PART()
{
    const char body[] = "{\"status\":\"success\",\"output\":[\"https://images.example/1.png\",\"https://images.example/2.png\"]}";
    const mlab::result result = mlab::try_parse(body);
    std::size_t length = 0;
    for (mlab::string_view url : result.urls())
        length += url.size();
    return result.status() == MLAB_OK && length == 2 * 28 && result.body().size() == sizeof body - 1;
}
