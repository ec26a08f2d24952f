// What the programs of the wrapper share.
#ifndef WRAPPER_HPP
#define WRAPPER_HPP

#include "check.hpp"

#include <mlab.hpp>

#include <chrono>
#include <string>

using std::chrono::milliseconds;
using std::chrono::seconds;

const char *const KEY = "test-key-not-real";

inline mlab::config settings(const char *endpoint = "MLAB_TEST_HTTP")
{
    mlab::config config;
    config.set_endpoint(check::setting(endpoint)).set_retries(0);
    return config;
}

inline const mlab::client &client()
{
    static const mlab::client shared(KEY, settings());
    return shared;
}

inline std::string text(mlab::string_view view) { return std::string(view); }

inline mlab::request never()
{
    mlab::request request("never-1");
    request.set_deadline(seconds(30)).set_poll(seconds(1), seconds(1));
    return request;
}

/** Failures, in the one error style or the other (errors.cpp). */
void errors();

#endif // WRAPPER_HPP
