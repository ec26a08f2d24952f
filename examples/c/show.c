#include "platform.h"

#include "show.h"

#include <stdio.h>
#include <string.h>

enum { BAR = 24, LINE = 79 };

/* A JSON string (RFC 8259, section 7). The library hands out UTF-8; what it refused may be anything, and is made ASCII. */
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

/* What every line begins with. */
static void print_head(const char *event, const char *id, int32_t status, int32_t polls, int64_t elapsed_ms)
{
    printf("{\"event\":\"%s\",\"id\":", event);
    print_string(id, 0);
    printf(",\"status\":\"%s\",\"polls\":%d,\"elapsed_ms\":%lld", mlab_status_name(status), (int)polls,
           (long long)elapsed_ms);
}

/* An array of as many strings; those that are not there are null. */
static void print_array(const mlab_result *result, size_t count, const char *(*get)(const mlab_result *, size_t))
{
    size_t i;

    putchar('[');
    for (i = 0; i < count; i++) {
        const char *text = get(result, i);

        fputs(i > 0 ? "," : "", stdout);
        if (text != NULL)
            print_string(text, 1);
        else
            fputs("null", stdout);
    }
    putchar(']');
}

static void print_json(const char *id, const mlab_event *event)
{
    const mlab_result *result = mlab_event_result(event);
    int is_done = mlab_event_kind(event) == MLAB_EVENT_DONE;

    print_head(is_done ? "done" : "progress", id, mlab_event_status(event), mlab_event_polls(event),
               mlab_event_elapsed_ms(event));
    if (is_done) {
        fputs(",\"message\":", stdout);
        print_string(mlab_result_message(result), 1);
        fputs(",\"urls\":", stdout);
        print_array(result, mlab_result_url_count(result), mlab_result_url);
        fputs(",\"files\":", stdout);
        print_array(result, mlab_result_image_count(result), mlab_result_image_path);
    } else {
        printf(",\"eta_ms\":%lld,\"next_poll_ms\":%lld,\"bytes_done\":%lld,\"bytes_total\":%lld",
               (long long)mlab_event_eta_ms(event), (long long)mlab_event_next_poll_ms(event),
               (long long)mlab_event_bytes_done(event), (long long)mlab_event_bytes_total(event));
    }
    puts("}");
}

/*
 * Files that were saved on standard output, or URLs if none was to be; what went wrong on standard error, with the URLs
 * of what could not be saved.
 */
static void print_end(const struct show *show, const char *id, const mlab_event *event)
{
    const mlab_result *result = mlab_event_result(event);
    size_t i;

    for (i = 0; i < mlab_result_image_count(result); i++) {
        if (mlab_result_image_path(result, i) != NULL)
            printf("%s\n", mlab_result_image_path(result, i));
    }
    for (i = 0; !show->is_saving && i < mlab_result_url_count(result); i++)
        printf("%s\n", mlab_result_url(result, i));
    if (mlab_event_status(event) != MLAB_OK)
        fprintf(stderr, "%s: %s: %s\n", id, mlab_status_name(mlab_event_status(event)), mlab_result_message(result));
    else
        fprintf(stderr, "%s: ready after %.1f s and %d poll%s\n", id, (double)mlab_event_elapsed_ms(event) / 1000.0,
                (int)mlab_event_polls(event), mlab_event_polls(event) == 1 ? "" : "s");
    if (show->is_saving && mlab_event_status(event) != MLAB_OK)
        for (i = 0; i < mlab_result_url_count(result); i++)
            fprintf(stderr, "%s: its URL: %s\n", id, mlab_result_url(result, i));
}

static void print_progress(const char *id, const mlab_event *event)
{
    int64_t elapsed = mlab_event_elapsed_ms(event), next = mlab_event_next_poll_ms(event);

    fprintf(stderr, "%s: not ready after %.1f s and %d poll%s", id, (double)elapsed / 1000.0,
            (int)mlab_event_polls(event), mlab_event_polls(event) == 1 ? "" : "s");
    if (mlab_event_eta_ms(event) >= 0)
        fprintf(stderr, ", %.1f s left", (double)mlab_event_eta_ms(event) / 1000.0);
    if (next >= 0)
        fprintf(stderr, ", next poll in %.1f s", next > elapsed ? (double)(next - elapsed) / 1000.0 : 0.0);
    if (mlab_event_bytes_done(event) > 0)
        fprintf(stderr, ", %lld bytes of its images", (long long)mlab_event_bytes_done(event));
    fputc('\n', stderr);
}

