/* Stands before the library: each image in memory claims to be larger than an array of .NET may be. */
#include <mlab.h>

const void *mlab_result_image(const mlab_result *result, size_t index, size_t *len)
{
    (void)result;
    (void)index;
    *len = (size_t)1 << 31;
    return "";
}
