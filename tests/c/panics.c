/*
 * A panic planted at the entry of each exported function comes back as its neutral value, or as MLAB_E_INTERNAL with a
 * result that says so; nothing is printed; the next call works. For the library built with `fault-injection` alone.
 */
#include "exported.h"
#include "harness.h"
#include "settings.h"
#include "quiet.h"

#include <string.h>

/* Makes the next call of this function panic; NULL for none. Returns 1 if the one planted before has not gone off. */
int32_t mlab_test_plant_panic(const char *function);

static void a_panic_is_caught_silently_and_the_next_call_works(void)
{
    exported_objects objects = exported_objects_new();
    for (size_t i = 0; i < exported_function_count; i++) {
        const exported_function *function = &exported_functions[i];
        harness_row(function->name);
        quiet_begin();
        CHECK_INT(mlab_test_plant_panic(function->name), 0);
        function->call(&objects, 1);
        CHECK_INT(mlab_test_plant_panic(NULL), 0);
        CHECK_SIZE(quiet_end(), 0);
        function->call(&objects, 0);
    }
    exported_objects_free(&objects);
}

static void a_panic_without_an_out_parameter_is_caught_too(void)
{
    exported_objects objects = exported_objects_new();
    quiet_begin();
    mlab_test_plant_panic("mlab_parse");
    CHECK_INT(mlab_parse("{}", 2, 200, NULL), MLAB_E_INTERNAL);
    mlab_test_plant_panic("mlab_config_set_roots");
    CHECK_INT(mlab_config_set_roots(NULL, 0), MLAB_E_INTERNAL);
    mlab_test_plant_panic("mlab_result_url_count");
    CHECK_SIZE(mlab_result_url_count(NULL), 0);
    CHECK_INT(mlab_test_plant_panic(NULL), 0);
    CHECK_SIZE(quiet_end(), 0);
    exported_objects_free(&objects);
}

static const harness_test tests[] = {
    TEST(a_panic_is_caught_silently_and_the_next_call_works),
    TEST(a_panic_without_an_out_parameter_is_caught_too),
    END_OF_TESTS,
};

int main(int argc, char **argv)
{
    static const harness_suite suites[] = {{"panics", tests}, {NULL, NULL}};
    return harness_main(suites, argc, argv);
}
