#define _GNU_SOURCE
#include "faults.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Smaller allocations that fail end the process, as the header says. */
enum { LARGE = 64 * 1024 };

/*
 * What the manual pages say of each call, and no more: an errno that no system gives proves nothing. Without close(): one
 * that failed here would not have closed, which Linux's never does. EINTR is left out where a non-blocking call gives none, and
 * for random numbers all that only a system older than they are would say.
 */
const fault_kind fault_kinds[] = {
    {"socket", {EMFILE, ENFILE, ENOBUFS, ENOMEM, EACCES, EAFNOSUPPORT, 0}},
    {"connect", {ECONNREFUSED, ENETUNREACH, EADDRNOTAVAIL, ETIMEDOUT, EACCES, EPERM, 0}},
    {"socket option", {ENOBUFS, ENOMEM, EINVAL, 0}},
    {"socket name", {ENOBUFS, ENOTCONN, 0}},
    {"send", {ECONNRESET, EPIPE, EINTR, EAGAIN, ENOBUFS, ENOMEM, 0}},
    {"receive", {ECONNRESET, EINTR, EAGAIN, ENOMEM, ETIMEDOUT, 0}},
    {"poll", {EINTR, ENOMEM, 0}},
    {"open", {EMFILE, ENFILE, EACCES, ENOENT, ENOSPC, EIO, EINTR, ENOMEM, EEXIST, 0}},
    {"read", {EIO, EINTR, 0}},
    {"write", {ENOSPC, EIO, EFBIG, EDQUOT, EINTR, 0}},
    {"seek", {EIO, EINVAL, 0}},
    {"sync", {EIO, ENOSPC, EINTR, EINVAL, 0}},
    {"stat", {EACCES, EIO, ENOMEM, ENOSYS, 0}},
    {"rename", {EACCES, ENOSPC, EIO, EXDEV, ENOENT, EROFS, 0}},
    {"unlink", {EACCES, EIO, EBUSY, 0}},
    {"descriptor", {EMFILE, EINVAL, 0}},
    {"thread", {EAGAIN, ENOMEM, EPERM, ENOSYS, 0}},
    {"mapping", {ENOMEM, 0}},
    {"random", {EINTR, 0}},
    {"futex", {EINTR, EAGAIN, 0}},
    /* No system calls: those of the test's own malloc() and getaddrinfo(). */
    {"allocation", {ENOMEM, 0}},
    {"lookup", {EAI_AGAIN, EAI_NONAME, EAI_FAIL, EAI_MEMORY, 0}},
    {NULL, {0}},
};

/* Which calls are of which kind. */
static const struct {
    long number;
    const char *kind;
} calls[] = {
    {SYS_socket, "socket"},
    {SYS_socketpair, "socket"},
    {SYS_connect, "connect"},
    {SYS_setsockopt, "socket option"},
    {SYS_getsockopt, "socket option"},
    {SYS_getsockname, "socket name"},
    {SYS_getpeername, "socket name"},
    {SYS_sendto, "send"},
    {SYS_sendmsg, "send"},
    {SYS_recvfrom, "receive"},
    {SYS_recvmsg, "receive"},
    {SYS_ppoll, "poll"},
    {SYS_openat, "open"},
    {SYS_read, "read"},
    {SYS_readv, "read"},
    {SYS_write, "write"},
    {SYS_writev, "write"},
    {SYS_lseek, "seek"},
    {SYS_ftruncate, "seek"},
    {SYS_fsync, "sync"},
    {SYS_fdatasync, "sync"},
    {SYS_fstat, "stat"},
    {SYS_statx, "stat"},
    {SYS_renameat2, "rename"},
    {SYS_unlinkat, "unlink"},
    {SYS_fcntl, "descriptor"},
    {SYS_ioctl, "descriptor"},
    {SYS_clone, "thread"},
    {SYS_clone3, "thread"},
    {SYS_mmap, "mapping"},
    {SYS_getrandom, "random"},
    {SYS_futex, "futex"},
#ifdef SYS_newfstatat
    {SYS_newfstatat, "stat"},
#endif
    /* What newer architectures have no more. */
#ifdef SYS_poll
    {SYS_poll, "poll"},
    {SYS_open, "open"},
    {SYS_stat, "stat"},
    {SYS_lstat, "stat"},
    {SYS_rename, "rename"},
    {SYS_unlink, "unlink"},
#endif
#ifdef SYS_renameat
    {SYS_renameat, "rename"},
#endif
};
enum { CALLS = sizeof calls / sizeof calls[0] };

