/*
 * The same scenarios in a process that lacks something for all of its life: no network, a root folder with nothing in it,
 * no descriptors, no threads, no room for files. Each is a process of its own; what it lacks it never gets back, but for
 * the limits, after which all must be well again.
 *
 * MLAB_TEST_FOLDER is empty, and everybody may write into it.
 */
#define _GNU_SOURCE
#include "../c/harness.h"
#include "scenarios.h"

#include <errno.h>
#include <fcntl.h>
#include <mlab.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SLACK_MS = 3000, SECONDS_UNTIL_HUNG = 120, SKIPPED = 77, NOBODY = 65534 };

static const char old[] = "the old file";

/* How a scenario ends in some surroundings. */
typedef struct {
    const char *scenario;
    int32_t status;
} ends;

static const scenario *scenario_called(const char *name)
{
    const scenario *of = scenarios;
    while (of->name != NULL && strcmp(of->name, name) != 0)
        of++;
    return of->name == NULL ? NULL : of;
}

static int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const char *path_of(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", getenv("MLAB_TEST_FOLDER"), name);
    return path;
}

/* Without a descriptor: by its size, which that of no image is. */
static int is_old(const char *name)
{
    struct stat about;
    return stat(path_of(name), &about) == 0 && about.st_size == sizeof old - 1;
}

/* Runs them, in this process; how many ended otherwise. The last row has no scenario. */
static int run_all(const ends *rows)
{
    int wrong = 0;
    for (; rows->scenario != NULL; rows++) {
        const scenario *of = scenario_called(rows->scenario);
        int64_t began = milliseconds();
        int32_t status = of->run();
        const char *complaint = scenario_complaint();
        int64_t took = milliseconds() - began;
        int is_kept = of->file == NULL || is_old(of->file) == (status != MLAB_OK);
        if (status == rows->status && complaint == NULL && took <= of->may_take_ms + SLACK_MS && is_kept)
            continue;
        wrong++;
        printf("    %s: %s in %d ms, not %s; %s; %s\n", of->name, mlab_status_name(status), (int)took,
               mlab_status_name(rows->status), complaint == NULL ? "" : complaint,
               is_kept ? "" : "the file is neither the old nor the new one");
    }
    return wrong;
}

static void write_old(const char *name)
{
    int file = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    CHECK(write(file, old, sizeof old - 1) == (ssize_t)(sizeof old - 1));
    close(file);
}

/* `prepare` makes the surroundings: 0, or SKIPPED after saying why. */
static void in(int (*prepare)(void), const ends *rows)
{
    int status = -1;
    pid_t child;
    write_old("1-0.png");
    write_old("download.png");
    fflush(stdout);
    child = fork();
    if (child == 0) {
        int prepared, wrong = 0;
        alarm(SECONDS_UNTIL_HUNG);
        prepared = prepare();
        if (prepared == 0)
            wrong = run_all(rows);
        fflush(stdout);
        _exit(prepared != 0 ? prepared : wrong > 0);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == SKIPPED));
}

static int skip(const char *why)
{
    printf("SKIPPED: %s: %s\n", why, strerror(errno));
    return SKIPPED;
}

/* Whoever is not root may do so in a user namespace of its own, where there are such. */
static int without_network(void)
{
    if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return skip("a network of its own cannot be had here");
    return 0;
}

static void without_a_network_calls_say_so(void)
{
    static const ends rows[] = {
        {"one call", MLAB_E_CONNECT},      {"one secure call", MLAB_E_CONNECT}, {"one call by name", MLAB_E_RESOLVE},
        {"fetch", MLAB_E_CONNECT},         {"secure fetch", MLAB_E_CONNECT},    {"wait", MLAB_E_DEADLINE},
        {"job", MLAB_E_DEADLINE},          {"wait with images", MLAB_E_DEADLINE}, {"wait of a host", MLAB_OK},
        {"CA file", MLAB_OK},              {NULL, 0},
    };
    in(without_network, rows);
}

/* The folder of the files becomes the root: no /etc/resolv.conf, no /etc/hosts, no /etc/ssl, no /dev, no /proc. A user
 * namespace helps here too. */
static int in_an_empty_root(void)
{
    if (chdir(getenv("MLAB_TEST_FOLDER")) != 0)
        return skip("no folder");
    if (chroot(".") != 0 && (unshare(CLONE_NEWUSER) != 0 || chroot(".") != 0))
        return skip("the root cannot be changed here");
    return setenv("MLAB_TEST_FOLDER", "/", 1);
}

static int32_t call_with_the_systems_roots(void)
{
    mlab_config *config = mlab_config_new();
    mlab_result *result = NULL;
    int32_t status = mlab_config_set_endpoint(config, getenv("MLAB_TEST_HTTPS"));
    if (status == MLAB_OK)
        status = mlab_config_set_roots(config, MLAB_ROOTS_SYSTEM);
    if (status == MLAB_OK)
        status = mlab_set_default_config(config);
    if (status == MLAB_OK)
        status = mlab_fetch_queued(TEST_KEY, "1", &result);
    mlab_result_free(result);
    mlab_config_free(config);
    return status;
}

