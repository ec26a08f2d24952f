/* What hosts do to a client that they share their process with. A topic a file, or a part of one that needs a server
 * of its own, which the runner gives it. */
#include "../c/harness.h"

extern const harness_test fork_idle_tests[], fork_busy_tests[], fork_locks_tests[], fork_lookup_tests[],
    descriptor_tests[], signal_restart_tests[], signal_interrupt_tests[], proxy_rubbish_tests[], proxy_refuses_tests[],
    proxy_tunnels_tests[], log_tests[], end_tests[], sending_tests[],
    slow_disk_wait_tests[], slow_disk_job_tests[], slow_disk_call_tests[], slow_disk_host_tests[], slow_disk_removal_tests[],
    signal_image_tests[];

static const harness_suite suites[] = {
    {"fork-idle", fork_idle_tests},
    {"fork-busy", fork_busy_tests},
    {"fork-locks", fork_locks_tests},
    {"fork-lookup", fork_lookup_tests},
    {"descriptors", descriptor_tests},
    {"signals-restart", signal_restart_tests},
    {"signals-interrupt", signal_interrupt_tests},
    {"signals-images", signal_image_tests},
    {"proxy-rubbish", proxy_rubbish_tests},
    {"proxy-refuses", proxy_refuses_tests},
    {"proxy-tunnels", proxy_tunnels_tests},
    {"log", log_tests},
    {"ends", end_tests},
    {"sending", sending_tests},
    {"slow-disk-wait", slow_disk_wait_tests},
    {"slow-disk-job", slow_disk_job_tests},
    {"slow-disk-call", slow_disk_call_tests},
    {"slow-disk-host", slow_disk_host_tests},
    {"slow-disk-removal", slow_disk_removal_tests},
    {NULL, NULL},
};

int main(int argc, char **argv)
{
    return harness_main(suites, argc, argv);
}
