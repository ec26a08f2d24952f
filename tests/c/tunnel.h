/* A proxy on loopback for one connection: it tunnels a CONNECT to the port of this machine that is asked for. */
#ifndef TUNNEL_H
#define TUNNEL_H

#include <stddef.h>

/* Begins it, and writes its URL. One at a time. */
void tunnel_begin(char *url, size_t size);

/* Waits until both sides have closed the one connection, which there must have been. */
void tunnel_end(void);

#endif /* TUNNEL_H */
