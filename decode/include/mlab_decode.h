/*
 * mlab_decode: the bytes of a PNG, JPEG, WebP or GIF as RGBA pixels, ready for a texture.      Version 0.1.0
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
 * called back. An image needs 128 KiB of stack to decode. A thread may not be cancelled, or leave by longjmp,
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

#ifndef MLAB_DECODE_H
#define MLAB_DECODE_H

#include <stddef.h>
#include <stdint.h>

#ifndef MLAB_DECODE_API
#if defined(_WIN32) && defined(MLAB_DECODE_DLLIMPORT)
#define MLAB_DECODE_API __declspec(dllimport)
#else
#define MLAB_DECODE_API
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** The version of this header; mlab_decode_version() is that of the loaded library. */
#define MLAB_DECODE_VERSION "0.1.0"
/** The same as a number: major * 65536 + minor * 256 + patch. */
#define MLAB_DECODE_VERSION_NUMBER 256
/** The ABI that a program compiled with this header needs. */
#define MLAB_DECODE_ABI_VERSION 0

/* -----------------------------------------------------------------------------------------------------------------
 * Statuses
 *
 * What a call can come back with, and what to do about it. 0 is done, a negative number is an error. A number that
 * mlab.h has too means the same there; those from -80 to -99 are this library's own.
 * ----------------------------------------------------------------------------------------------------------------- */

/**
 * The statuses, as numbers: functions return int32_t.
 */
typedef enum mlab_decode_statuses {
    /**
     * Done: the image has its pixels.
     */
    MLAB_DECODE_OK = 0,
    /**
     * An argument is wrong: the message names it.
     */
    MLAB_DECODE_E_INVALID_ARGUMENT = -1,
    /**
     * There is not enough memory for this image: free some, then try again.
     */
    MLAB_DECODE_E_NO_RESOURCES = -7,
    /**
     * A defect in this library: please report it with the message.
     */
    MLAB_DECODE_E_INTERNAL = -8,
    /**
     * The image has more pixels than max_pixels: raise it if this size is expected.
     */
    MLAB_DECODE_E_TOO_LARGE = -27,
    /**
     * The bytes are no whole image: they are cut or damaged; fetch them again.
     */
    MLAB_DECODE_E_BAD_IMAGE = -62,
    /**
     * The bytes are in no format, or no variant of one, that this library reads: convert the image.
     */
    MLAB_DECODE_E_UNSUPPORTED = -80,
} mlab_decode_statuses;

/* -----------------------------------------------------------------------------------------------------------------
 * Formats
 *
 * Which format the bytes are in, told by how they begin, never by a name or a type that somebody gave them.
 * ----------------------------------------------------------------------------------------------------------------- */

/**
 * The formats, as numbers: functions return int32_t. More may be added.
 */
typedef enum mlab_decode_kinds {
    /**
     * None that this library knows.
     */
    MLAB_DECODE_KIND_UNKNOWN = 0,
    /**
     * PNG; of an APNG the image that is shown where animation is not.
     */
    MLAB_DECODE_KIND_PNG = 1,
    /**
     * JPEG: baseline and progressive, of 8 bits a sample.
     */
    MLAB_DECODE_KIND_JPEG = 2,
    /**
     * WebP: lossy and lossless, with and without alpha; of an animation the first frame.
     */
    MLAB_DECODE_KIND_WEBP = 3,
    /**
     * GIF: the first frame.
     */
    MLAB_DECODE_KIND_GIF = 4,
} mlab_decode_kinds;

/* -----------------------------------------------------------------------------------------------------------------
 * Decoding
 *
 * One call gives an image, which lends its pixels until it is freed. The image of a failed call has no pixels and
 * says why.
 * ----------------------------------------------------------------------------------------------------------------- */

/**
 * A decoded image, or why there is none.
 *
 * You own it and end it with mlab_decode_image_free(). It never changes, so any number of threads may read it at
 * once.
 */
typedef struct mlab_decode_image mlab_decode_image;

/**
 * Decodes a whole image into RGBA with 8 bits each.
 *
 * Blocks for as long as the work takes, on the calling thread alone; makes no thread and no call back.
 *
 * Parameters:
 * - bytes: the image file, PNG, JPEG, WebP or GIF, told by how it begins; read during the call only; NULL only if len
 *   is 0.
 * - len: the number of bytes.
 * - max_pixels: the most pixels, width times height, that the image may have; checked before anything of that size is
 *   allocated. 0 is 67108864 (8192 x 8192). More than 268435456 (16384 x 16384) counts as that.
 * - out: receives an image to be freed with mlab_decode_image_free(), on success and on failure; not NULL.
 * Returns: MLAB_DECODE_OK: the image has its pixels.
 * MLAB_DECODE_E_INVALID_ARGUMENT: the message names the argument; *out is NULL only if out itself was.
 * MLAB_DECODE_E_TOO_LARGE, MLAB_DECODE_E_BAD_IMAGE, MLAB_DECODE_E_UNSUPPORTED, MLAB_DECODE_E_NO_RESOURCES: the
 * message says why. MLAB_DECODE_E_INTERNAL: also *out may be NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_DECODE_API
int32_t mlab_decode_rgba8(const void *bytes,
                          size_t len,
                          uint64_t max_pixels,
                          struct mlab_decode_image **out);

/**
 * Ends an image, and with it its pixels and its message.
 *
 * Parameters: image: consumed; NULL does nothing.
 * Returns: nothing.
 * Threads: any; no other thread may use the image any more.
 * Since: 0.1.0
 */
