/*
 * Waits for many ids at once and prints what came of each as soon as it is known: a line of JSON an id on standard
 * output, a progress bar on standard error.
 *
 *     MODELSLAB_API_KEY=... ./many ids.txt > results.jsonl
 *     ... | MODELSLAB_API_KEY=... ./many > results.jsonl
 *
 * One id a line; empty lines are passed over. Ten thousand ids need some threads, not ten thousand.
 *
 *     {"id":"12202888","status":"MLAB_OK","urls":["https://…"],"message":"","polls":2,"elapsed_ms":5031}
 *
 * MLAB_ENDPOINT and MLAB_CA_FILE as in fetch.c.
 *
 * Exit code: 0 all images are there, 1 some are not, 2 wrong use.
 */
#include "platform.h"

#include <mlab.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DONE = 0, FAILED = 1, USAGE = 2 };

enum { WAIT_MS = 200, BAR = 40, MAX_LINE = 1024 };

struct tally {
    unsigned long submitted, ended, failed;
    int all_read; /* No more ids will come: the bar knows its length. */
};

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
        fprintf(stderr, "MODELSLAB_API_KEY: %s\n", mlab_client_message(client));
        mlab_client_free(client); /* One that was refused is there to say why. */
        client = NULL;
    }
    mlab_config_free(config);
    return client;
}

/* A JSON string (RFC 8259, section 7). The library hands out UTF-8; what is read from a file is made ASCII. */
static void print_string(const char *text, int is_utf8)
{
    const unsigned char *byte;

    putchar('"');
    for (byte = (const unsigned char *)text; *byte != '\0'; byte++) {
        if (*byte == '"' || *byte == '\\')
            printf("\\%c", *byte);
        else if (*byte < 0x20 || *byte == 0x7f)
            printf("\\u%04x", *byte);
        else if (*byte >= 0x80 && !is_utf8)
            fputs("\\ufffd", stdout);
        else
            putchar(*byte);
    }
    putchar('"');
}

static void print_line(const char *id, int id_is_utf8, int32_t status, const char *message, const mlab_result *result)
{
    size_t i;

    fputs("{\"id\":", stdout);
    print_string(id, id_is_utf8);
    printf(",\"status\":\"%s\",\"urls\":[", mlab_status_name(status));
    for (i = 0; i < mlab_result_url_count(result); i++) {
        if (i > 0)
            putchar(',');
        print_string(mlab_result_url(result, i), 1);
    }
    fputs("],\"message\":", stdout);
    print_string(message, 1);
    printf(",\"polls\":%d,\"elapsed_ms\":%lld}\n", (int)mlab_result_attempts(result),
           (long long)mlab_result_elapsed_ms(result));
    /* Whoever reads the pipe wants each line at once. */
    fflush(stdout);
}

static void show_progress(const struct tally *tally, int is_drawn)
{
    unsigned long full = tally->submitted > 0 ? BAR * tally->ended / tally->submitted : 0;
    char bar[BAR + 1];

    if (!is_drawn)
        return;
    memset(bar, '.', BAR);
    memset(bar, '#', full);
    bar[BAR] = '\0';
    fprintf(stderr, "\r\033[K[%s] %lu of %lu%s", bar, tally->ended, tally->submitted, tally->all_read ? "" : "+");
    if (tally->failed > 0)
        fprintf(stderr, ", %lu without images", tally->failed);
}

/* The id that a job was submitted for is kept by its number: the reply may call itself something else. */
struct ids {
    char **by_tag;
    size_t count, room;
};

static uint64_t keep(struct ids *ids, const char *id)
{
    size_t size = strlen(id) + 1;
    char *copy = malloc(size);

    if (ids->count == ids->room) {
        size_t room = ids->room > 0 ? ids->room * 2 : 1024;
        char **grown = realloc(ids->by_tag, room * sizeof *grown);

        if (grown == NULL)
            copy = NULL;
        else {
            ids->by_tag = grown;
            ids->room = room;
        }
    }
    if (copy == NULL) {
        fprintf(stderr, "no memory for another id\n");
        exit(FAILED);
    }
    ids->by_tag[ids->count] = memcpy(copy, id, size);
    return ids->count++;
}

