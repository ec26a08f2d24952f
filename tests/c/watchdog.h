/* Ends the process, as failed, when a time is over: nothing that hangs can put it off. */
#ifndef WATCHDOG_H
#define WATCHDOG_H

#ifdef _WIN32

#include <stdint.h>
#include <windows.h>

static DWORD WINAPI end_the_process(void *seconds)
{
    Sleep((DWORD)(uintptr_t)seconds * 1000);
    TerminateProcess(GetCurrentProcess(), 1);
    return 0;
}

static void end_after(unsigned seconds)
{
    HANDLE thread = CreateThread(NULL, 0, end_the_process, (void *)(uintptr_t)seconds, 0, NULL);

    if (thread != NULL)
        CloseHandle(thread);
}

#else

#include <unistd.h>

static void end_after(unsigned seconds)
{
    alarm(seconds);
}

#endif

#endif /* WATCHDOG_H */
