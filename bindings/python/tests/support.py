"""Where the servers are, and clients for them. tests/bindings/server.rs says which ids do what."""

import contextlib
import os
import signal
import sys
import threading
import time

import mlab

KEY = "test-key-not-real"
HTTP = os.environ["MLAB_TEST_HTTP"]
UTF8 = os.environ["MLAB_TEST_UTF8"]
BINARY = os.environ["MLAB_TEST_BINARY"]
UNREACHABLE = os.environ["MLAB_TEST_UNREACHABLE"]

# From an interrupt to its exception: the bar of every language.
AT_ONCE = 0.3


def client(endpoint=HTTP, **settings):
    return mlab.Client(KEY, endpoint=endpoint, **{"retries": 0, **settings})


def async_client(endpoint=HTTP, **settings):
    return mlab.AsyncClient(KEY, endpoint=endpoint, **{"retries": 0, **settings})


def ids(name, count):
    """Ids that nobody asked for before: each is ready half a second after its first poll."""
    return [f"{name}-{os.getpid()}-{number}" for number in range(count)]


class Later:
    """Does something on another thread a moment from now, and knows when."""

    def __init__(self, action, delay=0.15):
        self.at = None
        self._action = action
        self._thread = threading.Timer(delay, self._run)
        self._thread.start()

    def _run(self):
        self.at = time.monotonic()
        self._action()

    def join(self):
        self._thread.join()
        return self.at


def interrupt(number=signal.SIGINT):
    os.kill(os.getpid(), number)


@contextlib.contextmanager
def raises_at_once(test, kind, action):
    """What is inside ends with this exception, and soon after the action."""
    later = Later(action)
    with test.assertRaises(kind) as caught:
        yield caught
    ended = time.monotonic()
    test.assertLess(ended - later.join(), AT_ONCE)


def resident_kib():
    """Memory in use, on Linux."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


IS_LINUX = sys.platform == "linux"
