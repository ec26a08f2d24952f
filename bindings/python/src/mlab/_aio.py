"""The client for asyncio: jobs and the event descriptor, so that nothing blocks the loop and no call costs a thread."""

from __future__ import annotations

import asyncio
import threading
from ctypes import byref, c_uint64, c_void_p
from functools import partial
from typing import TYPE_CHECKING, Any, AsyncIterator, Callable

from ._arguments import (
    OF_JOB,
    OF_WAIT,
    EventsOptions,
    Id,
    Ids,
    JobOptions,
    Path,
    Request,
    Settings,
    WaitOptions,
    id_text,
    limit_ms,
    milliseconds,
    no_options,
    path_text,
    request_of,
    requests_of,
    whole,
)
from ._calls import Progress, in_background
from ._client import _IMAGE_LIMIT, _SLICE_MS, Client
from ._errors import Error, error_of
from ._jobs import Inbox, Jobs
from ._library import library
from ._raw import LogLevel, Status
from ._result import Event, Result, take_event
from ._transport import Transport

if TYPE_CHECKING:
    from typing_extensions import Unpack


class _Waiting:
    """A wait of a task's: its job, and who is told."""

    def __init__(self, future: asyncio.Future[Result], progress: Progress | None) -> None:
        self.future = future
        self.progress = progress
        self.number = c_uint64()

    def fail(self, error: BaseException) -> None:
        if not self.future.done():
            self.future.set_exception(error)

    def take(self, event: Event) -> None:
        if self.future.done():
            return
        if not event.done:
            if self.progress is not None and event.next_poll is not None:
                try:
                    self.progress(event.polls, event.elapsed, event.eta, event.next_poll)
                except BaseException as error:
                    self.future.set_exception(error)
        elif event.status < Status.OK:
            message = event.result.message if event.result is not None else None
            self.future.set_exception(error_of(event.status, message, event.result))
        else:
            assert event.result is not None
            self.future.set_result(event.result)


