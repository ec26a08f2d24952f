/*
 * The other side, in the usual way on libcurl: one multi handle, kept connections, and each id asked every two seconds
 * until it is ready. An easy handle lives as long as its request: ten thousand kept ones would take 100 MB and more.
 */
#define _POSIX_C_SOURCE 200809L
#include "crowd.h"

#include <curl/curl.h>
#include <string.h>

#define REQUEST "{\"key\":\"test-key-not-real\"}"

static const double EVERY_S = 2;

enum { REPLY = 16384 };

struct poll {
    size_t job, len;
    char reply[REPLY];
};

/* The ids that wait, in the order in which they are due: all wait equally long, so a ring will do. */
struct ring {
    struct waiting {
        size_t job;
        double due;
    } *slots;
    size_t first, count, room;
};

static void wait_for(struct ring *ring, size_t job, double due)
{
    struct waiting *slot = &ring->slots[(ring->first + ring->count++) % ring->room];

    slot->job = job;
    slot->due = due;
}

static size_t append(char *bytes, size_t size, size_t count, void *user)
{
    struct poll *poll = user;

    if (poll->len + size * count >= sizeof poll->reply)
        return 0;
    memcpy(poll->reply + poll->len, bytes, size * count);
    poll->len += size * count;
    poll->reply[poll->len] = '\0';
    return size * count;
}

static void ask(CURLM *multi, const struct crowd *crowd, struct curl_slist *headers, size_t job)
{
    CURL *easy = curl_easy_init();
    struct poll *poll = malloc(sizeof *poll);
    const char *hole = strstr(crowd->url, "{id}");
    char url[512];

    poll->job = job;
    poll->len = 0;
    snprintf(url, sizeof url, "%.*s%zu%s", (int)(hole - crowd->url), crowd->url, job, hole + strlen("{id}"));
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_CAINFO, crowd->ca_file);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, REQUEST);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, poll);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, poll);
    curl_multi_add_handle(multi, easy);
}

static int take_replies(CURLM *multi, struct crowd *crowd, struct ring *ring)
{
    CURLMsg *message;
    int left, taken = 0;

    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        CURL *easy = message->easy_handle;
        struct poll *poll;

        if (message->data.result != CURLE_OK)
            fail(curl_easy_strerror(message->data.result));
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&poll);
        if (strstr(poll->reply, "\"success\"") != NULL)
            crowd_ready(crowd, poll->job);
        else
            wait_for(ring, poll->job, now_s() + EVERY_S);
        curl_multi_remove_handle(multi, easy);
        curl_easy_cleanup(easy);
        free(poll);
        taken++;
    }
    return taken;
}

int main(int argc, char **argv)
{
    struct crowd crowd = crowd_of(argc, argv);
    struct ring ring = {NULL, 0, 0, 0};
    struct curl_slist *headers = NULL;
    CURLM *multi;
    size_t i, under_way = 0, most = 2 * (size_t)crowd.connections;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)crowd.connections);
    headers = curl_slist_append(headers, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Accept: application/json");
    ring.room = crowd.count;
    ring.slots = calloc(ring.room, sizeof *ring.slots);
    for (i = 0; i < crowd.count; i++)
        wait_for(&ring, i, 0);
    while (crowd.ended < crowd.count) {
        double wait = 0.1;
        int running;

        /* Two a connection keep all of them busy; more would only wait inside libcurl. */
        while (ring.count > 0 && under_way < most && ring.slots[ring.first].due <= now_s()) {
            ask(multi, &crowd, headers, ring.slots[ring.first].job);
            ring.first = (ring.first + 1) % ring.room;
            ring.count--;
            under_way++;
        }
        curl_multi_perform(multi, &running);
        under_way -= (size_t)take_replies(multi, &crowd, &ring);
        if (under_way < most && ring.count > 0)
            wait = ring.slots[ring.first].due - now_s();
        if (wait > 0)
            curl_multi_poll(multi, NULL, 0, (int)(wait * 1000) + 1, NULL);
    }
    crowd_print(&crowd);
    curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
    curl_global_cleanup();
    free(ring.slots);
    return EXIT_SUCCESS;
}
