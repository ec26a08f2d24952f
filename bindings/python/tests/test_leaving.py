"""Jobs whose loop was left: they are cancelled, and take no room."""

import asyncio
import gc
import signal
import tempfile
import threading
import unittest
from unittest import mock

import mlab
from support import Later, StallingImage, async_client, client, ids, interrupt


def never(count=2):
    """Ids of jobs that stay open; new ones, which are asked for at once."""
    return ids("never-left", count)


class Alarm(Exception):
    """What a program's own signal handler raises."""


class Leaving(unittest.TestCase):
    def setUp(self):
        self.client = client(max_jobs=2)
        self.addCleanup(self.client.close)

    def is_free(self, own=None):
        """Nothing is open, and all jobs can be opened anew; twice, as they are left once more."""
        own = own or self.client
        self.assertEqual(own.pending, 0)
        for _ in range(2):
            for _ in own.events(never(), poll=1):
                break
            self.assertEqual(own.pending, 0)
        jobs = [own.submit(name) for name in never()]
        self.assertEqual(own.pending, 2)
        own.cancel_all()
        self.assertEqual(sorted(event.job for event in own.events() if event.done), jobs)
        self.assertEqual(own.pending, 0)

    def test_a_break_makes_room(self):
        for _ in self.client.events(never()):
            break
        with self.client._handle as raw:  # The library has let go of their ends, too.
            self.assertEqual(mlab._client.library.mlab_client_pending(raw), 0)
        self.is_free()

    def test_an_exception_makes_room(self):
        with self.assertRaises(ZeroDivisionError):
            for _ in self.client.events(never()):
                raise ZeroDivisionError
        gc.collect()
        self.is_free()

    def test_a_timeout_makes_room(self):
        for _ in self.client.events(never(), timeout=0.3, poll=15):
            pass
        self.is_free()

    def test_an_interrupt_makes_room(self):
        interrupting = Later(interrupt)
        with self.assertRaises(KeyboardInterrupt):
            interrupting.start()
            for _ in self.client.events(never()):
                pass
        interrupting.join()
        self.is_free()

    def test_an_id_that_is_refused_makes_room(self):
        with self.assertRaisesRegex(mlab.ArgumentError, "id"):
            list(self.client.events([*never(), "not/an/id"]))
        self.is_free()

    def test_more_ids_than_there_is_room_for_are_refused_and_make_room(self):
        with self.assertRaises(mlab.ResourceError) as caught:
            list(self.client.events(never(3)))
        self.assertEqual(caught.exception.status, mlab.Status.BUSY)
        self.is_free()

    def test_ids_that_end_by_an_exception_make_room(self):
        def names():
            yield from never()
            raise ZeroDivisionError

        with self.assertRaises(ZeroDivisionError):
            list(self.client.events(names()))
        self.is_free()

    def test_the_close_of_an_iterator_makes_room(self):
        events = self.client.events(never())
        next(events)
        self.assertEqual(self.client.pending, 2)
        events.close()
        self.is_free()

    def test_events_of_others_that_come_meanwhile_are_told(self):
        job = self.client.submit("12202888", tag=7)
        for _ in range(20):
            for _ in self.client.events(never(1)):
                break
        self.assertEqual(self.client.pending, 1)  # An end that was not told counts, wherever it is.
        ends = [(event.job, event.id, event.tag) for event in self.client.events() if event.done]
        self.assertEqual((ends, self.client.pending), ([(job, "12202888", 7)], 0))

    def test_threads_that_leave_and_iterate_take_nothing_from_each_other(self):
        own = client(max_jobs=8)
        self.addCleanup(own.close)
        failed = []

        def leave():
            for _ in range(40):
                for _ in own.events(never(), poll=1):
                    break

        def iterate():
            for _ in range(3):
                names = ids("beside", 2)
                failed.extend({event.id for event in own.events(names, poll=1) if event.done} ^ set(names))

        def guarded(work):
            try:
                work()
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=guarded, args=(work,)) for work in (leave, iterate) * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((failed, own.pending), ([], 0))

    def test_a_job_that_downloads_makes_room_as_soon_as_it_is_over(self):
        with StallingImage() as image, client(image.endpoint, max_jobs=1) as own, tempfile.TemporaryDirectory() as folder:
            for _ in range(3):
                image.begun.clear()
                self.assertEqual([event for event in own.events("1", download_dir=folder, timeout=0.5) if event.done], [])
                self.assertTrue(image.begun.is_set())
                self.assertEqual(own.pending, 0)

    @unittest.skipUnless(hasattr(signal, "SIGALRM"), "needs signals of Unix")
    def test_a_signal_as_soon_as_a_job_is_open_leaves_none_behind(self):
        def handler(*_):
            raise Alarm

        submit = mlab._client.library.mlab_client_submit

        def interrupted(*arguments):
            status = submit(*arguments)
            signal.raise_signal(signal.SIGALRM)
            return status

        self.addCleanup(signal.signal, signal.SIGALRM, signal.signal(signal.SIGALRM, handler))
        for _ in range(3):
            with mock.patch.object(mlab._client.library, "mlab_client_submit", interrupted):
                with self.assertRaises(Alarm):
                    self.client.submit("never-1")
        self.is_free()

    def test_an_event_that_cannot_be_copied_makes_room(self):
        with mock.patch.object(mlab._jobs, "take_event", side_effect=MemoryError):
            with self.assertRaises(MemoryError):
                list(self.client.events(never(), poll=1))
        self.is_free()

    def test_leaving_after_a_close_does_nothing(self):
        events = self.client.events(never())
        next(events)
        self.client.close()
        events.close()
        with self.assertRaises(mlab.ClosedError):
            self.client.pending


class LeavingAsync(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client = async_client(max_jobs=2)
        self.addAsyncCleanup(self.client.aclose)

    async def ends(self, **options):
        return [event.status async for event in self.client.events(**options) if event.done]

    async def test_what_is_left_makes_room_at_once(self):
        for _ in range(3):
            events = self.client.events(never(), poll=1)
            await events.__anext__()
            self.assertEqual(self.client.pending, 2)
            await events.aclose()
            self.assertEqual(self.client.pending, 0)
        for _ in range(3):
            waits = [asyncio.ensure_future(self.client.wait(name)) for name in never()]
            await asyncio.sleep(0.05)
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        self.assertTrue((await self.client.wait("12202888")).ready)

    async def test_events_end_when_none_comes_in_time(self):
        at = asyncio.get_running_loop().time()
        self.assertEqual(await self.ends(ids=never(), timeout=0.3, poll=15), [])
        self.assertGreater(asyncio.get_running_loop().time() - at, 0.29)
        self.assertEqual(self.client.pending, 0)
        self.client.submit("12202888")
        while not self.client._jobs.submitted.events:
            self.assertEqual(self.client.pending, 1)
            await asyncio.sleep(0.01)
        self.assertEqual(self.client.pending, 1)
        self.assertEqual(await self.ends(timeout=0), [mlab.Status.OK])
        self.assertEqual(await self.ends(timeout=5), [])
        with self.assertRaisesRegex(mlab.ArgumentError, "timeout must be a number of seconds"):
            await self.ends(ids=never(), timeout="1")

    async def test_cancel_all_ends_jobs_and_no_waits(self):
        waiting = asyncio.ensure_future(self.client.wait(*ids("beside", 1), poll=1))
        await asyncio.sleep(0.05)
        self.client.submit("never-1")
        self.client.cancel_all()
        self.assertEqual(await self.ends(), [mlab.Status.CANCELLED])
        self.assertTrue((await waiting).ready)


if __name__ == "__main__":
    unittest.main()
