#define _GNU_SOURCE
#include "allocations.h"
#include "faults.h"

#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <mlab.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The header: smaller ones that fail end the process. */
enum { LARGE = 64 * 1024 };

/* glibc's own, which the functions below stand before. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

static uintptr_t library_from, library_to;
static int kind;
static atomic_long bytes, blocks;

static int find_library(struct dl_phdr_info *object, size_t size, void *inside)
{
    uintptr_t from = UINTPTR_MAX, to = 0;
    (void)size;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type != PT_LOAD)
            continue;
        uintptr_t start = object->dlpi_addr + part->p_vaddr;
        from = start < from ? start : from;
        to = start + part->p_memsz > to ? start + part->p_memsz : to;
    }
    if ((uintptr_t)inside < from || (uintptr_t)inside >= to)
        return 0;
    library_from = from;
    library_to = to;
    return 1;
}

void allocations_begin(void)
{
    /* Not by the name of a function, which may be an entry of this program's own table. */
    void *inside = (void *)(uintptr_t)mlab_version();
    kind = fault_kind_of_allocations();
    if (dl_iterate_phdr(find_library, inside) == 0)
        abort();
}

long allocations_bytes(void)
{
    return atomic_load(&bytes);
}

long allocations_blocks(void)
{
    return atomic_load(&blocks);
}

#define IS_OF_THE_LIBRARY()                                                                                            \
    ((uintptr_t)__builtin_return_address(0) >= library_from && (uintptr_t)__builtin_return_address(0) < library_to)

static int is_refused(size_t size)
{
    int error = size >= LARGE ? faults_take(kind) : 0;
    if (error != 0)
        errno = error;
    return error;
}

static void *count(void *block)
{
    if (block != NULL) {
        atomic_fetch_add(&bytes, (long)malloc_usable_size(block));
        atomic_fetch_add(&blocks, 1);
    }
    return block;
}

static void count_out(void *block)
{
    if (block != NULL) {
        atomic_fetch_sub(&bytes, (long)malloc_usable_size(block));
        atomic_fetch_sub(&blocks, 1);
    }
}

void *malloc(size_t size)
{
    if (!IS_OF_THE_LIBRARY())
        return __libc_malloc(size);
    return is_refused(size) ? NULL : count(__libc_malloc(size));
}

void *calloc(size_t number, size_t size)
{
    if (!IS_OF_THE_LIBRARY())
        return __libc_calloc(number, size);
    return is_refused(number * size) ? NULL : count(__libc_calloc(number, size));
}

void *realloc(void *old, size_t size)
{
    void *block;
    size_t had = old == NULL ? 0 : malloc_usable_size(old);
    if (!IS_OF_THE_LIBRARY())
        return __libc_realloc(old, size);
    if (is_refused(size))
        return NULL;
    block = __libc_realloc(old, size);
    if (block != NULL) {
        atomic_fetch_add(&bytes, (long)malloc_usable_size(block) - (long)had);
        atomic_fetch_add(&blocks, old == NULL);
    }
    return block;
}

static void *aligned(size_t alignment, size_t size, int is_of_the_library)
{
    if (!is_of_the_library)
        return __libc_memalign(alignment, size);
    return is_refused(size) ? NULL : count(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return aligned(alignment, size, IS_OF_THE_LIBRARY());
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *block = aligned(alignment, size, IS_OF_THE_LIBRARY());
    if (block == NULL)
        return ENOMEM;
    *out = block;
    return 0;
}

void free(void *block)
{
    int before = errno;
    if (IS_OF_THE_LIBRARY())
        count_out(block);
    __libc_free(block);
    errno = before;
}

/* The system's lookup: every name is this machine's. In one block, as freeaddrinfo() wants it. */
int getaddrinfo(const char *restrict name, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict found)
{
    int error = faults_take(fault_kind_of_lookups());
    struct addrinfo *info;
    struct sockaddr_in *address;
    (void)name, (void)service;
    if (error != 0)
        return error;
    info = __libc_calloc(1, sizeof *info + sizeof *address);
    if (info == NULL)
        return EAI_MEMORY;
    address = (struct sockaddr_in *)(info + 1);
    address->sin_family = AF_INET;
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *info = (struct addrinfo){.ai_family = AF_INET, .ai_socktype = hints == NULL ? 0 : hints->ai_socktype};
    info->ai_addr = (struct sockaddr *)address;
    info->ai_addrlen = sizeof *address;
    *found = info;
    return 0;
}
