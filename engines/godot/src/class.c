/* The class MlabClient as Godot sees it: methods, properties, signals and constants, as tables, and how Godot calls them. */
#include "node.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ARGUMENTS = 4 };

/* Values of Godot's own enums, which its interface header does not have. */
enum {
    NOTIFICATION_POSTINITIALIZE = 0,
    NOTIFICATION_PREDELETE = 1,
    NOTIFICATION_INTERNAL_PROCESS = 25,
    USAGE_NONE = 0,
    USAGE_DEFAULT = 6, /* storage and editor */
    USAGE_NIL_IS_VARIANT = 1 << 17,
    HINT_NONE = 0,
    HINT_RANGE = 1
};

enum {
    NOTHING = GDEXTENSION_VARIANT_TYPE_NIL,
    ANY = GDEXTENSION_VARIANT_TYPE_NIL,
    BOOL = GDEXTENSION_VARIANT_TYPE_BOOL,
    INT = GDEXTENSION_VARIANT_TYPE_INT,
    STRING = GDEXTENSION_VARIANT_TYPE_STRING,
    OBJECT = GDEXTENSION_VARIANT_TYPE_OBJECT,
    DICTIONARY = GDEXTENSION_VARIANT_TYPE_DICTIONARY,
    STRINGS = GDEXTENSION_VARIANT_TYPE_PACKED_STRING_ARRAY
};

struct argument {
    const char *name;
    int type;
    const char *class_name; /* of an OBJECT */
};

struct method {
    const char *name;
    variant (*call)(struct node *node, const variant *const *arguments);
    int return_type;
    int count, required;
    struct argument arguments[2];
};

struct property {
    const char *name;
    int type;
    uint32_t usage;
    uint32_t hint;
    const char *hint_string, *setter, *getter;
};

struct signal_row {
    enum signal signal;
    int count;
    struct argument arguments[MOST_ARGUMENTS];
};

/* ---- methods ---- */

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

