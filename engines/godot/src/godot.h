/*
 * The part of Godot's interface that the plugin uses, and Godot's values in C.
 *
 * Knows nothing of mlab. Everything is done with Variants and calls by name: slower than bound methods by a fraction of a
 * microsecond, and free of method hashes, which are tied to a version of Godot.
 */
#ifndef MLAB_GODOT_H
#define MLAB_GODOT_H

#include <gdextension_interface.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A Variant, which may be moved byte by byte. 40 bytes is its size in double precision builds; others need 24. */
typedef union variant {
    uint8_t bytes[40];
    uint64_t aligned;
} variant;

/* A String or a StringName: a pointer. */
typedef union godot_string {
    uint8_t bytes[8];
    uint64_t aligned;
} godot_string;

/* Functions of the interface: what it is called here and there, and its type. None is newer than Godot 4.4. */
#define GODOT_FUNCTIONS(X)                                                                                               \
    X(classdb_construct_object2, GDExtensionInterfaceClassdbConstructObject2)                                            \
    X(classdb_register_extension_class4, GDExtensionInterfaceClassdbRegisterExtensionClass4)                             \
    X(classdb_register_extension_class_integer_constant, GDExtensionInterfaceClassdbRegisterExtensionClassIntegerConstant) \
    X(classdb_register_extension_class_method, GDExtensionInterfaceClassdbRegisterExtensionClassMethod)                  \
    X(classdb_register_extension_class_property, GDExtensionInterfaceClassdbRegisterExtensionClassProperty)              \
    X(classdb_register_extension_class_signal, GDExtensionInterfaceClassdbRegisterExtensionClassSignal)                  \
    X(classdb_unregister_extension_class, GDExtensionInterfaceClassdbUnregisterExtensionClass)                           \
    X(editor_help_load_xml_from_utf8_chars_and_len, GDExtensionsInterfaceEditorHelpLoadXmlFromUtf8CharsAndLen)           \
    X(get_variant_from_type_constructor, GDExtensionInterfaceGetVariantFromTypeConstructor)                              \
    X(get_variant_to_type_constructor, GDExtensionInterfaceGetVariantToTypeConstructor)                                  \
    X(global_get_singleton, GDExtensionInterfaceGlobalGetSingleton)                                                      \
    X(object_set_instance, GDExtensionInterfaceObjectSetInstance)                                                        \
    X(packed_byte_array_operator_index, GDExtensionInterfacePackedByteArrayOperatorIndex)                                \
    X(print_warning, GDExtensionInterfacePrintWarning)                                                                   \
    X(string_name_new_with_utf8_chars, GDExtensionInterfaceStringNameNewWithUtf8Chars)                                   \
    X(string_new_with_utf8_chars, GDExtensionInterfaceStringNewWithUtf8Chars)                                            \
    X(string_to_utf8_chars, GDExtensionInterfaceStringToUtf8Chars)                                                       \
    X(variant_call, GDExtensionInterfaceVariantCall)                                                                     \
    X(variant_construct, GDExtensionInterfaceVariantConstruct)                                                           \
    X(variant_destroy, GDExtensionInterfaceVariantDestroy)                                                               \
    X(variant_get_indexed, GDExtensionInterfaceVariantGetIndexed)                                                        \
    X(variant_get_ptr_destructor, GDExtensionInterfaceVariantGetPtrDestructor)                                           \
    X(variant_get_ptr_internal_getter, GDExtensionInterfaceGetVariantGetInternalPtrFunc)                                 \
    X(variant_get_type, GDExtensionInterfaceVariantGetType)                                                              \
    X(variant_new_copy, GDExtensionInterfaceVariantNewCopy)                                                              \
    X(variant_new_nil, GDExtensionInterfaceVariantNewNil)                                                                \
    X(variant_set_keyed, GDExtensionInterfaceVariantSetKeyed)                                                            \
    X(worker_thread_pool_add_native_task, GDExtensionInterfaceWorkerThreadPoolAddNativeTask)

struct godot {
#define DECLARE(name, type) type name;
    GODOT_FUNCTIONS(DECLARE)
#undef DECLARE
    GDExtensionClassLibraryPtr library;
};

/* Filled by godot_load(), constant afterwards. */
extern struct godot godot;

/* Names that are looked up once: of classes, methods and singletons. */
#define GODOT_NAMES(X)                                                                                                   \
    X(Image) X(ImageTexture) X(MlabClient) X(Node) X(OS) X(ProjectSettings) X(RefCounted) X(Time) X(WorkerThreadPool)    \
    X(add_property_info) X(append) X(duplicate) X(emit_signal) X(get) X(get_environment) X(get_meta)                     \
    X(get_setting_with_override) X(get_ticks_usec) X(has_meta) X(has_setting) X(is_debug_build) X(is_task_completed)     \
    X(keys) X(load_jpg_from_buffer) X(load_png_from_buffer) X(load_webp_from_buffer) X(notification) X(remove_meta)      \
    X(resize) X(set_as_basic) X(set_image) X(set_initial_value) X(set_meta) X(set_process_internal) X(set_setting)       \
    X(size) X(wait_for_task_completion)

enum name {
#define ENUMERATE(name) NAME_##name,
    GODOT_NAMES(ENUMERATE)
#undef ENUMERATE
    NAME_COUNT
};

/* Finds the functions. False: this Godot lacks one, and its name was printed. */
bool godot_load(GDExtensionInterfaceGetProcAddress get_proc_address, GDExtensionClassLibraryPtr library);

/* Makes and ends what lives as long as the plugin is loaded: names, singletons. */
void godot_begin(void);
void godot_end(void);

GDExtensionConstStringNamePtr godot_name(enum name name);

/* Memory that is always there: without it the program ends, as Godot itself does. */
void *must_allocate(size_t size);
char *must_copy(const char *string);

/* Microseconds on a monotonic clock. */
int64_t now_usec(void);

/* Tells the developer, once for each call. */
void warn(const char *message);

/* Values. What is made here is the caller's, to be ended by value_free(). */
variant value_nil(void);
variant value_bool(bool value);
variant value_int(int64_t value);
variant value_float(double value);
variant value_string(const char *utf8);
variant value_object(GDExtensionObjectPtr object);
variant value_copy(const variant *value);
variant value_bytes(const void *bytes, size_t length);
/* An empty one of a type, such as a Dictionary. */
variant value_new(GDExtensionVariantType type);
/* A new object of a class; a reference-counted one lives as long as a Variant holds it. */
variant value_new_object(enum name class_name);
void value_free(variant *value);

GDExtensionVariantType value_type(const variant *value);
bool value_to_bool(const variant *value);
int64_t value_to_int(const variant *value);
double value_to_float(const variant *value);
/* As text, to be freed; a NUL inside becomes U+0001, which no setting and no id may hold. */
char *value_to_text(const variant *value);

/* Calls a method by name with `count` pointers to variants. */
variant value_call(const variant *self, enum name method, int count, ...);
void value_call_void(const variant *self, enum name method, int count, ...);
/* The same of a singleton. */
variant singleton_call(enum name singleton, enum name method, int count, ...);

/* Puts a value into a Dictionary, and ends it. */
void dictionary_put(variant *dictionary, const char *key, variant value);
/* The value of a key of a Dictionary, nil if it has none. */
variant dictionary_get(const variant *dictionary, const char *key);
/* Appends a value to an Array, and ends it. */
void array_push(variant *array, variant value);
variant array_get(const variant *array, int64_t index);

#endif
