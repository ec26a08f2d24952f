/* What a MlabClient has: methods, properties and signals, and how Godot calls a method. */
#include "class.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Generation calls return ids as numbers, and Godot's JSON may make floats of them. */
static char *id_text(const variant *id)
{
    double number = value_type(id) == GDEXTENSION_VARIANT_TYPE_FLOAT ? value_to_float(id) : 0;
    char *text;

    if (number < 1 || number > 9007199254740992.0 || floor(number) < number)
        return value_to_text(id);
    text = must_allocate(32);
    snprintf(text, 32, "%.0f", number);
    return text;
}

static variant wait_for(struct node *node, const variant *const *arguments)
{
    /* The caller may change his Dictionary. */
    variant options = arguments[1] == NULL ? value_nil() : value_call(arguments[1], NAME_duplicate, 0);

    node->last_number++;
    node_open(node, node->last_number, id_text(arguments[0]), options);
    return value_int(node->last_number);
}

static variant cancel(struct node *node, const variant *const *arguments)
{
    return value_bool(node_cancel(node, value_to_int(arguments[0])));
}

static variant cancel_all(struct node *node, const variant *const *arguments)
{
    (void)arguments;
    node_cancel_all(node);
    return value_nil();
}

static variant get_pending(struct node *node, const variant *const *arguments)
{
    (void)arguments;
    return value_int((int64_t)node->jobs.count);
}

static variant pump(struct node *node, const variant *const *arguments)
{
    (void)arguments;
    node_pump(node);
    return value_nil();
}

static void replace(struct node *node, char **setting, const variant *value)
{
    char *text = value_to_text(value);

    if (strcmp(text, *setting) != 0)
        node_retire_settings(node);
    free(*setting);
    *setting = text;
}

static variant set_endpoint(struct node *node, const variant *const *arguments)
{
    replace(node, &node->endpoint, arguments[0]);
    return value_nil();
}

static variant get_endpoint(struct node *node, const variant *const *arguments)
{
    (void)arguments;
    return value_string(node->endpoint);
}

static variant set_key(struct node *node, const variant *const *arguments)
{
    replace(node, &node->key, arguments[0]);
    return value_nil();
}

static variant get_key(struct node *node, const variant *const *arguments)
{
    (void)arguments;
    return value_string(node->key[0] == '\0' ? "" : "***");
}

static variant set_workers(struct node *node, const variant *const *arguments)
{
    if (value_to_int(arguments[0]) != node->workers)
        node_retire_settings(node);
    node->workers = value_to_int(arguments[0]);
    return value_nil();
}

static variant get_workers(struct node *node, const variant *const *arguments)
{
    (void)arguments;
    return value_int(node->workers);
}

static variant set_frame_limit_usec(struct node *node, const variant *const *arguments)
{
    node->frame_limit_usec = value_to_int(arguments[0]);
    return value_nil();
}

static variant get_frame_limit_usec(struct node *node, const variant *const *arguments)
{
    (void)arguments;
    return value_int(node->frame_limit_usec);
}

static variant set_auto_pump(struct node *node, const variant *const *arguments)
{
    node->auto_pump = value_to_bool(arguments[0]);
    node_update_processing(node);
    return value_nil();
}

static variant get_auto_pump(struct node *node, const variant *const *arguments)
{
    (void)arguments;
    return value_bool(node->auto_pump);
}

const struct method METHODS[] = {
    {"wait_for", wait_for, INT, 2, 1, {{"id", ANY, NULL}, {"options", DICTIONARY, NULL}}},
    {"cancel", cancel, BOOL, 1, 1, {{"job", INT, NULL}}},
    {"cancel_all", cancel_all, NOTHING, 0, 0, {{0}}},
    {"get_pending", get_pending, INT, 0, 0, {{0}}},
    {"pump", pump, NOTHING, 0, 0, {{0}}},
    {"set_endpoint", set_endpoint, NOTHING, 1, 1, {{"endpoint", STRING, NULL}}},
    {"get_endpoint", get_endpoint, STRING, 0, 0, {{0}}},
    {"set_key", set_key, NOTHING, 1, 1, {{"key", STRING, NULL}}},
    {"get_key", get_key, STRING, 0, 0, {{0}}},
    {"set_workers", set_workers, NOTHING, 1, 1, {{"workers", INT, NULL}}},
    {"get_workers", get_workers, INT, 0, 0, {{0}}},
    {"set_frame_limit_usec", set_frame_limit_usec, NOTHING, 1, 1, {{"frame_limit_usec", INT, NULL}}},
    {"get_frame_limit_usec", get_frame_limit_usec, INT, 0, 0, {{0}}},
    {"set_auto_pump", set_auto_pump, NOTHING, 1, 1, {{"auto_pump", BOOL, NULL}}},
    {"is_auto_pump", get_auto_pump, BOOL, 0, 0, {{0}}},
};

