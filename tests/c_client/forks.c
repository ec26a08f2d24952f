/* A host that forks, with a client that idles and with one that is busy. */
#define _POSIX_C_SOURCE 200809L
#include "../c/harness.h"
#include "client.h"

#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS_UNTIL_HUNG = 20, CHILDREN = 25, BUSY = 4 };

/*
 * What a child does with its parent's client and with one of its own. Returns the number of the first step that went
 * wrong, 0 if none did. No CHECK: what the harness printed would be printed by both processes.
 */
static int use_the_client_of_the_parent(mlab_client *parents)
{
    mlab_request *request;
    mlab_result *result = NULL;
    mlab_client *own;
    int step = 0;

    if (mlab_client_fetch(parents, "1", NULL, &result) != MLAB_E_FORKED)
        step = 1;
    else if (strstr(mlab_result_message(result), "fork") == NULL || mlab_result_attempts(result) != 0)
        step = 2;
    mlab_result_free(result);
    request = mlab_request_new("1");
    if (step == 0 && mlab_client_wait(parents, request, NULL, &result) != MLAB_E_FORKED)
        step = 3;
    mlab_result_free(result);
    mlab_request_free(request);
    if (step == 0 && mlab_client_fetch(parents, "not an id", NULL, &result) >= 0)
        step = 4;
    mlab_result_free(result);
    if (step == 0 && mlab_client_shutdown(parents, 0) != MLAB_E_FORKED)
        step = 5;
    mlab_client_free(parents);

    own = test_client("MLAB_TEST_ENDPOINT", NULL);
    if (step == 0 && test_fetch(own, "1") != MLAB_OK)
        step = 6;
    mlab_client_free(own);
    return step;
}

/* Forks a child that does so; its outcome, or the signal that ended it. */
static int in_a_child(mlab_client *client)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS_UNTIL_HUNG);
        _exit(use_the_client_of_the_parent(client));
    }
    if (!CHECK(child > 0) || !CHECK(waitpid(child, &status, 0) == child))
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void a_child_of_an_idle_client_harms_nothing(void)
{
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", NULL);
    CHECK_INT(test_fetch(client, "1"), MLAB_OK);
    CHECK_INT(in_a_child(client), 0);
    CHECK_INT(in_a_child(client), 0);
    /* Over the connection that it had: the runner counts. */
    CHECK_INT(test_fetch(client, "1"), MLAB_OK);
    mlab_client_free(client);
}

typedef struct {
    mlab_client *client;
    atomic_int *stop;
    unsigned long fetched, wrong; /* each thread its own; read after the join */
} worker;

static void *fetch_until_told(void *argument)
{
    worker *self = argument;
    while (!atomic_load(self->stop)) {
        self->wrong += test_fetch(self->client, "1") != MLAB_OK;
        self->fetched++;
    }
    return NULL;
}

static void children_of_a_busy_client_harm_nothing(void)
{
    pthread_t threads[BUSY];
    worker workers[BUSY];
    atomic_int stop = 0;
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", NULL);
    /* What is made once a process is made before the forks. */
    CHECK_INT(test_fetch(client, "1"), MLAB_OK);
    for (int i = 0; i < BUSY; i++) {
        workers[i] = (worker){client, &stop, 0, 0};
        CHECK_INT(pthread_create(&threads[i], NULL, fetch_until_told, &workers[i]), 0);
    }
    for (int i = 0; i < CHILDREN; i++)
        CHECK_INT(in_a_child(client), 0);
    atomic_store(&stop, 1);
    for (int i = 0; i < BUSY; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT((int64_t)workers[i].wrong, 0);
        CHECK(workers[i].fetched > 0);
    }
    mlab_client_free(client);
}

/* What all threads of a host, and of its children, share; with TLS tickets, a log and a cancel in it. */
static mlab_config *shared_config;
static mlab_cancel *shared_cancel;

static void take_entry(void *user, int32_t level, const char *area, const char *text)
{
    (void)user;
    (void)level;
    (void)area;
    (void)text;
}

/* Everything that takes a lock outside a client, or on another's behalf: one poll with a handshake of its own, a client. */
static int use_what_is_shared(int32_t wanted)
{
    mlab_client *client = NULL;
    mlab_result *result = NULL;
    int is_good = mlab_set_default_config(shared_config) == MLAB_OK;
    is_good = mlab_fetch_queued(TEST_KEY, "1", &result) == MLAB_OK && is_good;
    mlab_result_free(result);
    is_good = mlab_client_new(TEST_KEY, shared_config, &client) == MLAB_OK && is_good;
    is_good = mlab_client_fetch(client, "1", shared_cancel, &result) == wanted && is_good;
    mlab_result_free(result);
    mlab_client_free(client);
    return is_good;
}

static void *use_until_told(void *argument)
{
    worker *self = argument;
    while (!atomic_load(self->stop)) {
        self->wrong += !use_what_is_shared(MLAB_OK);
        self->fetched++;
    }
    return NULL;
}

