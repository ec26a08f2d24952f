/*
 * A send() of our own in place of the C library's, which does as that does until it is told otherwise.
 *
 * Slow: it waits before each write until the peer has ended the connection, takes half of what it is given, and waits
 * until the peer's answer to that is there. Whoever writes the rest then meets a broken pipe, which on a fast machine no
 * number of tries brings about.
 *
 * Stuck: it takes nothing, as when the peer reads nothing and all buffers are full. A request fits the buffers of any
 * system, so that no peer can bring this about.
 */
#ifndef SLOW_SEND_H
#define SLOW_SEND_H

void slow_send_begin(void);

/* Returns how many writes met a broken pipe meanwhile. */
int slow_send_end(void);

void stuck_send_begin(void);

/* How many writes were tried since then; from any thread. */
int stuck_send_tries(void);

/* Returns the same, for the last time. */
int stuck_send_end(void);

#endif /* SLOW_SEND_H */
