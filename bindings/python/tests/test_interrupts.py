"""Whatever ends a call before its time: signals, cancels, exceptions of a progress function, a close."""

import asyncio
import os
import signal
import socket
import tempfile
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

import mlab
from support import Later, StallingImage, best_of_three, client, interrupt, raises_at_once, seconds_to_raise


class Alarm(Exception):
    """What a program's own signal handler raises."""


class Interrupts(unittest.TestCase):
    def setUp(self):
        self.client = client()
        self.addCleanup(self.client.close)

    def test_ctrl_c_ends_a_wait_at_once(self):
        raises_at_once(self, KeyboardInterrupt, lambda: self.client.wait("never-1"), interrupt)
        self.assertTrue(self.client.fetch("12202888").ready)  # And spoils nothing.

    def test_ctrl_c_ends_a_poll_whose_reply_does_not_come(self):
        raises_at_once(self, KeyboardInterrupt, lambda: self.client.fetch("slow-30-1"), interrupt)

    def test_ctrl_c_ends_a_loop_over_events(self):
        self.client.submit("never-1")
        raises_at_once(self, KeyboardInterrupt, lambda: list(self.client.events()), interrupt)

    def test_ctrl_c_ends_a_wait_that_has_a_cancel_and_leaves_that_alone(self):
        cancel = mlab.Cancel()
        raises_at_once(self, KeyboardInterrupt, lambda: self.client.wait("never-1", cancel=cancel), interrupt)
        self.assertFalse(cancel.triggered)
        self.assertTrue(self.client.fetch("12202888", cancel=cancel).ready)

    def test_what_a_signal_handler_raises_ends_a_wait(self):
        def handler(*_):
            raise Alarm

        before = signal.signal(signal.SIGALRM, handler)
        self.addCleanup(signal.signal, signal.SIGALRM, before)
        raises_at_once(self, Alarm, lambda: self.client.wait("never-1"), lambda: interrupt(signal.SIGALRM))

    def test_a_handler_that_raises_nothing_does_not_end_it(self):
        seen = []
        before = signal.signal(signal.SIGALRM, lambda *_: seen.append(self.client.fetch("12202888").ready))
        self.addCleanup(signal.signal, signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with self.assertRaises(mlab.DeadlineError):
            self.client.wait("never-1", deadline=0.5)
        self.assertEqual(seen, [True])  # It ran meanwhile, and could call.

    def test_a_handler_that_raises_nothing_does_not_end_a_poll(self):
        seen = []
        before = signal.signal(signal.SIGALRM, lambda *_: seen.append(1))
        self.addCleanup(signal.signal, signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        self.client.fetch("slow-1-alarm")
        self.assertEqual(seen, [1])

    @unittest.skipUnless(hasattr(signal, "SIGALRM"), "needs signals of Unix")
    def test_where_another_waits_for_the_bytes_of_signals_it_goes_on_to(self):
        here, there = socket.socketpair()
        self.addCleanup(here.close)
        self.addCleanup(there.close)
        there.setblocking(False)
        sent = []

        def noted():
            sent.append(signal.SIGINT)
            interrupt()

        signal.set_wakeup_fd(there.fileno())
        try:
            self.assertTrue(self.client.fetch("12202888").ready)
            raises_at_once(self, KeyboardInterrupt, lambda: self.client.fetch("slow-30-2"), noted)
        finally:
            self.assertEqual(signal.set_wakeup_fd(-1), there.fileno())
        self.assertEqual(here.recv(8), bytes(sent))
        self.assertTrue(self.client.fetch("12202888").ready)
        self.assertEqual(signal.set_wakeup_fd(-1), -1)  # Nothing is left behind.

    @unittest.skipUnless(hasattr(signal, "SIGUSR1"), "needs signals of Unix")
    def test_a_signal_reaches_another_that_waits_for_it_whenever_it_comes(self):
        here, there = socket.socketpair()
        self.addCleanup(here.close)
        self.addCleanup(there.close)
        here.settimeout(1)
        there.setblocking(False)
        self.addCleanup(signal.signal, signal.SIGUSR1, signal.signal(signal.SIGUSR1, lambda *_: None))
        self.assertTrue(self.client.fetch("12202888").ready)
        set_wakeup_fd = signal.set_wakeup_fd
        for pause in (0, 0.05):

            def interrupted(descriptor, pause=pause, **options):
                before = set_wakeup_fd(descriptor, **options)
                if descriptor != there.fileno():
                    signal.raise_signal(signal.SIGUSR1)
                    time.sleep(pause)  # By the second one, whoever reads where it went mostly has it.
                return before

            set_wakeup_fd(there.fileno())
            try:
                with mock.patch.object(mlab._signals, "_set_wakeup_fd", interrupted):
                    self.assertTrue(self.client.fetch("12202888").ready)
            finally:
                self.assertEqual(set_wakeup_fd(-1), there.fileno())
            self.assertEqual(here.recv(8), bytes([signal.SIGUSR1]))

    @unittest.skipUnless(hasattr(signal, "SIGUSR1"), "needs signals of Unix")
    def test_in_a_running_loop_its_signals_are_left_to_it(self):
        async def main():
            seen = []
            asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, seen.append, 1)
            with mock.patch.object(mlab._signals, "_set_wakeup_fd", side_effect=AssertionError("touched")):
                interrupting = Later(lambda: interrupt(signal.SIGUSR1))
                interrupting.start()
                try:
                    self.assertFalse(self.client.fetch("slow-1-loop").ready)
                finally:
                    interrupting.join()
            await asyncio.sleep(0.1)
            return seen

        self.assertEqual(asyncio.run(main()), [1])

    def test_many_interrupts_in_a_row_lose_nothing(self):
        for _ in range(30):
            timer = threading.Timer(0.002, interrupt)
            try:
                timer.start()
                for _ in range(1000):
                    self.client.fetch("12202888")
                timer.join()
                time.sleep(1)  # Interrupted at the latest here.
            except KeyboardInterrupt:
                pass
            timer.join()
        self.assertTrue(self.client.fetch("12202888").ready)

    def test_a_cancel_ends_calls_from_another_thread(self):
        def seconds():
            cancel = mlab.Cancel()
            took = seconds_to_raise(
                self, mlab.Cancelled, lambda: self.client.wait("never-1", cancel=cancel), cancel.trigger
            )
            with self.assertRaises(mlab.Cancelled):  # It is sticky.
                self.client.fetch("12202888", cancel=cancel)
            return took

        for took in best_of_three(self):
            took.append(seconds())

    @unittest.skipUnless(hasattr(signal, "SIGALRM"), "needs signals of Unix")
    def test_a_handler_may_trigger_the_cancel_that_a_call_just_takes(self):
        class Interrupted(list):
            def append(self, call):
                super().append(call)
                signal.raise_signal(signal.SIGALRM)

        cancel = mlab.Cancel()
        cancel._calls = Interrupted()
        before = signal.signal(signal.SIGALRM, lambda *_: cancel.trigger())
        self.addCleanup(signal.signal, signal.SIGALRM, before)
        guard = threading.Timer(5, interrupt)
        guard.start()
        self.addCleanup(guard.cancel)
        for call in (self.client.wait, self.client.fetch):
            with self.assertRaises(mlab.Cancelled):
                call("never-1", cancel=cancel)

    def test_a_cancel_ends_a_download(self):
        def seconds(path):
            cancel = mlab.Cancel()
            with StallingImage() as image, client(image.endpoint) as own:
                return seconds_to_raise(
                    self,
                    mlab.Cancelled,
                    lambda: own.download(image.url, path, cancel=cancel),
                    cancel.trigger,
                    image.begun,
                )

        with tempfile.TemporaryDirectory() as folder:
            for path in (None, Path(folder) / "one.png"):
                for took in best_of_three(self):
                    took.append(seconds(path))
            self.assertEqual(os.listdir(folder), [])

    def test_a_cancel_ends_calls_on_other_threads(self):
        def seconds():
            cancel, ended = mlab.Cancel(), []

            def wait():
                with self.assertRaises(mlab.Cancelled):
                    self.client.wait("never-1", cancel=cancel)
                ended.append(time.monotonic())

            threads = [threading.Thread(target=wait) for _ in range(3)]
            for thread in threads:
                thread.start()
            time.sleep(0.1)
            at = time.monotonic()
            cancel.trigger()
            for thread in threads:
                thread.join()
            self.assertEqual(len(ended), 3)
            return max(ended) - at

        for took in best_of_three(self):
            took.append(seconds())

    def test_what_the_progress_function_raises_comes_out_of_the_wait(self):
        def progress(*_):
            raise Alarm("on which thread?", threading.current_thread())

        with self.assertRaises(Alarm) as caught:
            self.client.wait("never-1", progress=progress)
        self.assertIs(caught.exception.args[1], threading.main_thread())

        outcome = []

        def elsewhere():
            try:
                self.client.wait("never-1", progress=progress)
            except Alarm as error:
                outcome.append(error.args[1])

        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        self.assertEqual(outcome, [thread])

    def test_a_progress_function_may_call_the_client(self):
        seen = []
        with self.assertRaises(mlab.DeadlineError):
            self.client.wait(
                "never-1", deadline=2, progress=lambda *_: seen.append(self.client.fetch("12202888").ready)
            )
        self.assertEqual(seen, [True])

    def test_a_close_ends_calls_on_other_threads(self):
        def seconds(call):
            own = client()
            own.submit("never-1")
            return seconds_to_raise(self, mlab.ClosedError, lambda: call(own), own.close)

        for call in (lambda own: own.wait("never-1"), lambda own: list(own.events())):
            for took in best_of_three(self):
                took.append(seconds(call))


if __name__ == "__main__":
    unittest.main()
