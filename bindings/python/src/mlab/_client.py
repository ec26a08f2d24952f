"""The client for programs that block: scripts, threads, and whatever has no event loop."""

from __future__ import annotations

import select
import time
from ctypes import byref, c_uint64, c_void_p
from typing import TYPE_CHECKING, Any, Callable, Iterator

from ._arguments import (
    OF_JOB,
    OF_WAIT,
    Config,
    EventsOptions,
    Id,
    Ids,
    JobOptions,
    Path,
    Request,
    Settings,
    WaitOptions,
    id_text,
    key_text,
    limit_ms,
    milliseconds,
    no_options,
    path_text,
    request_of,
    requests_of,
    whole,
)
from ._calls import Call, Cancel, Progress, checked
from ._errors import Error, error_of, refuse
from ._handle import Handle
from ._jobs import Inbox, Jobs
from ._library import library
from ._raw import LogLevel, Status
from ._result import Event, Result, copy_result
from ._signals import is_on_main, poll_on_main
from ._transport import Transport

if TYPE_CHECKING:
    from typing_extensions import Unpack

_IMAGE_LIMIT = 64 * 1024 * 1024
_SLICE_MS = 200
#: Seconds, several times what a job that is stopped while it downloads takes to end.
_LET_GO = 1.0

# Bound once: a lookup costs as much as a short call.
_fetch, _free = library.mlab_client_fetch, library.mlab_result_free


