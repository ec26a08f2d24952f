/* Certificates of the host's own, from a file and from memory. */

/* For mkfifo. */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"
#include "setter_checks.h"
#include "settings.h"

#include <mlab.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MIB = 1024 * 1024 };

static const text_row pems[] = {
    {"", MLAB_E_INVALID_ARGUMENT},
    {"no certificate", MLAB_E_INVALID_ARGUMENT},
    {"\xff", MLAB_E_INVALID_ARGUMENT},
    {"-----BEGIN CERTIFICATE-----\n", MLAB_E_INVALID_ARGUMENT},
    {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", MLAB_E_INVALID_ARGUMENT},
    {"-----BEGIN CERTIFICATE-----\n%%%%\n-----END CERTIFICATE-----\n", MLAB_E_INVALID_ARGUMENT},
    {"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", MLAB_E_INVALID_ARGUMENT},
    {NULL, 0},
};

static const text_row ca_files[] = {
    {"/nowhere/ca.pem", MLAB_E_FILE},
    {"", MLAB_E_INVALID_ARGUMENT},
    {"/", MLAB_E_FILE},
    {"/dev/null", MLAB_E_FILE},
    {"/dev/zero", MLAB_E_FILE},
    {"/\xff", MLAB_E_INVALID_ARGUMENT},
    {NULL, 0},
};

static void certificates_that_are_none_are_refused(void)
{
    check_texts(mlab_config_set_ca_pem, "pem", pems);
    check_texts(mlab_config_set_ca_file, "path", ca_files);
}

static void certificates_are_taken_from_a_file_and_from_memory(void)
{
    static char pem[65536];
    mlab_config *config = mlab_config_new();
    FILE *file = fopen(harness_setting("MLAB_TEST_CA_FILE"), "r");
    if (!CHECK(file != NULL))
        return;
    pem[fread(pem, 1, sizeof pem - 1, file)] = '\0';
    fclose(file);
    CHECK_INT(mlab_config_set_ca_pem(config, pem), MLAB_OK);
    CHECK_INT(mlab_config_set_ca_file(config, harness_setting("MLAB_TEST_CA_FILE")), MLAB_OK);
    mlab_config_free(config);
}

/* Makes a file of this size. */
static int make_file(const char *path, long size)
{
    FILE *file = fopen(path, "wb");
    int made = file != NULL && fseek(file, size - 1, SEEK_SET) == 0 && fputc(' ', file) == ' ';
    return file != NULL && fclose(file) == 0 && made;
}

static void a_file_that_cannot_be_read_to_its_end_is_refused_at_once(void)
{
    char path[1024];
    mlab_config *config = mlab_config_new();
    snprintf(path, sizeof path, "%s/config-%ld.pem", harness_setting("MLAB_TEST_FOLDER"), (long)getpid());
#ifndef _WIN32 /* It has no such files. */
    harness_row("a FIFO that nobody writes to");
    CHECK_INT(mkfifo(path, 0600), 0);
    CHECK_INT(mlab_config_set_ca_file(config, path), MLAB_E_FILE);
    CHECK_STARTS(mlab_config_message(config), "path: it is no regular file: ");
    CHECK_HAS(mlab_config_message(config), path);
    remove(path);
#endif
    harness_row("a file of the size that is read");
    CHECK(make_file(path, 16 * MIB));
    CHECK_INT(mlab_config_set_ca_file(config, path), MLAB_E_INVALID_ARGUMENT);
    CHECK_STARTS(mlab_config_message(config), "path holds no PEM certificate");
    harness_row("a file that is larger by one byte");
    CHECK(make_file(path, 16 * MIB + 1));
    CHECK_INT(mlab_config_set_ca_file(config, path), MLAB_E_FILE);
    CHECK_STARTS(mlab_config_message(config), "path: it is larger than 16 MiB");
    harness_row(NULL);
    remove(path);
    mlab_config_free(config);
}

static void the_message_has_the_reason_however_long_the_path_is(void)
{
    char path[4000] = "/nowhere";
    size_t at;
    mlab_config *config = mlab_config_new();
    for (at = strlen(path); at < sizeof path - 1; at++)
        path[at] = at % 100 == 0 ? '/' : 'x';
    CHECK_INT(mlab_config_set_ca_file(config, path), MLAB_E_FILE);
    CHECK_HAS(mlab_config_message(config), ": /nowhere");
#ifndef _WIN32 /* Each version of it has words of its own. */
    CHECK_STARTS(mlab_config_message(config), "path: No such file or directory: ");
#endif
    check_message(config, MLAB_E_FILE, "path: ");
    mlab_config_free(config);
}

static void a_message_is_one_line_whatever_the_path_holds(void)
{
    mlab_config *config = mlab_config_new();
    CHECK_INT(mlab_config_set_ca_file(config, "/nowhere/a\nb\x1b[31m"), MLAB_E_FILE);
    check_message(config, MLAB_E_FILE, "path: ");
    mlab_config_free(config);
}

const harness_test ca_file_tests[] = {
    TEST(certificates_that_are_none_are_refused),
    TEST(certificates_are_taken_from_a_file_and_from_memory),
    TEST(a_file_that_cannot_be_read_to_its_end_is_refused_at_once),
    TEST(the_message_has_the_reason_however_long_the_path_is),
    TEST(a_message_is_one_line_whatever_the_path_holds),
    END_OF_TESTS,
};
