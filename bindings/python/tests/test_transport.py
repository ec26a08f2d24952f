"""HTTP by a function of the program's."""

import asyncio
import contextlib
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
import unittest
import urllib.error
import urllib.request
from unittest import mock

import mlab
from support import HTTP, KEY, async_client, best_of_three, client, seconds_to_raise

READY = b'{"status":"success","id":7,"output":["https://images.example/7.png"]}'


def by_urllib(exchange):
    request = urllib.request.Request(exchange.url, exchange.body, dict(exchange.headers), method=exchange.method)
    try:
        with urllib.request.urlopen(request, timeout=exchange.timeout) as reply:
            return reply.status, reply.getheaders(), reply.read()
    except urllib.error.HTTPError as reply:
        return reply.code, reply.headers.items(), reply.read()


def caused_by(cause):
    try:
        raise RuntimeError("wrapped") from cause
    except RuntimeError as error:
        return error


def its_own_cause():
    one, other = OSError("round"), OSError("round")
    one.__cause__, other.__cause__ = other, one
    return one


class NoneIdle(list):
    """Where helpers rest that nobody finds: one may come back from its last work at any time."""

    def pop(self):
        raise IndexError


@contextlib.contextmanager
def without_threads(name):
    """The system has none left for those of this name, and none is idle."""
    begin = threading.Thread.start

    def start(thread):
        if thread.name == name:
            raise RuntimeError("can't start new thread")
        begin(thread)

    with mock.patch.object(threading.Thread, "start", start), mock.patch.object(mlab._calls, "_idle", NoneIdle()):
        yield


