/* What the programs of this folder share: clients, jobs, and checks that end the program. */
#ifndef JOBS_H
#define JOBS_H

#include <mlab.h>
#include <stdint.h>

/* A check that any thread may make: the first that fails ends the program. */
#define MUST(condition) ((condition) ? (void)0 : must_fail(#condition, __FILE__, __LINE__))
void must_fail(const char *what, const char *file, int line);

/* A variable of the environment that the runner sets. */
const char *setting(const char *name);

/* A client for the endpoint in this variable of the environment, with so many workers. Yours to free. */
mlab_client *job_client(const char *endpoint_variable, uint32_t workers);

/* Submits a job on the id made of this beginning and a number, which is its tag as well; gives the job's number. */
uint64_t job_submit(const mlab_client *client, const char *start, uint64_t number);

/* Likewise, after `change`, unless it is NULL, has set more. */
uint64_t job_submit_with(const mlab_client *client, const char *start, uint64_t number, void (*change)(mlab_request *));

/* The next end; progress before it is dropped. 0 if none comes within so many milliseconds. */
int32_t job_next_end(const mlab_client *client, uint32_t within_ms, uint64_t *job);

/* A number below `end` from a stream that `state` determines (xorshift). */
uint32_t below(uint64_t *state, uint32_t end);

void sleep_us(long us);

/* Entries of a folder of /proc. */
int entries(const char *folder);

/* Waits until a folder of /proc has no more entries than so many: a thread that was joined is listed a moment longer. */
void wait_for_entries(const char *folder, int most);

#endif /* JOBS_H */
