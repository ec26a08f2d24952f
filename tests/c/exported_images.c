/* The calls of exported.h for images, with one that stands in its URL: nothing is sent for it. */
#define _POSIX_C_SOURCE 200809L
#include "exported.h"

#include "harness.h"
#include "pixel.h"
#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LIMIT = 1000 };

static mlab_result *in_memory(const exported_objects *with)
{
    mlab_result *result = NULL;
    CHECK_INT(mlab_client_download_memory(with->client, TEST_PIXEL, LIMIT, NULL, &result), MLAB_OK);
    return result;
}

/* A name that no other process uses. */
static const char *file_name(void)
{
    static char name[1024];
    snprintf(name, sizeof name, "%s/exported-%ld.png", harness_setting("MLAB_TEST_FOLDER"), (long)getpid());
    return name;
}

void call_mlab_client_download(const exported_objects *with, int planted)
{
    mlab_result *result = with->ready;
    int32_t status;
    CALL(status = mlab_client_download(with->client, TEST_PIXEL, file_name(), with->cancel, &result));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
    CHECK_INT(mlab_result_status(result), status);
    if (!planted)
        CHECK_TEXT(mlab_result_image_path(result, 0), file_name());
    CHECK((remove(file_name()) == 0) == !planted);
    mlab_result_free(result);
}

void call_mlab_client_download_memory(const exported_objects *with, int planted)
{
    mlab_result *result = with->ready;
    int32_t status;
    CALL(status = mlab_client_download_memory(with->client, TEST_PIXEL, LIMIT, with->cancel, &result));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
    CHECK_INT(mlab_result_status(result), status);
    CHECK_SIZE(mlab_result_image_count(result), planted ? 0 : 1);
    mlab_result_free(result);
}

void call_mlab_config_set_image_limit(const exported_objects *with, int planted)
{
    int32_t status;
    CALL(status = mlab_config_set_image_limit(with->config, UINT64_C(1) << 32));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
    CHECK_STARTS(mlab_config_message(with->config), planted ? "internal error" : "");
}

void call_mlab_request_new_download(const exported_objects *with, int planted)
{
    mlab_request *made;
    mlab_result *result = NULL;
    CALL(made = mlab_request_new_download(TEST_PIXEL));
    CHECK((made == NULL) == planted);
    CHECK_INT(mlab_client_wait(with->client, made, NULL, &result), planted ? MLAB_E_INVALID_ARGUMENT : MLAB_OK);
    mlab_result_free(result);
    mlab_request_free(made);
}

void call_mlab_request_set_download_dir(const exported_objects *with, int planted)
{
    mlab_request *request = mlab_request_new(READY_ID);
    int32_t status;
    (void)with;
    CALL(status = mlab_request_set_download_dir(request, "/tmp", 0));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
    CHECK_STARTS(mlab_request_message(request), planted ? "internal error" : "");
    CHECK_INT(mlab_request_set_download_dir(request, "/tmp", 1), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_request_message(request), "flags ");
    CHECK_INT(mlab_request_set_download_file(request, "/tmp/x"), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_request_message(request), "request ");
    mlab_request_free(request);
}

void call_mlab_request_set_download_file(const exported_objects *with, int planted)
{
    mlab_request *request = mlab_request_new_download(TEST_PIXEL);
    int32_t status;
    (void)with;
    CALL(status = mlab_request_set_download_file(request, file_name()));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
    CHECK_STARTS(mlab_request_message(request), planted ? "internal error" : "");
    CHECK_INT(mlab_request_set_download_file(request, ""), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_request_message(request), "path ");
    CHECK_INT(mlab_request_set_download_dir(request, "/tmp", 0), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_request_message(request), "request ");
    mlab_request_free(request);
}

void call_mlab_request_set_download_memory(const exported_objects *with, int planted)
{
    mlab_request *request = mlab_request_new_download(TEST_PIXEL);
    mlab_result *result = NULL;
    int32_t status;
    CALL(status = mlab_request_set_download_memory(request, TEST_PNG_BYTES - 1));
    CHECK_INT(status, planted ? MLAB_E_INTERNAL : MLAB_OK);
    CHECK_INT(mlab_client_wait(with->client, request, NULL, &result), planted ? MLAB_OK : MLAB_E_TOO_LARGE);
    CHECK_INT(mlab_request_set_download_memory(request, 0), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_request_message(request), "max_bytes ");
    mlab_result_free(result);
    mlab_request_free(request);
}

void call_mlab_result_image(const exported_objects *with, int planted)
{
    mlab_result *result = in_memory(with);
    size_t len = SIZE_MAX;
    const void *bytes;
    CALL(bytes = mlab_result_image(result, 0, &len));
    CHECK((bytes == NULL) == planted);
    CHECK_SIZE(len, planted ? 0 : TEST_PNG_BYTES);
    CHECK(planted || memcmp(bytes, "\x89PNG", 4) == 0);
    CHECK(mlab_result_image(result, 1, &len) == NULL);
    CHECK_SIZE(len, 0);
    mlab_result_free(result);
}

#define OF_IMAGE(function, wanted, neutral)                                                                        \
    void call_##function(const exported_objects *with, int planted)                                                \
    {                                                                                                              \
        mlab_result *result = in_memory(with);                                                                     \
        uint32_t got;                                                                                              \
        CALL(got = function(result, 0));                                                                           \
        CHECK_INT(got, planted ? (neutral) : (wanted));                                                            \
        CHECK_INT(function(result, SIZE_MAX), 0);                                                                  \
        mlab_result_free(result);                                                                                  \
    }

OF_IMAGE(mlab_result_image_width, 1, 0)
OF_IMAGE(mlab_result_image_height, 1, 0)

void call_mlab_result_image_count(const exported_objects *with, int planted)
{
    mlab_result *result = in_memory(with);
    size_t count;
    CALL(count = mlab_result_image_count(result));
    CHECK_SIZE(count, planted ? 0 : 1);
    CHECK_SIZE(mlab_result_image_count(with->ready), 0);
    mlab_result_free(result);
}

void call_mlab_result_image_type(const exported_objects *with, int planted)
{
    mlab_result *result = in_memory(with);
    const char *type;
    CALL(type = mlab_result_image_type(result, 0));
    CHECK(planted ? type == NULL : type != NULL && strcmp(type, "image/png") == 0);
    CHECK(mlab_result_image_type(result, 1) == NULL);
    mlab_result_free(result);
}

void call_mlab_result_image_path(const exported_objects *with, int planted)
{
    mlab_result *result = NULL;
    const char *path;
    CHECK_INT(mlab_client_download(with->client, TEST_PIXEL, file_name(), NULL, &result), MLAB_OK);
    CALL(path = mlab_result_image_path(result, 0));
    CHECK(planted ? path == NULL : path != NULL && strcmp(path, file_name()) == 0);
    CHECK(mlab_result_image_path(result, 1) == NULL);
    CHECK(mlab_result_image(result, 0, NULL) == NULL);
    CHECK_INT(remove(file_name()), 0);
    mlab_result_free(result);
}
