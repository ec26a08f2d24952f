/*
 * Times one decoder. Every program of this benchmark includes it, so that all are timed by the same lines; it must
 * never know whose decoder it is. The including file defines decode() and release().
 */

#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* An RGBA image. `owner` is for release(). */
struct image {
    const uint8_t *pixels;
    size_t width, height;
    void *owner;
};

/* Gives 1 and the image, or 0. */
static int decode(const uint8_t *bytes, size_t len, struct image *out);
static void release(struct image *image);

static uint8_t *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    long size;

    if (file != NULL && fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) > 0) {
        rewind(file);
        bytes = malloc((size_t)size);
        if (bytes != NULL && fread(bytes, 1, (size_t)size, file) == (size_t)size) {
            *len = (size_t)size;
            fclose(file);
            return bytes;
        }
    }
    fprintf(stderr, "%s cannot be read\n", path);
    exit(EXIT_FAILURE);
}

/*
 * The thread's own processor time, the system's part for it included: none of the decoders makes a thread or waits for
 * anything, and what other programs do on the machine meanwhile is left out.
 */
static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void decode_or_exit(const uint8_t *bytes, size_t len, struct image *image)
{
    if (!decode(bytes, len, image)) {
        fprintf(stderr, "the image cannot be decoded\n");
        exit(EXIT_FAILURE);
    }
}

/* FILE SAMPLES: prints the mean of each channel, and nanoseconds from bytes to pixels and back to nothing. */
int main(int argc, char **argv)
{
    size_t len = 0, samples = argc == 3 ? strtoul(argv[2], NULL, 10) : 0, i;
    double took[256], mean[4] = { 0, 0, 0, 0 }, start;
    struct image image;
    uint8_t *bytes;

    if (samples == 0 || samples > 256) {
        fprintf(stderr, "usage: %s FILE SAMPLES\n", argv[0]);
        return EXIT_FAILURE;
    }
    bytes = read_file(argv[1], &len);
    /* The first one warms up, and is looked at. */
    decode_or_exit(bytes, len, &image);
    for (i = 0; i < image.width * image.height * 4; i++)
        mean[i % 4] += image.pixels[i];
    for (i = 0; i < 4; i++)
        mean[i] /= (double)(image.width * image.height);
    printf("width=%zu height=%zu r=%f g=%f b=%f a=%f ", image.width, image.height, mean[0], mean[1], mean[2], mean[3]);
    release(&image);
    for (i = 0; i < samples; i++) {
        start = now_ns();
        decode_or_exit(bytes, len, &image);
        release(&image);
        took[i] = now_ns() - start;
    }
    qsort(took, samples, sizeof *took, by_size);
    printf("min=%.1f median=%.1f\n", took[0], took[samples / 2]);
    free(bytes);
    return EXIT_SUCCESS;
}

#endif
