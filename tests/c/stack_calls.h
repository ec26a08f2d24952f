/* The calls whose stack is measured (stack.c). Each makes what it needs and frees it. */
#ifndef STACK_CALLS_H
#define STACK_CALLS_H

/* Without a client. */
void stack_parse(void);
void stack_fetch(void);

/* With the library's own HTTP, from the server that the runner names. */
void stack_wait_with_images(void);
void stack_jobs_with_images(void);
void stack_download(void);
void stack_download_memory(void);
void stack_fetch_by_proxy(void);
void stack_fetch_with_system_roots(void);

/* With HTTP that this thread performs. */
void stack_pulled_jobs(void);
void stack_called_jobs(void);
void stack_pulled_deep_reply(void);
void stack_wait_on_called(void);

#endif /* STACK_CALLS_H */
