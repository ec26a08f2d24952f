/*
 * Each scenario again and again, and each time another call of the system fails in it: the first of its kind, the second,
 * and so on until a run makes fewer. Whatever fails: the function ends with a status that the header lists for it, in time,
 * and leaves no descriptor, thread, memory and temporary file; a file is the old one or the whole new one; and the next run
 * is as good as the first.
 *
 *     torture                              says the names of the scenarios and kinds
 *     torture SCENARIO [KIND [ERRNO N]]    says how many calls failed, of each kind, and what went wrong
 *
 * Each run is a process of its own, so that one which hangs or crashes is seen and ended. It leaves by exit(), where what
 * the library counts of its coverage is written. A run is cold, the first use of the library in its process, or warm,
 * after two good ones; only then is memory counted to the byte, since some of it is made once a process.
 * MLAB_TEST_QUICK: warm alone, and the first errno of each kind. MLAB_TEST_PLANTED: a mistake that must be found, see
 * plant().
 */
#define _GNU_SOURCE
#include "allocations.h"
#include "faults.h"
#include "files.h"
#include "scenarios.h"

#include <dirent.h>
#include <documented_statuses.h>
#include <errno.h>
#include <fcntl.h>
#include <mlab.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    SLACK_MS = 3000, /* for a busy machine */
    SECONDS_UNTIL_HUNG = 30,
    MOST_CALLS = 500, /* of one kind in one run; more is a complaint */
    LEAVING_MS = 3000, /* within which a thread that has nothing more to do is gone */
    DID_NOT_FIRE = 3,
};

static void *sleep_long(void *unused)
{
    (void)unused;
    sleep(2 * SECONDS_UNTIL_HUNG);
    return NULL;
}

typedef struct {
    const scenario *of;
    int kind, error;
    unsigned long n;
    int is_warm;
} fault;

static const fault *current;
static int failures;

static void complain(const char *what, long a, long b)
{
    if (failures++ == 0)
        printf("%s: %s no. %lu fails with %s, %s:\n", current->of->name, fault_kinds[current->kind].name, current->n,
               fault_kinds[current->kind].errnos[0] < 0 ? "an error of the lookup" : strerror(current->error),
               current->is_warm ? "warm" : "cold");
    printf("    %s (%ld, %ld)\n", what, a, b);
}

static int64_t milliseconds(void)
{
    struct timespec now_is;
    clock_gettime(CLOCK_MONOTONIC, &now_is);
    return (int64_t)now_is.tv_sec * 1000 + now_is.tv_nsec / 1000000;
}

static long entries(const char *folder)
{
    DIR *listing = opendir(folder);
    long count = 0;
    while (listing != NULL && readdir(listing) != NULL)
        count++;
    if (listing != NULL)
        closedir(listing);
    return count;
}

static int is_documented(const char *function, int32_t status)
{
    for (const documented *row = documented_statuses; row->function != NULL; row++)
        if (strcmp(row->function, function) == 0)
            for (size_t i = 0; i < row->count; i++)
                if (row->statuses[i] == status)
                    return 1;
    return 0;
}

/* What a library with the mistake that is planted would have done in the run that has just ended. */
static void plant(const scenario *of, int32_t *status, int64_t *took)
{
    const char *planted = getenv("MLAB_TEST_PLANTED");
    pthread_t thread;
    if (planted == NULL)
        return;
    if (strcmp(planted, "status") == 0)
        *status = MLAB_E_BUSY;
    else if (strcmp(planted, "late") == 0)
        *took += 60000;
    else if (strcmp(planted, "memory") == 0)
        mlab_request_new("never freed");
    else if (strcmp(planted, "descriptor") == 0)
        dup(0);
    else if (strcmp(planted, "thread") == 0)
        pthread_create(&thread, NULL, sleep_long, NULL);
    else if (strcmp(planted, "file") == 0 && truncate(files_path_of(of->file), 3) != 0)
        abort();
    else if (strcmp(planted, "part") == 0)
        close(open(files_path_of(".mlab-0.part"), O_WRONLY | O_CREAT, 0644));
    else if (strcmp(planted, "hang") == 0)
        sleep_long(NULL);
    else if (strcmp(planted, "crash") == 0)
        abort();
}