/* The key is neither stored in scenes nor shown in the inspector. */
const struct property PROPERTIES[] = {
    {"endpoint", STRING, USAGE_DEFAULT, HINT_NONE, "", "set_endpoint", "get_endpoint"},
    {"key", STRING, USAGE_NONE, HINT_NONE, "", "set_key", "get_key"},
    {"workers", INT, USAGE_DEFAULT, HINT_RANGE, "1,1024", "set_workers", "get_workers"},
    {"frame_limit_usec", INT, USAGE_DEFAULT, HINT_RANGE, "0,16000,1,or_greater,suffix:\xC2\xB5s", "set_frame_limit_usec",
     "get_frame_limit_usec"},
    {"auto_pump", BOOL, USAGE_DEFAULT, HINT_NONE, "", "set_auto_pump", "is_auto_pump"},
};

const struct signal_row SIGNALS[] = {
    {SIGNAL_PROGRESS, 2, {{"job", INT, NULL}, {"info", DICTIONARY, NULL}}},
    {SIGNAL_IMAGE_READY, 4,
     {{"job", INT, NULL}, {"index", INT, NULL}, {"texture", OBJECT, "ImageTexture"}, {"info", DICTIONARY, NULL}}},
    {SIGNAL_JOB_READY, 2, {{"job", INT, NULL}, {"urls", STRINGS, NULL}}},
    {SIGNAL_FAILED, 4,
     {{"job", INT, NULL}, {"status", INT, NULL}, {"status_name", STRING, NULL}, {"message", STRING, NULL}}},
};

const size_t METHOD_COUNT = sizeof METHODS / sizeof METHODS[0];
const size_t PROPERTY_COUNT = sizeof PROPERTIES / sizeof PROPERTIES[0];
const size_t SIGNAL_COUNT = sizeof SIGNALS / sizeof SIGNALS[0];

static bool fits(const variant *value, int type)
{
    int given = (int)value_type(value);

    return type == ANY || given == type || (type == STRING && given == GDEXTENSION_VARIANT_TYPE_STRING_NAME);
}

void call_method(void *userdata, GDExtensionClassInstancePtr instance, const GDExtensionConstVariantPtr *given,
                 GDExtensionInt given_count, GDExtensionVariantPtr out, GDExtensionCallError *error)
{
    const struct method *method = userdata;
    const variant *arguments[2] = {NULL, NULL};
    variant result;

    error->error = GDEXTENSION_CALL_OK;
    if (given_count < method->required || given_count > method->count) {
        bool is_short = given_count < method->required;

        error->error = is_short ? GDEXTENSION_CALL_ERROR_TOO_FEW_ARGUMENTS : GDEXTENSION_CALL_ERROR_TOO_MANY_ARGUMENTS;
        error->expected = is_short ? method->required : method->count;
        return;
    }
    for (int i = 0; i < given_count; i++) {
        arguments[i] = given[i];
        if (!fits(arguments[i], method->arguments[i].type)) {
            error->error = GDEXTENSION_CALL_ERROR_INVALID_ARGUMENT;
            error->argument = i;
            error->expected = method->arguments[i].type;
            return;
        }
    }
    result = method->call(instance, arguments);
    /* Not by moving it: Godot's place for it may be smaller than our union. */
    godot.variant_destroy(out);
    godot.variant_new_copy(out, &result);
    value_free(&result);
}

/* The same with plain values in place of Variants. All arguments are given. */
void call_method_plainly(void *userdata, GDExtensionClassInstancePtr instance, const GDExtensionConstTypePtr *given,
                         GDExtensionTypePtr out)
{
    const struct method *method = userdata;
    variant values[2], result;
    const variant *arguments[2] = {NULL, NULL};

    for (int i = 0; i < method->count; i++) {
        int type = method->arguments[i].type;

        if (type == ANY)
            godot.variant_new_copy(&values[i], given[i]);
        else
            godot.get_variant_from_type_constructor((GDExtensionVariantType)type)(&values[i], (void *)given[i]);
        arguments[i] = &values[i];
    }
    result = method->call(instance, arguments);
    if (method->return_type != NOTHING)
        godot.get_variant_to_type_constructor((GDExtensionVariantType)method->return_type)(out, &result);
    value_free(&result);
    for (int i = 0; i < method->count; i++)
        value_free(&values[i]);
}
