"""Growth, forks, and how a process ends."""

import asyncio
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import unittest

import mlab
from support import HTTP, IS_LINUX, KEY, async_client, client, resident_kib

# Of some 2,000 bytes: what holds it and is not freed shows.
BODY = b'{"status":"success","id":1,"output":["https://images.example/1.png"],"meta":{"prompt":"%s"}}' % (b"x" * 1900)

# The interpreter's own was seen at 40 KiB; a thousand requests that are not freed take 260.
NOISE_KIB = 200


def _in_pool(name):
    return _shared.fetch(name).ready


_shared = None


class Growth(unittest.TestCase):
    @unittest.skipUnless(IS_LINUX, "reads /proc")
    def test_ten_thousand_calls_leave_nothing_behind(self):
        with client() as own:

            def calls(count):
                for _ in range(count):
                    own.fetch("12202888")
                    mlab.parse(BODY)
                    try:
                        mlab.parse(b"{}", 401)
                    except mlab.AuthError:
                        pass

            self.leave_nothing(calls, 2000, 10_000)

    @unittest.skipUnless(IS_LINUX, "reads /proc")
    def test_a_thousand_waits_and_their_events_leave_nothing_behind(self):
        with client() as own:

            def waits(count):
                for _ in range(count // 20):
                    for tag in range(20):
                        own.submit("12202888", tag=tag)
                    self.assertEqual(sum(event.result.ready for event in own.events() if event.done), 20)
                    own.wait("12202888")

            self.leave_nothing(waits, 400, 1000)

        async def main():
            async with async_client() as own:
                for _ in range(50):
                    await asyncio.gather(*(own.wait("12202888") for _ in range(20)))

        self.leave_nothing(lambda _: asyncio.run(main()), 1, 1)

    def leave_nothing(self, calls, warming, count):
        calls(warming)
        gc.collect()
        before = resident_kib()
        calls(count)
        gc.collect()
        self.assertLess(resident_kib() - before, NOISE_KIB)

    @unittest.skipUnless(IS_LINUX, "reads /proc")
    def test_clients_that_are_forgotten_leave_no_descriptor(self):
        def make(count):
            for _ in range(count):
                own = client()
                own.fetch("12202888")
                own.submit("never-1")
                list(own.events(timeout=0))
                del own
            gc.collect()
            return len(os.listdir("/proc/self/fd"))

        self.assertEqual(make(3), make(30))


@unittest.skipUnless(hasattr(os, "fork"), "needs fork")
class Forks(unittest.TestCase):
    def in_child(self, check):
        """Runs a check in a forked child, which must not hang either."""
        child = os.fork()
        if child == 0:
            try:
                os._exit(0 if check() else 1)
            except BaseException:
                sys.excepthook(*sys.exc_info())
                os._exit(2)
        limit = time.monotonic() + 20
        while time.monotonic() < limit:
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                return self.assertEqual(status, 0)
            time.sleep(0.01)
        os.kill(child, 9)
        os.waitpid(child, 0)
        self.fail("the child hangs")

    def test_a_client_works_on_in_a_child(self):
        with client() as own:
            own.submit("never-1")
            self.assertTrue(own.fetch("12202888").ready)
            self.in_child(lambda: own.pending == 0 and own.fetch("12202888").ready and own.wait("12202888").ready)
            self.assertEqual(own.pending, 1)  # Jobs stay in the parent.
            self.assertTrue(own.fetch("12202888").ready)

    def test_events_of_ids_that_a_parent_has_begun_are_not_told_in_its_child(self):
        with client() as own:
            events = own.events(["never-1", "never-2"])
            self.assertFalse(next(events).done)

            def check():
                self.assertEqual([event.id for event in own.events("12202888") if event.done], ["12202888"])
                with self.assertRaises(mlab.Error) as caught:
                    next(events)
                return caught.exception.status == mlab.Status.FORKED

            self.in_child(check)
            self.assertEqual(own.pending, 2)
            self.assertFalse(next(events).done)

    def test_a_fork_while_other_threads_are_in_calls_harms_neither(self):
        with client() as own:
            cancel = mlab.Cancel()

            def wait():
                try:
                    own.wait("never-1", cancel=cancel)
                except mlab.Cancelled:
                    pass

            threads = [threading.Thread(target=wait) for _ in range(4)]
            for thread in threads:
                thread.start()
            for _ in range(5):
                self.in_child(lambda: own.fetch("12202888").ready)
            cancel.trigger()
            for thread in threads:
                thread.join()

    def test_a_child_forked_while_the_main_thread_polls_sends_its_signals_nowhere(self):
        ended = []

        def fork():
            child = os.fork()
            if child == 0:
                os._exit(0 if signal.set_wakeup_fd(-1) == -1 else 1)
            ended.append(os.waitpid(child, 0)[1])

        with client() as own:
            forking = threading.Timer(0.2, fork)
            forking.start()
            own.fetch("slow-1-fork")
            forking.join()
        self.assertEqual(ended, [0])

    def test_a_pool_of_forked_processes_shares_a_client_of_the_parent(self):
        global _shared
        _shared = client()
        self.addCleanup(_shared.close)
        with multiprocessing.get_context("fork").Pool(3) as pool:
            self.assertEqual(pool.map(_in_pool, ["12202888"] * 12), [True] * 12)


class Exits(unittest.TestCase):
    def ends(self, program, code=0):
        begin = f"import mlab, sys, threading, time, asyncio\nclient = mlab.Client({KEY!r}, endpoint={HTTP!r})\n"
        at = time.monotonic()
        done = subprocess.run([sys.executable, "-c", begin + program], capture_output=True, timeout=30, text=True)
        self.assertEqual((done.returncode, done.stderr), (code, ""))
        # Python itself takes a good part of a second to begin, or more beside other programs.
        self.assertLess(time.monotonic() - at, 20)

    def test_a_process_ends_with_jobs_open(self):
        self.ends("for n in range(20): client.submit(f'never-{n}')\nlist(client.events(timeout=0.3))\n")

    def test_a_process_ends_while_daemon_threads_wait(self):
        self.ends(
            "def wait(): client.wait('never-1', progress=lambda *_: None)\n"
            "def poll(): client.fetch('slow-30-1')\n"
            "for work in (wait, poll) * 3: threading.Thread(target=work, daemon=True).start()\n"
            "threading.excepthook = lambda *_: None\n"
            "time.sleep(0.3)\nsys.exit(7)\n",
            7,
        )

    def test_a_process_ends_in_the_middle_of_awaits(self):
        self.ends(
            f"async def main():\n own = mlab.AsyncClient({KEY!r}, endpoint={HTTP!r})\n"
            " waits = [asyncio.ensure_future(own.wait('never-1')), asyncio.ensure_future(own.fetch('slow-30-1'))]\n"
            " await asyncio.sleep(0.3)\n"
            "asyncio.run(main())\n"
        )

    def test_an_interrupted_script_ends_as_python_does(self):
        client = f"mlab.Client({KEY!r}, endpoint={HTTP!r})"
        program = f"import mlab\nprint('go', flush=True)\n{client}.wait('never-1')\n"
        child = subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.assertEqual(child.stdout.readline(), "go\n")
        time.sleep(0.2)
        child.send_signal(2)
        _, said = child.communicate(timeout=20)
        self.assertEqual(child.returncode, -2)
        self.assertTrue(said.rstrip().endswith("KeyboardInterrupt"), said)


if __name__ == "__main__":
    unittest.main()