static int in_an_empty_root_with_its_roots(void)
{
    int prepared = in_an_empty_root();
    if (prepared == 0 && call_with_the_systems_roots() != MLAB_E_TLS) {
        printf("    the system's roots are none here\n");
        return EXIT_FAILURE;
    }
    return prepared;
}

static void in_an_empty_root_all_is_well_but_names_and_files(void)
{
    static const ends rows[] = {
        {"one call", MLAB_OK},
        {"one secure call", MLAB_OK},
        {"one call by name", MLAB_E_RESOLVE},
        {"fetch", MLAB_OK},
        {"secure fetch", MLAB_OK},
        {"wait with images", MLAB_OK},
        {"download", MLAB_OK},
        {"CA file", MLAB_E_FILE},
        {NULL, 0},
    };
    in(in_an_empty_root_with_its_roots, rows);
}

static struct rlimit before;

static int limit(__rlimit_resource_t what, rlim_t most)
{
    struct rlimit limited;
    if (getrlimit(what, &before) != 0)
        return -1;
    limited = before;
    limited.rlim_cur = most;
    return setrlimit(what, &limited);
}

/* All that may be open is: each number below the limit is in use. */
static int without_descriptors(void)
{
    int last = dup(0);
    close(last);
    return limit(RLIMIT_NOFILE, (rlim_t)last);
}

static void without_descriptors_calls_say_so(void)
{
    static const ends rows[] = {
        {"one call", MLAB_E_NO_RESOURCES},
        {"one secure call", MLAB_E_NO_RESOURCES},
        {"fetch", MLAB_E_NO_RESOURCES},
        {"download", MLAB_E_FILE},
        {"download into memory", MLAB_E_NO_RESOURCES},
        {"wait of a host", MLAB_E_FILE},
        {"CA file", MLAB_E_FILE},
        {NULL, 0},
    };
    in(without_descriptors, rows);
}

/* Root is not bound by this limit. */
static int without_threads(void)
{
    if (geteuid() == 0 && setresuid(NOBODY, NOBODY, NOBODY) != 0)
        return skip("the user cannot be changed here");
    return limit(RLIMIT_NPROC, 0);
}

static void without_threads_what_needs_none_is_well(void)
{
    static const ends rows[] = {
        {"one call", MLAB_OK},
        {"one secure call", MLAB_OK},
        {"one call by name", MLAB_E_NO_RESOURCES},
        {"fetch", MLAB_OK},
        {"wait", MLAB_OK},
        {"wait with images", MLAB_E_NO_RESOURCES},
        {"job", MLAB_E_NO_RESOURCES},
        {"download", MLAB_E_NO_RESOURCES},
        {"wait of a host", MLAB_OK},
        {"late wait of a host", MLAB_OK},
        {"job of a host", MLAB_OK},
        {NULL, 0},
    };
    in(without_threads, rows);
}

/* A signal comes with it, which ends a process by default: the library writes on threads that block it. */
static int without_room_for_files(void)
{
    return limit(RLIMIT_FSIZE, 16);
}

static void without_room_for_files_the_old_one_stays(void)
{
    static const ends rows[] = {
        {"wait with images", MLAB_E_FILE}, {"job with images", MLAB_E_FILE}, {"download", MLAB_E_FILE},
        {"wait of a host", MLAB_E_FILE},   {"job of a host", MLAB_E_FILE},   {NULL, 0},
    };
    in(without_room_for_files, rows);
}

/* Runs what is well, in the limit and after it. */
static int until_it_is_lifted(void)
{
    int32_t status;
    without_descriptors();
    status = scenario_called("fetch")->run();
    setrlimit(RLIMIT_NOFILE, &before);
    if (status != MLAB_E_NO_RESOURCES)
        printf("    %s in the limit\n", mlab_status_name(status));
    return status != MLAB_E_NO_RESOURCES;
}

static void after_a_limit_all_is_well(void)
{
    static const ends rows[] = {{"fetch", MLAB_OK}, {"wait with images", MLAB_OK}, {"download", MLAB_OK}, {NULL, 0}};
    in(until_it_is_lifted, rows);
}

static const harness_test networks[] = {TEST(without_a_network_calls_say_so), END_OF_TESTS};
static const harness_test roots[] = {TEST(in_an_empty_root_all_is_well_but_names_and_files), END_OF_TESTS};
static const harness_test limits[] = {
    TEST(without_descriptors_calls_say_so),
    TEST(without_threads_what_needs_none_is_well),
    TEST(without_room_for_files_the_old_one_stays),
    TEST(after_a_limit_all_is_well),
    END_OF_TESTS,
};
static const harness_suite suites[] = {{"network", networks}, {"root", roots}, {"limits", limits}, {NULL, NULL}};

int main(int argc, char **argv)
{
    return harness_main(suites, argc, argv);
}
