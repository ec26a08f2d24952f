/* stb_image. */

#include "bench.h"
#define STB_IMAGE_IMPLEMENTATION
#define STBI_NO_STDIO
#include <stb_image.h>

static int decode(const uint8_t *bytes, size_t len, struct image *out)
{
    int width, height, channels;

    out->owner = stbi_load_from_memory(bytes, (int)len, &width, &height, &channels, 4);
    out->pixels = out->owner;
    out->width = (size_t)width;
    out->height = (size_t)height;
    return out->owner != NULL;
}

static void release(struct image *image)
{
    stbi_image_free(image->owner);
}
