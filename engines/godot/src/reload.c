/*
 * Hot reload of the plugin in the editor. Godot ends every instance, loads the new code and makes the instances anew for
 * the same objects, with their stored properties. Open jobs and a key set by a script are no such properties: neither may
 * come into a scene's file. They are left with the object as a meta value of a kind that no file can hold, an object that
 * is no resource, and taken up by the new code, which submits the jobs again under their numbers: a poll is a read, so
 * repeating it is harmless. Their deadlines count anew.
 */
#include "node.h"

#include <stdlib.h>

static const char META[] = "_mlab_reload";

static variant get_meta(const variant *object, const char *name)
{
    variant key = value_string(name), value = value_call(object, NAME_get_meta, 1, &key);

    value_free(&key);
    return value;
}

/* Sets a meta value, and ends it. */
static void set_meta(const variant *object, const char *name, variant value)
{
    variant key = value_string(name);

    value_call_void(object, NAME_set_meta, 2, &key, &value);
    value_free(&key);
    value_free(&value);
}

static void leave_job(struct job *job, void *user)
{
    variant *all = user, row = value_new(GDEXTENSION_VARIANT_TYPE_ARRAY);

    array_push(&row, value_int(job->number));
    array_push(&row, value_string(job->id));
    array_push(&row, value_copy(&job->options));
    array_push(&row, value_int((int64_t)job->begun));
    array_push(&row, value_bool(job->is_cancelled));
    array_push(all, row);
}

void reload_leave(struct node *node)
{
    variant self = value_object(node->object), keeper = value_new_object(NAME_RefCounted);
    variant all = value_new(GDEXTENSION_VARIANT_TYPE_ARRAY);

    /* An image that was begun and not told comes again. */
    images_drop(node);
    jobs_each(&node->jobs, leave_job, &all);
    set_meta(&keeper, "jobs", all);
    set_meta(&keeper, "key", value_string(node->key));
    set_meta(&keeper, "last_number", value_int(node->last_number));
    set_meta(&self, META, keeper);
    value_free(&self);
}

static void take_job(struct node *node, const variant *row)
{
    variant number = array_get(row, 0), id = array_get(row, 1), options = array_get(row, 2);
    variant begun = array_get(row, 3), is_cancelled = array_get(row, 4);
    struct job *job = node_open(node, value_to_int(&number), value_to_text(&id), options);

    job->begun = (uint64_t)value_to_int(&begun);
    job->is_cancelled = value_to_bool(&is_cancelled);
    value_free(&id);
}

void reload_take(struct node *node)
{
    variant self = value_object(node->object), name = value_string(META);
    variant has_any = value_call(&self, NAME_has_meta, 1, &name);

    if (value_to_bool(&has_any)) {
        variant keeper = value_call(&self, NAME_get_meta, 1, &name), all = get_meta(&keeper, "jobs");
        variant key = get_meta(&keeper, "key"), last_number = get_meta(&keeper, "last_number");
        variant size = value_call(&all, NAME_size, 0);

        free(node->key);
        node->key = value_to_text(&key);
        node->last_number = value_to_int(&last_number);
        for (int64_t i = 0, count = value_to_int(&size); i < count; i++) {
            variant row = array_get(&all, i);

            take_job(node, &row);
            value_free(&row);
        }
        value_call_void(&self, NAME_remove_meta, 1, &name);
        value_free(&key);
        value_free(&all);
        value_free(&keeper);
    }
    value_free(&name);
    value_free(&self);
}
