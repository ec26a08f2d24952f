/* Writes a lossy WebP, which no encoder at hand but libwebp's does: RGBA_FILE SIDE QUALITY OUT_FILE. */

#include <stdio.h>
#include <stdlib.h>
#include <webp/encode.h>

int main(int argc, char **argv)
{
    int side = argc == 5 ? atoi(argv[2]) : 0;
    size_t len = (size_t)side * (size_t)side * 4, written;
    uint8_t *pixels = malloc(len + 1), *webp = NULL;
    FILE *file = side > 0 ? fopen(argv[1], "rb") : NULL;

    if (file == NULL || pixels == NULL || fread(pixels, 1, len, file) != len)
        return EXIT_FAILURE;
    fclose(file);
    written = WebPEncodeRGBA(pixels, side, side, side * 4, (float)atof(argv[3]), &webp);
    file = fopen(argv[4], "wb");
    if (written == 0 || file == NULL || fwrite(webp, 1, written, file) != written || fclose(file) != 0)
        return EXIT_FAILURE;
    WebPFree(webp);
    free(pixels);
    return EXIT_SUCCESS;
}
