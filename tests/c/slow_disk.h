/*
 * A disk that takes its time, by fsync() in place of the system's: the library, which the program is linked with, gets
 * this one. What is given to it is still put on the real disk.
 */
#ifndef SLOW_DISK_H
#define SLOW_DISK_H

/* How long a slow fsync() takes. */
enum { SLOW_DISK_MS = 4000 };

typedef enum { DISK_AS_EVER, DISK_SLOW_FOR_FILES, DISK_SLOW_FOR_FOLDERS } slow_disk_way;

/* From now on, with counts that begin at 0; nothing may be inside one that is slow. */
void slow_disk_set(slow_disk_way way);

/* Slow ones that began, and those that are over. Any thread may ask. */
int slow_disk_begun(void);
int slow_disk_ended(void);

#endif /* SLOW_DISK_H */
