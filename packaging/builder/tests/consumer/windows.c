/*
 * What only Windows has: a DLL that is freed while one of its threads runs, a last error, names in UTF-16.
 *
 *     windows unload ENDPOINT     frees the DLL while a name lookup is still running; ENDPOINT's name answers late
 *     windows last-error          GetLastError is the same after a call
 *     windows paths               a certificate and images lie under names that no code page has; endpoint and CA file
 *                                 as in examples/c
 */
#include <mlab.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#define NAME "t\xc3\xa9l\xc3\xa9-\xe5\x9b\xbe"
#define WIDE_NAME L"t\x00e9l\x00e9-\x56fe"

/* Longer than the lookup takes. */
enum { LOOKUP_IS_OVER_MS = 4000 };

#define CALL(module, name) ((void (*)(void))GetProcAddress(module, name))

static int fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    return EXIT_FAILURE;
}

static int unload(const char *endpoint)
{
    HMODULE module = LoadLibraryA("mlab.dll");
    mlab_config *config;
    mlab_result *result = NULL;
    int32_t status;

    if (module == NULL)
        return fail("mlab.dll is not there");
    ((const char *(*)(void))CALL(module, "mlab_version"))();
    FreeLibrary(module);
    if (GetModuleHandleA("mlab.dll") != NULL)
        return fail("it stays although no thread was made");

    module = LoadLibraryA("mlab.dll");
    config = ((mlab_config * (*)(void)) CALL(module, "mlab_config_new"))();
    ((int32_t(*)(mlab_config *, const char *))CALL(module, "mlab_config_set_endpoint"))(config, endpoint);
    ((int32_t(*)(mlab_config *, const char *))CALL(module, "mlab_config_set_proxy"))(config, NULL);
    ((int32_t(*)(mlab_config *, uint32_t))CALL(module, "mlab_config_set_request_timeout_ms"))(config, 200);
    ((int32_t(*)(mlab_config *, uint32_t))CALL(module, "mlab_config_set_connect_timeout_ms"))(config, 200);
    ((int32_t(*)(const mlab_config *))CALL(module, "mlab_set_default_config"))(config);
    ((void (*)(mlab_config *))CALL(module, "mlab_config_free"))(config);
    status = ((int32_t(*)(const char *, const char *, mlab_result **))CALL(module, "mlab_fetch_queued"))(
        "test-key-not-real", "1", &result);
    if (status != MLAB_E_TIMEOUT)
        return fail(((const char *(*)(const mlab_result *))CALL(module, "mlab_result_message"))(result));
    ((void (*)(mlab_result *))CALL(module, "mlab_result_free"))(result);
    FreeLibrary(module);
    if (GetModuleHandleA("mlab.dll") == NULL)
        return fail("its code is gone while its thread runs");
    Sleep(LOOKUP_IS_OVER_MS);
    puts("alive");
    return EXIT_SUCCESS;
}

static int last_error(void)
{
    mlab_result *result = NULL;

    SetLastError(4711);
    mlab_fetch_queued(NULL, NULL, &result);
    mlab_result_free(result);
    return GetLastError() == 4711 ? EXIT_SUCCESS : fail("GetLastError is another");
}

static int paths(void)
{
    mlab_config *config = mlab_config_new();
    mlab_request *request = mlab_request_new("1");
    mlab_client *client = NULL;
    mlab_result *result = NULL;
    wchar_t ca_file[1024];
    int works = 0;

    MultiByteToWideChar(CP_UTF8, 0, getenv("MLAB_CA_FILE"), -1, ca_file, 1024);
    CreateDirectoryW(WIDE_NAME, NULL);
    CopyFileW(ca_file, WIDE_NAME L"/ca.pem", FALSE);
    if (mlab_config_set_ca_file(config, NAME "/ca.pem") != MLAB_OK)
        return fail(mlab_config_message(config));
    if (mlab_config_set_endpoint(config, getenv("MLAB_ENDPOINT")) != MLAB_OK)
        return fail(mlab_config_message(config));
    mlab_client_new("test-key-not-real", config, &client);
    mlab_request_set_download_dir(request, NAME, 0);
    if (mlab_client_wait(client, request, NULL, &result) != MLAB_OK)
        return fail(mlab_result_message(result));
    works = mlab_result_image_count(result) == 1 && strcmp(mlab_result_image_path(result, 0), NAME "\\1-0.png") == 0;
    works = works && GetFileAttributesW(WIDE_NAME L"/1-0.png") != INVALID_FILE_ATTRIBUTES;
    if (!works)
        fprintf(stderr, "the image is in %s\n", mlab_result_image_path(result, 0));
    mlab_result_free(result);
    mlab_client_free(client);
    mlab_request_free(request);
    mlab_config_free(config);
    return works ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";

    if (strcmp(what, "unload") == 0 && argc > 2)
        return unload(argv[2]);
    if (strcmp(what, "last-error") == 0)
        return last_error();
    return strcmp(what, "paths") == 0 ? paths() : fail("what is to be tried?");
}
