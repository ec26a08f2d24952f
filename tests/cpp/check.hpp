// Checks that are counted; a failure says file and line, and the test goes on.
#ifndef CHECK_HPP
#define CHECK_HPP

#include <cstdlib>
#include <iostream>
#include <string>

namespace check {

inline int &failures()
{
    static int count = 0;
    return count;
}

inline bool held(bool condition, const char *what, const char *file, int line)
{
    if (!condition) {
        ++failures();
        std::cerr << file << ':' << line << ": " << what << '\n';
    }
    return condition;
}

template <class Got, class Wanted>
bool equal(const Got &got, const Wanted &wanted, const char *what, const char *file, int line)
{
    const bool same = got == wanted;
    if (!same) {
        ++failures();
        std::cerr << file << ':' << line << ": " << what << " is " << got << ", not " << wanted << '\n';
    }
    return same;
}

/** What the runner hands in by the environment. */
inline std::string setting(const char *name)
{
    const char *value = std::getenv(name);
    held(value != nullptr, name, __FILE__, __LINE__);
    return value == nullptr ? std::string() : std::string(value);
}

} // namespace check

#define CHECK(condition) check::held((condition), #condition, __FILE__, __LINE__)
#define CHECK_EQUAL(got, wanted) check::equal((got), (wanted), #got, __FILE__, __LINE__)

#endif // CHECK_HPP