void show_event(const struct show *show, struct job *job, const mlab_event *event)
{
    if (mlab_event_eta_ms(event) >= 0)
        job->expected_ms = mlab_event_elapsed_ms(event) + mlab_event_eta_ms(event);
    job->bytes_done = mlab_event_bytes_done(event);
    job->bytes_total = mlab_event_bytes_total(event);
    if (mlab_event_kind(event) == MLAB_EVENT_DONE) {
        job->is_done = 1;
        job->status = mlab_event_status(event);
    }
    if (!show->is_json && !job->is_done && show->is_drawn)
        return; /* The live line tells it. */
    show_no_line(show);
    if (show->is_json)
        print_json(job->id, event);
    else if (job->is_done)
        print_end(show, job->id, event);
    else
        print_progress(job->id, event);
    fflush(stdout); /* Whoever reads the pipe wants each line at once. */
}

void show_refusal(const struct show *show, struct job *job, int32_t status, const char *message)
{
    job->is_done = 1;
    job->status = status;
    if (show->is_json) {
        print_head("done", job->id, status, 0, 0);
        fputs(",\"message\":", stdout);
        print_string(message, 1);
        puts(",\"urls\":[],\"files\":[]}");
        fflush(stdout);
    } else {
        fprintf(stderr, "%s: %s: %s\n", job->id, mlab_status_name(status), message);
    }
}

void show_take_log(void *user, int32_t level, const char *area, const char *text)
{
    struct show *show = user;

    (void)area;
    if (level == MLAB_LOG_WARNING)
        snprintf(show->trouble, sizeof show->trouble, "%s", text);
}

/* What went wrong, without the id and the time before it, which differ while the reason stays. */
static const char *reason(const char *trouble)
{
    const char *colon = strstr(trouble, ": ");

    return colon != NULL ? colon : trouble;
}

void show_trouble(struct show *show)
{
    if (*show->trouble == '\0')
        return;
    if (strcmp(reason(show->trouble), reason(show->shown)) != 0) {
        show_no_line(show);
        fprintf(stderr, "mlab: %s\n", show->trouble);
        memcpy(show->shown, show->trouble, sizeof show->shown);
    }
    *show->trouble = '\0';
}

void show_no_line(const struct show *show)
{
    if (show->is_drawn)
        fputs("\r\033[K", stderr);
}

/* "3.1 of 8.0 MB"; nothing before the first byte. */
static void describe_bytes(char *text, size_t size, const struct job *jobs, size_t count)
{
    int64_t done = 0, total = 0;
    size_t i;

    *text = '\0';
    for (i = 0; i < count; i++) {
        done += jobs[i].bytes_done;
        total = total < 0 || jobs[i].bytes_total < 0 ? -1 : total + jobs[i].bytes_total;
    }
    if (done > 0 && total >= done)
        snprintf(text, size, ", %.1f of %.1f MB", (double)done / 1e6, (double)total / 1e6);
    else if (done > 0)
        snprintf(text, size, ", %.1f MB", (double)done / 1e6);
}

void show_line(const struct show *show, const struct job *jobs, size_t count)
{
    double elapsed_ms = (double)(platform_now_ns() - show->began_ns) / 1e6, share = 0.0, left_ms = -1.0;
    char bar[BAR + 1], left[32] = "", bytes[48], line[256];
    size_t ready = 0, full, i;

    if (!show->is_drawn)
        return;
    for (i = 0; i < count; i++) {
        double expected = (double)jobs[i].expected_ms;

        if (jobs[i].is_done) {
            /* One that failed or was cancelled is over, and not ready. */
            ready += jobs[i].status == MLAB_OK;
            share += jobs[i].status == MLAB_OK;
        } else if (expected >= 0.0) {
            /* Never full before it is done: an eta is a guess. */
            share += elapsed_ms < expected * 0.95 ? elapsed_ms / expected : 0.95;
            if (expected - elapsed_ms > left_ms)
                left_ms = expected - elapsed_ms;
        }
    }
    full = (size_t)(share / (double)count * BAR);
    memset(bar, '.', BAR);
    memset(bar, '#', full);
    bar[BAR] = '\0';
    if (left_ms >= 0.0)
        snprintf(left, sizeof left, ", about %.0f s left", left_ms / 1000.0);
    describe_bytes(bytes, sizeof bytes, jobs, count);
    snprintf(line, sizeof line, "[%s] %lu of %lu ready, %.0f s%s%s", bar, (unsigned long)ready, (unsigned long)count,
             elapsed_ms / 1000.0, left, bytes);
    fprintf(stderr, "\r\033[K%.*s", LINE, line);
    fflush(stderr);
}