static int share_in_a_child(void)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        int is_good;
        alarm(SECONDS_UNTIL_HUNG);
        is_good = use_what_is_shared(MLAB_OK);
        mlab_cancel_trigger(shared_cancel);
        _exit(is_good && use_what_is_shared(MLAB_E_CANCELLED) ? 0 : 1);
    }
    if (!CHECK(child > 0) || !CHECK(waitpid(child, &status, 0) == child))
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void children_get_no_lock_that_a_thread_of_the_parent_holds(void)
{
    enum { MANY = 300 };
    pthread_t threads[BUSY];
    worker workers[BUSY];
    atomic_int stop = 0;
    shared_config = mlab_config_new();
    shared_cancel = mlab_cancel_new();
    CHECK_INT(mlab_config_set_endpoint(shared_config, getenv("MLAB_TEST_ENDPOINT")), MLAB_OK);
    CHECK_INT(mlab_config_set_ca_file(shared_config, getenv("MLAB_TEST_CA_FILE")), MLAB_OK);
    CHECK_INT(mlab_config_set_log(shared_config, MLAB_LOG_DEBUG, take_entry, NULL), MLAB_OK);
    CHECK(use_what_is_shared(MLAB_OK));
    for (int i = 0; i < BUSY; i++) {
        workers[i] = (worker){NULL, &stop, 0, 0};
        CHECK_INT(pthread_create(&threads[i], NULL, use_until_told, &workers[i]), 0);
    }
    /* One that hangs is enough, and takes long. */
    for (int i = 0; i < MANY && CHECK_INT(share_in_a_child(), 0); i++)
        continue;
    atomic_store(&stop, 1);
    for (int i = 0; i < BUSY; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT((int64_t)workers[i].wrong, 0);
    }
    mlab_cancel_free(shared_cancel);
    mlab_config_free(shared_config);
    mlab_set_default_config(NULL);
}

/* The system's lookup, in the place of the C library's: one name is slow, and no other is known. */
static atomic_int is_slow, begun;

int getaddrinfo(const char *restrict name, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict found)
{
    struct addrinfo *info;
    struct sockaddr_in *address;

    (void)service;
    if (strcmp(name, "slow.test") != 0)
        return EAI_NONAME;
    atomic_fetch_add(&begun, 1);
    while (atomic_load(&is_slow))
        test_sleep_ms(2);
    /* In one block, as freeaddrinfo wants it. */
    info = calloc(1, sizeof *info + sizeof *address);
    if (info == NULL)
        return EAI_MEMORY;
    address = (struct sockaddr_in *)(info + 1);
    address->sin_family = AF_INET;
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *info = (struct addrinfo){.ai_family = AF_INET, .ai_socktype = hints == NULL ? 0 : hints->ai_socktype};
    info->ai_addr = (struct sockaddr *)address;
    info->ai_addrlen = sizeof *address;
    *found = info;
    return 0;
}

static void set_impatience(mlab_config *config)
{
    mlab_config_set_connect_timeout_ms(config, 3000);
    mlab_config_set_retries(config, 0);
}

/* The certificate is for another name: a lookup that worked shows in that it is refused. */
static void *fetch_from_the_slow_name(void *status)
{
    mlab_client *client = test_client("MLAB_TEST_SLOW", set_impatience);
    *(int32_t *)status = test_fetch(client, "1");
    mlab_client_free(client);
    return NULL;
}

static void a_child_of_a_client_that_looks_a_name_up_can_do_so_itself(void)
{
    pthread_t thread;
    int32_t of_parent = 0, of_child = 0;
    int status = -1;
    pid_t child;

    atomic_store(&is_slow, 1);
    CHECK_INT(pthread_create(&thread, NULL, fetch_from_the_slow_name, &of_parent), 0);
    while (atomic_load(&begun) == 0)
        test_sleep_ms(2);
    child = fork();
    if (child == 0) {
        alarm(SECONDS_UNTIL_HUNG);
        atomic_store(&is_slow, 0);
        fetch_from_the_slow_name(&of_child);
        _exit(-of_child);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK_INT(-WEXITSTATUS(status), MLAB_E_TLS);
    atomic_store(&is_slow, 0);
    pthread_join(thread, NULL);
    CHECK_INT(of_parent, MLAB_E_TLS);
}

const harness_test fork_idle_tests[] = {TEST(a_child_of_an_idle_client_harms_nothing), END_OF_TESTS};
const harness_test fork_busy_tests[] = {TEST(children_of_a_busy_client_harm_nothing), END_OF_TESTS};
const harness_test fork_locks_tests[] = {TEST(children_get_no_lock_that_a_thread_of_the_parent_holds), END_OF_TESTS};
const harness_test fork_lookup_tests[] = {TEST(a_child_of_a_client_that_looks_a_name_up_can_do_so_itself),
                                          END_OF_TESTS};
