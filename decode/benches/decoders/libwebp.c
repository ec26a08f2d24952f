/* libwebp. */

#include "bench.h"
#include <webp/decode.h>

static int decode(const uint8_t *bytes, size_t len, struct image *out)
{
    int width, height;

    out->owner = WebPDecodeRGBA(bytes, len, &width, &height);
    out->pixels = out->owner;
    out->width = (size_t)width;
    out->height = (size_t)height;
    return out->owner != NULL;
}

static void release(struct image *image)
{
    WebPFree(image->owner);
}
