/* Where Godot enters the plugin: its class, its help and its project settings. */
#include "node.h"

#if defined(_WIN32)
#define EXPORTED __declspec(dllexport)
#else
#define EXPORTED __attribute__((visibility("default")))
#endif

/* MlabClient.xml, made into C by build.sh. */
extern const char CLASS_HELP[];
extern const int64_t CLASS_HELP_SIZE;

static const char *const SETTINGS[] = {"mlab/endpoint", "mlab/key"};

/* Shows a setting in the editor's dialog; a value that is empty is not written into project.godot. */
static void register_setting(const char *setting)
{
    variant name = value_string(setting), empty = value_string(""), yes = value_bool(true);
    variant info = value_new(GDEXTENSION_VARIANT_TYPE_DICTIONARY), result;

    result = singleton_call(NAME_ProjectSettings, NAME_has_setting, 1, &name);
    if (!value_to_bool(&result)) {
        result = singleton_call(NAME_ProjectSettings, NAME_set_setting, 2, &name, &empty);
        value_free(&result);
    }
    result = singleton_call(NAME_ProjectSettings, NAME_set_initial_value, 2, &name, &empty);
    value_free(&result);
    dictionary_put(&info, "name", value_copy(&name));
    dictionary_put(&info, "type", value_int(GDEXTENSION_VARIANT_TYPE_STRING));
    result = singleton_call(NAME_ProjectSettings, NAME_add_property_info, 1, &info);
    value_free(&result);
    result = singleton_call(NAME_ProjectSettings, NAME_set_as_basic, 2, &name, &yes);
    value_free(&result);
    value_free(&info);
    value_free(&empty);
    value_free(&name);
}

static void initialize(void *userdata, GDExtensionInitializationLevel level)
{
    (void)userdata;
    if (level == GDEXTENSION_INITIALIZATION_SCENE) {
        godot_begin();
        for (size_t i = 0; i < sizeof SETTINGS / sizeof SETTINGS[0]; i++)
            register_setting(SETTINGS[i]);
        class_register();
    } else if (level == GDEXTENSION_INITIALIZATION_EDITOR) {
        godot.editor_help_load_xml_from_utf8_chars_and_len(CLASS_HELP, CLASS_HELP_SIZE);
    }
}

static void deinitialize(void *userdata, GDExtensionInitializationLevel level)
{
    (void)userdata;
    if (level == GDEXTENSION_INITIALIZATION_SCENE) {
        class_unregister();
        godot_end();
    }
}

/* Named in mlab.gdextension. */
EXPORTED GDExtensionBool mlab_godot_init(GDExtensionInterfaceGetProcAddress get_proc_address,
                                         GDExtensionClassLibraryPtr library, GDExtensionInitialization *initialization);

GDExtensionBool mlab_godot_init(GDExtensionInterfaceGetProcAddress get_proc_address, GDExtensionClassLibraryPtr library,
                                GDExtensionInitialization *initialization)
{
    if (!godot_load(get_proc_address, library))
        return false;
    initialization->minimum_initialization_level = GDEXTENSION_INITIALIZATION_SCENE;
    initialization->userdata = NULL;
    initialization->initialize = initialize;
    initialization->deinitialize = deinitialize;
    return true;
}
