/*
 * Images from bytes to textures. WorkerThreadPool decodes, since a frame has no time for it; the texture is made by the
 * pump, since not every renderer makes one on another thread.
 */
#include "node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Decoded images wait for the pump: as many as this are held at once, 4 bytes a pixel each. */
enum { MOST_DECODING = 8, MESSAGE_SIZE = 160 };

struct image {
    struct image *next;
    struct job *job;
    mlab_result *result; /* It has the image at `index`, and no other. */
    int32_t index;
    int64_t task;
    /* Written by the task. */
    variant picture; /* An Image, or nil. */
    char error[MESSAGE_SIZE]; /* Why there is none, if it is a format that Godot reads. */
};

static const struct {
    const char *type;
    enum name load;
} DECODERS[] = {
    {"image/png", NAME_load_png_from_buffer},
    {"image/jpeg", NAME_load_jpg_from_buffer},
    {"image/webp", NAME_load_webp_from_buffer},
};

static const char *type_of(const struct image *image)
{
    const char *type = mlab_result_image_type(image->result, (size_t)image->index);

    return type != NULL ? type : "";
}

static variant bytes_of(const struct image *image)
{
    size_t length;
    const void *bytes = mlab_result_image(image->result, (size_t)image->index, &length);

    return value_bytes(bytes, length);
}

static void decode_by(struct image *image, enum name load)
{
    int64_t width = mlab_result_image_width(image->result, (size_t)image->index);
    int64_t height = mlab_result_image_height(image->result, (size_t)image->index);
    variant picture, bytes, error;

    if (width * height > image->job->max_pixels) {
        snprintf(image->error, sizeof image->error,
                 "%lld x %lld pixels are more than options.max_pixels, %lld, allows", (long long)width,
                 (long long)height, (long long)image->job->max_pixels);
        return;
    }
    picture = value_new_object(NAME_Image);
    bytes = bytes_of(image);
    error = value_call(&picture, load, 1, &bytes);
    value_free(&bytes);
    if (value_to_int(&error) == 0) {
        image->picture = picture;
        return;
    }
    value_free(&picture);
    snprintf(image->error, sizeof image->error, "Godot cannot decode this %s (error %lld)", type_of(image),
             (long long)value_to_int(&error));
}

/* Runs in WorkerThreadPool. Of the job it reads max_pixels alone, which no longer changes. */
static void decode(void *user)
{
    struct image *image = user;

    for (size_t i = 0; i < sizeof DECODERS / sizeof DECODERS[0]; i++)
        if (strcmp(type_of(image), DECODERS[i].type) == 0)
            decode_by(image, DECODERS[i].load);
}

void images_add(struct node *node, struct job *job, mlab_result *result, int32_t index)
{
    struct image *image = must_allocate(sizeof *image);

    image->job = job;
    image->result = result;
    image->index = index;
    image->picture = value_nil();
    job->begun |= UINT64_C(1) << index;
    job->open_images++;
    if (node->images.waiting_last == NULL)
        node->images.waiting_first = image;
    else
        node->images.waiting_last->next = image;
    node->images.waiting_last = image;
}

void images_decode(struct node *node)
{
    struct images *images = &node->images;
    godot_string description;

    if (images->waiting_first == NULL)
        return;
    godot.string_new_with_utf8_chars(&description, "mlab: decode an image");
    while (images->waiting_first != NULL && images->decoding_count < MOST_DECODING) {
        struct image *image = images->waiting_first, **last = &images->decoding;

        images->waiting_first = image->next;
        if (images->waiting_first == NULL)
            images->waiting_last = NULL;
        while (*last != NULL)
            last = &(*last)->next;
        *last = image;
        image->next = NULL;
        images->decoding_count++;
        image->task = godot.worker_thread_pool_add_native_task(
            godot.global_get_singleton(godot_name(NAME_WorkerThreadPool)), decode, image, false, &description);
    }
    godot.variant_get_ptr_destructor(GDEXTENSION_VARIANT_TYPE_STRING)(&description);
}

/* Each task must be waited for once, or the pool keeps it. */
static void end_task(const struct image *image)
{
    variant task = value_int(image->task);
    variant error = singleton_call(NAME_WorkerThreadPool, NAME_wait_for_task_completion, 1, &task);

    value_free(&error);
}

struct image *images_pop_decoded(struct node *node)
{
    for (struct image **place = &node->images.decoding; *place != NULL; place = &(*place)->next) {
        struct image *image = *place;
        variant task = value_int(image->task);
        variant is_done = singleton_call(NAME_WorkerThreadPool, NAME_is_task_completed, 1, &task);

        if (value_to_bool(&is_done)) {
            *place = image->next;
            node->images.decoding_count--;
            end_task(image);
            return image;
        }
    }
    return NULL;
}

struct job *image_job(const struct image *image)
{
    return image->job;
}

static void image_free(struct image *image)
{
    value_free(&image->picture);
    mlab_result_free(image->result);
    free(image);
}

static variant describe(const struct image *image, bool has_texture)
{
    variant info = value_new(GDEXTENSION_VARIANT_TYPE_DICTIONARY);

    dictionary_put(&info, "type", value_string(type_of(image)));
    dictionary_put(&info, "width", value_int(mlab_result_image_width(image->result, (size_t)image->index)));
    dictionary_put(&info, "height", value_int(mlab_result_image_height(image->result, (size_t)image->index)));
    if (!has_texture || image->job->keeps_bytes)
        dictionary_put(&info, "bytes", bytes_of(image));
    if (image->error[0] != '\0')
        dictionary_put(&info, "error", value_string(image->error));
    return info;
}

void image_tell(struct node *node, struct image *image)
{
    bool has_texture = value_type(&image->picture) != GDEXTENSION_VARIANT_TYPE_NIL;
    variant arguments[4];

    arguments[0] = value_int(image->job->number);
    arguments[1] = value_int(image->index);
    arguments[2] = has_texture ? value_new_object(NAME_ImageTexture) : value_nil();
    if (has_texture)
        value_call_void(&arguments[2], NAME_set_image, 1, &image->picture);
    arguments[3] = describe(image, has_texture);
    image_free(image);
    node_emit(node, SIGNAL_IMAGE_READY, 4, arguments);
}

static void drop(struct image *image)
{
    image->job->begun &= ~(UINT64_C(1) << image->index);
    image->job->open_images--;
    image_free(image);
}

void images_drop(struct node *node)
{
    struct images *images = &node->images;

    for (struct image *image = images->decoding, *next; image != NULL; image = next) {
        next = image->next;
        end_task(image);
        drop(image);
    }
    for (struct image *image = images->waiting_first, *next; image != NULL; image = next) {
        next = image->next;
        drop(image);
    }
    memset(images, 0, sizeof *images);
}
