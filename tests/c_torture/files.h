/* The file that a scenario writes into MLAB_TEST_FOLDER, and whether it is the old one or the whole new one. */
#ifndef FILES_H
#define FILES_H

#include "scenarios.h"

#include <stddef.h>

typedef enum { FILE_IS_OLD, FILE_IS_WHOLE, FILE_IS_NEITHER } file_state;

/* The path of a name in the folder, until the next call. */
const char *files_path_of(const char *name);

/* Learns what the scenario writes when all is well, by running it in a process of its own. Ends this one on failure. */
void files_learn(const scenario *of);

void files_write_old(const char *name);

/* Gives the length, too. */
file_state files_look_at(const char *name, size_t *len);

/* Removes the temporary files of the library, so that the next run begins without; how many there were. */
long files_remove_temporary(void);

#endif /* FILES_H */
