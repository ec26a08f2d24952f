/*
 * Runs a program at a console of its own, and presses Ctrl-C there once it has said a line on standard error. Prints its
 * exit code, and how many milliseconds it took to end.
 *
 *     ctrl_c PROGRAM ARGUMENT...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

enum { MAX_LINE = 4096, PATIENCE_MS = 20000 };

static const char WITH_CONSOLE[] = "MLAB_TEST_WITH_CONSOLE";

static void fail(const char *what)
{
    fprintf(stderr, "%s: error %lu\n", what, GetLastError());
    exit(EXIT_FAILURE);
}

/* Starts a program; `words` are from argv and need no quotes. */
static HANDLE start(char **words, HANDLE complaints, DWORD flags)
{
    STARTUPINFOA setup = {0};
    PROCESS_INFORMATION process;
    char line[MAX_LINE] = "";

    for (; *words != NULL; words++)
        snprintf(line + strlen(line), sizeof line - strlen(line), "\"%s\" ", *words);
    setup.cb = sizeof setup;
    setup.dwFlags = STARTF_USESTDHANDLES;
    setup.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    setup.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    setup.hStdError = complaints;
    if (!CreateProcessA(NULL, line, NULL, NULL, TRUE, flags, NULL, NULL, &setup, &process))
        fail(line);
    CloseHandle(process.hThread);
    return process.hProcess;
}

/* Ends one that does not end by itself. */
static DWORD exit_code(HANDLE process, DWORD patience_ms)
{
    DWORD code = 0;

    if (WaitForSingleObject(process, patience_ms) != WAIT_OBJECT_0) {
        TerminateProcess(process, EXIT_FAILURE);
        fail("it does not end");
    }
    GetExitCodeProcess(process, &code);
    return code;
}

/* Ctrl-C goes to every program of the console: not to this one. */
static BOOL WINAPI not_me(DWORD kind)
{
    return kind == CTRL_C_EVENT;
}

static void read_a_line(HANDLE from)
{
    char byte;
    DWORD count;

    do {
        if (!ReadFile(from, &byte, 1, &count, NULL) || count == 0)
            fail("it said nothing");
    } while (byte != '\n');
}

int main(int argc, char **argv)
{
    SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
    HANDLE said, saying, process;
    DWORD code, at;

    if (argc < 2)
        return EXIT_FAILURE;
    if (getenv(WITH_CONSOLE) == NULL) {
        SetEnvironmentVariableA(WITH_CONSOLE, "1");
        return (int)exit_code(start(argv, GetStdHandle(STD_ERROR_HANDLE), CREATE_NO_WINDOW), INFINITE);
    }
    if (!CreatePipe(&said, &saying, &inherited, 0) || !SetConsoleCtrlHandler(not_me, TRUE))
        fail("no pipe");
    process = start(argv + 1, saying, 0);
    read_a_line(said);
    at = GetTickCount();
    if (!GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0))
        fail("no Ctrl-C");
    code = exit_code(process, PATIENCE_MS);
    printf("%lu after %lu ms\n", code, GetTickCount() - at);
    return EXIT_SUCCESS;
}
