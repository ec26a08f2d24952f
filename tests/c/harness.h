/*
 * A test harness of a page. Tests have names that are sentences; checks are counted; a failure says file and line and
 * the test goes on. A program ends with 0 only if something was checked and nothing failed.
 *
 * Checks are for the main thread alone: what other threads find is checked after they were joined.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *name;
    void (*run)(void);
} harness_test;

typedef struct {
    const char *topic;
    const harness_test *tests; /* the last one has no name */
} harness_suite;

#define TEST(function) {#function, function}
#define END_OF_TESTS {NULL, NULL}

/* Each macro gives 1 if the check held, so that a test can end where going on makes no sense. */
#define CHECK(condition) harness_check((condition) != 0, #condition, __FILE__, __LINE__)
#define CHECK_INT(got, wanted) harness_int(got, wanted, #got, __FILE__, __LINE__)
#define CHECK_SIZE(got, wanted) harness_size(got, wanted, #got, __FILE__, __LINE__)
#define CHECK_TEXT(got, wanted) harness_text(got, wanted, #got, __FILE__, __LINE__)
#define CHECK_STARTS(got, start) harness_starts(got, start, #got, __FILE__, __LINE__)
#define CHECK_HAS(got, part) harness_has(got, part, #got, __FILE__, __LINE__)

int harness_check(int held, const char *what, const char *file, int line);
int harness_int(int64_t got, int64_t wanted, const char *what, const char *file, int line);
int harness_size(size_t got, size_t wanted, const char *what, const char *file, int line);
int harness_text(const char *got, const char *wanted, const char *what, const char *file, int line);
int harness_starts(const char *got, const char *start, const char *what, const char *file, int line);
int harness_has(const char *got, const char *part, const char *what, const char *file, int line);

/* Names the row of a table that the next checks are about; NULL for none. Borrowed. */
void harness_row(const char *name);

/* A setting that the runner handed in by the environment; without it the program ends as failed. */
const char *harness_setting(const char *name);

/*
 * Runs the suites, the last of which has no topic. Arguments choose: topics to run, or with a minus before them, topics
 * to leave out; without arguments all are run. Returns what main must return.
 */
int harness_main(const harness_suite *suites, int argc, char **argv);

#endif /* HARNESS_H */