/* Prints the ends that are there; waits for the first no longer than told. Returns 0 if there was nothing to take. */
static int take_events(mlab_client *client, struct ids *ids, struct tally *tally, uint32_t timeout_ms)
{
    mlab_event *event;
    int any = 0;

    for (; mlab_client_next_event(client, any ? 0 : timeout_ms, &event) == MLAB_OK; any = 1) {
        if (mlab_event_kind(event) == MLAB_EVENT_DONE) {
            const mlab_result *result = mlab_event_result(event);
            uint64_t tag = mlab_event_tag(event);

            print_line(ids->by_tag[tag], 1, mlab_event_status(event), mlab_result_message(result), result);
            free(ids->by_tag[tag]);
            ids->by_tag[tag] = NULL;
            tally->ended++;
            tally->failed += mlab_event_status(event) != MLAB_OK;
        }
        mlab_event_free(event);
    }
    return any;
}

/* Submits a job, and takes finished ones first where as many are open as may be. */
static void submit(mlab_client *client, const char *id, struct ids *ids, struct tally *tally)
{
    mlab_request *request = mlab_request_new(id);
    int32_t status;

    mlab_request_set_tag(request, keep(ids, id));
    while ((status = mlab_client_submit(client, request, NULL)) == MLAB_E_BUSY)
        take_events(client, ids, tally, WAIT_MS);
    tally->submitted++;
    if (status != MLAB_OK) {
        print_line(id, 0, status, mlab_request_message(request), NULL);
        tally->ended++;
        tally->failed++;
    }
    mlab_request_free(request);
}

/* Reads a line without its end and the blanks around it; longer ones are cut, and so no ids any more. 0 at the end. */
static int read_id(FILE *file, char *line, char **id)
{
    size_t length;
    int byte;

    if (fgets(line, MAX_LINE, file) == NULL)
        return 0;
    if (strchr(line, '\n') == NULL)
        while ((byte = getc(file)) != EOF && byte != '\n')
            ;
    *id = line + strspn(line, " \t\r\n");
    length = strlen(*id);
    while (length > 0 && strchr(" \t\r\n", (*id)[length - 1]) != NULL)
        (*id)[--length] = '\0';
    return 1;
}

static int run(mlab_client *client, FILE *file)
{
    struct tally tally = {0, 0, 0, 0};
    struct ids ids = {NULL, 0, 0};
    int is_drawn = platform_is_terminal(stderr);
    char line[MAX_LINE], *id;

    while (read_id(file, line, &id)) {
        if (*id != '\0')
            submit(client, id, &ids, &tally);
        if (take_events(client, &ids, &tally, 0))
            show_progress(&tally, is_drawn);
    }
    tally.all_read = 1;
    show_progress(&tally, is_drawn);
    while (mlab_client_pending(client) > 0)
        if (take_events(client, &ids, &tally, WAIT_MS))
            show_progress(&tally, is_drawn);
    fprintf(stderr, "%s%lu ids, %lu with images\n", is_drawn ? "\n" : "", tally.ended, tally.ended - tally.failed);
    free(ids.by_tag);
    return tally.failed == 0 ? DONE : FAILED;
}

int main(int argc, char **argv)
{
    const char *key = getenv("MODELSLAB_API_KEY");
    mlab_client *client;
    FILE *file = stdin;
    int code = USAGE;

    if (key == NULL || argc > 2) {
        fprintf(stderr, "usage: MODELSLAB_API_KEY=<your key> %s [file of ids]\n", argv[0]);
        return USAGE;
    }
    if (argc == 2 && (file = fopen(argv[1], "r")) == NULL) {
        perror(argv[1]);
        return USAGE;
    }
    client = make_client(key);
    if (client != NULL)
        code = run(client, file);
    mlab_client_free(client);
    if (file != stdin)
        fclose(file);
    return code;
}
