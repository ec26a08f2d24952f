/*
 * Our side of the benchmark: what a C program that uses mlab does.
 */

#include "timing.h"

#include <mlab.h>

#define KEY "test-key-not-real"
#define ID "12202888"

static size_t read_and_free(mlab_result *result)
{
    size_t bytes = 0;
    int32_t status = mlab_result_status(result);

    if (status == MLAB_OK) {
        for (const char *const *url = mlab_result_urls(result, NULL); *url != NULL; url++)
            bytes += strlen(*url);
    } else if (status == MLAB_PROCESSING) {
        bytes = mlab_result_eta_ms(result) > 0 ? 0 : FAILED;
    } else {
        fprintf(stderr, "%s: %s\n", mlab_status_name(status), mlab_result_message(result));
        bytes = FAILED;
    }
    mlab_result_free(result);
    return bytes;
}

/* Roots set anew come with no session ticket, so the next handshake is a full one. */
static void configure(const struct work *work)
{
    mlab_config *config = mlab_config_new();

    if (mlab_config_set_endpoint(config, work->url) != MLAB_OK
        || mlab_config_set_ca_file(config, work->ca_file) != MLAB_OK) {
        fprintf(stderr, "%s\n", mlab_config_message(config));
        exit(EXIT_FAILURE);
    }
    mlab_set_default_config(config);
    mlab_config_free(config);
}

static void nothing(const struct work *work)
{
    (void)work;
}

static size_t fetch(const struct work *work)
{
    mlab_result *result;

    (void)work;
    mlab_fetch_queued(KEY, ID, &result);
    return read_and_free(result);
}

static size_t configure_and_fetch(const struct work *work)
{
    configure(work);
    return fetch(work);
}

static size_t parse(const struct work *work)
{
    mlab_result *result;

    mlab_parse(work->reply, work->len, 200, &result);
    return read_and_free(result);
}

int main(int argc, char **argv)
{
    static const struct mode modes[] = {
        { "first", nothing, configure_and_fetch },
        { "resumed", configure, fetch },
        { "parse", nothing, parse },
    };

    return run(modes, sizeof modes / sizeof *modes, argc, argv);
}
