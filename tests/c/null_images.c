/* NULL for the functions of images. */
#include "null_images.h"

#include "harness.h"

#include <mlab.h>

/* What an out parameter holds before a call: no address that any call could give. */
static char rubbish;
#define RUBBISH ((mlab_result *)(void *)&rubbish)

static void refused(int32_t status, mlab_result *const *out, const char *argument)
{
    mlab_result *result = *out;
    CHECK_INT(status, MLAB_E_INVALID_ARGUMENT);
    if (!CHECK(result != NULL && result != RUBBISH))
        return;
    CHECK_STARTS(mlab_result_message(result), argument);
    CHECK_HAS(mlab_result_message(result), " is NULL");
    CHECK_SIZE(mlab_result_image_count(result), 0);
    mlab_result_free(result);
}

void null_client_download(void)
{
    mlab_client *client = NULL;
    mlab_result *result = RUBBISH;
    CHECK_INT(mlab_client_new("test-key-not-real", NULL, &client), MLAB_OK);
    refused(mlab_client_download(NULL, "u", "p", NULL, &result), &result, "client ");
    result = RUBBISH;
    refused(mlab_client_download(client, NULL, "p", NULL, &result), &result, "url ");
    result = RUBBISH;
    refused(mlab_client_download(client, "u", NULL, NULL, &result), &result, "path ");
    CHECK_INT(mlab_client_download(client, "u", "p", NULL, NULL), MLAB_E_INVALID_ARGUMENT);
    result = RUBBISH;
    refused(mlab_client_download_memory(NULL, "u", 1, NULL, &result), &result, "client ");
    result = RUBBISH;
    refused(mlab_client_download_memory(client, NULL, 1, NULL, &result), &result, "url ");
    CHECK_INT(mlab_client_download_memory(client, "u", 1, NULL, NULL), MLAB_E_INVALID_ARGUMENT);
    mlab_client_free(client);
}

void null_image_settings(void)
{
    mlab_request *request = mlab_request_new("12202888");
    CHECK_INT(mlab_config_set_image_limit(NULL, 1), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_config_set_max_images(NULL, 1), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_request_set_image_events(NULL, 1), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_request_set_download_memory(NULL, 1), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_request_set_download_dir(NULL, "d", 0), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_request_set_download_dir(request, NULL, 0), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_request_message(request), "path is NULL");
    CHECK_INT(mlab_request_set_download_file(NULL, "f"), MLAB_E_INVALID_ARGUMENT);
    CHECK_INT(mlab_request_set_download_file(request, NULL), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_request_message(request), "path is NULL");
    mlab_request_free(request);
}

/* A request for no URL is made all the same; the call with it says what is wrong. */
void null_request_new_download(void)
{
    mlab_client *client = NULL;
    mlab_request *request = mlab_request_new_download(NULL);
    mlab_result *result = RUBBISH;
    CHECK(request != NULL);
    CHECK_INT(mlab_client_new("test-key-not-real", NULL, &client), MLAB_OK);
    refused(mlab_client_wait(client, request, NULL, &result), &result, "url ");
    CHECK_INT(mlab_client_submit(client, request, NULL), MLAB_E_INVALID_ARGUMENT);
    mlab_client_free(client);
    mlab_request_free(request);
}

void null_image(void)
{
    size_t len = SIZE_MAX;
    CHECK_SIZE(mlab_result_image_count(NULL), 0);
    CHECK(mlab_result_image(NULL, 0, &len) == NULL);
    CHECK_SIZE(len, 0);
    CHECK(mlab_result_image(NULL, SIZE_MAX, NULL) == NULL);
    CHECK(mlab_result_image_path(NULL, 0) == NULL);
    CHECK(mlab_result_image_type(NULL, 0) == NULL);
    CHECK_INT(mlab_result_image_width(NULL, 0), 0);
    CHECK_INT(mlab_result_image_height(NULL, 0), 0);
    CHECK_INT(mlab_event_bytes_done(NULL), 0);
    CHECK_INT(mlab_event_bytes_total(NULL), -1);
}