static int kind_of_call[CALLS];

/* What is armed. The thread that judges and those that are judged read it at once. */
static atomic_int armed = -1, error_wanted, has_fired;
static atomic_ulong left;
static atomic_int listener = -1;

static int kind_called(const char *name)
{
    for (int kind = 0; fault_kinds[kind].name != NULL; kind++)
        if (strcmp(fault_kinds[kind].name, name) == 0)
            return kind;
    abort();
}

int fault_kind_of_allocations(void)
{
    return kind_called("allocation");
}

int fault_kind_of_lookups(void)
{
    return kind_called("lookup");
}

int faults_take(int kind)
{
    if (atomic_load(&armed) != kind || atomic_load(&has_fired) || atomic_fetch_sub(&left, 1) != 1)
        return 0;
    if (atomic_load(&error_wanted) == FAULT_KILLS)
        kill(getpid(), SIGKILL);
    atomic_store(&has_fired, 1);
    return atomic_load(&error_wanted);
}

void faults_arm(int kind, unsigned long n, int error)
{
    atomic_store(&has_fired, 0);
    atomic_store(&left, n);
    atomic_store(&error_wanted, error);
    atomic_store(&armed, kind);
}

int faults_disarm(void)
{
    atomic_store(&armed, -1);
    return atomic_load(&has_fired);
}

/* Whether this call is one that a system could refuse so. */
static int is_eligible(const struct seccomp_data *call)
{
    struct stat about;
    switch (call->nr) {
    case SYS_fstat:
        /* What is asked for a socket, no system refuses. This thread's own call is not judged. */
        return fstat((int)call->args[0], &about) != 0 || !S_ISSOCK(about.st_mode);
    case SYS_mmap:
        return call->args[1] >= LARGE;
    case SYS_futex:
        /* Only who waits can be woken early. */
        return (call->args[1] & FUTEX_CMD_MASK) == FUTEX_WAIT || (call->args[1] & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET;
    default:
        return 1;
    }
}

static int judge(const struct seccomp_data *call)
{
    for (size_t i = 0; i < CALLS; i++)
        if (calls[i].number == call->nr)
            return is_eligible(call) ? faults_take(kind_of_call[i]) : 0;
    return 0;
}

/* The thread that the kernel asks. It allocates nothing: whoever waits for it may hold any lock. */
static void *judge_calls(void *unused)
{
    int descriptor;
    (void)unused;
    while ((descriptor = atomic_load(&listener)) < 0)
        sched_yield();
    for (;;) {
        struct seccomp_notif asked;
        struct seccomp_notif_resp answer;
        int error;
        memset(&asked, 0, sizeof asked);
        memset(&answer, 0, sizeof answer);
        if (ioctl(descriptor, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0)
            continue;
        error = judge(&asked.data);
        answer.id = asked.id;
        answer.error = -error;
        answer.flags = error == 0 ? SECCOMP_USER_NOTIF_FLAG_CONTINUE : 0;
        ioctl(descriptor, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
    return NULL;
}

/* Lets the kernel ask for the calls of this thread and its children. -1 and errno on failure. */
static int install(void)
{
    /* The number of the call; a comparison each; let it be; ask. */
    struct sock_filter filter[CALLS + 3];
    struct sock_fprog program = {CALLS + 3, filter};
    filter[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (unsigned i = 0; i < CALLS; i++)
        filter[1 + i] =
            (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)calls[i].number, (uint8_t)(CALLS - i), 0);
    filter[1 + CALLS] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[2 + CALLS] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return -1;
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

int faults_can_be_had(const char **why)
{
    struct seccomp_notif_sizes sizes;
    uint32_t action = SECCOMP_RET_USER_NOTIF;
    if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0
        && syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) == 0)
        return 1;
    *why = strerror(errno);
    return 0;
}

void faults_begin(void)
{
    pthread_t judge_thread;
    int descriptor;
    for (size_t i = 0; i < CALLS; i++)
        kind_of_call[i] = kind_called(calls[i].kind);
    if (pthread_create(&judge_thread, NULL, judge_calls, NULL) != 0 || (descriptor = install()) < 0) {
        printf("system calls cannot be judged: %s\n", strerror(errno));
        exit(EXIT_FAILURE);
    }
    atomic_store(&listener, descriptor);
}
