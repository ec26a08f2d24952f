#define _GNU_SOURCE /* syscall() */
#include "slow_disk.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static atomic_int slow, begun, ended;

void slow_disk_set(slow_disk_way way)
{
    atomic_store(&begun, 0);
    atomic_store(&ended, 0);
    atomic_store(&slow, way);
}

int slow_disk_begun(void)
{
    return atomic_load(&begun);
}

int slow_disk_ended(void)
{
    return atomic_load(&ended);
}

static int is_slow(int descriptor)
{
    int way = atomic_load(&slow);
    struct stat file;
    if (way == DISK_AS_EVER || fstat(descriptor, &file) != 0)
        return 0;
    return S_ISDIR(file.st_mode) ? way == DISK_SLOW_FOR_FOLDERS : way == DISK_SLOW_FOR_FILES;
}

static void take_time(void)
{
    struct timespec left = {SLOW_DISK_MS / 1000, SLOW_DISK_MS % 1000 * 1000000L};
    atomic_fetch_add(&begun, 1);
    while (nanosleep(&left, &left) != 0)
        ;
}

static int sync_by(long call, int descriptor)
{
    int slowly = is_slow(descriptor), status;
    if (slowly)
        take_time();
    status = (int)syscall(call, descriptor);
    if (slowly)
        atomic_fetch_add(&ended, 1);
    return status;
}

int fsync(int descriptor)
{
    return sync_by(SYS_fsync, descriptor);
}

int fdatasync(int descriptor)
{
    return sync_by(SYS_fdatasync, descriptor);
}

int unlink(const char *path)
{
    int slowly = atomic_load(&slow) == DISK_SLOW_FOR_REMOVALS, status;
    if (slowly)
        take_time();
    status = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (slowly)
        atomic_fetch_add(&ended, 1);
    return status;
}
