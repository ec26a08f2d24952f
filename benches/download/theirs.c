/*
 * The other side: libcurl, as a careful program uses it. A file is written under another name, put on the disk and
 * renamed. Arguments: CA file, "sync" or "lazy" (nothing is put on the disk by force), then those of measure().
 */
#include "measure.h"

#include <curl/curl.h>

static const char *ca_file;
static int lazy;
static CURL *curl;

struct buffer {
    char *bytes;
    size_t len, room;
};

static size_t append(char *bytes, size_t size, size_t count, void *user)
{
    struct buffer *buffer = user;

    if (buffer->len + size * count > buffer->room) {
        size_t room = (buffer->len + size * count) * 2;
        char *grown = realloc(buffer->bytes, room);

        if (grown == NULL)
            return 0;
        buffer->bytes = grown;
        buffer->room = room;
    }
    memcpy(buffer->bytes + buffer->len, bytes, size * count);
    buffer->len += size * count;
    return size * count;
}

static int perform(const char *url)
{
    CURLcode code;
    long status = 0;

    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK)
        fprintf(stderr, "%s\n", curl_easy_strerror(code));
    return code == CURLE_OK && status == 200;
}

static size_t download(const char *url, const char *path)
{
    struct buffer buffer = { NULL, 0, 0 };
    char unfinished[4096];
    size_t bytes = 0;
    FILE *file;

    if (path == NULL) {
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &buffer);
        if (perform(url))
            bytes = buffer.len;
        free(buffer.bytes);
        return bytes;
    }
    snprintf(unfinished, sizeof unfinished, "%s.part", path);
    file = fopen(unfinished, "wb");
    if (file == NULL)
        return 0;
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, file);
    if (perform(url) && fflush(file) == 0 && (lazy || fsync(fileno(file)) == 0))
        bytes = (size_t)ftell(file);
    if (fclose(file) != 0 || rename(unfinished, path) != 0)
        return 0;
    return bytes;
}

int main(int argc, char **argv)
{
    int code;

    if (argc != 6)
        return EXIT_FAILURE;
    ca_file = argv[1];
    lazy = strcmp(argv[2], "lazy") == 0;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    curl = curl_easy_init();
    code = measure(argv + 2, download);
    curl_easy_cleanup(curl);
    return code;
}
