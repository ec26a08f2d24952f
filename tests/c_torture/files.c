#define _POSIX_C_SOURCE 200809L
#include "files.h"

#include <dirent.h>
#include <fcntl.h>
#include <mlab.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_FILE = 1 << 20 };

static const char old[] = "the old file";

typedef struct {
    char bytes[MOST_FILE];
    size_t len;
} contents;

static contents whole, now;

static const char *folder(void)
{
    return getenv("MLAB_TEST_FOLDER");
}

const char *files_path_of(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder(), name);
    return path;
}

void files_write_old(const char *name)
{
    int file = open(files_path_of(name), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file < 0 || write(file, old, sizeof old - 1) != (ssize_t)(sizeof old - 1))
        abort();
    close(file);
}

static void read_into(contents *into, const char *name)
{
    int file = open(files_path_of(name), O_RDONLY);
    ssize_t got = 0;
    into->len = 0;
    while (file >= 0 && into->len < MOST_FILE
           && (got = read(file, into->bytes + into->len, MOST_FILE - into->len)) > 0)
        into->len += (size_t)got;
    if (file >= 0)
        close(file);
}

void files_learn(const scenario *of)
{
    int status = -1;
    pid_t child;
    if (of->file == NULL)
        return;
    fflush(stdout);
    child = fork();
    if (child == 0) {
        int32_t ended = of->run();
        const char *complaint = scenario_complaint();
        if (ended != of->healthy || complaint != NULL)
            printf("%s: it ends with %s: %s\n", of->name, mlab_status_name(ended), complaint == NULL ? "" : complaint);
        fflush(stdout);
        exit(ended == of->healthy && complaint == NULL ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    if (waitpid(child, &status, 0) != child || status != 0) {
        printf("%s: it does not end well by itself\n", of->name);
        exit(EXIT_FAILURE);
    }
    read_into(&whole, of->file);
}

file_state files_look_at(const char *name, size_t *len)
{
    read_into(&now, name);
    *len = now.len;
    if (now.len == sizeof old - 1 && memcmp(now.bytes, old, now.len) == 0)
        return FILE_IS_OLD;
    return now.len == whole.len && memcmp(now.bytes, whole.bytes, now.len) == 0 ? FILE_IS_WHOLE : FILE_IS_NEITHER;
}

long files_remove_temporary(void)
{
    DIR *listing = opendir(folder());
    const struct dirent *entry;
    long count = 0;
    while (listing != NULL && (entry = readdir(listing)) != NULL)
        if (strncmp(entry->d_name, ".mlab-", 6) == 0) {
            unlink(files_path_of(entry->d_name));
            count++;
        }
    if (listing != NULL)
        closedir(listing);
    return count;
}
