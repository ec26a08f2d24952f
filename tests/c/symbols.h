/* The list of exported functions (tests/abi/symbols.txt), against which tables of functions are held. */
#ifndef SYMBOLS_H
#define SYMBOLS_H

#include <stddef.h>

/* Checks that the names of a table, `size` bytes apart from `first`, are those of the list, no more and no fewer. */
void check_covers_all_symbols(const char *const *first, size_t count, size_t size);

#endif /* SYMBOLS_H */
