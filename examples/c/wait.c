/*
 * Waits for one queued job with a progress line, and prints the URLs of its images, or saves them and prints where.
 * Ctrl-C stops it at once.
 *
 *     MLAB_API_KEY=... ./wait 12202888 [eta in seconds, as the generation call said]
 *
 * MLAB_IMAGES is a folder to save the images into. MLAB_ENDPOINT and MLAB_CA_FILE as in fetch.c.
 *
 * Exit code: 0 the images are there (saved, if asked for), 3 not yet when the deadline came, 130 stopped by Ctrl-C,
 * 1 something went wrong, 2 wrong use.
 */
#define _POSIX_C_SOURCE 200809L

#include <mlab.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { DONE = 0, FAILED = 1, USAGE = 2, NOT_READY = 3, STOPPED = 130 };

/* Runs on a thread of its own: a signal handler could not call into a library safely, this can. */
static void *stop_on_interrupt(void *argument)
{
    sigset_t interrupt;
    int signal;

    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    if (sigwait(&interrupt, &signal) == 0)
        mlab_cancel_trigger(argument);
    return NULL;
}

/* Called on the thread that waits, after each poll that did not end the wait. */
static int32_t show_progress(void *user, int32_t polls, int64_t elapsed_ms, int64_t eta_ms, int64_t next_poll_ms)
{
    (void)user;
    fprintf(stderr, "%s%.1f s, %d poll%s, next in %.1f s", isatty(2) ? "\r\033[K" : "", (double)elapsed_ms / 1000.0,
            (int)polls, polls == 1 ? "" : "s", (double)(next_poll_ms - elapsed_ms) / 1000.0);
    if (eta_ms >= 0)
        fprintf(stderr, ", the server expects %.1f s more", (double)eta_ms / 1000.0);
    if (!isatty(2))
        fputc('\n', stderr);
    return 0; /* Go on. */
}

/* A client with the settings of the environment; NULL after a message. */
static mlab_client *make_client(const char *key)
{
    const char *endpoint = getenv("MLAB_ENDPOINT");
    const char *ca_file = getenv("MLAB_CA_FILE");
    mlab_config *config = mlab_config_new();
    mlab_client *client = NULL;

    if (endpoint != NULL && mlab_config_set_endpoint(config, endpoint) != MLAB_OK)
        fprintf(stderr, "MLAB_ENDPOINT: %s\n", mlab_config_message(config));
    else if (ca_file != NULL && mlab_config_set_ca_file(config, ca_file) != MLAB_OK)
        fprintf(stderr, "MLAB_CA_FILE: %s\n", mlab_config_message(config));
    else if (mlab_client_new(key, config, &client) != MLAB_OK) {
        fprintf(stderr, "MLAB_API_KEY: %s\n", mlab_client_message(client));
        mlab_client_free(client); /* One that was refused is there to say why. */
        client = NULL;
    }
    mlab_config_free(config);
    return client;
}

/* What to wait for; NULL after a message. */
static mlab_request *make_request(const char *id, const char *eta)
{
    const char *folder = getenv("MLAB_IMAGES");
    mlab_request *request = mlab_request_new(id);
    char *end = NULL;
    double seconds = eta == NULL ? 0.0 : strtod(eta, &end);
    int is_good = 0;

    mlab_request_set_progress(request, show_progress, NULL);
    if (eta != NULL && (end == eta || *end != '\0' || !(seconds >= 0.0 && seconds <= 86400.0)))
        fprintf(stderr, "%s: the eta is a number of seconds up to a day\n", eta);
    else if (eta != NULL && mlab_request_set_eta_ms(request, (uint32_t)(seconds * 1000.0)) != MLAB_OK)
        fprintf(stderr, "%s: %s\n", eta, mlab_request_message(request));
    else if (folder != NULL && mlab_request_set_download_dir(request, folder, 0) != MLAB_OK)
        fprintf(stderr, "MLAB_IMAGES: %s\n", mlab_request_message(request));
    else
        is_good = 1;
    if (!is_good) {
        mlab_request_free(request);
        return NULL;
    }
    return request;
}

/* Prints the files of the images that were saved, or the URLs if none was to be. */
static void print_images(const mlab_result *result)
{
    const char *const *url;
    size_t i;

    if (mlab_result_image_count(result) == 0) {
        for (url = mlab_result_urls(result, NULL); *url != NULL; url++)
            printf("%s\n", *url);
    }
    for (i = 0; i < mlab_result_image_count(result); i++) {
        if (mlab_result_image_path(result, i) != NULL)
            printf("%s (%s, %u x %u)\n", mlab_result_image_path(result, i), mlab_result_image_type(result, i),
                   (unsigned)mlab_result_image_width(result, i), (unsigned)mlab_result_image_height(result, i));
    }
}

/* Prints what the wait came to, and gives the exit code for it. */
static int report(int32_t status, const mlab_result *result)
{
    int polls = (int)mlab_result_attempts(result);

    if (isatty(2))
        fputs("\r\033[K", stderr);
    switch (status) {
    case MLAB_OK:
        print_images(result);
        fprintf(stderr, "ready after %.1f s and %d poll%s\n", (double)mlab_result_elapsed_ms(result) / 1000.0, polls,
                polls == 1 ? "" : "s");
        return DONE;
    case MLAB_E_CANCELLED:
        fprintf(stderr, "stopped after %.1f s\n", (double)mlab_result_elapsed_ms(result) / 1000.0);
        return STOPPED;
    case MLAB_E_DEADLINE:
        fprintf(stderr, "%s\n", mlab_result_message(result));
        return NOT_READY;
    default:
        print_images(result); /* Some may have been saved before another failed. */
        fprintf(stderr, "%s: %s\n", mlab_status_name(status), mlab_result_message(result));
        return FAILED;
    }
}

int main(int argc, char **argv)
{
    const char *key = getenv("MLAB_API_KEY");
    mlab_client *client;
    mlab_cancel *cancel;
    mlab_request *request;
    mlab_result *result;
    sigset_t interrupt;
    pthread_t stopper;
    int32_t status;
    int code;

    if (key == NULL || argc < 2 || argc > 3) {
        fprintf(stderr, "usage: MLAB_API_KEY=<your key> %s <id> [eta in seconds]\n", argv[0]);
        return USAGE;
    }
    request = make_request(argv[1], argc == 3 ? argv[2] : NULL);
    if (request == NULL)
        return USAGE;
    client = make_client(key);
    if (client == NULL) {
        mlab_request_free(request);
        return USAGE;
    }
    cancel = mlab_cancel_new();

    /* Blocked before any thread is made, so that only the one that waits for it gets it. */
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    pthread_sigmask(SIG_BLOCK, &interrupt, NULL);
    if (pthread_create(&stopper, NULL, stop_on_interrupt, cancel) != 0)
        return FAILED;

    status = mlab_client_wait(client, request, cancel, &result);
    code = report(status, result);

    mlab_result_free(result);
    pthread_kill(stopper, SIGINT); /* Ends it if it still waits. */
    pthread_join(stopper, NULL);
    mlab_request_free(request);
    mlab_cancel_free(cancel);
    mlab_client_free(client);
    return code;
}