class Transports(unittest.TestCase):
    def test_a_function_gets_the_request_and_gives_the_reply(self):
        seen = []

        def transport(exchange):
            seen.append(exchange)
            return 200, {"Content-Type": "application/json"}, READY

        with client(transport=transport) as own:
            self.assertEqual(own.fetch("12202888").urls, ["https://images.example/7.png"])
        (exchange,) = seen
        self.assertEqual((exchange.method, exchange.url), ("POST", HTTP.replace("{id}", "12202888")))
        self.assertIn(KEY.encode(), exchange.body)
        self.assertIn("application/json", dict(exchange.headers).values())
        self.assertTrue(exchange.timeout > 0 and exchange.body_limit > 0 and not exchange.is_image)
        self.assertTrue(exchange.cancelled)  # It is over.
        self.assertNotIn(KEY, repr(exchange))

    def test_waits_jobs_and_images_go_that_way_too(self):
        images = []

        def transport(exchange):
            if exchange.is_image:
                images.append((exchange.body, KEY in repr(exchange.headers)))
            return by_urllib(exchange)

        with client(transport=transport) as own:
            held = own.wait("12202888", download_memory=1 << 20).images
            self.assertEqual([image.type for image in held], ["image/png", "image/jpeg", "image/webp", "image/gif"])
            self.assertEqual(images, [(None, False)] * 4)
            with client() as usual:
                same = usual.wait("12202888", download_memory=1 << 20).images
            self.assertEqual([image.data for image in held], [image.data for image in same])
            own.submit("12202888")
            (event,) = [event for event in own.events() if event.done]
            self.assertTrue(event.result.ready)
            with self.assertRaises(mlab.AuthError):
                own.fetch("auth-1")

    def test_a_reply_is_bytes_whatever_is_in_it(self):
        body = b"\0a\0\xffb\0"
        with client(transport=lambda _: (401, [], body)) as own, self.assertRaises(mlab.AuthError) as caught:
            own.fetch("1")
        self.assertEqual(caught.exception.result.body, body)

    def test_what_the_function_raises_is_a_reply_that_did_not_come(self):
        def fails(error):
            def transport(_):
                raise error

            return transport

        rows = [
            (OSError("no\0way"), mlab.Status.NETWORK, "OSError: noway"),
            (TimeoutError("late"), mlab.Status.TIMEOUT, "in time"),
            (ConnectionRefusedError("closed"), mlab.Status.CONNECT, "closed"),
            (SystemExit(3), mlab.Status.NETWORK, "SystemExit: 3"),
            (urllib.error.URLError(socket.gaierror(-2, "no such name")), mlab.Status.RESOLVE, "no such name"),
            (urllib.error.URLError(ssl.SSLCertVerificationError("bad")), mlab.Status.TLS, "bad"),
            (urllib.error.URLError(socket.timeout("late")), mlab.Status.TIMEOUT, "in time"),
            (caused_by(ConnectionRefusedError("closed")), mlab.Status.CONNECT, "wrapped"),
            (caused_by(caused_by(ssl.SSLError("bad"))), mlab.Status.TLS, "wrapped"),
            (ssl.SSLEOFError("broken off"), mlab.Status.NETWORK, "broken off"),
            (its_own_cause(), mlab.Status.NETWORK, "round"),
        ]
        for error, status, said in rows:
            with self.subTest(error), client(transport=fails(error)) as own:
                with self.assertRaises(mlab.NetworkError) as caught:
                    own.fetch("1")
                self.assertEqual(caught.exception.status, status)
                self.assertIn(said, caught.exception.message)
        for nonsense in (None, (200,), (7, {}, b""), ((1 << 32) + 200, {}, READY), (200, {"A": "\0"}, b""), (200, {}, "text")):
            with self.subTest(nonsense), client(transport=lambda _, reply=nonsense: reply) as own:
                self.assertRaises(mlab.NetworkError, own.fetch, "1")
        with self.assertRaises(mlab.ArgumentError):
            client(transport="curl")

    def test_a_certificate_that_nobody_trusts_ends_a_wait(self):
        with client(os.environ["MLAB_TEST_HTTPS"], transport=by_urllib) as own:
            with self.assertRaises(mlab.NetworkError) as caught:
                own.wait("12202888", deadline=5)
        self.assertEqual((caught.exception.status, caught.exception.retryable), (mlab.Status.TLS, False))

    def test_a_cancel_ends_a_call_whose_exchange_goes_on(self):
        over = threading.Event()
        self.addCleanup(over.set)

        def seconds():
            begun, cancel, seen = threading.Event(), mlab.Cancel(), []

            def transport(exchange):
                seen.append(exchange)
                begun.set()
                over.wait(20)
                return 200, {}, READY

            with client(transport=transport) as own:
                cancelled = seconds_to_raise(
                    self, mlab.Cancelled, lambda: own.wait("1", cancel=cancel), cancel.trigger, begun
                )
                self.assertTrue(seen[0].cancelled)
                at = time.monotonic()
                own.close()
                return max(cancelled, time.monotonic() - at)

        for took in best_of_three(self):
            took.append(seconds())

    def test_a_thread_that_cannot_be_had_fails_one_exchange_alone(self):
        with client(transport=by_urllib) as own:
            self.assertTrue(own.fetch("12202888").ready)
            with without_threads("mlab-helper"), self.assertRaises(mlab.ResourceError) as caught:
                own.fetch("12202888")
            self.assertEqual(caught.exception.status, mlab.Status.NO_RESOURCES)
            self.assertTrue(own.fetch("12202888").ready)

    def test_a_client_whose_thread_cannot_be_had_tries_again(self):
        own = client(transport=by_urllib)
        with without_threads("mlab-transport"), self.assertRaises(RuntimeError):
            own.fetch("12202888")
        self.assertTrue(own.fetch("12202888").ready)
        own.close()
        limit = time.monotonic() + 5
        while own._handle._owned and time.monotonic() < limit:
            time.sleep(0.02)
        self.assertEqual(own._handle._owned, [])  # Freed: nobody counts as inside.

    def test_an_exchange_that_cannot_be_copied_fails_alone(self):
        with client(transport=by_urllib) as own:
            with mock.patch.object(mlab._transport, "_headers", side_effect=MemoryError):
                self.assertRaises(mlab.ResourceError, own.fetch, "12202888")
            for _ in range(3):
                self.assertTrue(own.fetch("12202888").ready)

    def test_asyncio_goes_that_way_too(self):
        async def main():
            async with async_client(transport=by_urllib) as own:
                results = await asyncio.gather(own.fetch("12202888"), own.wait("12202888"))
                return [result.ready for result in results]

        self.assertEqual(asyncio.run(main()), [True, True])

    def test_a_forgotten_client_ends_its_thread(self):
        own = client(transport=by_urllib)
        self.assertTrue(own.fetch("12202888").ready)
        self.comes_to(1)  # Those of other tests end in their own time.
        del own
        self.comes_to(0)

    def comes_to(self, count):
        limit = time.monotonic() + 5
        while self._threads() != count and time.monotonic() < limit:
            time.sleep(0.02)
        self.assertEqual(self._threads(), count)

    @staticmethod
    def _threads():
        return sum(thread.name == "mlab-transport" for thread in threading.enumerate())

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_a_client_works_on_in_a_forked_child(self):
        with client(transport=by_urllib) as own:
            self.assertTrue(own.fetch("12202888").ready)
            child = os.fork()
            if child == 0:
                os._exit(0 if own.fetch("12202888").ready else 1)
            self.assertEqual(os.waitpid(child, 0)[1], 0)
            self.assertTrue(own.fetch("12202888").ready)

    def test_a_process_ends_while_an_exchange_is_under_way(self):
        program = (
            "import mlab, threading, time\n"
            f"client = mlab.Client({KEY!r}, endpoint={HTTP!r}, transport=lambda _: time.sleep(60))\n"
            "client.submit('1')\nlist(client.events(timeout=0.3))\n"
        )
        at = time.monotonic()
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=30, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertLess(time.monotonic() - at, 20)


if __name__ == "__main__":
    unittest.main()
