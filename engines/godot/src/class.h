/*
 * The tables of the class MlabClient: class.c fills them, registration.c hands them to Godot.
 */
#ifndef MLAB_CLASS_H
#define MLAB_CLASS_H

#include "node.h"

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

extern const struct method METHODS[];
extern const size_t METHOD_COUNT;
extern const struct property PROPERTIES[];
extern const size_t PROPERTY_COUNT;
extern const struct signal_row SIGNALS[];
extern const size_t SIGNAL_COUNT;

/* How Godot calls a method: with Variants, or with plain values, the method being the user data. */
void call_method(void *userdata, GDExtensionClassInstancePtr instance, const GDExtensionConstVariantPtr *given,
                 GDExtensionInt given_count, GDExtensionVariantPtr out, GDExtensionCallError *error);
void call_method_plainly(void *userdata, GDExtensionClassInstancePtr instance, const GDExtensionConstTypePtr *given,
                         GDExtensionTypePtr out);

#endif
