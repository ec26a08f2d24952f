#include "symbols.h"

#include "harness.h"

#include <stdio.h>
#include <string.h>

void check_covers_all_symbols(const char *const *first, size_t count, size_t size)
{
    char line[256];
    size_t listed = 0;
    FILE *list = fopen(harness_setting("MLAB_TEST_SYMBOLS"), "r");
    if (!CHECK(list != NULL))
        return;
    while (fgets(line, sizeof line, list) != NULL) {
        size_t covered = 0;
        line[strcspn(line, " \n")] = '\0';
        for (size_t i = 0; i < count; i++)
            covered += strcmp(*(const char *const *)(const void *)((const char *)first + i * size), line) == 0;
        harness_row(line);
        CHECK_SIZE(covered, 1);
        listed++;
    }
    harness_row("functions that are in the table and not in the list");
    CHECK_SIZE(count, listed);
    harness_row(NULL);
    fclose(list);
}
