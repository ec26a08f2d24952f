/* What the library has of memory: counted, and refused when the test wants it. Only its own calls are looked at. */
#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

#include <stddef.h>

/* From now on. Before, nothing is counted, and every allocation is given. */
void allocations_begin(void);

/* Bytes that the library has and has not freed, and in how many blocks. */
long allocations_bytes(void);
long allocations_blocks(void);

#endif /* ALLOCATIONS_H */
