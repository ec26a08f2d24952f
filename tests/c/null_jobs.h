/* See null.c, whose table has these. */
#ifndef NULL_JOBS_H
#define NULL_JOBS_H

void null_client_submit(void);
void null_client_jobs(void);
void null_event(void);
void null_exchange(void);
void null_exchange_answers(void);

#endif /* NULL_JOBS_H */
