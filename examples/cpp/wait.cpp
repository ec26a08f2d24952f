/*
 * Waits for one queued job with a progress line, and prints the URLs of its images, or saves them and prints where.
 * Ctrl-C stops it at once.
 *
 *     MODELSLAB_API_KEY=... ./wait 12202888 [eta in seconds, as the generation call said]
 *
 * MLAB_IMAGES is a folder to save the images into. MLAB_ENDPOINT and MLAB_CA_FILE set another endpoint and what to trust.
 *
 * Exit code: 0 the images are there (saved, if asked for), 3 not yet when the deadline came, 130 stopped by Ctrl-C,
 * 1 something went wrong, 2 wrong use.
 */
#include <mlab.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#ifndef _WIN32
#include <pthread.h>
#include <thread>
#endif

namespace {

enum { DONE = 0, FAILED = 1, USAGE = 2, NOT_READY = 3, STOPPED = 130 };

#ifdef _WIN32

/** Triggers a cancel on Ctrl-C: in the handler, which Windows calls on a thread of its own. */
class Interrupt {
public:
    Interrupt()
    {
        cancel();
        std::signal(SIGINT, [](int) { cancel().trigger(); });
    }

    /** Lives as long as the program, as does the handler. */
    static const mlab::cancel &cancel()
    {
        static const mlab::cancel shared;
        return shared;
    }
};

#else

/** Triggers a cancel on Ctrl-C: on a thread of its own, since a signal handler could not call into a library safely. */
class Interrupt {
public:
    Interrupt()
    {
        sigemptyset(&set_);
        sigaddset(&set_, SIGINT);
        // Before any thread is made, so that only the one that waits for it gets it.
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        thread_ = std::thread([this] {
            int signal = 0;
            if (sigwait(&set_, &signal) == 0)
                cancel_.trigger();
        });
    }
    ~Interrupt()
    {
        pthread_kill(thread_.native_handle(), SIGINT); // Ends it if it still waits.
        thread_.join();
    }
    Interrupt(const Interrupt &) = delete;
    Interrupt &operator=(const Interrupt &) = delete;

    const mlab::cancel &cancel() const { return cancel_; }

private:
    sigset_t set_;
    mlab::cancel cancel_;
    std::thread thread_;
};

#endif

double in_seconds(mlab::milliseconds time) { return std::chrono::duration<double>(time).count(); }

bool show_progress(const mlab::progress &now)
{
    std::fprintf(stderr, "%.1f s, %d poll%s, next in %.1f s\n", in_seconds(now.elapsed), static_cast<int>(now.polls),
                 now.polls == 1 ? "" : "s", in_seconds(now.next_poll - now.elapsed));
    return true; // Go on.
}

mlab::config settings()
{
    mlab::config config;
    if (const char *endpoint = std::getenv("MLAB_ENDPOINT"))
        config.set_endpoint(endpoint);
    if (const char *ca_file = std::getenv("MLAB_CA_FILE"))
        config.set_ca_file(ca_file);
    return config;
}

void print_images(const mlab::result &result)
{
    for (std::size_t i = 0; i < result.image_count(); i++) {
        const mlab::image_view image = result.image(i);
        std::cout << image.path() << " (" << image.type() << ", " << image.width() << " x " << image.height() << ")\n";
    }
    if (result.image_count() == 0) {
        for (mlab::string_view url : result.urls())
            std::cout << url << '\n';
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3) {
        std::cerr << "usage: MODELSLAB_API_KEY=<your key> " << argv[0] << " <id> [eta in seconds]\n";
        return USAGE;
    }
    try {
        const Interrupt interrupt;
        const mlab::client client(settings());
        mlab::request request(argv[1]);
        request.set_progress(show_progress);
        if (argc == 3)
            request.set_eta(std::chrono::duration<double>(std::stod(argv[2])));
        if (const char *folder = std::getenv("MLAB_IMAGES"))
            request.set_download_dir(folder);
        const mlab::result result = client.wait(request, interrupt.cancel());
        print_images(result);
        std::fprintf(stderr, "ready after %.1f s\n", in_seconds(result.elapsed()));
        return DONE;
    } catch (const mlab::error &error) {
        std::cerr << error.what() << '\n';
        switch (error.status()) {
        case MLAB_E_CANCELLED: return STOPPED;
        case MLAB_E_DEADLINE: return NOT_READY;
        case MLAB_E_INVALID_ARGUMENT: return USAGE;
        default: return FAILED;
        }
    } catch (const std::exception &) {
        std::cerr << argv[2] << ": the eta is a number of seconds\n";
        return USAGE;
    }
}
