/*
 * The host is left as it was: whatever the end of a call, errno, signals, threads, descriptors, locale, environment and
 * output are as they were before.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "exported.h"
#include "harness.h"
#include "next_event.h"
#include "quiet.h"
#include "settings.h"
#include "slow_send.h"
#include "snapshot.h"

#include <dlfcn.h>
#include <errno.h>
#include <locale.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t broken_pipes;

static void count_broken_pipe(int number)
{
    (void)number;
    broken_pipes++;
}

typedef int lookup(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found);

static int unknown_names;

/* The C library's, but for the name that does not exist: a name server of the network would be asked for that. */
int getaddrinfo(const char *restrict name, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict found)
{
    lookup *real;
    if (strcmp(name, "nothing.invalid") == 0) {
        unknown_names++;
        return EAI_NONAME;
    }
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    return real(name, service, hints, found);
}

/* Dispositions and a mask that are not the defaults, so that setting the defaults would show. */
static void set_up_an_odd_host(void)
{
    struct sigaction action;
    sigset_t blocked;
    memset(&action, 0, sizeof action);
    action.sa_handler = count_broken_pipe;
    action.sa_flags = SA_RESTART | SA_NODEFER;
    sigaddset(&action.sa_mask, SIGUSR1);
    CHECK_INT(sigaction(SIGPIPE, &action, NULL), 0);
    CHECK_INT(sigaction(SIGUSR2, &action, NULL), 0);
    action.sa_handler = SIG_IGN;
    CHECK_INT(sigaction(SIGHUP, &action, NULL), 0);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigaddset(&blocked, SIGTERM);
    CHECK_INT(pthread_sigmask(SIG_BLOCK, &blocked, NULL), 0);
    CHECK(setlocale(LC_ALL, "C") != NULL);
}

/* Makes this the default endpoint, makes the one call, and checks its status and that the host is as it was. */
static void check_call(const char *endpoint, const char *ca_file, int32_t wanted)
{
    mlab_result *result = NULL;
    int32_t status;
    snapshot *before;
    size_t written;
    test_endpoint(endpoint, ca_file);
    before = snapshot_take();
    quiet_begin();
    CALL(status = mlab_fetch_queued(TEST_KEY, "12202888", &result));
    written = quiet_end();
    snapshot_check(before);
    CHECK_SIZE(written, 0);
    if (!CHECK_INT(status, wanted))
        CHECK_TEXT(mlab_result_message(result), "");
    mlab_result_free(result);
}

static const struct {
    const char *name, *endpoint, *ca_file;
    int32_t status;
} ends[] = {
    {"success over http", "MLAB_TEST_HTTP", NULL, MLAB_OK},
    {"success over https", "MLAB_TEST_HTTPS", "MLAB_TEST_CA_FILE", MLAB_OK},
    {"success with a resumed session", "MLAB_TEST_HTTPS", "MLAB_TEST_CA_FILE", MLAB_OK},
    {"an unknown root", "MLAB_TEST_HTTPS", NULL, MLAB_E_TLS},
    {"a refused connection", "MLAB_TEST_REFUSED", NULL, MLAB_E_CONNECT},
    {"a name that does not exist", "MLAB_TEST_NO_NAME", NULL, MLAB_E_RESOLVE},
    {"a reply cut in its middle", "MLAB_TEST_CUT", NULL, MLAB_E_PROTOCOL},
    {"a reset in place of the reply", "MLAB_TEST_NO_REPLY", NULL, MLAB_E_NETWORK},
    {"success after all that", "MLAB_TEST_HTTP", NULL, MLAB_OK},
};

static void the_host_is_as_it_was_however_a_call_ends(void)
{
    set_up_an_odd_host();
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        harness_row(ends[i].name);
        check_call(ends[i].endpoint, ends[i].ca_file, ends[i].status);
    }
    CHECK_INT(unknown_names, 1);
    CHECK_INT(broken_pipes, 0);
}

static void every_function_leaves_the_host_as_it_was(void)
{
    exported_objects objects = exported_objects_new();
    for (size_t i = 0; i < exported_function_count; i++) {
        snapshot *before;
        size_t written;
        harness_row(exported_functions[i].name);
        /* A client's first call opens the connection that it keeps. */
        exported_functions[i].call(&objects, 0);
        before = snapshot_take();
        quiet_begin();
        exported_functions[i].call(&objects, 0);
        written = quiet_end();
        snapshot_check(before);
        CHECK_SIZE(written, 0);
    }
    exported_objects_free(&objects);
}

/* With threads and kept connections, which end with the client. */
static void a_client_with_jobs_is_gone_without_a_trace_once_freed(void)
{
    exported_objects objects = exported_objects_new();
    mlab_client *client = NULL;
    mlab_event *event;
    snapshot *before = snapshot_take();
    size_t written;
    quiet_begin();
    CHECK_INT(mlab_client_new(TEST_KEY, objects.config, &client), MLAB_OK);
    CALL(CHECK_INT(mlab_client_submit(client, objects.request, NULL), MLAB_OK));
    CALL(event = next_event(client, 60000));
    CHECK_INT(mlab_event_status(event), MLAB_OK);
    mlab_event_free(event);
    CHECK_INT(mlab_client_submit(client, objects.request, NULL), MLAB_OK);
    CALL(mlab_client_free(client));
    written = quiet_end();
    snapshot_check(before);
    CHECK_SIZE(written, 0);
    exported_objects_free(&objects);
}

/* The server ends the connection at once; of the request's two halves the second meets a broken pipe. */
static void sigpipe_never_fires(void)
{
    mlab_result *result = NULL;
    test_endpoint("MLAB_TEST_HANG_UP", NULL);
    broken_pipes = 0;
    slow_send_begin();
    CHECK_INT(mlab_fetch_queued(TEST_KEY, "12202888", &result), MLAB_E_NETWORK);
    CHECK_INT(slow_send_end(), 1);
    CHECK_INT(broken_pipes, 0);
    mlab_result_free(result);
}

static const harness_test tests[] = {
    TEST(the_host_is_as_it_was_however_a_call_ends),
    TEST(every_function_leaves_the_host_as_it_was),
    TEST(a_client_with_jobs_is_gone_without_a_trace_once_freed),
    TEST(sigpipe_never_fires),
    END_OF_TESTS,
};

int main(int argc, char **argv)
{
    static const harness_suite suites[] = {{"host", tests}, {NULL, NULL}};
    return harness_main(suites, argc, argv);
}
