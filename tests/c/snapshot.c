#define _POSIX_C_SOURCE 200809L
#include "snapshot.h"

#include "harness.h"

#include <dirent.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* Signals of Linux are 1 to 64; the C library keeps some to itself, for which sigaction fails each time alike. */
enum { SIGNALS = 64, TEXT = 65536 };

struct snapshot {
    struct sigaction actions[SIGNALS + 1];
    int known[SIGNALS + 1];
    sigset_t mask;
    size_t threads;
    char descriptors[TEXT], environment[TEXT], locale[1024], folder[1024];
    char **environ_itself;
    mode_t mode;
};

static void append(char *text, const char *more)
{
    if (strlen(text) + strlen(more) + 2 > TEXT)
        abort();
    strcat(strcat(text, more), "\n");
}

static int is_entry(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static size_t count_threads(void)
{
    struct dirent **entries;
    int count = scandir("/proc/self/task", &entries, is_entry, alphasort);
    if (count < 0)
        abort();
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    return (size_t)count;
}

/* Each descriptor with what it leads to: a socket has a number there that no other one has. */
static void list_descriptors(char *text)
{
    struct dirent **entries;
    int count = scandir("/proc/self/fd", &entries, is_entry, alphasort);
    for (int i = 0; i < count; i++) {
        char path[300], target[300], line[700];
        ssize_t length;
        snprintf(path, sizeof path, "/proc/self/fd/%.200s", entries[i]->d_name);
        length = readlink(path, target, sizeof target - 1);
        /* The folder itself was open while it was read. */
        if (length >= 0) {
            target[length] = '\0';
            snprintf(line, sizeof line, "%.200s %s", entries[i]->d_name, target);
            append(text, line);
        }
        free(entries[i]);
    }
    free(entries);
}

snapshot *snapshot_take(void)
{
    snapshot *now = calloc(1, sizeof *now);
    if (now == NULL)
        abort();
    for (int i = 1; i <= SIGNALS; i++)
        now->known[i] = sigaction(i, NULL, &now->actions[i]) == 0;
    pthread_sigmask(SIG_SETMASK, NULL, &now->mask);
    now->threads = count_threads();
    list_descriptors(now->descriptors);
    for (char **variable = environ; *variable != NULL; variable++)
        append(now->environment, *variable);
    now->environ_itself = environ;
    snprintf(now->locale, sizeof now->locale, "%s", setlocale(LC_ALL, NULL));
    if (getcwd(now->folder, sizeof now->folder) == NULL)
        abort();
    now->mode = umask(0);
    umask(now->mode);
    return now;
}

/* The kernel takes a thread from its list a moment after the join that waited for its end. */
static void check_threads(size_t before)
{
    const struct timespec moment = {0, 1000 * 1000};
    for (int tries = 0; tries < 2000 && count_threads() > before; tries++)
        nanosleep(&moment, NULL);
    CHECK_SIZE(count_threads(), before);
}

/* By their members: the bytes behind those of the 64 signals are never written. */
static void check_sets(const sigset_t *was, const sigset_t *is)
{
    int changed = 0;
    for (int i = 1; i <= SIGNALS; i++)
        if (sigismember(was, i) != sigismember(is, i))
            changed = i;
    CHECK_INT(changed, 0);
}

static void check_action(const struct sigaction *was, const struct sigaction *is)
{
    CHECK(was->sa_handler == is->sa_handler);
    CHECK_INT(is->sa_flags, was->sa_flags);
    check_sets(&was->sa_mask, &is->sa_mask);
}

void snapshot_check(snapshot *before)
{
    snapshot *after;
    check_threads(before->threads);
    after = snapshot_take();
    for (int i = 1; i <= SIGNALS; i++) {
        CHECK_INT(after->known[i] ? 0 : i, before->known[i] ? 0 : i);
        if (before->known[i])
            check_action(&before->actions[i], &after->actions[i]);
    }
    check_sets(&before->mask, &after->mask);
    CHECK_TEXT(after->descriptors, before->descriptors);
    CHECK_TEXT(after->environment, before->environment);
    CHECK(after->environ_itself == before->environ_itself);
    CHECK_TEXT(after->locale, before->locale);
    CHECK_TEXT(after->folder, before->folder);
    CHECK_INT(after->mode, before->mode);
    free(after);
    free(before);
}
