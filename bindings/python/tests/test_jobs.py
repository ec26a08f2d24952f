"""Many at once: jobs with events, and asyncio."""

import asyncio
import threading
import concurrent.futures
import time
import unittest
from unittest import mock

import mlab
from support import HTTP, KEY, async_client, best_of_three, client, ids, interrupt, raises_at_once


def no_memory_for(name):
    """Results of these ids cannot be copied."""
    copy = mlab._result._id

    def copied(raw):
        id = copy(raw)
        if id.startswith(name.encode()):
            raise MemoryError
        return id

    return mock.patch.object(mlab._result, "_id", copied)


class Jobs(unittest.TestCase):
    def setUp(self):
        self.client = client()
        self.addCleanup(self.client.close)

    def test_jobs_end_by_events_with_their_tags(self):
        jobs = {self.client.submit("12202888", tag=tag): tag for tag in (1, 2, (1 << 64) - 1)}
        self.assertEqual(self.client.pending, 3)
        done = [event for event in self.client.events() if event.done]
        self.assertEqual({event.job: event.tag for event in done}, jobs)
        self.assertTrue(all(event.result.ready and len(event.result.urls) == 4 for event in done))
        self.assertEqual((self.client.pending, list(self.client.events())), (0, []))

    def test_progress_comes_before_the_end(self):
        (name,) = ids("progress", 1)
        self.client.submit(name, poll=3)
        kinds = [event.kind for event in self.client.events()]
        self.assertEqual(kinds, [mlab.EventKind.PROGRESS, mlab.EventKind.DONE])

    def test_a_failed_job_is_an_event_and_no_exception(self):
        self.client.submit("fail-1")
        (event,) = [event for event in self.client.events() if event.done]
        self.assertEqual((event.status, event.result.status), (mlab.Status.JOB_FAILED,) * 2)

    def test_events_of_ids_end_after_the_last_and_have_the_ids(self):
        (name,) = ids("several", 1)
        own = self.client.events([name, "fail-several", 12202888], poll=1)
        ends = {event.id: event.result.status for event in own if event.done}
        self.assertEqual(ends, {name: mlab.Status.OK, "fail-several": mlab.Status.JOB_FAILED, "12202888": mlab.Status.OK})
        (event,) = [event for event in self.client.events("12202888", download_memory=1 << 20) if event.done]
        self.assertEqual(len(event.result.images), 4)
        self.assertEqual((self.client.pending, list(self.client.events([]))), (0, []))

    def none_is_left(self):
        """What was cancelled is open until its end is pulled."""
        limit = time.monotonic() + 3
        while self.client.pending > 0 and time.monotonic() < limit:
            self.assertEqual(list(self.client.events(timeout=0.05)), [])
        self.assertEqual(self.client.pending, 0)

    def test_leaving_the_events_of_ids_cancels_what_is_left(self):
        for _ in self.client.events(["never-1", "never-2"]):
            break
        self.none_is_left()

    def test_an_id_that_is_refused_ends_the_jobs_before_it(self):
        for wrong in ("not/an/id", -1, None):
            with self.assertRaisesRegex(mlab.ArgumentError, "id"):
                list(self.client.events(["never-1", wrong]))
            self.none_is_left()
        for wrong in (1.5, b"1"):
            with self.assertRaisesRegex(mlab.ArgumentError, "ids? must be"):
                list(self.client.events(wrong))
        with self.assertRaisesRegex(TypeError, "there is no option 'tag'"):
            list(self.client.events("1", tag=1))
        with self.assertRaisesRegex(mlab.ArgumentError, "ids: none was given, and download_dir "):
            list(self.client.events(download_dir="images"))

    def test_events_of_ids_and_those_of_submitted_jobs_go_their_own_ways(self):
        job = self.client.submit("12202888", tag=7)
        of_ids = [event.id for event in self.client.events(["fail-1", "fail-2"]) if event.done]
        self.assertEqual(sorted(of_ids), ["fail-1", "fail-2"])
        of_jobs = [(event.job, event.id, event.tag) for event in self.client.events() if event.done]
        self.assertEqual(of_jobs, [(job, "12202888", 7)])

    def test_threads_that_iterate_get_each_their_own(self):
        def ends(number):
            names = ids(f"own-{number}", 5)
            told = [event.id for event in self.client.events(names, poll=1) if event.done]
            return sorted(told) == sorted(names)

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            self.assertTrue(all(pool.map(ends, range(8))))

    def test_an_event_that_cannot_be_copied_is_raised_and_stops_the_events_of_ids(self):
        with no_memory_for("12202888"):
            with self.assertRaises(MemoryError):
                list(self.client.events(["never-1", "12202888"]))
            self.none_is_left()

    def test_a_cancelled_job_ends_as_cancelled(self):
        job = self.client.submit("never-1")
        self.client.submit("never-2")
        self.client.cancel_job(job)
        self.client.cancel_all()
        ends = [event.status for event in self.client.events() if event.done]
        self.assertEqual(ends, [mlab.Status.CANCELLED] * 2)

    def test_events_end_when_none_comes_in_time(self):
        self.client.submit("never-1", poll=5)
        at = time.monotonic()
        for _ in self.client.events(timeout=0.3):
            pass
        self.assertGreater(time.monotonic() - at, 0.29)
        self.assertEqual(self.client.pending, 1)

    def test_thirty_waits_on_thirty_threads_take_three_seconds(self):
        for took in best_of_three(self, 3):
            at = time.monotonic()
            with concurrent.futures.ThreadPoolExecutor(30) as pool:
                results = list(pool.map(lambda name: self.client.wait(name, poll=(1, 1)), ids("threads", 30)))
            took.append(time.monotonic() - at)
            self.assertTrue(all(result.ready for result in results))


