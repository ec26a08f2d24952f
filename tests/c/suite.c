/*
 * The C ABI from a C program's side. A topic a file; what needs TLS is a topic of its own, because valgrind needs
 * suppressions for it and for nothing else.
 */
#include "harness.h"

extern const harness_test identity_tests[], argument_tests[], parse_tests[], result_tests[],
    config_tests[], ca_file_tests[], request_tests[], thread_tests[], fetch_tests[], job_tests[], transport_tests[], reply_tests[],
    closing_tests[], callback_tests[], bad_host_tests[], event_loop_tests[], secure_tests[],
    own_http_tests[];

static const harness_suite suites[] = {
    {"identity", identity_tests}, {"arguments", argument_tests},
    {"parse", parse_tests},       {"result", result_tests},       {"config", config_tests},
    {"ca_files", ca_file_tests},
    {"request", request_tests},   {"threads", thread_tests},      {"fetch", fetch_tests},
    {"jobs", job_tests},          {"transport", transport_tests}, {"replies", reply_tests},
    {"callbacks", callback_tests}, {"bad_hosts", bad_host_tests},
    {"closing", closing_tests},   {"event_loop", event_loop_tests}, {"secure", secure_tests},
    {"own_http", own_http_tests}, {NULL, NULL},
};

int main(int argc, char **argv)
{
    return harness_main(suites, argc, argv);
}
