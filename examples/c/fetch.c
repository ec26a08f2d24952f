/*
 * Fetches queued images, one poll an id, and prints their URLs.
 *
 *     MODELSLAB_API_KEY=... ./fetch 12202888 12202889
 *
 * For a server other than the real one, such as the stand-in of this repository:
 *
 *     MLAB_ENDPOINT   the endpoint, a URL with {id} in it
 *     MLAB_CA_FILE    the certificates to trust, PEM
 *
 * Exit code: 0 all images are there, 3 some are not ready yet, 1 something went wrong, 2 wrong use.
 */
#include <mlab.h>

#include <stdio.h>
#include <stdlib.h>

enum { DONE = 0, FAILED = 1, USAGE = 2, NOT_READY = 3 };

/* Applies the two variables to every later call. Returns 0 if one of them cannot be used. */
static int apply_environment(void)
{
    const char *endpoint = getenv("MLAB_ENDPOINT");
    const char *ca_file = getenv("MLAB_CA_FILE");
    mlab_config *config = mlab_config_new();
    int usable = 1;

    if (endpoint != NULL && mlab_config_set_endpoint(config, endpoint) != MLAB_OK) {
        fprintf(stderr, "MLAB_ENDPOINT: %s\n", mlab_config_message(config));
        usable = 0;
    }
    if (ca_file != NULL && mlab_config_set_ca_file(config, ca_file) != MLAB_OK) {
        fprintf(stderr, "MLAB_CA_FILE: %s\n", mlab_config_message(config));
        usable = 0;
    }
    if (usable)
        mlab_set_default_config(config); /* It keeps a copy. */
    mlab_config_free(config);
    return usable;
}

/* When to poll again, in seconds: what the server said, else the usual pause. */
static double pause_before_next_poll(const mlab_result *result)
{
    int64_t ms = mlab_result_retry_after_ms(result);

    if (ms < 0)
        ms = mlab_result_eta_ms(result);
    return ms > 2000 ? (double)ms / 1000.0 : 2.0;
}

/* Polls one job and says what came of it. */
static int fetch(const char *key, const char *id)
{
    mlab_result *result;
    int32_t status = mlab_fetch_queued(key, id, &result);
    int code = FAILED;

    if (status == MLAB_OK) {
        size_t count;
        const char *const *urls = mlab_result_urls(result, &count);
        size_t i;

        for (i = 0; i < count; i++)
            printf("%s\n", urls[i]);
        code = DONE;
    } else if (status == MLAB_PROCESSING) {
        fprintf(stderr, "%s: not ready: %s (poll again in %.1f s)\n", id, mlab_result_message(result),
                pause_before_next_poll(result));
        code = NOT_READY;
    } else {
        fprintf(stderr, "%s: %s: %s\n", id, mlab_status_name(status), mlab_result_message(result));
        if (mlab_result_is_retryable(result))
            fprintf(stderr, "%s: trying again in %.1f s may help\n", id, pause_before_next_poll(result));
    }
    mlab_result_free(result);
    return code;
}

int main(int argc, char **argv)
{
    const char *key = getenv("MODELSLAB_API_KEY");
    int worst = DONE;
    int i;

    if (key == NULL || argc < 2) {
        fprintf(stderr, "usage: MODELSLAB_API_KEY=<your key> %s <id>...\n", argv[0]);
        return USAGE;
    }
    if (!apply_environment())
        return USAGE;
    for (i = 1; i < argc; i++) {
        int code = fetch(key, argv[i]);

        if (code == FAILED || worst == DONE)
            worst = code;
    }
    return worst;
}