class Client:
    """A key, settings and kept connections, for any number of calls from any threads at once.

    Without a key it is taken from MODELSLAB_API_KEY, then from API_KEY. Times are in seconds. Settings: endpoint,
    connect_timeout, request_timeout, body_limit, user_agent, proxy, ca_file, ca_pem, roots ("bundled" or "system"), retries,
    requests_per_second, workers, max_jobs, image_limit, max_images; log is told of what happens, log_level how much of
    it; transport performs the HTTP exchanges in place of the library: see Transport. It works on in a forked child, with
    connections of its own; jobs stay in the parent.
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
        if transport is not None and not callable(transport):
            refuse(f"transport must be a function, not {type(transport).__name__}")
        config = Config(settings, log, log_level, transport is not None)
        self._handle = Handle(key_text(key), config, transport)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends every call and job with ClosedError."""
        self._handle.close()

    def fetch(self, id: Id, *, cancel: Cancel | None = None) -> Result:
        """Polls a job once: result.ready tells whether the images are there. Does not wait; wait() does."""
        name = id_text(id)
        if is_on_main():
            result = poll_on_main(_poll, self._handle, name, checked(cancel))
            if result is not None:
                return _raised_for(result)
        return self._call(lambda raw, stop, _, out: _fetch(raw, name, stop, out), cancel)

    def wait(
        self, id: Id, *, progress: Progress | None = None, cancel: Cancel | None = None, **options: Unpack[WaitOptions]
    ) -> Result:
        """Waits until the images are there.

        Options: deadline (600 s unless given), poll (the least and the greatest pause, (2, 15)), eta (what the
        generation call said), download_dir or download_memory (the largest image), which bring the images too.
        progress(polls, elapsed, eta, next_poll) is called on this thread after each poll that did not end the wait;
        what it raises ends the wait, what it returns does not.
        """
        return self._wait(request_of(id, options, OF_WAIT), progress, cancel)

    def download(
        self,
        url: str,
        path: Path | None = None,
        *,
        max_bytes: int = _IMAGE_LIMIT,
        deadline: float | None = None,
        cancel: Cancel | None = None,
    ) -> Result:
        """Downloads one image into a file, whole or not at all; without a path into memory: result.images[0]."""
        request = Request(url=url)
        if path is not None:
            request.set("download_file", path_text("path", path))
        else:
            request.set("download_memory", whole("max_bytes", max_bytes, 63))
        if deadline is not None:
            request.set("deadline", limit_ms("deadline", deadline), unit="_ms")
        return self._wait(request, None, cancel)

    def submit(self, id: Id, **options: Unpack[JobOptions]) -> int:
        """Opens a job and returns its number at once; events() tells of it.

        Options as wait(), tag, a number of your own, and image_events, one for each image that is there.
        """
        tag = whole("tag", options.get("tag", 0), 64)
        return self._begin(request_of(id, options, OF_JOB), id_text(id), tag, None)

    def events(
        self, ids: Ids | None = None, *, timeout: float | None = None, **options: Unpack[EventsOptions]
    ) -> Iterator[Event]:
        """What happens to one or more jobs, as it happens, until the last has ended, or nothing came for so long.

        Of ids it opens the jobs, with options as wait() and image_events; those left are cancelled if you stop, and take
        no room under max_jobs any more. Without ids it tells of the jobs that were submitted. A job that failed is an
        event with its result, and no exception.
        """
        limit = None if timeout is None else milliseconds("timeout", timeout) / 1000
        if ids is None:
            no_options(options)
            yield from self._taken(None, limit)
            return
        with self._handle:
            inbox = Inbox(self._handle.jobs)
        try:
            for id, request in requests_of(ids, options):
                self._begin(request, id, 0, inbox)
            yield from self._taken(inbox, limit)
        finally:
            self._leave(inbox)

    def cancel_job(self, job: int) -> None:
        """Stops a job: its last event says CANCELLED."""
        with self._handle as raw:
            if whole("job", job, 64) == 0 or library.mlab_client_cancel_job(raw, job) != Status.OK:
                refuse(f"job: there is no job {job} any more")

    def cancel_all(self) -> None:
        """Stops all jobs."""
        with self._handle as raw:
            library.mlab_client_cancel_job(raw, 0)

    @property
    def pending(self) -> int:
        """How many jobs are open, or have an end that events() has not told yet."""
        with self._handle as raw:
            return self._handle.jobs.pending(raw)

    def _call(
        self,
        made: Callable[..., int],
        cancel: Cancel | None = None,
        progress: Progress | None = None,
    ) -> Result:
        """Makes a blocking call that gives a result, and raises for a failure."""

        def inside(stop: Any, callback: Any) -> Result:
            out = c_void_p()
            try:
                made(raw, stop, callback, byref(out))
                return copy_result(out)
            finally:
                library.mlab_result_free(out)

        with self._handle as raw:
            result: Result = Call(cancel, progress).make(inside)
        return _raised_for(result)

    def _wait(self, request: Request, progress: Progress | None, cancel: Cancel | None) -> Result:
        def made(raw: Any, stop: Any, callback: Any, out: Any) -> int:
            if callback is not None:
                request.set("progress", callback, None)
            return int(library.mlab_client_wait(raw, request.raw, stop, out))

        return self._call(made, cancel, progress)

    def _submit(self, request: Request, number: c_uint64) -> None:
        """Opens a job. Where those that were left take all the room, it waits the moment until they are over."""
        with self._handle as raw:
            jobs = self._handle.jobs
            until = time.monotonic() + _LET_GO
            while True:
                jobs.drain(raw)
                status = library.mlab_client_submit(raw, request.raw, byref(number))
                if status != Status.BUSY or not jobs.left or time.monotonic() > until:
                    break
                self._pause(raw, jobs, None)
        if status != Status.OK:
            raise error_of(status, request.message() or None)

    def _begin(self, request: Request, id: bytes, tag: int, inbox: Inbox | None) -> int:
        """Opens a job whose events come into an inbox; without one into that of submitted jobs."""
        with self._handle as raw:
            jobs = self._handle.jobs
            own = jobs.next_tag()
            try:
                request.set("tag", own)
                number = jobs.register(own, id, tag, inbox or jobs.submitted)
                self._submit(request, number)
            except BaseException:
                jobs.stop(raw, [own])  # A signal may break in once it is open.
                raise
        return int(number.value)

    def _leave(self, inbox: Inbox) -> None:
        """Stops the jobs that are open, and has their ends told to nobody."""
        try:
            with self._handle as raw:
                if self._handle.jobs is inbox.jobs:  # A parent's stay in the parent.
                    inbox.jobs.stop(raw, inbox.open)
        except Error:
            pass  # It was closed, and its jobs with it.

    def _taken(self, inbox: Inbox | None, limit: float | None) -> Iterator[Event]:
        while True:
            event = self._next_event(inbox, None if limit is None else time.monotonic() + limit)
            if event is None:
                return
            yield event

    def _next_event(self, inbox: Inbox | None, until: float | None) -> Event | None:
        """Never blocks in C for long: there a signal would have to wait."""
        with self._handle as raw:
            jobs = self._handle.jobs
            inbox = inbox or jobs.submitted
            if inbox.jobs is not jobs:
                raise error_of(Status.FORKED)
            while True:
                left_ms = None if until is None else max(0, int((until - time.monotonic()) * 1000))
                with jobs.lock:
                    while not inbox.events and jobs.pull(raw, 0):
                        pass
                    event = inbox.take()
                    if event is not None:
                        return event
                    if left_ms == 0 or not inbox.open or library.mlab_client_pending(raw) == 0:
                        return None
                self._pause(raw, jobs, left_ms)

    def _pause(self, raw: Any, jobs: Jobs, left_ms: int | None) -> None:
        """Until there may be an event, or a signal's handler has run."""
        due = library.mlab_client_next_due_ms(raw)
        waits = [ms for ms in (left_ms, due if due >= 0 else None) if ms is not None]
        descriptor = library.mlab_client_event_fd(raw)
        if descriptor >= 0 and hasattr(select, "poll"):
            poller = select.poll()
            poller.register(descriptor, select.POLLIN)
            # Another thread may take the last event: then nothing would wake this one.
            poller.poll(min(waits + [_SLICE_MS]))
        else:
            with jobs.lock:
                jobs.pull(raw, min(waits + [_SLICE_MS]))


def _poll(handle: Handle, name: bytes, stop: Any) -> Result:
    """With as little around it as can be: over a short line what is around a poll takes as long as a part of it."""
    out = c_void_p()
    try:
        raw = handle.enter()
        try:
            _fetch(raw, name, stop, byref(out))
        finally:
            handle.leave()
        return copy_result(out)
    finally:
        _free(out)


def parse(body: bytes | str, http_status: int = 0) -> Result:
    """Rules on a reply that came some other way, such as a webhook's body. Raises as fetch() would."""
    data = body.encode() if isinstance(body, str) else bytes(body)
    status = whole("http_status", http_status, 31)
    out = c_void_p()
    try:
        library.mlab_parse(data, len(data), status, byref(out))
        result = copy_result(out)
    finally:
        library.mlab_result_free(out)
    return _raised_for(result)


def _raised_for(result: Result) -> Result:
    """A result that tells of no failure."""
    if result.status < 0:
        raise error_of(result.status, result.message, result)
    return result
