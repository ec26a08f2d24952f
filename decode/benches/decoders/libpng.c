/* libpng, by its full interface, which is faster than the simplified one. */

#include "bench.h"
#include <png.h>

struct source {
    const uint8_t *bytes;
    size_t len;
};

static void pull(png_structp png, png_bytep to, size_t len)
{
    struct source *source = png_get_io_ptr(png);

    if (len > source->len)
        png_error(png, "cut");
    memcpy(to, source->bytes, len);
    source->bytes += len;
    source->len -= len;
}

static int decode(const uint8_t *bytes, size_t len, struct image *out)
{
    struct source source = { bytes, len };
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_bytep *rows;
    uint8_t *pixels;
    size_t y;

    if (setjmp(png_jmpbuf(png)))
        return 0;
    png_set_read_fn(png, &source, pull);
    png_read_info(png, info);
    png_set_expand(png);
    png_set_strip_16(png);
    png_set_gray_to_rgb(png);
    png_set_filler(png, 255, PNG_FILLER_AFTER);
    png_read_update_info(png, info);
    out->width = png_get_image_width(png, info);
    out->height = png_get_image_height(png, info);
    pixels = malloc(out->width * out->height * 4);
    rows = malloc(out->height * sizeof *rows);
    for (y = 0; y < out->height; y++)
        rows[y] = pixels + y * out->width * 4;
    png_read_image(png, rows);
    free(rows);
    png_destroy_read_struct(&png, &info, NULL);
    out->pixels = out->owner = pixels;
    return 1;
}

static void release(struct image *image)
{
    free(image->owner);
}