class Asyncio(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client = async_client()
        self.addAsyncCleanup(self.client.aclose)

    async def test_fetch_polls_once_and_wait_waits(self):
        self.assertTrue((await self.client.fetch("12202888")).ready)
        self.assertFalse((await self.client.fetch("never-1")).ready)

    async def test_fetches_cost_no_thread(self):
        before = threading.active_count()
        results = await asyncio.gather(*(self.client.fetch(f"never-many-{n}") for n in range(50)))
        self.assertEqual([result.ready for result in results], [False] * 50)
        self.assertLessEqual(threading.active_count(), before)
        (name,) = ids("await", 1)
        told = []
        result = await self.client.wait(name, poll=3, progress=lambda polls, *_: told.append(polls))
        self.assertEqual((result.ready, told), (True, [1]))

    async def test_failures_are_the_same_exceptions(self):
        with self.assertRaises(mlab.JobFailed):
            await self.client.wait("fail-1")
        with self.assertRaises(mlab.AuthError):
            await self.client.fetch("auth-1")
        with self.assertRaises(mlab.ArgumentError):
            await self.client.wait("not/an/id")
        with self.assertRaises(mlab.DeadlineError):
            await self.client.wait("never-1", deadline=0.3)

    async def test_thirty_waits_take_three_seconds_and_leave_the_loop_free(self):
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                await asyncio.sleep(0.01)
                ticks += 1

        for took in best_of_three(self, 3):
            ticks = 0
            ticking = asyncio.ensure_future(tick())
            at = time.monotonic()
            results = await asyncio.gather(*(self.client.wait(name, poll=1) for name in ids("gather", 30)))
            took.append(time.monotonic() - at)
            ticking.cancel()
            self.assertTrue(all(result.ready for result in results))
        self.assertGreater(ticks, took[-1] / 0.01 / 4)

    async def test_cancelling_a_task_ends_its_wait_and_its_job(self):
        for call, name in ((self.client.wait, "never-1"), (self.client.fetch, "slow-30-2")):
            for took in best_of_three(self):
                took.append(await self.seconds_to_cancel(call(name)))
        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(self.client.wait("never-1"), 0.1)
        limit = time.monotonic() + 5
        while self.client._client.pending and time.monotonic() < limit:
            await asyncio.sleep(0.02)
        self.assertEqual(self.client._client.pending, 0)

    async def seconds_to_cancel(self, call):
        task = asyncio.ensure_future(call)
        await asyncio.sleep(0.1)
        at = time.monotonic()
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        return time.monotonic() - at

    async def test_an_event_that_cannot_be_copied_fails_its_job_alone(self):
        with no_memory_for("12202888"):
            others = [asyncio.ensure_future(self.client.wait(name, poll=1)) for name in ids("copy", 3)]
            with self.assertRaises(MemoryError):
                await asyncio.wait_for(self.client.wait("12202888"), 5)
            self.client.submit("12202888")
            self.client.submit("12202888")
            for _ in range(2):  # One after the other: what is left goes on.
                with self.assertRaises(MemoryError):
                    await asyncio.wait_for(self.ends(self.client), 5)
            self.assertEqual(await asyncio.wait_for(self.ends(self.client), 5), [])
            self.assertTrue(all([(await other).ready for other in others]))

    async def test_where_no_event_can_come_any_more_everything_open_fails(self):
        self.client.submit("never-1")
        waits = [asyncio.ensure_future(self.client.wait(f"never-{n}")) for n in range(3)]
        ending = asyncio.ensure_future(self.ends(self.client))
        await asyncio.sleep(0.1)
        with mock.patch.object(mlab._aio.library, "mlab_client_next_event", return_value=mlab.Status.INTERNAL) as pull:
            self.client._pump()
            ends = await asyncio.wait_for(asyncio.gather(*waits, ending, return_exceptions=True), 5)
            self.assertEqual([getattr(end, "status", end) for end in ends], [mlab.Status.INTERNAL] * 4)
            pulled = pull.call_count
            await asyncio.sleep(0.1)
            self.assertEqual(pull.call_count, pulled)
        with self.assertRaises(mlab.ResourceError):
            await self.client.wait("12202888")

    async def test_what_the_progress_function_raises_comes_out_of_the_wait(self):
        def progress(*_):
            raise ZeroDivisionError

        with self.assertRaises(ZeroDivisionError):
            await self.client.wait("never-1", progress=progress)

    async def test_events_are_iterated(self):
        jobs = {self.client.submit("12202888", tag=tag): tag for tag in (1, 2, 3)}
        waiting = asyncio.ensure_future(self.client.wait("12202888"))  # Its events are not among them.
        done = {event.job: event.tag async for event in self.client.events() if event.done}
        self.assertEqual(done, jobs)
        self.assertTrue((await waiting).ready)

    async def test_events_of_ids_end_after_the_last_and_have_the_ids(self):
        self.client.submit("12202888", tag=7)
        (name,) = ids("several", 1)
        own = self.client.events([name, "fail-several", 12202888], poll=1)
        ends = {event.id: event.result.status async for event in own if event.done}
        self.assertEqual(ends, {name: mlab.Status.OK, "fail-several": mlab.Status.JOB_FAILED, "12202888": mlab.Status.OK})
        self.assertEqual([(event.id, event.tag) async for event in self.client.events() if event.done], [("12202888", 7)])
        self.assertEqual([event async for event in self.client.events([])], [])

    async def none_is_left(self):
        limit = time.monotonic() + 3
        while self.client._client.pending > 0 and time.monotonic() < limit:
            await asyncio.sleep(0.01)
        self.assertEqual(self.client._client.pending, 0)

    async def test_leaving_the_events_of_ids_cancels_what_is_left(self):
        async for _ in self.client.events(["never-1", "never-2"]):
            break
        await self.none_is_left()
        task = asyncio.ensure_future(self.ends(self.client, ["never-1", "never-2"]))
        await asyncio.sleep(0.1)
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        await self.none_is_left()

    async def test_an_id_that_is_refused_ends_the_jobs_before_it(self):
        with self.assertRaisesRegex(mlab.ArgumentError, "id"):
            await self.ends(self.client, ["never-1", "not/an/id"])
        await self.none_is_left()
        with self.assertRaisesRegex(mlab.ArgumentError, "ids: none was given, and poll "):
            [event async for event in self.client.events(poll=1)]

    async def ends(self, own, *of):
        return [event.job async for event in own.events(*of) if event.done]

    async def test_two_tasks_share_the_events_and_both_end(self):
        jobs = {self.client.submit("12202888") for _ in range(3)}
        shares = await asyncio.wait_for(asyncio.gather(self.ends(self.client), self.ends(self.client)), 10)
        self.assertEqual(sorted(sum(shares, [])), sorted(jobs))

    async def test_a_close_ends_every_task_that_iterates(self):
        own = async_client()
        own.submit("never-1")
        tasks = [asyncio.ensure_future(self.ends(own)) for _ in range(2)]
        await asyncio.sleep(0.1)
        await own.aclose()
        ends = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 10)
        self.assertEqual([type(end) for end in ends], [mlab.ClosedError] * 2)

    async def test_a_submitted_job_ends_by_its_deadline_while_nothing_else_happens(self):
        async with async_client(workers=1) as own:
            own.submit("slow-30-1")
            await asyncio.sleep(0.2)  # Its poll takes the only worker.
            own.submit("never-1", deadline=0.3, tag=7)

            async def end():
                async for event in own.events():
                    if event.tag == 7 and event.done:
                        return event.status

            self.assertEqual(await asyncio.wait_for(end(), 3), mlab.Status.DEADLINE)

    async def test_images_come_too(self):
        result = await self.client.wait("12202888", download_memory=1 << 20)
        (image,) = (await self.client.download(result.urls[0])).images
        self.assertEqual(image.data, result.images[0].data)

    async def test_a_close_ends_what_is_awaited(self):
        own = async_client()
        waiting = asyncio.ensure_future(own.wait("never-1"))
        await asyncio.sleep(0.1)
        await own.aclose()
        with self.assertRaises(mlab.ClosedError):
            await waiting
        with self.assertRaises(mlab.ClosedError):
            await own.wait("12202888")

    async def test_a_client_serves_one_loop(self):
        await self.client.fetch("12202888")

        def elsewhere():
            with self.assertRaises(RuntimeError):
                asyncio.run(self.client.fetch("12202888"))

        await asyncio.get_running_loop().run_in_executor(None, elsewhere)


