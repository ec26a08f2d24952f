/*
 * What only Windows has: a DLL that is freed while one of its threads runs, a last error, names in UTF-16, files that
 * others hold, the system's check of certificates.
 *
 *     windows unload DLL ENDPOINT  frees the DLL while a name lookup is still running; ENDPOINT's name answers late
 *     windows last-error           GetLastError is the same after a call
 *     windows paths                a certificate and images lie under names that no code page has
 *     windows held-for-a-moment    somebody reads the old image while the new one is to take its place
 *     windows held                 the same, and for ever
 *     windows system-roots         the system judges a certificate that it cannot know
 *
 * MLAB_ENDPOINT and MLAB_CA_FILE as in examples/c. Files are in the current folder.
 */
#include <mlab.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#define NAME "t\xc3\xa9l\xc3\xa9-\xe5\x9b\xbe"
#define WIDE_NAME L"t\x00e9l\x00e9-\x56fe"

/* Longer than the lookup takes; as long as a scanner may. */
enum { LOOKUP_IS_OVER_MS = 4000, SCAN_MS = 100 };

#define CALL(module, name) ((void (*)(void))GetProcAddress(module, name))

static int fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    return EXIT_FAILURE;
}

static int unload(const char *dll, const char *endpoint)
{
    HMODULE module = LoadLibraryA(dll);
    mlab_config *config;
    mlab_result *result = NULL;
    int32_t status;

    if (module == NULL)
        return fail("there is no such DLL");
    ((const char *(*)(void))CALL(module, "mlab_version"))();
    FreeLibrary(module);
    if (GetModuleHandleA(dll) != NULL)
        return fail("it stays although no thread was made");

    module = LoadLibraryA(dll);
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
    if (GetModuleHandleA(dll) == NULL)
        return fail("its code is gone while its thread runs");
    Sleep(LOOKUP_IS_OVER_MS);
    puts("alive");
    return EXIT_SUCCESS;
}

/* A client of the server of the environment. */
static mlab_client *client_with_roots(int32_t roots, const char *ca_file)
{
    mlab_config *config = mlab_config_new();
    mlab_client *client = NULL;

    if (mlab_config_set_endpoint(config, getenv("MLAB_ENDPOINT")) != MLAB_OK
        || mlab_config_set_roots(config, roots) != MLAB_OK
        || (ca_file != NULL && mlab_config_set_ca_file(config, ca_file) != MLAB_OK)
        || mlab_client_new("test-key-not-real", config, &client) != MLAB_OK)
        fail(mlab_config_message(config));
    mlab_config_free(config);
    return client;
}

/* Waits for job 1 with its images in this folder. */
static mlab_result *download(const char *ca_file, const char *folder)
{
    mlab_client *client = client_with_roots(MLAB_ROOTS_BUNDLED, ca_file);
    mlab_request *request = mlab_request_new("1");
    mlab_result *result = NULL;

    mlab_request_set_download_dir(request, folder, 0);
    mlab_client_wait(client, request, NULL, &result);
    mlab_request_free(request);
    mlab_client_free(client);
    return result;
}

static int last_error(void)
{
    mlab_client *client;
    mlab_result *result = NULL;
    int32_t status;

    SetLastError(4711);
    mlab_fetch_queued(NULL, NULL, &result);
    mlab_result_free(result);
    if (GetLastError() != 4711)
        return fail("a refused call changed it");
    client = client_with_roots(MLAB_ROOTS_BUNDLED, getenv("MLAB_CA_FILE"));
    if (GetLastError() != 4711)
        return fail("making a client changed it");
    status = mlab_client_fetch(client, "1", NULL, &result);
    mlab_result_free(result);
    mlab_client_free(client);
    if (GetLastError() != 4711)
        return fail("a fetch changed it");
    return status == MLAB_OK ? EXIT_SUCCESS : fail("no image");
}

static int paths(void)
{
    mlab_result *result;
    wchar_t ca_file[1024];
    int works = 0;

    MultiByteToWideChar(CP_UTF8, 0, getenv("MLAB_CA_FILE"), -1, ca_file, 1024);
    CreateDirectoryW(WIDE_NAME, NULL);
    CopyFileW(ca_file, WIDE_NAME L"/ca.pem", FALSE);
    result = download(NAME "/ca.pem", NAME);
    if (mlab_result_status(result) != MLAB_OK)
        return fail(mlab_result_message(result));
    works = mlab_result_image_count(result) == 1 && strcmp(mlab_result_image_path(result, 0), NAME "\\1-0.png") == 0;
    works = works && GetFileAttributesW(WIDE_NAME L"/1-0.png") != INVALID_FILE_ATTRIBUTES;
    if (!works)
        fprintf(stderr, "the image is in %s\n", mlab_result_image_path(result, 0));
    mlab_result_free(result);
    return works ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* The size of the new image, which is written beside its place; -1 while there is none. */
static long size_of_part(void)
{
    WIN32_FIND_DATAA found;
    HANDLE search = FindFirstFileA(".mlab-*.part", &found);

    if (search == INVALID_HANDLE_VALUE)
        return -1;
    FindClose(search);
    return (long)found.nFileSizeLow;
}

static volatile LONG was_held;

/* Lets the old image go a moment after the new one is written, as a scanner does. */
static DWORD WINAPI let_go(void *file)
{
    while (size_of_part() <= 0)
        Sleep(1);
    Sleep(SCAN_MS);
    InterlockedExchange(&was_held, 1);
    CloseHandle(file);
    return 0;
}

static int held(int for_a_moment)
{
    HANDLE file = CreateFileA("1-0.png", GENERIC_WRITE | GENERIC_READ, 0, NULL, CREATE_ALWAYS, 0, NULL);
    HANDLE thread = for_a_moment ? CreateThread(NULL, 0, let_go, file, 0, NULL) : NULL;
    mlab_result *result = download(getenv("MLAB_CA_FILE"), ".");

    if (file == INVALID_HANDLE_VALUE)
        return fail("no old image");
    if (mlab_result_status(result) != (for_a_moment ? MLAB_OK : MLAB_E_FILE))
        return fail(mlab_result_message(result));
    if (for_a_moment && !was_held)
        return fail("nobody held it");
    if (for_a_moment && WaitForSingleObject(thread, 10000) != WAIT_OBJECT_0)
        return fail("it was not let go");
    if (size_of_part() >= 0)
        return fail("a part is left");
    puts(mlab_result_message(result));
    mlab_result_free(result);
    return EXIT_SUCCESS;
}

static int system_roots(void)
{
    mlab_client *client = client_with_roots(MLAB_ROOTS_SYSTEM, NULL);
    mlab_result *result = NULL;
    int32_t status = mlab_client_fetch(client, "1", NULL, &result);

    puts(mlab_result_message(result));
    mlab_result_free(result);
    mlab_client_free(client);
    return status == MLAB_E_TLS ? EXIT_SUCCESS : fail("it is no question of trust");
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";

    if (strcmp(what, "unload") == 0 && argc > 3)
        return unload(argv[2], argv[3]);
    if (strcmp(what, "last-error") == 0)
        return last_error();
    if (strcmp(what, "paths") == 0)
        return paths();
    if (strcmp(what, "held-for-a-moment") == 0 || strcmp(what, "held") == 0)
        return held(strcmp(what, "held") != 0);
    return strcmp(what, "system-roots") == 0 ? system_roots() : fail("what is to be tried?");
}
