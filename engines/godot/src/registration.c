/* Hands the class MlabClient to Godot: how its instances live, and what class.c lists. */
#include "class.h"

#include <string.h>

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
    for (size_t i = 0; i < METHOD_COUNT; i++)
        register_method(&METHODS[i]);
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        register_property(&PROPERTIES[i]);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        register_signal(&SIGNALS[i]);
    register_statuses();
}

void class_unregister(void)
{
    godot.classdb_unregister_extension_class(godot.library, godot_name(NAME_MlabClient));
}
