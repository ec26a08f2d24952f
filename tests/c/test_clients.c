#include "test_clients.h"

#include "harness.h"
#include "settings.h"

#include <stddef.h>

static mlab_client *made_of(mlab_config *config)
{
    mlab_client *client = NULL;
    CHECK_INT(mlab_client_new(TEST_KEY, config, &client), MLAB_OK);
    mlab_config_free(config);
    return client;
}

mlab_client *test_client_at_http(void)
{
    mlab_config *config = mlab_config_new();
    CHECK_INT(mlab_config_set_endpoint(config, harness_setting("MLAB_TEST_HTTP")), MLAB_OK);
    return made_of(config);
}

mlab_client *test_client_that_pulls(void)
{
    mlab_config *config = mlab_config_new();
    CHECK_INT(mlab_config_set_transport_pull(config), MLAB_OK);
    return made_of(config);
}

void test_submit(const mlab_client *client, const char *id)
{
    mlab_request *request = mlab_request_new(id);
    CHECK_INT(mlab_client_submit(client, request, NULL), MLAB_OK);
    mlab_request_free(request);
}
