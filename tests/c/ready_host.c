#include "ready_host.h"

#include "harness.h"
#include "settings.h"

#include <string.h>

ready_host ready_host_new(int32_t http_status, const char *headers, const char *body)
{
    ready_host host;
    memset(&host, 0, sizeof host);
    host.http_status = http_status;
    host.headers = headers;
    host.text = body;
    return host;
}

static void poll_at(ready_host *host, const mlab_exchange *exchange)
{
    const char *url = mlab_exchange_url(exchange);
    host->asked++;
    host->id = mlab_exchange_id(exchange);
    host->timeout_ms = mlab_exchange_timeout_ms(exchange);
    if (CHECK(strlen(url) < sizeof host->url))
        strcpy(host->url, url);
}

void ready_host_answer(void *user, mlab_exchange *exchange)
{
    ready_host *host = user;
    size_t len = host->text == NULL ? 0 : strlen(host->text);
    poll_at(host, exchange);
    if (host->http_status != 0)
        host->answered = mlab_exchange_reply(exchange, host->http_status, host->headers, host->text, len);
    else
        host->answered = mlab_exchange_fail(exchange, host->failure, host->text);
    mlab_exchange_free(exchange);
}

void ready_host_keep(void *user, mlab_exchange *exchange)
{
    ready_host *host = user;
    poll_at(host, exchange);
    host->kept = exchange;
}

void ready_host_give_up(void *user, mlab_exchange *exchange)
{
    poll_at(user, exchange);
    mlab_exchange_free(exchange);
}

static void note_cancel(void *user, uint64_t id)
{
    ((ready_host *)user)->cancelled = id;
}

mlab_config *ready_host_config(mlab_transport_start_fn start, ready_host *host)
{
    mlab_config *config = mlab_config_new();
    CHECK_INT(mlab_config_set_endpoint(config, HOST_ORIGIN "/fetch/{id}"), MLAB_OK);
    CHECK_INT(mlab_config_set_transport(config, start, note_cancel, host), MLAB_OK);
    return config;
}

mlab_client *ready_host_client(mlab_transport_start_fn start, ready_host *host)
{
    mlab_config *config = ready_host_config(start, host);
    mlab_client *client = NULL;
    CHECK_INT(mlab_client_new(TEST_KEY, config, &client), MLAB_OK);
    mlab_config_free(config);
    return client;
}

mlab_result *ready_host_fetch(mlab_config *config, int32_t status)
{
    mlab_result *result = NULL;
    CHECK_INT(mlab_set_default_config(config), MLAB_OK);
    CHECK_INT(mlab_fetch_queued(TEST_KEY, READY_ID, &result), status);
    CHECK_INT(mlab_result_status(result), status);
    mlab_set_default_config(NULL);
    mlab_config_free(config);
    return result;
}
