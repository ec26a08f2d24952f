/*
 * Mistakes of a host that land in the library's memory, one an argument: a sanitizer that finds none of them here would
 * find nothing anywhere. Run by tests/sanitize.sh alone.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L /* pthread_barrier_t */
#endif

#include <mlab.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { TIMES = 20000 };

static mlab_result *parsed(void)
{
    mlab_result *result = NULL;
    mlab_parse("{}", 2, 200, &result);
    return result;
}

/* Both threads begin at once: one that has ended before the other begins may leave no trace of what it touched. */
static pthread_barrier_t together;

/* A config is for one thread at a time. */
static void *set_retries(void *config)
{
    pthread_barrier_wait(&together);
    for (uint32_t i = 0; i < TIMES; i++)
        mlab_config_set_retries(config, i % 100);
    return NULL;
}

static void use_by_two_threads(void)
{
    mlab_config *config = mlab_config_new();
    pthread_t other;
    pthread_barrier_init(&together, NULL, 2);
    if (pthread_create(&other, NULL, set_retries, config) == 0) {
        set_retries(config);
        pthread_join(other, NULL);
    }
    mlab_config_free(config);
}

int main(int argc, char **argv)
{
    const char *what = argc == 2 ? argv[1] : "";
    if (strcmp(what, "freed") == 0) {
        mlab_result *result = parsed();
        mlab_result_free(result);
        printf("%d\n", (int)mlab_result_status(result));
    } else if (strcmp(what, "leaked") == 0) {
        printf("%d\n", (int)mlab_result_status(parsed()));
    } else if (strcmp(what, "raced") == 0) {
        use_by_two_threads();
    } else {
        return 2;
    }
    return 0;
}
