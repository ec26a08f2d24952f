/* Clients of more than one topic, and jobs for them. Yours to free. */
#ifndef TEST_CLIENTS_H
#define TEST_CLIENTS_H

#include <mlab.h>

/* At the stand-in over http, with the library's own HTTP. */
mlab_client *test_client_at_http(void);

/* Whose exchanges are pulled. */
mlab_client *test_client_that_pulls(void);

/* Opens a job. */
void test_submit(const mlab_client *client, const char *id);

#endif /* TEST_CLIENTS_H */
