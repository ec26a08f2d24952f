/* Our side: what a C program that uses mlab does. Arguments: CA file, endpoint, then those of measure(). */
#include "measure.h"

#include <mlab.h>
#include <stdint.h>
#include <sys/stat.h>

static mlab_client *client;

static size_t download(const char *url, const char *path)
{
    const uint64_t most = UINT64_C(1) << 30;
    mlab_result *result;
    struct stat file;
    size_t bytes = 0;
    int32_t status = path != NULL ? mlab_client_download(client, url, path, NULL, &result)
                                  : mlab_client_download_memory(client, url, most, NULL, &result);

    if (status != MLAB_OK)
        fprintf(stderr, "%s: %s\n", mlab_status_name(status), mlab_result_message(result));
    else if (path == NULL)
        mlab_result_image(result, 0, &bytes);
    else if (stat(path, &file) == 0)
        bytes = (size_t)file.st_size;
    mlab_result_free(result);
    return bytes;
}

int main(int argc, char **argv)
{
    mlab_config *config = mlab_config_new();
    int code;

    if (argc != 6 || mlab_config_set_ca_file(config, argv[1]) != MLAB_OK
        || mlab_config_set_endpoint(config, argv[2]) != MLAB_OK
        || mlab_config_set_image_limit(config, UINT64_C(1) << 30) != MLAB_OK
        || mlab_client_new("test-key-not-real", config, &client) != MLAB_OK)
        return EXIT_FAILURE;
    mlab_config_free(config);
    code = measure(argv + 2, download);
    mlab_client_free(client);
    return code;
}
