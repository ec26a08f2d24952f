/*
 * A large reply where memory is short: MLAB_E_NO_RESOURCES, or the links; never the end of the host.
 *
 * Each limit has a child process of its own, so that no reply leaves freed memory to the next one. No harness: what it
 * would allocate is what there is none of.
 */
#include <fcntl.h>
#include <mlab.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    BODY = 1024 * 1024 - 1024,
    /* What a child ends with. */
    READ_WELL = 10,
    SHORT_OF_MEMORY = 11,
    READ_WRONGLY = 12
};

/* KiB: from nothing at all to more than any reply of this size takes. */
static const size_t limits[] = {0, 512, 1024, 1536, 2048, 2560, 3072, 4096, 5120, 6144, 8192, 12288, 16384, 65536};

/* What is written at both ends and, with a number of its own each time, between. */
typedef struct {
    const char *name, *head, *link, *tail;
    /* How many links there are; 0: as many as go in. */
    size_t links;
} shape;

static const shape shapes[] = {
    {"links", "{\"status\":\"success\",\"output\":[", "\"https://img.example/generations/0-0.png\"", "]}", 0},
    {"links with escaped slashes", "{\"status\":\"success\",\"output\":[",
     "\"https:\\/\\/img.example\\/generations\\/0-0.png\"", "]}", 0},
    {"links with other escapes", "{\"status\":\"success\",\"output\":[", "\"https:\\/\\/img.example\\/\\u00e9.png\"", "]}",
     0},
    {"many short links", "{\"status\":\"success\",\"output\":[", "\"a\"", "]}", 0},
    {"objects with links", "{\"status\":\"success\",\"output\":[", "{\"url\":\"https:\\/\\/img.example\\/0.png\"}", "]}", 0},
    {"an object of links", "{\"status\":\"success\",\"output\":{", "\"%u\":\"https:\\/\\/img.example\\/0.png\"", "}}", 0},
    {"one long link", "{\"status\":\"success\",\"output\":\"data:image/png;base64,", NULL, "\"}", 1},
    {"one long link among others", "{\"status\":\"success\",\"output\":[\"data:image\\/png;base64,", NULL, "\"]}", 1},
};

/* Fills `body` and says how long it became. */
static size_t write_reply(char *body, const shape *shape, size_t *links)
{
    size_t len = strlen(shape->head), tail = strlen(shape->tail);
    memcpy(body, shape->head, len);
    *links = shape->links;
    if (shape->link == NULL) {
        memset(body + len, 'A', BODY - tail - len);
        len = BODY - tail;
    } else {
        char one[100];
        size_t more;
        while ((more = (size_t)snprintf(one, sizeof one, shape->link, (unsigned)*links)) + len + 1 + tail <= BODY) {
            if (*links > 0)
                body[len++] = ',';
            memcpy(body + len, one, more);
            len += more;
            ++*links;
        }
    }
    memcpy(body + len, shape->tail, tail);
    return len + tail;
}

/* What the process has of address space, without asking for more. */
static size_t address_space(void)
{
    char text[64] = "";
    int file = open("/proc/self/statm", O_RDONLY);
    if (file < 0 || read(file, text, sizeof text - 1) <= 0)
        exit(2);
    close(file);
    return strtoul(text, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

/* So that what is small (a message, the result, the stack) is there: small allocations may abort. */
static void have_some_small_memory(void)
{
    enum { PIECES = 64, PIECE = 1024 };
    static void *pieces[PIECES];
    volatile char stack[256 * 1024];
    for (size_t i = 0; i < sizeof stack; i += 1024)
        stack[i] = 1;
    for (size_t i = 0; i < PIECES; i++)
        pieces[i] = malloc(PIECE);
    for (size_t i = 0; i < PIECES; i++)
        free(pieces[i]);
}

/* Parses with this much more memory than there is; in a child. */
static int parse_with(size_t more, const char *body, size_t len, size_t links)
{
    struct rlimit limit;
    mlab_result *result = NULL;
    size_t count = 0;
    int32_t status;
    if (getrlimit(RLIMIT_AS, &limit) != 0)
        return 2;
    limit.rlim_cur = address_space() + more;
    if (setrlimit(RLIMIT_AS, &limit) != 0)
        return 2;
    status = mlab_parse(body, len, 200, &result);
    /* What the library counts of its coverage is written at exit, and takes some. */
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_AS, &limit) != 0)
        return 2;
    mlab_result_urls(result, &count);
    if (result == NULL || mlab_result_status(result) != status)
        return READ_WRONGLY;
    if (status == MLAB_OK && count == links)
        return READ_WELL;
    if (status == MLAB_E_NO_RESOURCES && count == 0 && strstr(mlab_result_message(result), "memory") != NULL)
        return SHORT_OF_MEMORY;
    return READ_WRONGLY;
}

int main(void)
{
    static char body[BODY];
    int wrong = 0;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        size_t links, len = write_reply(body, &shapes[i], &links);
        int read_well = 0, was_short = 0;
        for (size_t step = 0; step < sizeof limits / sizeof limits[0]; step++) {
            int ended = 0;
            pid_t child = fork();
            if (child == 0) {
                mlab_result *warm = NULL;
                mlab_parse("{\"status\":\"error\"}", 18, 200, &warm);
                mlab_result_free(warm);
                have_some_small_memory();
                exit(parse_with(limits[step] * 1024, body, len, links));
            }
            if (child < 0 || waitpid(child, &ended, 0) != child)
                return 2;
            read_well += WIFEXITED(ended) && WEXITSTATUS(ended) == READ_WELL;
            was_short += WIFEXITED(ended) && WEXITSTATUS(ended) == SHORT_OF_MEMORY;
            if (!WIFEXITED(ended) || (WEXITSTATUS(ended) != READ_WELL && WEXITSTATUS(ended) != SHORT_OF_MEMORY)) {
                fprintf(stderr, "%s, %u KiB more: wait status %#x\n", shapes[i].name, (unsigned)limits[step],
                        (unsigned)ended);
                wrong = 1;
            }
        }
        if (read_well == 0 || was_short == 0) {
            fprintf(stderr, "%s: read %d times, short of memory %d times\n", shapes[i].name, read_well, was_short);
            wrong = 1;
        }
    }
    return wrong;
}
