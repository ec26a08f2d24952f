/* What a host could notice of a call: taken before it and after it, and compared. Linux: it reads /proc/self. */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

typedef struct snapshot snapshot;

snapshot *snapshot_take(void);

/*
 * Checks that nothing differs now from what it was: signal dispositions, the thread's signal mask, threads, descriptors,
 * locale, environment, working folder, file mode mask. Frees the snapshot.
 */
void snapshot_check(snapshot *before);

#endif /* SNAPSHOT_H */
