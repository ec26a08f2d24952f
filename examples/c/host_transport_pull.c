/*
 * As host_transport.c, without a function that the library calls: exchanges are pulled as events are. For languages in
 * which a callback from C is trouble.
 *
 *     MODELSLAB_API_KEY=... ./host_transport_pull 12202888 12202889
 */
#include "curl_http.h"

#include <stdio.h>
#include <stdlib.h>

enum { FRAME_MS = 16 };

static void set_transport(mlab_config *config, struct http *http)
{
    (void)http;
    mlab_config_set_transport_pull(config);
}

/* Begins what the library wants to be done. One that is cancelled later is given up by http_pump(). */
static void take_exchanges(const mlab_client *client, struct http *http)
{
    mlab_exchange *exchange;

    while (mlab_client_next_exchange(client, 0, &exchange) == MLAB_OK)
        http_begin(http, exchange);
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
    while (mlab_client_pending(client) > 0) {
        take_exchanges(client, &http);
        http_pump(&http);
        failed |= http_take_events(client);
        http_wait(&http, FRAME_MS);
    }
    if (http.image_bytes > 0)
        fprintf(stderr, "%llu bytes of images\n", http.image_bytes);
    mlab_client_free(client); /* What is under way is cancelled, and given up by http_close(). */
    http_close(&http);
    return failed;
}
