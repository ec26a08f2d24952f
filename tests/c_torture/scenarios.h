/* What is tortured: each scenario uses the library from its first call to its last, and tells how it ended. */
#ifndef SCENARIOS_H
#define SCENARIOS_H

#include <stdint.h>

/* Obviously false. */
#define TEST_KEY "test-key-not-real"

typedef struct {
    const char *name;
    const char *function; /* whose statuses the header lists */
    int32_t (*run)(void); /* gives the status of that function */
    int32_t healthy;      /* with which it ends if nothing fails */
    const char *file;     /* that is written into the folder; NULL for none */
    int may_take_ms;      /* by what it sets, if everything fails */
} scenario;

/* The last has no name. */
extern const scenario scenarios[];

/* What was wrong in the last run beside its status; NULL if nothing. */
const char *scenario_complaint(void);

#endif /* SCENARIOS_H */
