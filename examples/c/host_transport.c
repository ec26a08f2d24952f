/*
 * The program's own HTTP in place of the library's: here libcurl's (curl_http.c), driven once a frame on the one thread
 * that there is. The library calls `start` for each exchange, a poll or an image.
 *
 *     MODELSLAB_API_KEY=... ./host_transport 12202888 12202889
 *
 * MLAB_IMAGES is a folder to save the images into. MLAB_ENDPOINT and MLAB_CA_FILE as in fetch.c. Exit code: 0 all images
 * are there, 1 something went wrong, 2 wrong use.
 */
#include "curl_http.h"

#include <stdio.h>
#include <stdlib.h>

enum { FRAME_MS = 16 };

/* Called by the library: begins an exchange, and returns at once. */
static void start(void *user, mlab_exchange *exchange)
{
    http_begin(user, exchange);
}

/* Called by the library: nobody waits for this exchange any more. */
static void cancel(void *user, uint64_t id)
{
    http_cancel(user, id);
}

static void set_transport(mlab_config *config, struct http *http)
{
    mlab_config_set_transport(config, start, cancel, http);
}

int main(int argc, char **argv)
{
    const char *key = getenv("MODELSLAB_API_KEY");
    struct http http;
    mlab_client *client;
    int failed;

    if (key == NULL || argc < 2) {
        fprintf(stderr, "usage: MODELSLAB_API_KEY=<your key> %s <id>...\n", argv[0]);
        return 2;
    }
    if (!http_open(&http))
        return 1;
    client = http_make_client(key, set_transport, &http);
    if (client == NULL)
        return 2;
    failed = !http_submit(client, argv + 1, argc - 1);
    while (mlab_client_pending(client) > 0) { /* One frame a turn: the game would draw here. */
        http_pump(&http);
        failed |= http_take_events(client);
        http_wait(&http, FRAME_MS);
    }
    if (http.image_bytes > 0)
        fprintf(stderr, "%llu bytes of images\n", http.image_bytes);
    mlab_client_free(client); /* Cancels what is under way, so that no transfer is left. */
    http_close(&http);
    return failed;
}
