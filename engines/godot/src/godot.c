#include "godot.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More arguments than any method or signal here has. */
enum { MOST_ARGUMENTS = 8 };

struct godot godot;

static const char *const SPELLINGS[] = {
#define SPELL(name) #name,
    GODOT_NAMES(SPELL)
#undef SPELL
};

static godot_string names[NAME_COUNT];
static GDExtensionPtrDestructor end_string, end_name;

bool godot_load(GDExtensionInterfaceGetProcAddress get_proc_address, GDExtensionClassLibraryPtr library)
{
    bool has_all = true;

#define LOAD(name, type)                                                                                                 \
    godot.name = (type)(void (*)(void))get_proc_address(#name);                                                          \
    if (godot.name == NULL) {                                                                                            \
        fprintf(stderr, "mlab: this version of Godot lacks %s; use Godot 4.4 or newer\n", #name);                        \
        has_all = false;                                                                                                 \
    }
    GODOT_FUNCTIONS(LOAD)
#undef LOAD
    godot.library = library;
    return has_all;
}

void godot_begin(void)
{
    end_string = godot.variant_get_ptr_destructor(GDEXTENSION_VARIANT_TYPE_STRING);
    end_name = godot.variant_get_ptr_destructor(GDEXTENSION_VARIANT_TYPE_STRING_NAME);
    for (int i = 0; i < NAME_COUNT; i++)
        godot.string_name_new_with_utf8_chars(&names[i], SPELLINGS[i]);
}

void godot_end(void)
{
    for (int i = 0; i < NAME_COUNT; i++)
        end_name(&names[i]);
}

GDExtensionConstStringNamePtr godot_name(enum name name)
{
    return &names[name];
}

void *must_allocate(size_t size)
{
    void *memory = calloc(1, size);

    if (memory == NULL)
        abort();
    return memory;
}

char *must_copy(const char *string)
{
    size_t size = strlen(string) + 1;

    return memcpy(must_allocate(size), string, size);
}

int64_t now_usec(void)
{
    variant ticks = singleton_call(NAME_Time, NAME_get_ticks_usec, 0);

    return value_to_int(&ticks);
}

void warn(const char *message)
{
    godot.print_warning(message, "MlabClient", "mlab", 0, true);
}

/* A Variant of a plain value in C. */
static variant of_type(GDExtensionVariantType type, void *value)
{
    variant made;

    godot.get_variant_from_type_constructor(type)(&made, value);
    return made;
}

variant value_nil(void)
{
    variant made;

    godot.variant_new_nil(&made);
    return made;
}

variant value_bool(bool value)
{
    GDExtensionBool plain = value;

    return of_type(GDEXTENSION_VARIANT_TYPE_BOOL, &plain);
}

variant value_int(int64_t value)
{
    return of_type(GDEXTENSION_VARIANT_TYPE_INT, &value);
}

variant value_float(double value)
{
    return of_type(GDEXTENSION_VARIANT_TYPE_FLOAT, &value);
}

variant value_string(const char *utf8)
{
    godot_string string;
    variant made;

    godot.string_new_with_utf8_chars(&string, utf8);
    made = of_type(GDEXTENSION_VARIANT_TYPE_STRING, &string);
    end_string(&string);
    return made;
}

variant value_object(GDExtensionObjectPtr object)
{
    return of_type(GDEXTENSION_VARIANT_TYPE_OBJECT, &object);
}

variant value_copy(const variant *value)
{
    variant made;

    godot.variant_new_copy(&made, value);
    return made;
}

variant value_new(GDExtensionVariantType type)
{
    GDExtensionCallError error;
    variant made;

    godot.variant_construct(type, &made, NULL, 0, &error);
    return made;
}

variant value_bytes(const void *bytes, size_t length)
{
    variant made = value_new(GDEXTENSION_VARIANT_TYPE_PACKED_BYTE_ARRAY), size = value_int((int64_t)length);
    void *array;

    value_call_void(&made, NAME_resize, 1, &size);
    array = godot.variant_get_ptr_internal_getter(GDEXTENSION_VARIANT_TYPE_PACKED_BYTE_ARRAY)(&made);
    if (length > 0)
        memcpy(godot.packed_byte_array_operator_index(array, 0), bytes, length);
    return made;
}

variant value_new_object(enum name class_name)
{
    /* The Variant takes the first reference of what is reference-counted. */
    return value_object(godot.classdb_construct_object2(godot_name(class_name)));
}

void value_free(variant *value)
{
    godot.variant_destroy(value);
}

GDExtensionVariantType value_type(const variant *value)
{
    return godot.variant_get_type(value);
}

/* Converts to a plain value in C, which Godot does between numbers, and from anything to a String. */
static void to_type(const variant *value, GDExtensionVariantType type, void *out)
{
    variant copy = value_copy(value);

    godot.get_variant_to_type_constructor(type)(out, &copy);
    value_free(&copy);
}

bool value_to_bool(const variant *value)
{
    GDExtensionBool plain = 0;

    to_type(value, GDEXTENSION_VARIANT_TYPE_BOOL, &plain);
    return plain;
}

int64_t value_to_int(const variant *value)
{
    int64_t plain = 0;

    to_type(value, GDEXTENSION_VARIANT_TYPE_INT, &plain);
    return plain;
}

double value_to_float(const variant *value)
{
    double plain = 0;

    to_type(value, GDEXTENSION_VARIANT_TYPE_FLOAT, &plain);
    return plain;
}

char *value_to_text(const variant *value)
{
    godot_string string;
    GDExtensionInt length;
    char *copy;

    to_type(value, GDEXTENSION_VARIANT_TYPE_STRING, &string);
    length = godot.string_to_utf8_chars(&string, NULL, 0);
    copy = must_allocate((size_t)length + 1);
    godot.string_to_utf8_chars(&string, copy, length);
    end_string(&string);
    for (GDExtensionInt i = 0; i < length; i++)
        if (copy[i] == '\0')
            copy[i] = '\1';
    return copy;
}

static variant call(const variant *self, enum name method, int count, va_list list)
{
    GDExtensionConstVariantPtr arguments[MOST_ARGUMENTS];
    GDExtensionCallError error;
    variant result;

    for (int i = 0; i < count; i++)
        arguments[i] = va_arg(list, const variant *);
    godot.variant_call((GDExtensionVariantPtr)self, godot_name(method), arguments, count, &result, &error);
    return result;
}

variant value_call(const variant *self, enum name method, int count, ...)
{
    va_list list;
    variant result;

    va_start(list, count);
    result = call(self, method, count, list);
    va_end(list);
    return result;
}

void value_call_void(const variant *self, enum name method, int count, ...)
{
    va_list list;
    variant result;

    va_start(list, count);
    result = call(self, method, count, list);
    va_end(list);
    value_free(&result);
}

variant singleton_call(enum name singleton, enum name method, int count, ...)
{
    variant self = value_object(godot.global_get_singleton(godot_name(singleton))), result;
    va_list list;

    va_start(list, count);
    result = call(&self, method, count, list);
    va_end(list);
    value_free(&self);
    return result;
}

void dictionary_put(variant *dictionary, const char *key, variant value)
{
    variant spelled = value_string(key);
    GDExtensionBool is_valid;

    godot.variant_set_keyed(dictionary, &spelled, &value, &is_valid);
    value_free(&spelled);
    value_free(&value);
}

variant dictionary_get(const variant *dictionary, const char *key)
{
    variant spelled = value_string(key), value = value_call(dictionary, NAME_get, 1, &spelled);

    value_free(&spelled);
    return value;
}

void array_push(variant *array, variant value)
{
    value_call_void(array, NAME_append, 1, &value);
    value_free(&value);
}

variant array_get(const variant *array, int64_t index)
{
    GDExtensionBool is_valid, is_outside;
    variant value;

    godot.variant_get_indexed(array, index, &value, &is_valid, &is_outside);
    return value;
}
