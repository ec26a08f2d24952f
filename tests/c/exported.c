#include "exported.h"

#include "harness.h"
#include "settings.h"

#include <string.h>

static const char limited[] = "{\"status\":\"error\",\"message\":\"Rate limit exceeded.\",\"id\":7,\"eta\":5,\"retry_after\":30}";

exported_objects exported_objects_new(void)
{
    exported_objects objects;
    memset(&objects, 0, sizeof objects);
    objects.config = mlab_config_new();
    CHECK_INT(mlab_config_set_endpoint(objects.config, harness_setting("MLAB_TEST_HTTP")), MLAB_OK);
    CHECK_INT(mlab_set_default_config(objects.config), MLAB_OK);
    CHECK_INT(mlab_client_new(TEST_KEY, objects.config, &objects.client), MLAB_OK);
    objects.cancel = mlab_cancel_new();
    objects.request = mlab_request_new(READY_ID);
    CHECK_INT(mlab_parse(limited, sizeof limited - 1, 429, &objects.result), MLAB_E_RATE_LIMITED);
    CHECK_INT(mlab_parse(READY_REPLY, sizeof READY_REPLY - 1, 200, &objects.ready), MLAB_OK);
    return objects;
}

void exported_objects_free(exported_objects *objects)
{
    mlab_result_free(objects->ready);
    mlab_result_free(objects->result);
    mlab_request_free(objects->request);
    mlab_cancel_free(objects->cancel);
    mlab_client_free(objects->client);
    mlab_config_free(objects->config);
    mlab_set_default_config(NULL);
}

#define ROW(function) {#function, call_##function},
const exported_function exported_functions[] = {EXPORTED_FUNCTIONS(ROW)};

const size_t exported_function_count = sizeof exported_functions / sizeof exported_functions[0];
