#include "settings.h"

#include "harness.h"

#include <mlab.h>

void test_endpoint(const char *endpoint_variable, const char *ca_file_variable)
{
    mlab_config *config = mlab_config_new();
    CHECK_INT(mlab_config_set_endpoint(config, harness_setting(endpoint_variable)), MLAB_OK);
    if (ca_file_variable != NULL)
        CHECK_INT(mlab_config_set_ca_file(config, harness_setting(ca_file_variable)), MLAB_OK);
    CHECK_INT(mlab_set_default_config(config), MLAB_OK);
    mlab_config_free(config);
}
