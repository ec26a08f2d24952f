/*
 * mlab: waits for queued images of ModelsLab.
 *
 *     mlab wait 12202888 12202889 --out images
 *
 * The text of --help below and the man page (packaging/mlab.1) say the rest. Built from mlab.c and show.c, in C99,
 * over the public header alone.
 */
#include "platform.h"

#include "show.h"

#include <mlab.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Beside these an exit code is a group of statuses: see mlab_status_group(). */
enum { DONE = 0, USAGE = 64, NOT_PRINTED = 74, STOPPED = 128 };

enum { SLICE_MS = 100, MAX_KEY = 4096 };

static const char help[] =
    "usage: mlab wait ID... [options]\n"
    "\n"
    "Waits until queued images of ModelsLab are ready, and prints their URLs, or saves them.\n"
    "\n"
    "  --out DIR        save the images into this folder, and print their files instead of URLs\n"
    "  --eta SECONDS    what the generation call said about the time\n"
    "  --deadline SECONDS\n"
    "                   how long to wait in all (600)\n"
    "  --json           a line of JSON an event, on standard output\n"
    "  --key-file FILE  the API key is the first line of this file; - is standard input\n"
    "  --endpoint URL   where to ask, with {id} in it (MLAB_ENDPOINT)\n"
    "  --ca-file FILE   the certificates to trust, PEM (MLAB_CA_FILE)\n"
    "  -h, --help       this text\n"
    "  --version        the version of the library\n"
    "  --               ends the options: an id may begin with -\n"
    "\n"
    "The key comes from MODELSLAB_API_KEY, else from API_KEY, or from a file.\n"
    "\n"
    "Exit code: 0 all images are there; else why the first id has none: 1 a wrong argument,\n"
    "2 not in time, 3 this computer, 4 the network or the server, 5 the account, 6 the job,\n"
    "7 an image or its file. 64 wrong use, 74 standard output could not be written (whatever else\n"
    "there was), 130 stopped by Ctrl-C, 143 by SIGTERM.\n";

struct options {
    const char *out, *key_file, *endpoint, *ca_file;
    double eta_s, deadline_s; /* negative: not said */
    int is_json;
    const char **ids; /* as many as there are arguments would fit */
    size_t id_count;
};

/* The number of the signal that stops it. */
static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    interrupted = number;
    signal(number, SIG_DFL); /* A second one ends the program. */
}

/* Reads a number of seconds from a least one up to a day. Returns 0 after a message. */
static int read_seconds(const char *name, const char *text, double least, double *seconds)
{
    char *end;

    *seconds = strtod(text, &end);
    if (end != text && *end == '\0' && *seconds >= least && *seconds <= 86400.0)
        return 1;
    fprintf(stderr, "mlab: %s: \"%s\" is no number of seconds from %g up to a day\n", name, text, least);
    return 0;
}

/* Gives an option its value. Returns 0 after a message. */
static int take_value(struct options *options, const char *name, const char *value)
{
    if (strcmp(name, "--eta") == 0)
        return read_seconds(name, value, 0.0, &options->eta_s);
    if (strcmp(name, "--deadline") == 0)
        return read_seconds(name, value, 0.001, &options->deadline_s);
    if (strcmp(name, "--out") == 0)
        options->out = value;
    else if (strcmp(name, "--key-file") == 0)
        options->key_file = value;
    else if (strcmp(name, "--endpoint") == 0)
        options->endpoint = value;
    else
        options->ca_file = value;
    return 1;
}

/* Takes an option with its value, which stands behind an equals sign or is the next argument. Returns how many arguments
 * it took; 0 after a message. */
static int take_option(struct options *options, const char *argument, const char *next)
{
    static const char *const valued[] = {"--out", "--eta", "--deadline", "--key-file", "--endpoint", "--ca-file"};
    size_t length = strcspn(argument, "="), i;

    if (strcmp(argument, "--json") == 0) {
        options->is_json = 1;
        return 1;
    }
    for (i = 0; i < sizeof valued / sizeof valued[0]; i++) {
        if (strlen(valued[i]) != length || strncmp(valued[i], argument, length) != 0)
            continue;
        if (argument[length] == '=')
            return take_value(options, valued[i], argument + length + 1) ? 1 : 0;
        if (next != NULL)
            return take_value(options, valued[i], next) ? 2 : 0;
        fprintf(stderr, "mlab: %s needs a value\n", argument);
        return 0;
    }
    fprintf(stderr, "mlab: %s is no option; mlab --help lists them\n", argument);
    return 0;
}

