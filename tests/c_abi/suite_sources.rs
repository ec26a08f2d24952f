//! What the suite is made of. Also read by the tests of packages.

/// From the root of the repository.
pub(crate) const SOURCES: [&str; 23] = [
    "tests/c/suite.c",
    "tests/c/harness.c",
    "tests/c/settings.c",
    "tests/c/identity.c",
    "tests/c/host_http.c",
    "tests/c/arguments.c",
    "tests/c/parse.c",
    "tests/c/result.c",
    "tests/c/setter_checks.c",
    "tests/c/config.c",
    "tests/c/ca_files.c",
    "tests/c/request.c",
    "tests/c/threads.c",
    "tests/c/fetch.c",
    "tests/c/jobs.c",
    "tests/c/transport.c",
    "tests/c/replies.c",
    "tests/c/ready_host.c",
    "tests/c/callbacks.c",
    "tests/c/bad_hosts.c",
    "tests/c/closing.c",
    "tests/c/event_loop.c",
    "tests/c/test_clients.c",
];
