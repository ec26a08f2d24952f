/*
 * Processes whose first call of the library comes at an awkward moment. Argument 1 says which, the endpoint is in
 * MLAB_TEST_ENDPOINT, its roots may be in MLAB_TEST_CA_FILE. Exits with 0 if all went well; what did not is on stderr.
 */
#define _GNU_SOURCE
#include <mlab.h>

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Obviously false, and the only one that the stand-in takes. */
#define TEST_KEY "test-key-not-real"

enum { SECONDS_UNTIL_HUNG = 15, TRIES = 200, FORKS_IN_A_HANDLER = 1000 };

static int32_t one_call(void)
{
    mlab_config *config = mlab_config_new();
    mlab_client *client = NULL;
    mlab_result *result = NULL;
    const char *roots = getenv("MLAB_TEST_CA_FILE");
    int32_t status = mlab_config_set_endpoint(config, getenv("MLAB_TEST_ENDPOINT"));

    if (status == MLAB_OK && roots != NULL)
        status = mlab_config_set_ca_file(config, roots);
    if (status == MLAB_OK)
        status = mlab_config_set_retries(config, 0);
    if (status == MLAB_OK)
        status = mlab_client_new(TEST_KEY, config, &client);
    if (status == MLAB_OK)
        status = mlab_client_fetch(client, "1", NULL, &result);
    if (status != MLAB_OK)
        fprintf(stderr, "status %d: %s\n", (int)status, mlab_result_message(result));
    mlab_result_free(result);
    mlab_client_free(client);
    mlab_config_free(config);
    return status;
}

static atomic_int begun;

static void *first_call(void *status)
{
    atomic_store(&begun, 1);
    *(int32_t *)status = one_call();
    return NULL;
}

static int exit_of(pid_t child)
{
    int status = -1;
    if (child <= 0 || waitpid(child, &status, 0) != child)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* One try, in a process that has not called the library yet. */
static int fork_during_a_first_call(unsigned delay)
{
    pthread_t thread;
    int32_t of_parent = -1;
    pid_t child;
    int of_child;

    if (pthread_create(&thread, NULL, first_call, &of_parent) != 0)
        return 2;
    while (atomic_load(&begun) == 0)
        continue;
    for (volatile unsigned i = 0; i < delay; i++)
        continue;
    child = fork();
    if (child == 0) {
        alarm(SECONDS_UNTIL_HUNG);
        _exit(one_call() == MLAB_OK ? 0 : 3);
    }
    of_child = exit_of(child);
    pthread_join(thread, NULL);
    if (of_child != 0)
        fprintf(stderr, "the child ended with %d\n", of_child);
    return of_child != 0 || of_parent != MLAB_OK;
}

/* The delays reach from the first instruction to well past the end of a first call's own settings. */
static int first_calls_and_forks(void)
{
    for (int i = 0; i < TRIES; i++) {
        pid_t child = fork();
        int how;
        if (child == 0)
            _exit(fork_during_a_first_call((unsigned)i * 5000u));
        how = exit_of(child);
        if (how != 0) {
            fprintf(stderr, "try %d ended with %d\n", i, how);
            return 1;
        }
    }
    return 0;
}

static volatile sig_atomic_t forked, failed;

static void fork_a_child(int number)
{
    pid_t child = fork();
    (void)number;
    if (child == 0)
        _exit(0);
    failed |= exit_of(child) != 0;
    forked++;
}

/* The one thread there is, so that the C library takes no lock at a fork: what could hang is the library's. */
static int forks_in_a_signal_handler(void)
{
    const struct itimerspec often = {{0, 300000}, {0, 300000}};
    struct sigaction action;
    struct sigevent event;
    timer_t timer;
    mlab_config *config = mlab_config_new();

    memset(&action, 0, sizeof action);
    action.sa_handler = fork_a_child;
    action.sa_flags = SA_RESTART;
    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGUSR1;
    alarm(60);
    if (sigaction(SIGUSR1, &action, NULL) != 0 || timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 ||
        timer_settime(timer, 0, &often, NULL) != 0)
        return 2;
    while (forked < FORKS_IN_A_HANDLER && !failed)
        mlab_set_default_config(config);
    timer_delete(timer);
    mlab_set_default_config(NULL);
    mlab_config_free(config);
    return failed;
}

/* Whatever becomes of the first calls, a later one is well: nothing stays broken. */
static int a_call_after_others(void)
{
    one_call();
    one_call();
    return one_call() != MLAB_OK;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "forks") == 0)
        return first_calls_and_forks();
    if (strcmp(what, "handler") == 0)
        return forks_in_a_signal_handler();
    if (strcmp(what, "third") == 0)
        return a_call_after_others();
    return 64;
}
