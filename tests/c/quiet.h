/* Nothing on stdout or stderr: both are led into a file for a while, whose size is then polled. */
#ifndef QUIET_H
#define QUIET_H

#include <stddef.h>

void quiet_begin(void);

/* Puts stdout and stderr back, shows what was written meanwhile, and returns how many bytes that was. */
size_t quiet_end(void);

#endif /* QUIET_H */
