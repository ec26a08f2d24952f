/* Loaded before the C library: a name lookup that hangs, for names that begin with "hang". */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

enum { HANG_SECONDS = 120 };

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **out)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

    if (name != NULL && strncmp(name, "hang", 4) == 0) {
        for (int i = 0; i < HANG_SECONDS; i++)
            sleep(1);
        return EAI_AGAIN;
    }
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    return real(name, service, hints, out);
}
