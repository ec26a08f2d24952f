/* What wait_for() takes beside the id, made into a request of the library. */
#include "node.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Long enough for a message of the library, which has at most 1024 bytes, and the option's name. */
enum { MESSAGE_SIZE = 1200 };

static const int64_t MAX_BYTES = 64 * 1024 * 1024;
/* 8192 x 8192, which is 256 MiB as RGBA8, and the largest texture that mobile graphics chips take. */
static const int64_t MAX_PIXELS = 8192 * 8192;

enum kind { SECONDS, COUNT, YES_OR_NO };

struct options {
    double deadline, eta, poll_min, poll_max; /* Seconds; below 0: not set. */
    int64_t max_bytes, max_pixels;
    bool images, keep_bytes;
};

static const struct {
    const char *name;
    enum kind kind;
    size_t offset;
} ROWS[] = {
    {"deadline", SECONDS, offsetof(struct options, deadline)},
    {"eta", SECONDS, offsetof(struct options, eta)},
    {"poll_min", SECONDS, offsetof(struct options, poll_min)},
    {"poll_max", SECONDS, offsetof(struct options, poll_max)},
    {"max_bytes", COUNT, offsetof(struct options, max_bytes)},
    {"max_pixels", COUNT, offsetof(struct options, max_pixels)},
    {"images", YES_OR_NO, offsetof(struct options, images)},
    {"keep_bytes", YES_OR_NO, offsetof(struct options, keep_bytes)},
};

enum { ROW_COUNT = sizeof ROWS / sizeof ROWS[0] };

static char *message(const char *format, const char *name, const char *rest)
{
    char *text = must_allocate(MESSAGE_SIZE);

    snprintf(text, MESSAGE_SIZE, format, name, rest);
    return text;
}

/* Stores a value where its row says. NULL, or why it was refused. */
static char *store(struct options *options, size_t row, const variant *value)
{
    const char *name = ROWS[row].name;
    char *place = (char *)options + ROWS[row].offset;
    GDExtensionVariantType type = value_type(value);
    bool is_number = type == GDEXTENSION_VARIANT_TYPE_INT || type == GDEXTENSION_VARIANT_TYPE_FLOAT;
    double number = is_number ? value_to_float(value) : 0;

    switch (ROWS[row].kind) {
    case SECONDS:
        if (!is_number || !isfinite(number) || number < 0)
            return message("options.%s must be a number of seconds, at least 0%s", name, "");
        memcpy(place, &number, sizeof number);
        return NULL;
    case COUNT: {
        int64_t count = type == GDEXTENSION_VARIANT_TYPE_INT ? value_to_int(value) : 0;

        if (count < 1)
            return message("options.%s must be a whole number, at least 1%s", name, "");
        memcpy(place, &count, sizeof count);
        return NULL;
    }
    case YES_OR_NO: {
        bool is_wanted = type == GDEXTENSION_VARIANT_TYPE_BOOL && value_to_bool(value);

        if (type != GDEXTENSION_VARIANT_TYPE_BOOL)
            return message("options.%s must be true or false%s", name, "");
        memcpy(place, &is_wanted, sizeof is_wanted);
        return NULL;
    }
    }
    return NULL;
}

static char *unknown(const char *name)
{
    char known[MESSAGE_SIZE] = "";

    for (size_t row = 0; row < ROW_COUNT; row++) {
        strcat(known, row == 0 ? "" : ", ");
        strcat(known, ROWS[row].name);
    }
    return message("options.%.100s is not known; there are %s", name, known);
}

static char *read_options(struct options *options, const variant *given)
{
    variant keys, size;
    int64_t count;
    char *why = NULL;

    if (value_type(given) != GDEXTENSION_VARIANT_TYPE_DICTIONARY)
        return NULL;
    keys = value_call(given, NAME_keys, 0);
    size = value_call(&keys, NAME_size, 0);
    count = value_to_int(&size);
    for (int64_t i = 0; i < count && why == NULL; i++) {
        variant key = array_get(&keys, i), value = value_call(given, NAME_get, 1, &key);
        char *name = value_to_text(&key);
        size_t row = 0;

        while (row < ROW_COUNT && strcmp(ROWS[row].name, name) != 0)
            row++;
        why = row < ROW_COUNT ? store(options, row, &value) : unknown(name);
        free(name);
        value_free(&value);
        value_free(&key);
    }
    value_free(&keys);
    return why;
}

/* The library takes whole milliseconds, and clamps them to 24 hours. */
static uint32_t milliseconds(double seconds)
{
    return seconds >= UINT32_MAX / 1000.0 ? UINT32_MAX : (uint32_t)(seconds * 1000.0);
}

/* Sets one part of the request; `why` gets the first refusal. */
static void set(mlab_request *request, int32_t status, const char *name, char **why)
{
    if (status != MLAB_OK && *why == NULL)
        *why = message("options.%s: %.1100s", name, mlab_request_message(request));
}

mlab_request *job_request(struct job *job, char **why)
{
    struct options options = {-1, -1, -1, -1, MAX_BYTES, MAX_PIXELS, true, false};
    mlab_request *request;

    *why = read_options(&options, &job->options);
    if (*why != NULL)
        return NULL;
    job->keeps_bytes = options.keep_bytes;
    job->max_pixels = options.max_pixels;
    request = mlab_request_new(job->id);
    if (mlab_request_message(request)[0] != '\0')
        *why = must_copy(mlab_request_message(request));
    mlab_request_set_tag(request, (uint64_t)job->number);
    if (options.deadline >= 0)
        set(request, mlab_request_set_deadline_ms(request, milliseconds(options.deadline)), "deadline", why);
    if (options.eta >= 0)
        set(request, mlab_request_set_eta_ms(request, milliseconds(options.eta)), "eta", why);
    if (options.poll_min >= 0 || options.poll_max >= 0) {
        /* The library's defaults, where only one of the two is given; the other gives way. */
        double least = options.poll_min >= 0 ? options.poll_min : fmin(2, options.poll_max);
        double most = options.poll_max >= 0 ? options.poll_max : fmax(15, least);

        set(request, mlab_request_set_poll_ms(request, milliseconds(least), milliseconds(most)),
            options.poll_min >= 0 ? "poll_min" : "poll_max", why);
    }
    if (options.images) {
        set(request, mlab_request_set_download_memory(request, (uint64_t)options.max_bytes), "max_bytes", why);
        set(request, mlab_request_set_image_events(request, 1), "images", why);
    }
    if (*why != NULL) {
        mlab_request_free(request);
        request = NULL;
    }
    return request;
}
