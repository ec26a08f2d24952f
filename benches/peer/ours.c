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

static mlab_client *client;

static mlab_config *new_config(const struct work *work)
{
    mlab_config *config = mlab_config_new();

    if (mlab_config_set_endpoint(config, work->url) != MLAB_OK
        || mlab_config_set_ca_file(config, work->ca_file) != MLAB_OK) {
        fprintf(stderr, "%s\n", mlab_config_message(config));
        exit(EXIT_FAILURE);
    }
    return config;
}

/* Roots set anew come with no session ticket, so the next handshake is a full one. */
static void configure(const struct work *work)
{
    mlab_config *config = new_config(work);

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

static void open_client(const struct work *work)
{
    mlab_config *config = new_config(work);
    int32_t status = mlab_client_new(KEY, config, &client);

    mlab_config_free(config);
    if (status != MLAB_OK) {
        fprintf(stderr, "%s\n", mlab_status_name(status));
        exit(EXIT_FAILURE);
    }
}

static size_t fetch_with_client(const struct work *work)
{
    mlab_result *result;

    (void)work;
    mlab_client_fetch(client, ID, NULL, &result);
    return read_and_free(result);
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
        { "warm", open_client, fetch_with_client },
        { "parse", nothing, parse },
    };

    int status = run(modes, sizeof modes / sizeof *modes, argc, argv);

    mlab_client_free(client);
    return status;
}
