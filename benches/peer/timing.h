/*
 * Times calls. Both programs of this benchmark include it, so that both are timed by the same lines; it must never
 * know what a call does.
 */

#ifndef TIMING_H
#define TIMING_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* What a call has to do it with: an endpoint and a CA file, or a saved reply. */
struct work {
    const char *url;
    const char *ca_file;
    char *reply;
    size_t len;
};

/* One way to do the call. `call` returns how many bytes of URLs it read, or FAILED. */
struct mode {
    const char *name;
    void (*prepare)(const struct work *);
    size_t (*call)(const struct work *);
};

#define FAILED ((size_t)-1)

static inline char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    long size;

    if (file != NULL && fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0) {
        rewind(file);
        bytes = malloc((size_t)size + 1);
        if (bytes != NULL && fread(bytes, 1, (size_t)size, file) == (size_t)size) {
            bytes[size] = '\0';
            *len = (size_t)size;
            fclose(file);
            return bytes;
        }
    }
    fprintf(stderr, "%s cannot be read\n", path);
    exit(EXIT_FAILURE);
}

static inline double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* User and system time of all threads since the program began. */
static inline double cpu_ns(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e9
         + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e3;
}

static inline int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static inline size_t call_or_exit(const struct mode *mode, const struct work *work)
{
    size_t bytes = mode->call(work);

    if (bytes == FAILED) {
        fprintf(stderr, "the call of mode %s failed\n", mode->name);
        exit(EXIT_FAILURE);
    }
    return bytes;
}

/*
 * Takes `samples` samples of `batch` calls each and prints nanoseconds a call. A batch of more than one is for calls
 * that are short against reading the clock. No samples: one call, neither warmed up nor timed, for the program that
 * makes one call in its life; the CPU time is then that of the whole program.
 */
static inline void time_calls(const struct mode *mode, const struct work *work, size_t samples, size_t batch)
{
    double *took = calloc(samples + 1, sizeof *took), sum = 0, cpu;
    size_t bytes, i, j;

    mode->prepare(work);
    bytes = call_or_exit(mode, work);
    if (samples == 0) {
        printf("bytes=%zu cpu=%.1f\n", bytes, cpu_ns());
        return;
    }
    cpu = cpu_ns();
    for (i = 0; i < samples; i++) {
        double start = now_ns();

        for (j = 0; j < batch; j++)
            bytes = call_or_exit(mode, work);
        took[i] = (now_ns() - start) / (double)batch;
        sum += took[i];
    }
    cpu = (cpu_ns() - cpu) / (double)(samples * batch);
    qsort(took, samples, sizeof *took, by_size);
    printf("bytes=%zu min=%.1f median=%.1f mean=%.1f p90=%.1f cpu=%.1f\n", bytes, took[0], took[samples / 2],
           sum / (double)samples, took[samples * 9 / 10], cpu);
    free(took);
}

/* The programs' main: MODE SAMPLES BATCH then URL CA_FILE, or the path of a saved reply. */
static inline int run(const struct mode *modes, size_t count, int argc, char **argv)
{
    struct work work = { NULL, NULL, NULL, 0 };
    size_t i;

    if (argc != 5 && argc != 6) {
        fprintf(stderr, "usage: %s MODE SAMPLES BATCH (URL CA_FILE | REPLY_FILE)\n", argv[0]);
        return EXIT_FAILURE;
    }
    if (argc == 6) {
        work.url = argv[4];
        work.ca_file = argv[5];
    } else {
        work.reply = read_file(argv[4], &work.len);
    }
    for (i = 0; i < count; i++) {
        if (strcmp(modes[i].name, argv[1]) == 0) {
            time_calls(&modes[i], &work, strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
            free(work.reply);
            return EXIT_SUCCESS;
        }
    }
    fprintf(stderr, "no mode %s\n", argv[1]);
    return EXIT_FAILURE;
}

#endif
