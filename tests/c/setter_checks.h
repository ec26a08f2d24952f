/* What the tests of setters share: tables of texts, and what a refusal must say. */
#ifndef SETTER_CHECKS_H
#define SETTER_CHECKS_H

#include <mlab.h>

typedef struct {
    const char *text; /* NULL in the last row */
    int32_t status;
} text_row;

/* Checks the message after a setter: empty if it took the value, one bounded line that names the argument if not. */
void check_message(const mlab_config *config, int32_t status, const char *argument);

/* Checks what a setter says to each text. */
void check_texts(int32_t (*set)(mlab_config *, const char *), const char *argument, const text_row *rows);

#endif /* SETTER_CHECKS_H */
