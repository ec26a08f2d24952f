/*
 * A disk that takes its time, by fsync() and unlink() in place of the system's: the library, which the program is linked
 * with, gets these. What is given to them is still done on the real disk.
 */
#ifndef SLOW_DISK_H
#define SLOW_DISK_H

/* How long a slow one takes. */
enum { SLOW_DISK_MS = 4000 };

typedef enum { DISK_AS_EVER, DISK_SLOW_FOR_FILES, DISK_SLOW_FOR_FOLDERS, DISK_SLOW_FOR_REMOVALS } slow_disk_way;

/* From now on, with counts that begin at 0; nothing may be inside one that is slow. */
void slow_disk_set(slow_disk_way way);

/* Slow ones that began, and those that are over. Any thread may ask. */
int slow_disk_begun(void);
int slow_disk_ended(void);

#endif /* SLOW_DISK_H */