class AsyncClient:
    """As Client, with coroutines: async with mlab.AsyncClient() as client: result = await client.wait(id).

    Cancelling a task ends what it waits for. One client serves one event loop, that of its first call.
    """

    def __init__(
        self,
        key: str | None = None,
        *,
        log: Callable[[int, str, str], object] | None = None,
        log_level: int = LogLevel.INFO,
        transport: Transport | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        self._client = Client(key, log=log, log_level=log_level, transport=transport, **settings)
        self._loop: asyncio.AbstractEventLoop | None = None
        # By tag and not by job, whose number may be known later than its first event.
        self._waiting: dict[int, _Waiting] = {}
        self._jobs = Jobs()
        # Wakes those who wait for events: any number of tasks.
        self._news: asyncio.Event | None = None
        self._descriptor = -1
        self._timer: asyncio.TimerHandle | None = None
        # Negative once nothing more comes.
        self._status: int = Status.OK

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Ends every call and job with ClosedError."""
        self._stop(Status.CLOSED)
        # It waits for threads to leave, up to a second: not on the loop.
        await self._in_background(self._client.close)

    async def fetch(self, id: Id) -> Result:
        """Polls a job once: result.ready tells whether the images are there. Does not wait; wait() does."""
        request = Request(id)
        request.set("poll_once", 1)
        return await self._wait(request, None)

    async def wait(self, id: Id, *, progress: Progress | None = None, **options: Unpack[WaitOptions]) -> Result:
        """Waits until the images are there. Options as Client.wait(); progress is called on the loop."""
        return await self._wait(request_of(id, options, OF_WAIT), progress)

    async def download(
        self,
        url: str,
        path: Path | None = None,
        *,
        max_bytes: int = _IMAGE_LIMIT,
        deadline: float | None = None,
    ) -> Result:
        """Downloads one image into a file, whole or not at all; without a path into memory: result.images[0]."""
        request = Request(url=url)
        if path is not None:
            request.set("download_file", path_text("path", path))
        else:
            request.set("download_memory", whole("max_bytes", max_bytes, 63))
        if deadline is not None:
            request.set("deadline", limit_ms("deadline", deadline), unit="_ms")
        return await self._wait(request, None)

    def submit(self, id: Id, **options: Unpack[JobOptions]) -> int:
        """Opens a job and returns its number at once; events() tells of it. Options as Client.submit()."""
        self._attach()
        tag = whole("tag", options.get("tag", 0), 64)
        return self._begin(request_of(id, options, OF_JOB), id_text(id), tag, self._jobs.submitted)

    async def events(
        self, ids: Ids | None = None, *, timeout: float | None = None, **options: Unpack[EventsOptions]
    ) -> AsyncIterator[Event]:
        """What happens to one or more jobs, as it happens, until the last has ended, or nothing came for so long.

        As Client.events().
        """
        limit = None if timeout is None else milliseconds("timeout", timeout) / 1000
        self._attach()
        if ids is None:
            no_options(options)
            inbox = self._jobs.submitted
        else:
            inbox = Inbox(self._jobs)
        try:
            if ids is not None:
                for id, request in requests_of(ids, options):
                    self._begin(request, id, 0, inbox)
            while True:
                event = await self._next_told(inbox, limit)
                if event is None:
                    return
                yield event
        finally:
            if ids is not None:
                self._leave(inbox)

    def cancel_job(self, job: int) -> None:
        """Stops a job: its last event says CANCELLED."""
        self._client.cancel_job(job)

    def cancel_all(self) -> None:
        """Stops all jobs of submit() and events(); what is awaited otherwise goes on."""
        with self._client._handle:
            for job in self._jobs.numbers():
                self._cancel(job)

    @property
    def pending(self) -> int:
        """How many jobs of submit() and events() are open, or have an end that events() has not told yet."""
        with self._client._handle as raw:
            return self._jobs.pending(raw)

    def _begin(self, request: Request, id: bytes, tag: int, inbox: Inbox) -> int:
        """Opens a job whose events come into an inbox."""
        own = self._jobs.next_tag()
        number = self._jobs.register(own, id, tag, inbox)
        try:
            request.set("tag", own)
            self._submit(request, number)
        except BaseException:
            self._jobs.forget(own)
            self._cancel(number.value)
            raise
        self._plan()
        return int(number.value)

    def _submit(self, request: Request, number: c_uint64) -> None:
        try:
            self._client._submit(request, number)
        except Error as error:
            if error.status != Status.BUSY or self._descriptor < 0:
                raise
            self._pump()  # The loop may not have come to the ends of those that were cancelled.
            self._client._submit(request, number)

    def _leave(self, inbox: Inbox) -> None:
        """Stops the jobs that are open, and has their ends told to nobody."""
        for own, number in list(inbox.open.items()):
            self._jobs.forget(own)
            self._cancel(number.value)

    async def _next_told(self, inbox: Inbox, limit: float | None) -> Event | None:
        """The next event; None once no job is open, or none came in time."""
        assert self._news is not None and self._loop is not None
        until = None if limit is None else self._loop.time() + limit
        is_over = False
        while True:
            event = inbox.take()
            if event is not None:
                return event
            if self._status < Status.OK:
                raise error_of(self._status)
            if is_over or not inbox.open:
                return None
            # Whoever finds nothing has seen the news, which wake everybody.
            self._news.clear()
            timer = None if until is None else self._loop.call_at(until, self._wake)
            try:
                await self._news.wait()
            finally:
                if timer is not None:
                    timer.cancel()
            # Not before: what has come already is taken in a turn of the loop.
            is_over = until is not None and self._loop.time() >= until

    async def _wait(self, request: Request, progress: Progress | None) -> Result:
        loop = self._attach()
        tag = self._jobs.next_tag()
        request.set("tag", tag)
        waiting = self._waiting[tag] = _Waiting(loop.create_future(), progress)
        try:
            self._submit(request, waiting.number)
            self._plan()
            return await waiting.future
        finally:
            self._waiting.pop(tag, None)
            self._cancel(waiting.number.value)

    def _cancel(self, job: int) -> None:
        """To no effect if it has ended, or never was."""
        if job != 0 and self._status == Status.OK:
            with self._client._handle as raw:
                library.mlab_client_cancel_job(raw, job)

    async def _in_background(self, work: Callable[[], Any]) -> Any:
        """Runs what blocks on a helper. The loop's own threads are for others."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()

        def settle(value: Any, error: BaseException | None) -> None:
            if not future.done():
                future.set_result(value) if error is None else future.set_exception(error)

        def run() -> None:
            value, raised = None, None
            try:
                value = work()
            except BaseException as error:
                raised = error
            try:
                loop.call_soon_threadsafe(settle, value, raised)
            except RuntimeError:
                pass  # The loop was closed meanwhile.

        in_background(run)
        return await future

    def _attach(self) -> asyncio.AbstractEventLoop:
        """Binds the client to the running loop."""
        loop = asyncio.get_running_loop()
        if self._status < Status.OK:
            raise error_of(self._status)
        if self._loop is None:
            self._loop = loop
            self._news = asyncio.Event()
            with self._client._handle as raw:
                descriptor = library.mlab_client_event_fd(raw)
            try:
                if descriptor < 0:
                    raise NotImplementedError
                loop.add_reader(descriptor, self._pump)
                self._descriptor = descriptor
            except NotImplementedError:  # Windows' loop takes sockets alone.
                threading.Thread(target=self._pull, name="mlab-events", daemon=True).start()
        elif self._loop is not loop:
            raise RuntimeError("this AsyncClient belongs to another event loop: make one for each")
        return loop

    def _pump(self) -> None:
        """Takes all events that are there."""
        while self._status == Status.OK:
            status, event = self._next_event(0)
            if status < Status.OK:
                self._stop(status)
            if status != Status.OK:
                break
            self._copied(event)()
        self._plan()

    def _next_event(self, limit_ms: int) -> tuple[int, c_void_p]:
        event = c_void_p()
        try:
            with self._client._handle as raw:
                status = library.mlab_client_next_event(raw, limit_ms, byref(event))
                if status < Status.OK:
                    library.mlab_client_shutdown(raw, 0)  # Nobody would hear of its jobs.
        except Error as error:
            return error.status, event
        return status, event

    def _stop(self, status: int) -> None:
        """Nothing more comes: whatever is open ends with this status."""
        if self._status < Status.OK:
            return
        self._status = status
        if self._loop is not None and self._descriptor >= 0:
            self._loop.remove_reader(self._descriptor)
        if self._timer is not None:
            self._timer.cancel()
        for waiting in self._waiting.values():
            waiting.fail(error_of(status))
        self._waiting.clear()
        self._wake()

    def _plan(self) -> None:
        """Comes back when a deadline is due, of which the descriptor does not tell."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._status < Status.OK or self._descriptor < 0 or not (self._waiting or self._jobs.any_open):
            return
        with self._client._handle as raw:
            due = library.mlab_client_next_due_ms(raw)
        if due >= 0:
            assert self._loop is not None
            self._timer = self._loop.call_later(due / 1000, self._pump)

    def _pull(self) -> None:
        """The same on a thread, where the loop cannot wait for a descriptor."""
        while self._status == Status.OK:
            status, event = self._next_event(_SLICE_MS)
            try:
                assert self._loop is not None
                if status < Status.OK:
                    self._loop.call_soon_threadsafe(self._stop, status)
                    return
                if status == Status.OK:
                    self._loop.call_soon_threadsafe(self._copied(event))
            except RuntimeError:
                return  # The loop was closed.

    def _copied(self, raw: c_void_p) -> Callable[[], None]:
        """Copies an event on whatever thread; gives what delivers it on the loop."""
        tag, job = library.mlab_event_tag(raw), library.mlab_event_job(raw)
        try:
            event = take_event(raw)
        except Exception as error:
            # Most likely there is no memory for the images. Other jobs go on.
            return partial(self._abandon, tag, job, error)
        return partial(self._dispatch, event)

    def _abandon(self, tag: int, job: int, error: Exception) -> None:
        """Ends a job whose events are lost."""
        waiting = self._waiting.get(tag)
        if waiting is not None:
            waiting.fail(error)
        elif self._jobs.fail(tag, error):
            self._cancel(job)
            self._wake()

    def _dispatch(self, event: Event) -> None:
        waiting = self._waiting.get(event.tag)
        if waiting is not None:
            waiting.take(event)
        else:
            self._jobs.tell(event)
            self._wake()

    def _wake(self) -> None:
        if self._news is not None:
            self._news.set()