/* Returns 0 after a message. */
static int read_arguments(struct options *options, int argc, char **argv)
{
    int at, are_options = 1;

    for (at = 2; at < argc;) {
        if (are_options && strcmp(argv[at], "--") == 0) {
            are_options = 0;
            at++;
        } else if (are_options && argv[at][0] == '-') {
            int taken = take_option(options, argv[at], at + 1 < argc ? argv[at + 1] : NULL);

            if (taken == 0)
                return 0;
            at += taken;
        } else {
            options->ids[options->id_count++] = argv[at++];
        }
    }
    if (options->id_count == 0)
        fputs("mlab: which id? mlab wait ID..., or mlab --help\n", stderr);
    return options->id_count > 0;
}

/* Takes away the byte order mark that some editors put before UTF-8, the end of the line, and blanks around the key. */
static void trim_key(char *key)
{
    const char *begin = strncmp(key, "\xEF\xBB\xBF", 3) == 0 ? key + 3 : key;
    size_t length;

    begin += strspn(begin, " \t");
    length = strcspn(begin, "\r\n");
    while (length > 0 && strchr(" \t", begin[length - 1]) != NULL)
        length--;
    memmove(key, begin, length);
    key[length] = '\0';
}

/* The key in the first line of a file. Returns 0 after a message. */
static int read_key(const char *path, char *key, int size)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : platform_open(path);
    int is_read;

    if (file == NULL) {
        fprintf(stderr, "mlab: --key-file: %s: %s\n", path, strerror(errno));
        return 0;
    }
    is_read = fgets(key, size, file) != NULL;
    if (file != stdin)
        fclose(file);
    if (is_read) {
        trim_key(key);
        is_read = *key != '\0';
    }
    if (!is_read)
        fprintf(stderr, "mlab: %s: there is no key in its first line\n", path);
    return is_read;
}

/* The key, in `room` if it comes from a file; NULL after a message. Never an argument, which others could see. */
static const char *find_key(const struct options *options, char *room, int size)
{
    static const char *const names[] = {"MODELSLAB_API_KEY", "API_KEY"};
    size_t i;

    if (options->key_file != NULL)
        return read_key(options->key_file, room, size) ? room : NULL;
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *key = platform_getenv(names[i]);

        if (key != NULL && *key != '\0')
            return key;
    }
    fputs("mlab: no API key: set MODELSLAB_API_KEY, or name a file with --key-file\n", stderr);
    return NULL;
}

/* NULL after a message, with the status of what was refused. */
static mlab_client *make_client(const struct options *options, const char *key, struct show *show, int32_t *status)
{
    const char *endpoint = options->endpoint != NULL ? options->endpoint : platform_getenv("MLAB_ENDPOINT");
    const char *ca_file = options->ca_file != NULL ? options->ca_file : platform_getenv("MLAB_CA_FILE");
    mlab_config *config = mlab_config_new();
    mlab_client *client = NULL;

    mlab_config_set_log(config, MLAB_LOG_WARNING, show_take_log, show);
    if (endpoint != NULL && (*status = mlab_config_set_endpoint(config, endpoint)) != MLAB_OK)
        fprintf(stderr, "mlab: endpoint: %s\n", mlab_config_message(config));
    else if (ca_file != NULL && (*status = mlab_config_set_ca_file(config, ca_file)) != MLAB_OK)
        fprintf(stderr, "mlab: CA file: %s\n", mlab_config_message(config));
    else if ((*status = mlab_client_new(key, config, &client)) != MLAB_OK) {
        fprintf(stderr, "mlab: %s\n", mlab_client_message(client));
        mlab_client_free(client); /* One that was refused is there to say why. */
        client = NULL;
    }
    mlab_config_free(config);
    return client;
}

