/*
 * HTTP by libcurl's multi interface for exchanges of the library, driven on the one thread that there is. Shared by
 * host_transport.c, which the library calls, and host_transport_pull.c, which pulls. An engine would put its own HTTP
 * stack in libcurl's place.
 */
#ifndef CURL_HTTP_H
#define CURL_HTTP_H

#include <mlab.h>

#include <curl/curl.h>

struct transfer;

struct http {
    CURLM *multi;
    const char *ca_file; /* NULL for libcurl's own */
    struct transfer *transfers;
    unsigned long long image_bytes; /* taken so far */
};

/* Returns 0 if there is none to be had. */
int http_open(struct http *http);

/* Every transfer must have ended. */
void http_close(struct http *http);

/* Begins an exchange, which is the transfer's from here on. Returns at once. */
void http_begin(struct http *http, mlab_exchange *exchange);

/* Gives up the exchange of this number, if it is still under way. */
void http_cancel(struct http *http, uint64_t id);

/* Moves libcurl on, answers what is finished, and gives up what nobody waits for any more. Never blocks. */
void http_pump(struct http *http);

/* Sleeps until something comes, and no longer than that. */
void http_wait(struct http *http, int timeout_ms);

/* A client with the settings of the environment and those of `set`; NULL after a message. */
mlab_client *http_make_client(const char *key, void (*set)(mlab_config *config, struct http *http), struct http *http);

/* Opens a job an id; images go to the folder MLAB_IMAGES if it is set. Returns 0 after a message if one was refused. */
int http_submit(mlab_client *client, char **ids, int count);

/* Prints what became of the jobs. Returns 1 if one failed. */
int http_take_events(mlab_client *client);

#endif /* CURL_HTTP_H */
