#define _POSIX_C_SOURCE 200809L
#include "harness.h"
#include "watchdog.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A hang must not outlive the test run; valgrind needs some twenty times the time of a plain run. */
enum { SECONDS_UNTIL_HUNG = 240 };

static const char *topic = "", *test = "", *row;
static unsigned long tests, checks, failures;

static int count(int held, const char *file, int line)
{
    checks++;
    if (!held) {
        failures++;
        printf("%s:%d: %s: %s", file, line, topic, test);
        if (row != NULL)
            printf(" [%s]", row);
        printf("\n    ");
    }
    return held;
}

int harness_check(int held, const char *what, const char *file, int line)
{
    if (!count(held, file, line))
        printf("%s\n", what);
    return held;
}

int harness_int(int64_t got, int64_t wanted, const char *what, const char *file, int line)
{
    int held = count(got == wanted, file, line);
    if (!held)
        printf("%s is %" PRId64 ", not %" PRId64 "\n", what, got, wanted);
    return held;
}

int harness_size(size_t got, size_t wanted, const char *what, const char *file, int line)
{
    int held = count(got == wanted, file, line);
    if (!held)
        printf("%s is %zu, not %zu\n", what, got, wanted);
    return held;
}

static int texts(int held, const char *got, const char *how, const char *wanted, const char *what, const char *file,
                 int line)
{
    held = count(got != NULL && held, file, line);
    if (!held)
        printf("%s is \"%s\", %s \"%s\"\n", what, got == NULL ? "(NULL)" : got, how, wanted);
    return held;
}

int harness_text(const char *got, const char *wanted, const char *what, const char *file, int line)
{
    return texts(got != NULL && strcmp(got, wanted) == 0, got, "not", wanted, what, file, line);
}

int harness_starts(const char *got, const char *start, const char *what, const char *file, int line)
{
    int held = got != NULL && strncmp(got, start, strlen(start)) == 0;
    return texts(held, got, "which does not start with", start, what, file, line);
}

int harness_has(const char *got, const char *part, const char *what, const char *file, int line)
{
    return texts(got != NULL && strstr(got, part) != NULL, got, "which lacks", part, what, file, line);
}

void harness_row(const char *name)
{
    row = name;
}

const char *harness_setting(const char *name)
{
    const char *value = getenv(name);
    if (value == NULL) {
        printf("%s is not set: this program is run by `cargo test`\n", name);
        exit(EXIT_FAILURE);
    }
    return value;
}

/* Whether the arguments let this topic run. */
static int is_chosen(const char *name, int argc, char **argv)
{
    int chosen = argc < 2 || argv[1][0] == '-';
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-' && strcmp(argv[i] + 1, name) == 0)
            return 0;
        chosen |= strcmp(argv[i], name) == 0;
    }
    return chosen;
}

/* Whether each argument names a topic: one that is misspelt would choose nothing, and nobody would see it. */
static int are_topics(const harness_suite *suites, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i] + (argv[i][0] == '-');
        const harness_suite *suite = suites;
        while (suite->topic != NULL && strcmp(suite->topic, name) != 0)
            suite++;
        if (suite->topic == NULL) {
            printf("there is no topic \"%s\"\n", name);
            return 0;
        }
    }
    return 1;
}

int harness_main(const harness_suite *suites, int argc, char **argv)
{
    end_after(SECONDS_UNTIL_HUNG);
    if (!are_topics(suites, argc, argv))
        return EXIT_FAILURE;
    for (; suites->topic != NULL; suites++) {
        if (!is_chosen(suites->topic, argc, argv))
            continue;
        topic = suites->topic;
        for (const harness_test *next = suites->tests; next->name != NULL; next++) {
            test = next->name;
            row = NULL;
            tests++;
            next->run();
        }
    }
    printf("%lu tests, %lu checks, %lu failed\n", tests, checks, failures);
    return checks > 0 && failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
