/* Clients of the library, each with the settings it was made with, and where those settings come from. */
#include "node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char KEY_SETTING[] = "mlab/key";
static const char ENDPOINT_SETTING[] = "mlab/endpoint";

static const char NO_KEY[] = "no key: set MlabClient.key to the token of your player, or while you develop the "
                             "environment variable MODELSLAB_API_KEY, or the project setting mlab/key";
static const char KEY_SHIPS[] = "The API key in the project setting mlab/key is exported with the project, and public in "
                                "every copy of it. Ship no key: let a server of yours take a token of the player in its place.";

/* A call with one string for an argument, whose answer is a text. */
static char *ask(enum name singleton, enum name method, const char *argument)
{
    variant name = value_string(argument), answer = singleton_call(singleton, method, 1, &name);
    char *text = value_type(&answer) == GDEXTENSION_VARIANT_TYPE_NIL ? must_copy("") : value_to_text(&answer);

    value_free(&name);
    value_free(&answer);
    return text;
}

/*
 * A setting: the node's own, the project's, or that of the environment. The last is read by the editor and by debug builds
 * alone: otherwise a game whose player has a key of his own would send it to the game's server.
 */
static char *resolve(const char *own, const char *setting, const char *variable, bool *is_of_project)
{
    variant debug;
    char *value;

    *is_of_project = false;
    if (own[0] != '\0')
        return must_copy(own);
    value = ask(NAME_ProjectSettings, NAME_get_setting_with_override, setting);
    if (value[0] != '\0') {
        *is_of_project = true;
        return value;
    }
    debug = singleton_call(NAME_OS, NAME_is_debug_build, 0);
    if (!value_to_bool(&debug))
        return value;
    free(value);
    return ask(NAME_OS, NAME_get_environment, variable);
}

static void warn_of_shipped_key(void)
{
    static bool has_warned;

    if (!has_warned)
        warn(KEY_SHIPS);
    has_warned = true;
}

/* A config with an endpoint and a number of workers. Not MLAB_OK: `why` receives a text to be freed. */
static int32_t configure(mlab_config *config, const char *endpoint, int64_t workers, char **why)
{
    /* What is no 32-bit number is refused by the library as 0 is. */
    uint32_t count = workers > 0 && workers <= UINT32_MAX ? (uint32_t)workers : 0;
    int32_t status = endpoint[0] == '\0' ? MLAB_OK : mlab_config_set_endpoint(config, endpoint);

    if (status == MLAB_OK)
        status = mlab_config_set_workers(config, count);
    if (status != MLAB_OK)
        *why = must_copy(mlab_config_message(config));
    return status;
}

static struct session *session_new(struct node *node, const char *key, const mlab_config *config, int32_t *status,
                                   char **why)
{
    struct session *session;
    mlab_client *client;

    *status = mlab_client_new(key, config, &client);
    if (*status != MLAB_OK) {
        *why = must_copy(mlab_client_message(client));
        mlab_client_free(client);
        return NULL;
    }
    session = must_allocate(sizeof *session);
    session->client = client;
    session->next = node->sessions;
    node->sessions = session;
    return session;
}

struct session *session_current(struct node *node, int32_t *status, char **why)
{
    bool is_endpoint_of_project, is_key_of_project;
    char *endpoint, *key;
    mlab_config *config;

    if (node->current != NULL)
        return node->current;
    endpoint = resolve(node->endpoint, ENDPOINT_SETTING, "MLAB_ENDPOINT", &is_endpoint_of_project);
    key = resolve(node->key, KEY_SETTING, "MODELSLAB_API_KEY", &is_key_of_project);
    config = mlab_config_new();
    if (key[0] == '\0') {
        *status = MLAB_E_INVALID_ARGUMENT;
        *why = must_copy(NO_KEY);
    } else {
        *status = configure(config, endpoint, node->workers, why);
    }
    if (*status == MLAB_OK) {
        if (is_key_of_project && endpoint[0] == '\0')
            warn_of_shipped_key();
        node->current = session_new(node, key, config, status, why);
    }
    mlab_config_free(config);
    free(endpoint);
    free(key);
    return node->current;
}

void sessions_tidy(struct node *node)
{
    struct session **place = &node->sessions;

    while (*place != NULL) {
        struct session *session = *place;

        if (session == node->current || session->jobs > 0) {
            place = &session->next;
            continue;
        }
        *place = session->next;
        mlab_client_free(session->client);
        free(session);
    }
}

static void forget_session(struct job *job, void *user)
{
    (void)user;
    job->session = NULL;
}

void sessions_free(struct node *node)
{
    jobs_each(&node->jobs, forget_session, NULL);
    for (struct session *session = node->sessions; session != NULL; session = session->next)
        session->jobs = 0;
    node->current = NULL;
    sessions_tidy(node);
}