/* Opens a job an id. One that is refused has its end at once; the others go on. */
static void submit(const struct options *options, const struct show *show, const mlab_client *client, struct job *jobs)
{
    size_t i;

    for (i = 0; i < options->id_count; i++) {
        mlab_request *request = mlab_request_new(options->ids[i]);
        int32_t status = MLAB_OK;

        jobs[i].id = options->ids[i];
        jobs[i].expected_ms = options->eta_s < 0.0 ? -1 : (int64_t)(options->eta_s * 1000.0);
        jobs[i].bytes_total = -1;
        mlab_request_set_tag(request, i);
        if (options->eta_s >= 0.0)
            mlab_request_set_eta_ms(request, (uint32_t)(options->eta_s * 1000.0));
        if (options->deadline_s >= 0.0)
            status = mlab_request_set_deadline_ms(request, (uint32_t)(options->deadline_s * 1000.0));
        if (status == MLAB_OK && options->out != NULL)
            status = mlab_request_set_download_dir(request, options->out, 0);
        if (status == MLAB_OK)
            status = mlab_client_submit(client, request, NULL);
        if (status != MLAB_OK) {
            const char *message = mlab_request_message(request);

            show_refusal(show, &jobs[i], status, *message != '\0' ? message : mlab_status_text(status));
        }
        mlab_request_free(request);
    }
}

/* Shows what happens until every job has told its end. */
static void follow(struct show *show, mlab_client *client, struct job *jobs, size_t count)
{
    int is_cancelled = 0;

    signal(SIGINT, on_interrupt);
    signal(SIGTERM, on_interrupt);
    while (mlab_client_pending(client) > 0) {
        mlab_event *event;

        if (interrupted && !is_cancelled) {
            mlab_client_cancel_job(client, 0);
            is_cancelled = 1;
        }
        if (mlab_client_next_event(client, SLICE_MS, &event) == MLAB_OK) {
            /* A deadline is told to the log too; the event says it with more. */
            if (mlab_event_kind(event) == MLAB_EVENT_DONE)
                *show->trouble = '\0';
            show_trouble(show);
            show_event(show, &jobs[mlab_event_tag(event)], event);
            mlab_event_free(event);
        }
        show_trouble(show);
        show_line(show, jobs, count);
    }
    show_no_line(show);
}

/* The exit code: that of the first id without its images. */
static int outcome(const struct job *jobs, size_t count)
{
    size_t i;

    if (interrupted)
        return STOPPED + (int)interrupted;
    for (i = 0; i < count; i++)
        if (jobs[i].status != MLAB_OK)
            return (int)mlab_status_group(jobs[i].status);
    return DONE;
}

/* Waits with this key. Returns the exit code. */
static int wait_with(const struct options *options, const char *key)
{
    struct show show = {0, 0, 0, 0, "", ""};
    int32_t status = MLAB_OK;
    mlab_client *client = make_client(options, key, &show, &status);
    struct job *jobs = calloc(options->id_count, sizeof *jobs);
    int code;

    show.is_json = options->is_json;
    show.is_saving = options->out != NULL;
    show.is_drawn = platform_is_terminal(stderr);
    show.began_ns = platform_now_ns();
    if (client == NULL) {
        code = (int)mlab_status_group(status);
    } else if (jobs == NULL) {
        fputs("mlab: out of memory\n", stderr);
        code = (int)mlab_status_group(MLAB_E_NO_RESOURCES);
    } else {
        submit(options, &show, client, jobs);
        follow(&show, client, jobs, options->id_count);
        code = outcome(jobs, options->id_count);
    }
    mlab_client_free(client);
    free(jobs);
    return code;
}

static int wait_for(const struct options *options)
{
    char room[MAX_KEY + 2];
    const char *key = find_key(options, room, sizeof room);

    return key == NULL ? USAGE : wait_with(options, key);
}

/* The exit code, unless what was printed is lost. */
static int printed(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fputs("mlab: standard output could not be written\n", stderr);
    return NOT_PRINTED;
}

int main(int argc, char **argv)
{
    struct options options = {NULL, NULL, NULL, NULL, -1.0, -1.0, 0, NULL, 0};
    int code = USAGE, i;

    platform_hold_streams();
    platform_utf8_arguments(&argc, &argv);
#ifdef SIGPIPE
    signal(SIGPIPE, SIG_IGN); /* A reader that has gone is told of by the exit code. */
#endif
    for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(help, stdout);
            return printed(DONE);
        }
        if (strcmp(argv[i], "--version") == 0) {
            printf("mlab %s\n", mlab_version());
            return printed(DONE);
        }
    }
    if (argc < 2 || strcmp(argv[1], "wait") != 0) {
        fputs(help, stderr);
        return USAGE;
    }
    options.ids = calloc((size_t)argc, sizeof *options.ids);
    if (options.ids != NULL && read_arguments(&options, argc, argv))
        code = wait_for(&options);
    free(options.ids);
    return printed(code);
}
