/*
 * The library as a C program uses it: suite IMAGE... Prints nothing where all is well.
 */

#include "check.h"
#include <pthread.h>

enum {
    THREADS = 4,
    /* The header names it. */
    STACK = 128 * 1024
};

static int images;
static char **paths;
/* What each image came out as. */
static unsigned long sums[64];

static unsigned long sum_of(const uint8_t *bytes, size_t len)
{
    unsigned long sum = 5381;

    while (len-- > 0)
        sum = sum * 33 + *bytes++;
    return sum;
}

/* Decodes a file and looks at everything that its image gives. */
static unsigned long decode_file(const char *path)
{
    size_t len, count = 1;
    unsigned char *bytes = read_file(path, &len);
    mlab_decode_image *image = (mlab_decode_image *)&len;
    const uint8_t *pixels;
    unsigned long sum;

    errno = 1234;
    CHECK(mlab_decode_rgba8(bytes, len, 0, &image) == MLAB_DECODE_OK);
    CHECK(errno == 1234);
    /* The bytes are not kept. */
    memset(bytes, 0, len);
    free(bytes);
    pixels = mlab_decode_image_pixels(image, &count);
    CHECK(pixels != NULL && mlab_decode_image_pixels(image, NULL) == pixels);
    CHECK(mlab_decode_image_status(image) == MLAB_DECODE_OK);
    CHECK(mlab_decode_image_stride(image) == 4 * (size_t)mlab_decode_image_width(image));
    CHECK(count == mlab_decode_image_stride(image) * mlab_decode_image_height(image) && count > 0);
    CHECK(strcmp(mlab_decode_image_message(image), "") == 0);
    CHECK(mlab_decode_image_kind(image) != MLAB_DECODE_KIND_UNKNOWN);
    sum = sum_of(pixels, count);
    mlab_decode_image_free(image);
    CHECK(errno == 1234);
    return sum;
}

static void every_image_is_decoded(void)
{
    int i;

    for (i = 0; i < images; i++)
        sums[i] = decode_file(paths[i]);
}

static void *decode_all(void *unused)
{
    int i;

    for (i = 0; i < images; i++)
        CHECK(decode_file(paths[i]) == sums[i]);
    return unused;
}

static void threads_with_small_stacks_decode_at_once(void)
{
    pthread_t threads[THREADS];
    pthread_attr_t attributes;
    int i;

    CHECK(pthread_attr_init(&attributes) == 0 && pthread_attr_setstacksize(&attributes, STACK) == 0);
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], &attributes, decode_all, NULL) == 0);
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    pthread_attr_destroy(&attributes);
}

static void null_is_answered_everywhere(void)
{
    size_t len = 7;

    CHECK(mlab_decode_rgba8("x", 1, 0, NULL) == MLAB_DECODE_E_INVALID_ARGUMENT);
    CHECK(mlab_decode_image_status(NULL) == MLAB_DECODE_E_INVALID_ARGUMENT);
    CHECK(strcmp(mlab_decode_image_message(NULL), "") == 0);
    CHECK(mlab_decode_image_kind(NULL) == MLAB_DECODE_KIND_UNKNOWN);
    CHECK(mlab_decode_image_width(NULL) == 0 && mlab_decode_image_height(NULL) == 0);
    CHECK(mlab_decode_image_stride(NULL) == 0);
    CHECK(mlab_decode_image_pixels(NULL, &len) == NULL && len == 0);
    CHECK(mlab_decode_image_pixels(NULL, NULL) == NULL);
    mlab_decode_image_free(NULL);
}

/* Decodes what must fail, and finds a word in the message. */
static void check_refused(const void *bytes, size_t len, uint64_t max_pixels, int32_t status, const char *word)
{
    mlab_decode_image *image = (mlab_decode_image *)&len;
    size_t count = 7;

    CHECK(mlab_decode_rgba8(bytes, len, max_pixels, &image) == status);
    CHECK(image != NULL && image != (mlab_decode_image *)&len);
    CHECK(mlab_decode_image_status(image) == status);
    CHECK(strstr(mlab_decode_image_message(image), word) != NULL);
    CHECK(mlab_decode_image_pixels(image, &count) == NULL && count == 0);
    CHECK(mlab_decode_image_width(image) == 0 && mlab_decode_image_height(image) == 0);
    CHECK(mlab_decode_image_stride(image) == 0);
    mlab_decode_image_free(image);
}

static void what_fails_says_why(void)
{
    size_t len;
    unsigned char *bytes = read_file(paths[0], &len);

    check_refused(NULL, 5, 0, MLAB_DECODE_E_INVALID_ARGUMENT, "bytes");
    check_refused(bytes, SIZE_MAX, 0, MLAB_DECODE_E_INVALID_ARGUMENT, "len");
    check_refused(NULL, 0, 0, MLAB_DECODE_E_BAD_IMAGE, "no bytes");
    check_refused("<html>", 6, 0, MLAB_DECODE_E_UNSUPPORTED, "PNG, JPEG, WebP");
    check_refused(bytes, len / 2, 0, MLAB_DECODE_E_BAD_IMAGE, "cut");
    check_refused(bytes, len, 3, MLAB_DECODE_E_TOO_LARGE, "max_pixels");
    free(bytes);
}

static void numbers_have_names(void)
{
    CHECK(strcmp(mlab_decode_status_name(MLAB_DECODE_OK), "MLAB_DECODE_OK") == 0);
    CHECK(strcmp(mlab_decode_status_name(MLAB_DECODE_E_BAD_IMAGE), "MLAB_DECODE_E_BAD_IMAGE") == 0);
    CHECK(strcmp(mlab_decode_status_name(MLAB_DECODE_E_UNSUPPORTED), "MLAB_DECODE_E_UNSUPPORTED") == 0);
    CHECK(strcmp(mlab_decode_status_name(77), "MLAB_DECODE_UNKNOWN") == 0);
    CHECK(strcmp(mlab_decode_kind_name(MLAB_DECODE_KIND_WEBP), "WebP") == 0);
    CHECK(strcmp(mlab_decode_kind_name(-1), "unknown") == 0);
    CHECK(strcmp(mlab_decode_version(), MLAB_DECODE_VERSION) == 0);
    CHECK(mlab_decode_version_number() == MLAB_DECODE_VERSION_NUMBER);
    CHECK(mlab_decode_abi_version() == MLAB_DECODE_ABI_VERSION);
}

int main(int argc, char **argv)
{
    images = argc - 1;
    paths = argv + 1;
    CHECK(images > 0 && images <= 64);
    null_is_answered_everywhere();
    every_image_is_decoded();
    threads_with_small_stacks_decode_at_once();
    what_fails_says_why();
    numbers_have_names();
    return EXIT_SUCCESS;
}
