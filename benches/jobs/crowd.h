/*
 * The jobs that both programs watch, and what both print: included by each, so that both are measured by the same
 * lines. It must never know how a job is watched.
 */
#ifndef CROWD_H
#define CROWD_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static inline void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(EXIT_FAILURE);
}

static inline double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/*
 * What was asked for on the command line: PROGRAM URL CA_FILE JOBS LEAST_MS MOST_MS CONNECTIONS BESIDE, the URL with {id}
 * in it. BESIDE is 1 where jobs that take long are to run beside those that are measured.
 */
struct crowd {
    const char *url, *ca_file;
    size_t count;
    uint32_t least_ms, most_ms;
    int connections, beside;
    double began, *known; /* When each job was known to be ready, in seconds since the beginning. */
    size_t ended;
};

/* Spread evenly, and neighbours far apart: crowd.rs has the same line. */
static inline uint32_t eta_ms(const struct crowd *crowd, size_t job)
{
    return crowd->least_ms + (uint32_t)(job * 7919u % (crowd->most_ms - crowd->least_ms + 1));
}

static inline struct crowd crowd_of(int argc, char **argv)
{
    struct crowd crowd;

    if (argc != 8)
        fail("usage: PROGRAM URL CA_FILE JOBS LEAST_MS MOST_MS CONNECTIONS BESIDE");
    crowd.url = argv[1];
    crowd.ca_file = argv[2];
    crowd.count = strtoul(argv[3], NULL, 10);
    crowd.least_ms = (uint32_t)strtoul(argv[4], NULL, 10);
    crowd.most_ms = (uint32_t)strtoul(argv[5], NULL, 10);
    crowd.connections = atoi(argv[6]);
    crowd.beside = atoi(argv[7]);
    crowd.known = calloc(crowd.count, sizeof *crowd.known);
    crowd.ended = 0;
    crowd.began = now_s();
    return crowd;
}

static inline void crowd_ready(struct crowd *crowd, size_t job)
{
    if (crowd->known[job] > 0)
        fail("a job ended twice");
    crowd->known[job] = now_s() - crowd->began;
    crowd->ended++;
}

static inline int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Prints when the last job was known, how late jobs were known, CPU time and peak memory. */
static inline void crowd_print(struct crowd *crowd)
{
    struct rusage used;
    double last = 0, sum = 0;
    size_t i;

    for (i = 0; i < crowd->count; i++) {
        last = crowd->known[i] > last ? crowd->known[i] : last;
        crowd->known[i] -= (double)eta_ms(crowd, i) / 1000;
        sum += crowd->known[i];
    }
    qsort(crowd->known, crowd->count, sizeof *crowd->known, by_size);
    getrusage(RUSAGE_SELF, &used);
    printf("last=%.3f mean_lag=%.3f late_lag=%.3f cpu=%.3f peak_kib=%ld\n", last, sum / (double)crowd->count,
           crowd->known[crowd->count - 1 - crowd->count / 100],
           (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec)
               + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6,
           used.ru_maxrss);
    free(crowd->known);
}

#endif /* CROWD_H */
