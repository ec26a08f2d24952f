/* libjpeg-turbo, with its defaults, straight to RGBA. */

#include "bench.h"
#include <jpeglib.h>

static int decode(const uint8_t *bytes, size_t len, struct image *out)
{
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    uint8_t *pixels;

    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, bytes, len);
    jpeg_read_header(&jpeg, TRUE);
    jpeg.out_color_space = JCS_EXT_RGBA;
    jpeg_start_decompress(&jpeg);
    out->width = jpeg.output_width;
    out->height = jpeg.output_height;
    pixels = malloc(out->width * out->height * 4);
    while (jpeg.output_scanline < jpeg.output_height) {
        JSAMPROW row = pixels + jpeg.output_scanline * out->width * 4;

        jpeg_read_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    out->pixels = out->owner = pixels;
    return 1;
}

static void release(struct image *image)
{
    free(image->owner);
}
