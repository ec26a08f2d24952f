/*
 * Measures a download: time, CPU and memory of this process. Both programs of this benchmark include it, so that both
 * are measured by the same lines.
 */

#ifndef MEASURE_H
#define MEASURE_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* A number of /proc/self/status, in KiB. */
static inline long status_kib(const char *name)
{
    char line[256];
    long kib = -1;
    FILE *file = fopen("/proc/self/status", "r");

    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            kib = strtol(line + strlen(name) + 1, NULL, 10);
    if (file != NULL)
        fclose(file);
    return kib;
}

static inline double seconds(struct timespec t)
{
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return seconds(t);
}

static inline double cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return seconds(t);
}

/* Downloads from a URL, to a file or with NULL to memory. Returns the bytes, 0 for failure. */
typedef size_t download_fn(const char *url, const char *path);

/* Arguments: URL of something small, URL, path or "-". The small one first: what is made once is made then. */
static inline int measure(char **argv, download_fn *download)
{
    const char *path = strcmp(argv[3], "-") == 0 ? NULL : argv[3];
    double time, cpu;
    long idle;
    size_t bytes;
    int fd;

    if (download(argv[1], path) == 0)
        return EXIT_FAILURE;
    /* The highest use so far is forgotten. */
    fd = open("/proc/self/clear_refs", O_WRONLY);
    if (fd < 0 || write(fd, "5", 1) != 1)
        return EXIT_FAILURE;
    close(fd);
    idle = status_kib("VmRSS");
    time = now_s();
    cpu = cpu_s();
    bytes = download(argv[2], path);
    time = now_s() - time;
    cpu = cpu_s() - cpu;
    if (bytes == 0)
        return EXIT_FAILURE;
    printf("bytes=%zu time=%.6f cpu=%.6f peak=%ld\n", bytes, time, cpu, status_kib("VmHWM") - idle);
    return EXIT_SUCCESS;
}

#endif
