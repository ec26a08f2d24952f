/*
 * mlab_decode: the bytes of a PNG, JPEG, WebP or GIF as RGBA pixels, ready for a texture.      Version @VERSION@
 *
 * One call takes the bytes of an image file and gives its pixels. It is made for game engines that lack a format, or
 * decode only on the thread that draws: it blocks, so call it from a thread of your own, as many at once as you like.
 *
 *     #include <mlab_decode.h>
 *     #include <stdio.h>
 *     #include <stdlib.h>
 *
 *     int main(int argc, char **argv)
 *     {
 *         static unsigned char file[16 << 20];
 *         FILE *stream = argc == 2 ? fopen(argv[1], "rb") : NULL;
 *         size_t len = stream == NULL ? 0 : fread(file, 1, sizeof file, stream);
 *         mlab_decode_image *image;
 *         int32_t status = mlab_decode_rgba8(file, len, 0, &image);
 *
 *         if (status == MLAB_DECODE_OK)
 *             printf("%u x %u\n", (unsigned)mlab_decode_image_width(image), (unsigned)mlab_decode_image_height(image));
 *         else
 *             fprintf(stderr, "%s: %s\n", mlab_decode_status_name(status), mlab_decode_image_message(image));
 *         mlab_decode_image_free(image);
 *         if (stream != NULL)
 *             fclose(stream);
 *         return status == MLAB_DECODE_OK ? EXIT_SUCCESS : EXIT_FAILURE;
 *     }
 *
 *     cc size.c -lmlab_decode -o size
 *
 * PIXELS are R, G, B, A, a byte each, in the file's own colours: no profile, gamma or chromaticity is applied. Alpha
 * is straight, not multiplied into the colours; what has no alpha has 255.
 *
 * FORMATS, told by how the bytes begin:
 * - PNG: every colour type, palettes and tRNS, interlaced or not; of 16 bits the upper 8 are kept; checksums are
 *   verified. Of an APNG the still image.
 * - JPEG: grey, YCbCr, RGB, CMYK and YCCK (as Adobe's programs write them, inverted, without a profile), baseline and
 *   progressive, 8 bits a sample; not baseline in several scans with colours sampled across rows, which is rare.
 * - WebP: lossy, lossless, alpha. Of an animation the first frame on its canvas; what it leaves free is transparent,
 *   or black where the file has no alpha.
 * - GIF: the first frame on its canvas; what it leaves free or makes transparent is 0, 0, 0, 0. What reaches over the
 *   edge of the canvas is cut off.
 * The orientation that Exif may give is not applied, nor do stb_image and libjpeg apply it: the pixels are in the
 * order that is stored.
 *
 * WHOLE OR NOT AT ALL. An image that is cut or damaged is an error and gives no pixels, as far as its format can
 * tell: a JPEG has no checksum, so that changed bytes within one may go unnoticed.
 *
 * BOUNDS. The header of the image is read first, and max_pixels is compared before anything of that size is
 * allocated. Beside the pixels, four bytes each, decoding takes some rows; a progressive JPEG up to 6 bytes a pixel
 * (8 for CMYK), a WebP up to 8, an animated one up to 16, a GIF one. Where that much is not to be had the status is
 * MLAB_DECODE_E_NO_RESOURCES. The tables of a lossless WebP grow with its number of bytes, not of pixels: bound what
 * you fetch. Small allocations that fail abort the program, as is usual in Rust.
 *
 * OWNERSHIP. The image is yours until you pass it to mlab_decode_image_free(), the only function that consumes
 * anything; it takes NULL. Pixels and strings are lent by the image and valid until then. The bytes that you pass are
 * not kept.
 *
 * STRINGS are UTF-8 with a NUL at the end, and never NULL.
 *
 * POINTERS. Every pointer may be NULL: the answer is then MLAB_DECODE_E_INVALID_ARGUMENT, or what the comment says. A
 * pointer that is not NULL must be valid. Each out parameter is set to NULL or 0 first of all.
 *
 * STATUSES. The function that can fail returns an int32_t: MLAB_DECODE_OK is 0, a negative number is an error. New
 * ones may be added: treat an unknown negative number as an error. Constants are enumerators; to ask the preprocessor
 * what a header has, compare MLAB_DECODE_VERSION_NUMBER.
 *
 * THREADS. Every function may be called from any thread, any number at once. No thread is made, and no function is
 * called back. An image needs @STACK@ KiB of stack to decode. A thread may not be cancelled, or leave by longjmp,
 * inside a call.
 *
 * YOUR PROGRAM is left as it was: no signal handler, no output, no locale; errno is as before. Nothing happens when
 * the library is loaded, and it may be unloaded when no image is left. After a fork both processes may go on. An
 * internal defect comes back as MLAB_DECODE_E_INTERNAL.
 *
 * LINKING. -lmlab_decode; a static library needs the system's as the README says. On Windows define
 * MLAB_DECODE_DLLIMPORT to import from the DLL directly; it works without. From C++ and from any language that can
 * call C the same header is used: the type is opaque, and only fixed-width integers, size_t and pointers cross.
 */
