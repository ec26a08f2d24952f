#include "host_http.h"

#include "harness.h"
#include "next_event.h"
#include "settings.h"

#include <string.h>

static mlab_exchange *begun;

static void start(void *user, mlab_exchange *exchange)
{
    *(mlab_exchange **)user = exchange;
}

mlab_exchange *host_http_begun(void)
{
    mlab_exchange *exchange = begun;
    begun = NULL;
    return exchange;
}

host_http host_http_without_job(void)
{
    host_http http;
    mlab_config *config = mlab_config_new();
    memset(&http, 0, sizeof http);
    CHECK_INT(mlab_config_set_transport(config, start, NULL, &begun), MLAB_OK);
    CHECK_INT(mlab_client_new(TEST_KEY, config, &http.client), MLAB_OK);
    mlab_config_free(config);
    return http;
}

host_http host_http_new(void)
{
    host_http http = host_http_without_job();
    mlab_request *request = mlab_request_new(READY_ID);
    CHECK_INT(mlab_request_set_tag(request, HOST_TAG), MLAB_OK);
    CHECK_INT(mlab_client_submit(http.client, request, &http.job), MLAB_OK);
    mlab_request_free(request);
    CHECK(next_event(http.client, 0) == NULL);
    http.exchange = host_http_begun();
    CHECK(http.exchange != NULL);
    return http;
}

mlab_event *host_http_done(host_http *http)
{
    mlab_event *event;
    CHECK_INT(mlab_exchange_reply(http->exchange, 200, NULL, READY_REPLY, sizeof READY_REPLY - 1), MLAB_OK);
    event = next_event(http->client, 10000);
    CHECK(event != NULL);
    return event;
}

void host_http_free(host_http *http)
{
    mlab_exchange_free(http->exchange);
    mlab_client_free(http->client);
}
