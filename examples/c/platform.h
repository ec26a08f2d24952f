/*
 * What C99 lacks and these examples need, on Unix and on Windows. Include it before everything else: it says which
 * functions of the system are wanted.
 */
#ifndef PLATFORM_H
#define PLATFORM_H

#if !defined(_WIN32) && !defined(_POSIX_C_SOURCE)
#define _POSIX_C_SOURCE 200809L
#endif

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef _WIN32

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

#include <io.h>
#include <shellapi.h>

/* Nanoseconds on a clock that only goes forward. */
static inline int64_t platform_now_ns(void)
{
    LARGE_INTEGER count, per_second;

    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&per_second);
    return (int64_t)((double)count.QuadPart / (double)per_second.QuadPart * 1e9);
}

/* Sleeps, to the precision that the system has: 1 to 16 ms here. */
static inline void platform_sleep_ns(int64_t ns)
{
    if (ns > 0)
        Sleep((DWORD)(ns / 1000000));
}

/* Whether somebody looks at this stream; if so, it takes the control sequences of terminals from now on. */
static inline int platform_is_terminal(FILE *stream)
{
    HANDLE console = (HANDLE)_get_osfhandle(_fileno(stream));
    DWORD mode;

    /* 0x0004: ENABLE_VIRTUAL_TERMINAL_PROCESSING, which older headers lack. */
    return GetConsoleMode(console, &mode) && SetConsoleMode(console, mode | 0x0004);
}

/* Nothing to do here: a stream that is closed stays so. */
static inline void platform_hold_streams(void)
{
}

/* A system string of its own, in UTF-8, as the library wants its strings; never freed. */
static inline char *platform_utf8(const wchar_t *wide)
{
    int size = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
    char *made = calloc((size_t)size + 1, 1);

    if (made == NULL)
        exit(1);
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, made, size, NULL, NULL);
    return made;
}

/* The same the other way; NULL without memory. */
static inline wchar_t *platform_wide(const char *text)
{
    int size = MultiByteToWideChar(CP_UTF8, 0, text, -1, NULL, 0);
    wchar_t *made = calloc((size_t)size + 1, sizeof *made);

    if (made != NULL)
        MultiByteToWideChar(CP_UTF8, 0, text, -1, made, size);
    return made;
}

/* A variable of the environment in UTF-8; NULL if it is not set. `name` is ASCII. Never freed. */
static inline const char *platform_getenv(const char *name)
{
    wchar_t *wide = platform_wide(name);
    const wchar_t *value = wide == NULL ? NULL : _wgetenv(wide);

    free(wide);
    return value == NULL ? NULL : platform_utf8(value);
}

/* Opens a file to read it as text; `path` is UTF-8. */
static inline FILE *platform_open(const char *path)
{
    wchar_t *wide = platform_wide(path);
    FILE *file = wide == NULL ? NULL : _wfopen(wide, L"r");

    free(wide);
    return file;
}

/* The arguments of the program in UTF-8; main's own are in the system's code page. */
static inline void platform_utf8_arguments(int *argc, char ***argv)
{
    wchar_t **wide = CommandLineToArgvW(GetCommandLineW(), argc);
    char **made = calloc((size_t)*argc + 1, sizeof *made);
    int i;

    for (i = 0; wide != NULL && made != NULL && i < *argc; i++)
        made[i] = platform_utf8(wide[i]);
    if (wide == NULL || made == NULL)
        exit(1);
    LocalFree(wide);
    *argv = made; /* Until the program ends. */
    SetConsoleOutputCP(CP_UTF8);
}

#else

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

static inline int64_t platform_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline void platform_sleep_ns(int64_t ns)
{
    struct timespec left;

    if (ns <= 0)
        return;
    left.tv_sec = (time_t)(ns / 1000000000);
    left.tv_nsec = (long)(ns % 1000000000);
    nanosleep(&left, NULL); /* A signal may cut it short. */
}

static inline int platform_is_terminal(FILE *stream)
{
    return isatty(fileno(stream));
}

/*
 * Takes the places of standard streams that are closed, before a connection does and gets what is printed. Each is
 * opened the wrong way round, so that its use fails as before.
 */
static inline void platform_hold_streams(void)
{
    int place;

    for (place = 0; place <= 2; place++)
        if (fcntl(place, F_GETFD) < 0 && open("/dev/null", place == 0 ? O_WRONLY : O_RDONLY) < 0)
            exit(1);
}

static inline const char *platform_getenv(const char *name)
{
    return getenv(name);
}

static inline FILE *platform_open(const char *path)
{
    return fopen(path, "r");
}

static inline void platform_utf8_arguments(int *argc, char ***argv)
{
    (void)argc; /* They are UTF-8 already. */
    (void)argv;
}

#endif

#endif /* PLATFORM_H */
