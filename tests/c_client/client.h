/* Clients of the programs in this folder, and short ways to ask them. */
#ifndef CLIENT_H
#define CLIENT_H

#include <mlab.h>

/* Obviously false, and the only one that the stand-in takes. */
#define TEST_KEY "test-key-not-real"

/*
 * Settings for the endpoint in this variable of the environment, which trust the file in MLAB_TEST_CA_FILE if there is
 * one. Yours to free; ends the program if they cannot be made.
 */
mlab_config *test_config(const char *endpoint_variable);

/* A client with these settings. `change`, unless NULL, sets more. Yours to free; likewise. */
mlab_client *test_client(const char *endpoint_variable, void (*change)(mlab_config *));

/* A fetch of which only the status matters. */
int32_t test_fetch(const mlab_client *client, const char *id);

/* A request that polls as often as is allowed, until this deadline. Yours to free. */
mlab_request *test_request(const char *id, uint32_t deadline_ms);

/* Sleeps, whatever signals come. */
void test_sleep_ms(long ms);

/* Waits for a time that differs from round to round: none, instructions, or milliseconds. */
void test_pass_some_moment(unsigned long round);

/* Milliseconds on a monotonic clock. */
int64_t test_now_ms(void);

/*
 * How long the quickest of up to three tries took, each of which says how long it did; the first one within the bar is
 * the last one. What else runs on the machine may delay one of them, what is measured delays each.
 */
int64_t test_best_of_three(int64_t (*try_ms)(void), int64_t bar_ms);

#endif /* CLIENT_H */
