/*
 * Images where memory is short: memory IMAGE... The answer is MLAB_DECODE_E_NO_RESOURCES, or the pixels; never the
 * end of the host. Each limit has a child process of its own, so that no image leaves freed memory to the next one.
 */

#include "check.h"
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* KiB beside what the process has: from too little for anything to enough for all. */
static const size_t limits[] = { 512, 1024, 2048, 3072, 4096, 5120, 6144, 8192, 12288, 16384, 24576, 32768, 65536 };

enum { LIMITS = sizeof limits / sizeof *limits };

static size_t now_used(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    CHECK(file != NULL && fscanf(file, "%lu", &pages) == 1);
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* The child: ends with 10 for pixels, 11 for a refusal. */
static void decode_within(const unsigned char *bytes, size_t len, size_t limit)
{
    struct rlimit memory;
    mlab_decode_image *image;
    int32_t status;

    memory.rlim_cur = memory.rlim_max = now_used() + limit * 1024;
    CHECK(setrlimit(RLIMIT_AS, &memory) == 0);
    errno = 1234;
    status = mlab_decode_rgba8(bytes, len, 0, &image);
    CHECK(errno == 1234 && image != NULL);
    if (status == MLAB_DECODE_OK)
        _exit(10);
    CHECK(status == MLAB_DECODE_E_NO_RESOURCES && strstr(mlab_decode_image_message(image), "memory") != NULL);
    mlab_decode_image_free(image);
    _exit(11);
}

int main(int argc, char **argv)
{
    int i, j;

    for (i = 1; i < argc; i++) {
        size_t len;
        unsigned char *bytes = read_file(argv[i], &len);
        int ends[LIMITS];

        for (j = 0; j < LIMITS; j++) {
            pid_t child = fork();
            int state = 0;

            if (child == 0)
                decode_within(bytes, len, limits[j]);
            CHECK(child > 0 && waitpid(child, &state, 0) == child);
            ends[j] = WIFEXITED(state) ? WEXITSTATUS(state) : -1;
            if (ends[j] != 10 && ends[j] != 11)
                fprintf(stderr, "%s with %lu KiB: state %d\n", argv[i], (unsigned long)limits[j], state);
            CHECK(ends[j] == 10 || ends[j] == 11);
        }
        /* Else the limits say nothing. */
        CHECK(ends[0] == 11 && ends[LIMITS - 1] == 10);
        free(bytes);
    }
    return EXIT_SUCCESS;
}
