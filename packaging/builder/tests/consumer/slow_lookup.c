/* A getaddrinfo in place of the system's that needs two seconds, and then knows nothing. For LD_PRELOAD: Wine asks the
 * system below it. */
#include <netdb.h>
#include <unistd.h>

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    (void)node;
    (void)service;
    (void)hints;
    (void)result;
    sleep(2);
    return EAI_AGAIN;
}
