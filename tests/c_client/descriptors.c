/*
 * A host that closes every descriptor it does not know while a client idles, as daemons and launchers do, and then opens
 * its own on the same numbers. The library must find out, and leave the host's descriptors alone.
 */
#define _DEFAULT_SOURCE
#include "../c/harness.h"
#include "../c/next_event.h"
#include "client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST = 3, LAST = 255, MOST = LAST - FIRST + 1 };

/* What the host opens in their place: a descriptor, and another at which what is written to it would show, or -1. */
typedef struct {
    const char *name;
    int (*open)(int *other_end);
} opening;

static int open_nothing(int *other_end)
{
    *other_end = -1;
    return open("/dev/null", O_RDWR | O_NONBLOCK);
}

static int open_pair(int *other_end)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        return -1;
    *other_end = pair[1];
    return pair[0];
}

/* A connection of the host's own, of the same kind as the library's. */
static int open_connection(int *other_end)
{
    struct sockaddr_in here;
    socklen_t len = sizeof here;
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = socket(AF_INET, SOCK_STREAM, 0);

    memset(&here, 0, sizeof here);
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&here, len) != 0 || listen(listener, 1) != 0
        || getsockname(listener, (struct sockaddr *)&here, &len) != 0
        || connect(one, (struct sockaddr *)&here, len) != 0)
        return -1;
    *other_end = accept(listener, NULL, NULL);
    close(listener);
    return one;
}

static const opening openings[] = {
    {"/dev/null", open_nothing}, {"a pair of sockets", open_pair}, {"a connection", open_connection}, {NULL, NULL}};

static int is_socket(int fd)
{
    struct stat about;
    return fstat(fd, &about) == 0 && S_ISSOCK(about.st_mode);
}

/* Whether each of these is still what it was. */
static void check_untouched(const int *fds, const struct stat *before, const int *flags, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct stat now;
        CHECK_INT(fstat(fds[i], &now), 0);
        CHECK(now.st_ino == before[i].st_ino && now.st_dev == before[i].st_dev);
        CHECK_INT(fcntl(fds[i], F_GETFL), flags[i]);
    }
}

/* Closes everything; how many sockets there were, which are the client's, and their numbers. */
static size_t take_the_sockets(int *numbers)
{
    size_t count = 0;
    for (int fd = FIRST; fd <= LAST; fd++)
        if (is_socket(fd))
            numbers[count++] = fd;
    for (int fd = FIRST; fd <= LAST; fd++)
        close(fd);
    return count;
}

/* Puts the host's own on the numbers. */
static void occupy(const opening *with, const int *numbers, size_t count, int *other_ends, struct stat *about, int *flags)
{
    for (size_t i = 0; i < count; i++) {
        int fd = with->open(&other_ends[i]);
        CHECK(fd >= 0);
        /* Out of the way of the numbers that are still to be taken. */
        if (other_ends[i] >= 0) {
            int high = fcntl(other_ends[i], F_DUPFD, LAST + 1);
            close(other_ends[i]);
            other_ends[i] = high;
        }
        if (fd != numbers[i]) {
            CHECK_INT(dup2(fd, numbers[i]), numbers[i]);
            close(fd);
        }
        CHECK_INT(fstat(numbers[i], &about[i]), 0);
        flags[i] = fcntl(numbers[i], F_GETFL);
    }
}

/* Whether nothing was written to the host's descriptors, nor any ended. */
static void check_quiet(const int *other_ends, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct pollfd other = {other_ends[i], POLLIN, 0};
        CHECK_INT(poll(&other, 1, 0), 0);
    }
}

static void close_all(const int *fds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

/* A library that took the host's socket for its own would wait for a reply there. */
static void set_impatience(mlab_config *config)
{
    CHECK_INT(mlab_config_set_request_timeout_ms(config, 5000), MLAB_OK);
    CHECK_INT(mlab_config_set_retries(config, 0), MLAB_OK);
}

/* A job with an image, on threads of the client: connections to the endpoint and to where the image is. */
static void run_a_job(const mlab_client *client)
{
    enum { PATIENCE_MS = 20000 };
    mlab_request *request = test_request("1", PATIENCE_MS);
    mlab_event *event = NULL;
    int32_t status = MLAB_PROCESSING;
    CHECK_INT(mlab_request_set_download_memory(request, 1 << 20), MLAB_OK);
    CHECK_INT(mlab_client_submit(client, request, NULL), MLAB_OK);
    while (status == MLAB_PROCESSING && (event = next_event(client, PATIENCE_MS)) != NULL) {
        status = mlab_event_status(event);
        CHECK(status == MLAB_PROCESSING || mlab_result_image(mlab_event_result(event), 0, NULL) != NULL);
        mlab_event_free(event);
    }
    CHECK_INT(status, MLAB_OK);
    mlab_request_free(request);
}

/* `then` uses the client after its descriptors were taken, and ends it. */
static void take_and(void (*then)(mlab_client *), const opening *with)
{
    int numbers[MOST], other_ends[MOST], flags[MOST];
    struct stat about[MOST];
    mlab_client *client = test_client("MLAB_TEST_ENDPOINT", set_impatience);
    size_t count;

    CHECK_INT(test_fetch(client, "1"), MLAB_OK);
    run_a_job(client);
    count = take_the_sockets(numbers);
    if (!CHECK(count > 0))
        return;
    if (with == NULL) {
        then(client);
        return;
    }
    occupy(with, numbers, count, other_ends, about, flags);
    then(client);
    check_untouched(numbers, about, flags, count);
    check_quiet(other_ends, count);
    close_all(numbers, count);
    close_all(other_ends, count);
}

static void fetch_and_free(mlab_client *client)
{
    CHECK_INT(test_fetch(client, "1"), MLAB_OK);
    run_a_job(client);
    CHECK_INT(test_fetch(client, "1"), MLAB_OK);
    mlab_client_free(client);
}

static void a_fetch_after_they_were_closed_makes_a_new_connection(void)
{
    take_and(fetch_and_free, NULL);
}

static void a_fetch_leaves_what_the_host_opened_in_their_place_alone(void)
{
    for (const opening *with = openings; with->name != NULL; with++) {
        harness_row(with->name);
        take_and(fetch_and_free, with);
    }
}

static void a_client_can_be_freed_after_they_were_closed(void)
{
    take_and(mlab_client_free, NULL);
}

static void freeing_a_client_leaves_what_the_host_opened_in_their_place_alone(void)
{
    for (const opening *with = openings; with->name != NULL; with++) {
        harness_row(with->name);
        take_and(mlab_client_free, with);
    }
}

const harness_test descriptor_tests[] = {
    TEST(a_fetch_after_they_were_closed_makes_a_new_connection),
    TEST(a_fetch_leaves_what_the_host_opened_in_their_place_alone),
    TEST(a_client_can_be_freed_after_they_were_closed),
    TEST(freeing_a_client_leaves_what_the_host_opened_in_their_place_alone),
    END_OF_TESTS,
};