MLAB_DECODE_API void mlab_decode_image_free(struct mlab_decode_image *image);

/**
 * The status of the call that made the image.
 *
 * Parameters: image: borrowed; may be NULL.
 * Returns: the same as the call did; MLAB_DECODE_E_INVALID_ARGUMENT for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_DECODE_API int32_t mlab_decode_image_status(const struct mlab_decode_image *image);

/**
 * Why there are no pixels: one line of English that says what to do, for people and logs.
 *
 * Parameters: image: borrowed; may be NULL.
 * Returns: never NULL; empty for MLAB_DECODE_OK and for NULL. Borrowed until mlab_decode_image_free().
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_DECODE_API const char *mlab_decode_image_message(const struct mlab_decode_image *image);

/**
 * The format that the bytes were in.
 *
 * Parameters: image: borrowed; may be NULL.
 * Returns: one of MLAB_DECODE_KIND_..., also of an image that could not be decoded; MLAB_DECODE_KIND_UNKNOWN for
 * NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_DECODE_API
int32_t mlab_decode_image_kind(const struct mlab_decode_image *image);

/**
 * The width in pixels.
 *
 * Parameters: image: borrowed; may be NULL.
 * Returns: the number; 0 if there are no pixels, and for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_DECODE_API uint32_t mlab_decode_image_width(const struct mlab_decode_image *image);

/**
 * The height in pixels.
 *
 * Parameters: image: borrowed; may be NULL.
 * Returns: the number; 0 if there are no pixels, and for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_DECODE_API uint32_t mlab_decode_image_height(const struct mlab_decode_image *image);

/**
 * How many bytes after the start of a row the next one starts. In this version that is four times the width.
 *
 * Parameters: image: borrowed; may be NULL.
 * Returns: the number; 0 if there are no pixels, and for NULL.
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_DECODE_API size_t mlab_decode_image_stride(const struct mlab_decode_image *image);

/**
 * The pixels: four bytes each in the order R, G, B, A on every machine; the top row first, each row from the left.
 *
 * Parameters:
 * - image: borrowed; may be NULL.
 * - len: receives the number of bytes, stride times height; may be NULL.
 * Returns: NULL if there are no pixels, and for NULL. Borrowed until mlab_decode_image_free().
 * Threads: any, any number at once.
 * Since: 0.1.0
 */
MLAB_DECODE_API
const uint8_t *mlab_decode_image_pixels(const struct mlab_decode_image *image,
                                        size_t *len);

/**
 * The name of a format, such as "PNG".
 *
 * Parameters: kind: any number.
 * Returns: a static string, never NULL; "unknown" for a number that is no format of this version.
 * Threads: any.
 * Since: 0.1.0
 */
MLAB_DECODE_API const char *mlab_decode_kind_name(int32_t kind);

/**
 * The name of a status, such as "MLAB_DECODE_E_BAD_IMAGE".
 *
 * Parameters: status: any number.
 * Returns: a static string, never NULL; "MLAB_DECODE_UNKNOWN" for a number that is no status of this version.
 * Threads: any.
 * Since: 0.1.0
 */
MLAB_DECODE_API const char *mlab_decode_status_name(int32_t status);

/**
 * The version of the loaded library, such as "0.1.0"; MLAB_DECODE_VERSION is that of the header.
 *
 * Parameters: none.
 * Returns: a static string, never NULL.
 * Threads: any.
 * Since: 0.1.0
 */
MLAB_DECODE_API const char *mlab_decode_version(void);

/**
 * The version of the loaded library as a number: major * 65536 + minor * 256 + patch; compare it with
 * MLAB_DECODE_VERSION_NUMBER.
 *
 * Parameters: none.
 * Returns: the number; 0.1.0 is 256.
 * Threads: any.
 * Since: 0.1.0
 */
MLAB_DECODE_API uint32_t mlab_decode_version_number(void);

/**
 * The ABI of the loaded library. A program works with every library of the ABI it was built for
 * (MLAB_DECODE_ABI_VERSION) whose version is not older than its header.
 *
 * Parameters: none.
 * Returns: the number, which is also the one in the file name libmlab_decode.so.0.
 * Threads: any.
 * Since: 0.1.0
 */
MLAB_DECODE_API uint32_t mlab_decode_abi_version(void);

#ifdef __cplusplus
}
#endif

#endif /* MLAB_DECODE_H */
