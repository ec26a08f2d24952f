/* The library without HTTP of its own: everything that would need it is refused, and says so. */
#include "harness.h"

#include <mlab.h>

static void a_call_without_a_transport_names_it(void)
{
    mlab_result *result = NULL;

    CHECK_INT(mlab_fetch_queued("test-key-not-real", "1", &result), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_result_message(result), "transport ");
    CHECK_HAS(mlab_result_message(result), "mlab_config_set_transport()");
    mlab_result_free(result);
}

static void settings_of_connections_are_refused(void)
{
    mlab_config *config = mlab_config_new();

    CHECK_INT(mlab_config_set_proxy(config, "http://127.0.0.1:1"), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_config_message(config), "proxy_url ");
    CHECK_INT(mlab_config_set_proxy(config, ""), MLAB_OK);
    CHECK_INT(mlab_config_set_ca_file(config, "/nowhere/ca.pem"), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_config_message(config), "path ");
    CHECK_INT(mlab_config_set_ca_pem(config, "-----BEGIN CERTIFICATE-----"), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_config_message(config), "pem ");
    CHECK_INT(mlab_config_set_roots(config, MLAB_ROOTS_SYSTEM), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_config_message(config), "roots ");
    CHECK_INT(mlab_config_set_roots(config, MLAB_ROOTS_BUNDLED), MLAB_OK);
    mlab_config_free(config);
}

static const harness_test tests[] = {
    TEST(a_call_without_a_transport_names_it),
    TEST(settings_of_connections_are_refused),
    END_OF_TESTS,
};

int main(int argc, char **argv)
{
    static const harness_suite suites[] = {{"without_http", tests}, {NULL, NULL}};

    return harness_main(suites, argc, argv);
}
