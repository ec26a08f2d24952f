/*
 * Loads the library by hand, decodes and unloads it, again and again: unload LIBRARY IMAGE.
 */

#include "check.h"
#include <dlfcn.h>

typedef int32_t decode_function(const void *, size_t, uint64_t, mlab_decode_image **);
typedef void free_function(mlab_decode_image *);

int main(int argc, char **argv)
{
    size_t len;
    unsigned char *bytes;
    int i;

    CHECK(argc == 3);
    bytes = read_file(argv[2], &len);
    for (i = 0; i < 20; i++) {
        void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
        mlab_decode_image *image;
        decode_function *decode;
        free_function *end;

        CHECK(library != NULL);
        /* POSIX's way around a conversion that C does not have. */
        *(void **)&decode = dlsym(library, "mlab_decode_rgba8");
        *(void **)&end = dlsym(library, "mlab_decode_image_free");
        CHECK(decode(bytes, len, 0, &image) == MLAB_DECODE_OK);
        end(image);
        CHECK(dlclose(library) == 0);
        CHECK(dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD) == NULL);
    }
    free(bytes);
    return EXIT_SUCCESS;
}