static void check_file(const scenario *of, int32_t status)
{
    size_t len;
    file_state state;
    if (of->file == NULL)
        return;
    state = files_look_at(of->file, &len);
    if (state == FILE_IS_NEITHER)
        complain("the file is neither the old nor the new one: status, bytes", status, (long)len);
    if (status == MLAB_OK && state != FILE_IS_WHOLE)
        complain("the file is not the new one: status, bytes", status, (long)len);
}

static long wait_for_threads(long wanted)
{
    long threads = 0;
    for (int64_t end = milliseconds() + LEAVING_MS; milliseconds() < end;) {
        struct timespec pause = {0, 1000000};
        if ((threads = entries("/proc/self/task")) <= wanted)
            break;
        nanosleep(&pause, NULL);
    }
    return threads;
}

/* One run of the scenario with the fault; whether it was met. */
static int run_with_the_fault(const fault *fault, long descriptors, long threads)
{
    const scenario *of = fault->of;
    int64_t began = milliseconds(), took;
    int has_fired;
    long left;
    int32_t status;
    const char *complaint;
    faults_arm(fault->kind, fault->n, fault->error);
    status = of->run();
    has_fired = faults_disarm();
    took = milliseconds() - began;
    if (has_fired)
        plant(of, &status, &took);
    if ((complaint = scenario_complaint()) != NULL)
        complain(complaint, status, took);
    if (!is_documented(of->function, status) || status == MLAB_E_INTERNAL)
        complain("the header does not list this status", status, took);
    if (took > of->may_take_ms + SLACK_MS)
        complain("it took too long, in ms", (long)took, of->may_take_ms);
    check_file(of, status);
    /* What cannot be removed may stay. */
    left = files_remove_temporary();
    if (left > 0 && strcmp(fault_kinds[fault->kind].name, "unlink") != 0)
        complain("temporary files are left", left, status);
    if ((left = wait_for_threads(threads)) > threads)
        complain("threads are left", left - threads, status);
    if ((left = entries("/proc/self/fd")) != descriptors)
        complain("descriptors are left", left - descriptors, status);
    return has_fired;
}

static void run_well(const scenario *of)
{
    int32_t status = of->run();
    const char *complaint = scenario_complaint();
    if (complaint != NULL)
        complain(complaint, status, 0);
    if (status != of->healthy)
        complain("without a fault it ends otherwise", status, of->healthy);
}

/* In a process of its own; gives what that exits with. */
static int torture_once(const fault *fault)
{
    long descriptors, threads, bytes, blocks;
    int has_fired;
    current = fault;
    alarm(SECONDS_UNTIL_HUNG);
    faults_begin();
    allocations_begin();
    descriptors = entries("/proc/self/fd");
    threads = entries("/proc/self/task");
    if (fault->of->file != NULL)
        files_write_old(fault->of->file);
    for (int i = 0; fault->is_warm && i < 2; i++)
        run_well(fault->of);
    if (fault->of->file != NULL)
        files_write_old(fault->of->file);
    bytes = allocations_bytes();
    blocks = allocations_blocks();
    has_fired = run_with_the_fault(fault, descriptors, threads);
    if (fault->is_warm && allocations_blocks() > blocks)
        complain("memory is left: blocks, bytes", allocations_blocks() - blocks, allocations_bytes() - bytes);
    run_well(fault->of);
    if (has_fired && fault->is_warm && allocations_blocks() > blocks)
        complain("memory is left after the next run: blocks, bytes", allocations_blocks() - blocks,
                 allocations_bytes() - bytes);
    fflush(stdout);
    return failures > 0 ? EXIT_FAILURE : has_fired ? EXIT_SUCCESS : DID_NOT_FIRE;
}

