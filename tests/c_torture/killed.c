/*
 * A scenario that writes a file, again and again, and each time the process is killed at another call of the system: the
 * first of its kind, the second, and so on until a run makes fewer. Whenever that is, the file is the old one or the whole
 * new one, and one temporary file at most is left. Both files must come, since the calls of a run are before its rename or
 * after it.
 *
 *     killed SCENARIO
 */
#define _POSIX_C_SOURCE 200809L
#include "faults.h"
#include "files.h"
#include "scenarios.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    SECONDS_UNTIL_HUNG = 30,
    MOST_CALLS = 500, /* of one kind in one run; more is a complaint */
};

static unsigned long killed, ends[FILE_IS_NEITHER + 1], wrong;

static void complain(const scenario *of, int kind, unsigned long n, const char *what, long number)
{
    wrong++;
    printf("%s: killed at %s no. %lu: %s (%ld)\n", of->name, fault_kinds[kind].name, n, what, number);
}

/* In a process of its own; gives what waitpid() says of its end. */
static int run_until(const scenario *of, int kind, unsigned long n)
{
    int status = -1;
    pid_t child;
    fflush(stdout);
    child = fork();
    if (child == 0) {
        alarm(SECONDS_UNTIL_HUNG);
        faults_begin();
        faults_arm(kind, n, FAULT_KILLS);
        exit(of->run() == of->healthy ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        abort();
    return status;
}

/* Whether there was such a call. */
static int kill_at(const scenario *of, int kind, unsigned long n)
{
    int status, is_killed;
    size_t len;
    long left;
    file_state state;
    files_write_old(of->file);
    status = run_until(of, kind, n);
    is_killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    state = files_look_at(of->file, &len);
    left = files_remove_temporary();
    if (!is_killed && status != 0)
        complain(of, kind, n, "it ends otherwise", status);
    if (state == FILE_IS_NEITHER || (!is_killed && state == FILE_IS_OLD))
        complain(of, kind, n, "the file is neither the old nor the new one: bytes", (long)len);
    if (left > is_killed)
        complain(of, kind, n, "temporary files are left", left);
    killed += (unsigned long)is_killed;
    ends[state] += (unsigned long)is_killed;
    return is_killed;
}

int main(int argc, char **argv)
{
    const char *why;
    const scenario *of = scenarios;
    if (!faults_can_be_had(&why)) {
        printf("SKIPPED: system calls cannot be judged here: %s\n", why);
        return EXIT_SUCCESS;
    }
    while (of->name != NULL && (argc < 2 || strcmp(of->name, argv[1]) != 0))
        of++;
    if (of->name == NULL || of->file == NULL)
        return 2;
    files_learn(of);
    for (int kind = 0; fault_kinds[kind].name != NULL; kind++) {
        unsigned long n = 1;
        while (n <= MOST_CALLS && kill_at(of, kind, n))
            n++;
        if (n > MOST_CALLS)
            complain(of, kind, n, "there are more calls than are tried", MOST_CALLS);
    }
    printf("%s: %lu kills, after which %lu files were old and %lu new, %lu wrong\n", of->name, killed, ends[FILE_IS_OLD],
           ends[FILE_IS_WHOLE], wrong);
    return wrong == 0 && ends[FILE_IS_OLD] > 0 && ends[FILE_IS_WHOLE] > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
