/* How signals are emitted. */
#include "node.h"

enum { MOST_ARGUMENTS = 8 };

const char *const SIGNAL_NAMES[] = {"progress", "image_ready", "job_ready", "failed"};

void node_emit(struct node *node, enum signal signal, int count, variant *arguments)
{
    variant self = value_object(node->object), name = value_string(SIGNAL_NAMES[signal]), result;
    GDExtensionConstVariantPtr pointers[MOST_ARGUMENTS];
    GDExtensionCallError error;

    pointers[0] = &name;
    for (int i = 0; i < count; i++)
        pointers[i + 1] = &arguments[i];
    godot.variant_call(&self, godot_name(NAME_emit_signal), pointers, count + 1, &result, &error);
    value_free(&result);
    value_free(&name);
    value_free(&self);
    for (int i = 0; i < count; i++)
        value_free(&arguments[i]);
}
