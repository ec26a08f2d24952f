/* libmlab_decode. */

#include "bench.h"
#include <mlab_decode.h>

static int decode(const uint8_t *bytes, size_t len, struct image *out)
{
    mlab_decode_image *image;
    int32_t status = mlab_decode_rgba8(bytes, len, 0, &image);

    out->owner = image;
    out->pixels = mlab_decode_image_pixels(image, NULL);
    out->width = mlab_decode_image_width(image);
    out->height = mlab_decode_image_height(image);
    if (status != MLAB_DECODE_OK)
        fprintf(stderr, "%s\n", mlab_decode_image_message(image));
    return status == MLAB_DECODE_OK;
}

static void release(struct image *image)
{
    mlab_decode_image_free(image->owner);
}