static const struct method METHODS[] = {
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
static const struct property PROPERTIES[] = {
    {"endpoint", STRING, USAGE_DEFAULT, HINT_NONE, "", "set_endpoint", "get_endpoint"},
    {"key", STRING, USAGE_NONE, HINT_NONE, "", "set_key", "get_key"},
    {"workers", INT, USAGE_DEFAULT, HINT_RANGE, "1,1024", "set_workers", "get_workers"},
    {"frame_limit_usec", INT, USAGE_DEFAULT, HINT_RANGE, "0,16000,1,or_greater,suffix:\xC2\xB5s", "set_frame_limit_usec",
     "get_frame_limit_usec"},
    {"auto_pump", BOOL, USAGE_DEFAULT, HINT_NONE, "", "set_auto_pump", "is_auto_pump"},
};

static const struct signal_row SIGNALS[] = {
    {SIGNAL_PROGRESS, 2, {{"job", INT, NULL}, {"info", DICTIONARY, NULL}}},
    {SIGNAL_IMAGE_READY, 4,
     {{"job", INT, NULL}, {"index", INT, NULL}, {"texture", OBJECT, "ImageTexture"}, {"info", DICTIONARY, NULL}}},
    {SIGNAL_JOB_READY, 2, {{"job", INT, NULL}, {"urls", STRINGS, NULL}}},
    {SIGNAL_FAILED, 4,
     {{"job", INT, NULL}, {"status", INT, NULL}, {"status_name", STRING, NULL}, {"message", STRING, NULL}}},
};

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

/* ---- how Godot calls ---- */

static bool fits(const variant *value, int type)
{
    int given = (int)value_type(value);

    return type == ANY || given == type || (type == STRING && given == GDEXTENSION_VARIANT_TYPE_STRING_NAME);
}

static void call_method(void *userdata, GDExtensionClassInstancePtr instance,
                        const GDExtensionConstVariantPtr *given, GDExtensionInt given_count, GDExtensionVariantPtr out,
                        GDExtensionCallError *error)
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
static void call_method_plainly(void *userdata, GDExtensionClassInstancePtr instance,
                                const GDExtensionConstTypePtr *given, GDExtensionTypePtr out)
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

static GDExtensionObjectPtr create(void *userdata, GDExtensionBool is_to_be_notified)
{
    GDExtensionObjectPtr object = godot.classdb_construct_object2(godot_name(NAME_Node));

    (void)userdata;
    godot.object_set_instance(object, godot_name(NAME_MlabClient), node_new(object));
    if (is_to_be_notified) {
        variant self = value_object(object), what = value_int(NOTIFICATION_POSTINITIALIZE);

        value_call_void(&self, NAME_notification, 1, &what);
        value_free(&self);
    }
    return object;
}

static GDExtensionClassInstancePtr create_again(void *userdata, GDExtensionObjectPtr object)
{
    struct node *node = node_new(object);

    (void)userdata;
    reload_take(node);
    return node;
}

static void end(void *userdata, GDExtensionClassInstancePtr instance)
{
    (void)userdata;
    node_free(instance);
}

static void notify(GDExtensionClassInstancePtr instance, int32_t what, GDExtensionBool is_reversed)
{
    struct node *node = instance;

    (void)is_reversed;
    if (what == NOTIFICATION_INTERNAL_PROCESS)
        node_pump(node);
    else if (what == NOTIFICATION_PREDELETE)
        node->is_ending = true;
}

/* ---- registration ---- */

/* A property info and the texts that it points to. */
struct info {
    GDExtensionPropertyInfo plain;
    godot_string name, class_name, hint_string;
};

static godot_string name_of(const char *spelling)
{
    godot_string name;

    godot.string_name_new_with_utf8_chars(&name, spelling);
    return name;
}

static void end_name(godot_string *name)
{
    godot.variant_get_ptr_destructor(GDEXTENSION_VARIANT_TYPE_STRING_NAME)(name);
}

static void end_string(godot_string *string)
{
    godot.variant_get_ptr_destructor(GDEXTENSION_VARIANT_TYPE_STRING)(string);
}

static void info_begin(struct info *info, const char *name, int type, const char *class_name)
{
    info->name = name_of(name);
    info->class_name = name_of(class_name != NULL ? class_name : "");
    godot.string_new_with_utf8_chars(&info->hint_string, "");
    info->plain.type = (GDExtensionVariantType)type;
    info->plain.name = &info->name;
    info->plain.class_name = &info->class_name;
    info->plain.hint = HINT_NONE;
    info->plain.hint_string = &info->hint_string;
    info->plain.usage = USAGE_DEFAULT | (type == ANY ? USAGE_NIL_IS_VARIANT : 0);
}

static void info_end(struct info *info)
{
    end_name(&info->name);
    end_name(&info->class_name);
    end_string(&info->hint_string);
}

static void register_method(const struct method *method)
{
    struct info infos[2], returned;
    GDExtensionPropertyInfo plain[2];
    GDExtensionClassMethodArgumentMetadata metadata[2] = {GDEXTENSION_METHOD_ARGUMENT_METADATA_NONE,
                                                          GDEXTENSION_METHOD_ARGUMENT_METADATA_NONE};
    GDExtensionClassMethodInfo info;
    godot_string name = name_of(method->name);
    variant empty = value_new(GDEXTENSION_VARIANT_TYPE_DICTIONARY);
    GDExtensionVariantPtr defaults[1] = {&empty};

    for (int i = 0; i < method->count; i++) {
        info_begin(&infos[i], method->arguments[i].name, method->arguments[i].type, NULL);
        plain[i] = infos[i].plain;
    }
    info_begin(&returned, "", method->return_type, NULL);
    memset(&info, 0, sizeof info);
    info.name = &name;
    info.method_userdata = (void *)method;
    info.call_func = call_method;
    info.ptrcall_func = call_method_plainly;
    info.method_flags = GDEXTENSION_METHOD_FLAGS_DEFAULT;
    info.has_return_value = method->return_type != NOTHING;
    info.return_value_info = &returned.plain;
    info.argument_count = (uint32_t)method->count;
    info.arguments_info = plain;
    info.arguments_metadata = metadata;
    info.default_argument_count = (uint32_t)(method->count - method->required);
    info.default_arguments = defaults;
    godot.classdb_register_extension_class_method(godot.library, godot_name(NAME_MlabClient), &info);
    info_end(&returned);
    for (int i = 0; i < method->count; i++)
        info_end(&infos[i]);
    value_free(&empty);
    end_name(&name);
}

static void register_property(const struct property *property)
{
    godot_string setter = name_of(property->setter), getter = name_of(property->getter);
    struct info info;

    info_begin(&info, property->name, property->type, NULL);
    info.plain.usage = property->usage;
    info.plain.hint = property->hint;
    end_string(&info.hint_string);
    godot.string_new_with_utf8_chars(&info.hint_string, property->hint_string);
    godot.classdb_register_extension_class_property(godot.library, godot_name(NAME_MlabClient), &info.plain, &setter,
                                                    &getter);
    info_end(&info);
    end_name(&setter);
    end_name(&getter);
}

static void register_signal(const struct signal_row *row)
{
    struct info infos[MOST_ARGUMENTS];
    GDExtensionPropertyInfo plain[MOST_ARGUMENTS];
    godot_string name = name_of(SIGNAL_NAMES[row->signal]);

    for (int i = 0; i < row->count; i++) {
        info_begin(&infos[i], row->arguments[i].name, row->arguments[i].type, row->arguments[i].class_name);
        plain[i] = infos[i].plain;
    }
    godot.classdb_register_extension_class_signal(godot.library, godot_name(NAME_MlabClient), &name, plain, row->count);
    for (int i = 0; i < row->count; i++)
        info_end(&infos[i]);
    end_name(&name);
}

/* Every error status of the library that is loaded, as MlabClient.E_AUTH and so on. */
static void register_statuses(void)
{
    static const char PREFIX[] = "MLAB_E_";
    godot_string enumeration = name_of("Status");

    for (int32_t status = -1; status >= -99; status--) {
        const char *spelling = mlab_status_name(status);
        godot_string name;

        if (strncmp(spelling, PREFIX, strlen(PREFIX)) != 0)
            continue;
        name = name_of(spelling + strlen("MLAB_"));
        godot.classdb_register_extension_class_integer_constant(godot.library, godot_name(NAME_MlabClient), &enumeration,
                                                                &name, status, false);
        end_name(&name);
    }
    end_name(&enumeration);
}

void class_register(void)
{
    GDExtensionClassCreationInfo4 info;

    memset(&info, 0, sizeof info);
    info.is_exposed = true;
    info.notification_func = notify;
    info.create_instance_func = create;
    info.free_instance_func = end;
    info.recreate_instance_func = create_again;
    godot.classdb_register_extension_class4(godot.library, godot_name(NAME_MlabClient), godot_name(NAME_Node), &info);
    for (size_t i = 0; i < COUNT(METHODS); i++)
        register_method(&METHODS[i]);
    for (size_t i = 0; i < COUNT(PROPERTIES); i++)
        register_property(&PROPERTIES[i]);
    for (size_t i = 0; i < COUNT(SIGNALS); i++)
        register_signal(&SIGNALS[i]);
    register_statuses();
}

void class_unregister(void)
{
    godot.classdb_unregister_extension_class(godot.library, godot_name(NAME_MlabClient));
}
