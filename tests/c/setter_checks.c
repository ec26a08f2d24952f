#include "setter_checks.h"

#include "harness.h"

#include <stddef.h>
#include <string.h>

void check_message(const mlab_config *config, int32_t status, const char *argument)
{
    const char *message = mlab_config_message(config);
    if (status == MLAB_OK)
        CHECK_TEXT(message, "");
    else
        CHECK_STARTS(message, argument);
    CHECK(strlen(message) <= 1024);
    CHECK(strpbrk(message, "\r\n\t\x7f") == NULL);
}

void check_texts(int32_t (*set)(mlab_config *, const char *), const char *argument, const text_row *rows)
{
    mlab_config *config = mlab_config_new();
    for (; rows->text != NULL; rows++) {
        harness_row(rows->text);
        CHECK_INT(set(config, rows->text), rows->status);
        check_message(config, rows->status, argument);
    }
    harness_row(NULL);
    mlab_config_free(config);
}
