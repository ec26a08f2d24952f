/* Calls two static libraries that were both made by Rust. */
#include <mlab.h>

#include <stdint.h>
#include <string.h>

int32_t other_answer(void);

int main(void)
{
    static const char reply[] = "{\"status\":\"processing\",\"eta\":13.07}";
    mlab_result *result = NULL;
    int32_t status = mlab_parse(reply, strlen(reply), 200, &result);
    int works = status == MLAB_PROCESSING && mlab_result_eta_ms(result) == 13070;

    mlab_result_free(result);
    return works && other_answer() == 42 && mlab_fetch_queued(NULL, "1", NULL) == MLAB_E_INVALID_ARGUMENT ? 0 : 1;
}
