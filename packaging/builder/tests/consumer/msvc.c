/*
 * A program of Microsoft's ABI, in what C and C++ have in common. It does without a C library, since only Microsoft's own
 * would be right: the system gives all that it needs.
 *
 *     MLAB_TEST_HTTP=endpoint msvc.exe       waits for a job that is not ready at once, prints its link; the exit code says what failed
 */
#include <mlab.h>

#ifdef __cplusplus
#define NOTHING nullptr
extern "C" {
#else
#define NOTHING NULL
#endif

__declspec(dllimport) void *__stdcall GetStdHandle(unsigned long which);
__declspec(dllimport) int __stdcall WriteFile(void *file, const void *bytes, unsigned long size, unsigned long *written,
                                              void *overlapped);
__declspec(dllimport) unsigned long __stdcall GetEnvironmentVariableA(const char *name, char *value, unsigned long size);
__declspec(dllimport) __declspec(noreturn) void __stdcall ExitProcess(unsigned code);

/* The first thing that runs; and what the compiler asks the C library for where a double is in use. */
void start(void);
extern int _fltused;
int _fltused = 0;

#ifdef __cplusplus
}
#endif

enum { MAX_URL = 512, ETA_MS = 300 };

static const unsigned long STANDARD_OUTPUT = (unsigned long)-11;

/* Not on the stack: a frame of more than a page would call the C library. */
static char endpoint[MAX_URL];

static int32_t count_polls(void *user, int32_t polls, int64_t elapsed_ms, int64_t eta_ms, int64_t next_poll_ms)
{
    *(int32_t *)user = elapsed_ms >= 0 && eta_ms >= -1 && next_poll_ms >= elapsed_ms ? polls : -1;
    return 0;
}

static void print(const char *text)
{
    unsigned long size = 0, written;

    while (text[size] != '\0')
        size++;
    WriteFile(GetStdHandle(STANDARD_OUTPUT), text, size, &written, NOTHING);
}

/* Every width that crosses the ABI: 32 and 64 bits, a double, pointers, and a callback that returns. */
static unsigned try_out(void)
{
    mlab_config *config = mlab_config_new();
    mlab_request *request = mlab_request_new("1");
    mlab_client *client = NOTHING;
    mlab_result *result = NOTHING;
    int32_t polls = 0;
    unsigned failed = 0;

    if (GetEnvironmentVariableA("MLAB_TEST_HTTP", endpoint, MAX_URL) == 0)
        return 1;
    if (mlab_config_set_endpoint(config, endpoint) != MLAB_OK
        || mlab_config_set_requests_per_second(config, 1000.0) != MLAB_OK)
        failed = 2;
    else if (mlab_client_new("test-key-not-real", config, &client) != MLAB_OK)
        failed = 3;
    else if (mlab_request_set_eta_ms(request, ETA_MS) != MLAB_OK
             || mlab_request_set_progress(request, count_polls, &polls) != MLAB_OK)
        failed = 4;
    else if (mlab_client_wait(client, request, NOTHING, &result) != MLAB_OK)
        failed = 5;
    else if (polls < 1 || mlab_result_url_count(result) != 1)
        failed = 6;
    print(failed == 5 ? mlab_result_message(result) : mlab_result_url(result, 0));
    mlab_result_free(result);
    mlab_client_free(client);
    mlab_request_free(request);
    mlab_config_free(config);
    return failed;
}

void start(void)
{
    ExitProcess(try_out());
}