/* Forks for one run; 0 if it was well, DID_NOT_FIRE if there was nothing to fail. */
static int in_a_process(const fault *fault)
{
    int status = -1;
    pid_t child;
    current = fault;
    fflush(stdout);
    child = fork();
    if (child == 0)
        exit(torture_once(fault));
    if (child < 0 || waitpid(child, &status, 0) != child)
        abort();
    if (WIFEXITED(status) && WEXITSTATUS(status) <= DID_NOT_FIRE && WEXITSTATUS(status) != 2)
        return WEXITSTATUS(status);
    failures = 0;
    complain(WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ? "it hangs" : "it ends with the signal",
             WIFSIGNALED(status) ? WTERMSIG(status) : 0, status);
    if (fault->of->file != NULL)
        files_remove_temporary();
    return EXIT_FAILURE;
}

static unsigned long runs, wrong;

/* One call after the other; how many could be failed. */
static unsigned long torture_calls(fault fault, unsigned long only_n)
{
    unsigned long fired = 0;
    for (fault.n = only_n == 0 ? 1 : only_n; fault.n <= MOST_CALLS; fault.n++) {
        int ended = in_a_process(&fault);
        runs++;
        wrong += ended == EXIT_FAILURE;
        fired += ended == EXIT_SUCCESS;
        if (ended == DID_NOT_FIRE || only_n != 0)
            return fired;
    }
    current = &fault;
    failures = 0;
    complain("there are more calls than are tried", MOST_CALLS, 0);
    wrong++;
    return fired;
}

/* With each errno; how many calls failed, in all. */
static unsigned long torture_kind(const scenario *of, int kind, int is_warm, int only_error, unsigned long only_n)
{
    const int *errnos = fault_kinds[kind].errnos;
    unsigned long fired = 0;
    for (size_t i = 0; i < sizeof fault_kinds[kind].errnos / sizeof *errnos && errnos[i] != 0; i++)
        if ((only_error == 0 || errnos[i] == only_error) && (i == 0 || getenv("MLAB_TEST_QUICK") == NULL))
            fired += torture_calls((fault){of, kind, errnos[i], 0, is_warm}, only_n);
    return fired;
}

static void say_names(void)
{
    for (const scenario *of = scenarios; of->name != NULL; of++)
        printf("scenario: %s\n", of->name);
    for (const fault_kind *kind = fault_kinds; kind->name != NULL; kind++)
        printf("kind: %s\n", kind->name);
}

int main(int argc, char **argv)
{
    const char *why;
    const scenario *of = scenarios;
    if (!faults_can_be_had(&why)) {
        printf("SKIPPED: system calls cannot be judged here: %s\n", why);
        return EXIT_SUCCESS;
    }
    if (argc < 2) {
        say_names();
        return EXIT_SUCCESS;
    }
    while (of->name != NULL && strcmp(of->name, argv[1]) != 0)
        of++;
    if (of->name == NULL)
        return 2;
    files_learn(of);
    for (int kind = 0; fault_kinds[kind].name != NULL; kind++) {
        unsigned long fired = 0;
        if (argc > 2 && strcmp(fault_kinds[kind].name, argv[2]) != 0)
            continue;
        for (int is_warm = getenv("MLAB_TEST_QUICK") != NULL; is_warm <= 1; is_warm++)
            fired += torture_kind(of, kind, is_warm, argc > 3 ? atoi(argv[3]) : 0,
                                  argc > 4 ? strtoul(argv[4], NULL, 10) : 0);
        printf("fired: %s: %lu\n", fault_kinds[kind].name, fired);
    }
    printf("%s: %lu runs, %lu wrong\n", of->name, runs, wrong);
    return wrong == 0 && runs > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