class WithoutReaders(asyncio.SelectorEventLoop):
    """A loop that waits for no descriptor of others, as Windows' own."""

    def add_reader(self, *_):
        raise NotImplementedError


class OtherLoops(unittest.TestCase):
    def test_where_the_loop_takes_no_descriptor_a_thread_does(self):
        async def main():
            async with async_client() as own:
                results = await asyncio.gather(*(own.wait(name, poll=1) for name in ids("thread", 3)))
                self.assertTrue(all(result.ready for result in results))
                for took in best_of_three(self):
                    waiting = asyncio.ensure_future(own.wait("never-1"))
                    await asyncio.sleep(0.1)
                    at = time.monotonic()
                    waiting.cancel()
                    with self.assertRaises(asyncio.CancelledError):
                        await waiting
                    took.append(time.monotonic() - at)
                own.submit("12202888", tag=7)
                self.assertEqual([event.tag async for event in own.events() if event.done], [7])
                with no_memory_for("12202888"), self.assertRaises(MemoryError):
                    await asyncio.wait_for(own.wait("12202888"), 5)
                waiting = asyncio.ensure_future(own.wait("never-1"))
                await asyncio.sleep(0.1)
                with mock.patch.object(mlab._aio.library, "mlab_client_next_event", return_value=mlab.Status.INTERNAL):
                    with self.assertRaises(mlab.ResourceError):
                        await asyncio.wait_for(waiting, 5)

        loop = WithoutReaders()
        try:
            loop.run_until_complete(main())
        finally:
            loop.close()


class AsyncioInterrupt(unittest.TestCase):
    def test_ctrl_c_ends_the_loop_at_once(self):
        async def main():
            async with mlab.AsyncClient(KEY, endpoint=HTTP) as own:
                await own.wait("never-1")

        raises_at_once(self, KeyboardInterrupt, lambda: asyncio.run(main()), interrupt)


if __name__ == "__main__":
    unittest.main()
