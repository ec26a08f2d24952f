"""Waits for one queued job with a progress line, and prints the URLs of its images, or saves them and prints where.

    MODELSLAB_API_KEY=... python wait.py 12202888 [eta in seconds, as the generation call said]

MLAB_IMAGES is a folder to save the images into. MLAB_ENDPOINT and MLAB_CA_FILE set another endpoint and what to trust.

Exit code: 0 the images are there (saved, if asked for), 3 not yet when the deadline came, 130 stopped by Ctrl-C,
1 something went wrong, 2 wrong use.
"""

import os
import sys

import mlab


def show_progress(polls, elapsed, eta, next_poll):
    line = f"{elapsed:.1f} s, {polls} poll{'' if polls == 1 else 's'}, next in {next_poll - elapsed:.1f} s"
    if eta is not None:
        line += f", the server expects {eta:.1f} s more"
    print(line, file=sys.stderr, flush=True)


def main(arguments):
    if not 1 <= len(arguments) <= 2:
        print("usage: MODELSLAB_API_KEY=<your key> wait.py <id> [eta in seconds]", file=sys.stderr)
        return 2
    try:
        eta = float(arguments[1]) if len(arguments) == 2 else None
        settings = {"endpoint": os.environ.get("MLAB_ENDPOINT"), "ca_file": os.environ.get("MLAB_CA_FILE")}
        with mlab.Client(**settings) as client:
            folder = os.environ.get("MLAB_IMAGES")
            result = client.wait(arguments[0], eta=eta, download_dir=folder, progress=show_progress)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except mlab.DeadlineError as error:
        print(error.message, file=sys.stderr)
        return 3
    except ValueError as error:  # mlab.ArgumentError is one.
        print(error, file=sys.stderr)
        return 2
    except mlab.Error as error:
        print(error, file=sys.stderr)
        return 1
    for image in result.images:
        print(f"{image.path} ({image.type}, {image.width} x {image.height})")
    if not result.images:
        print("\n".join(result.urls))
    print(f"ready after {result.elapsed:.1f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
