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
    Id,
    JobOptions,
    Path,
    Request,
    Settings,
    WaitOptions,
    id_text,
    key_text,
    limit_ms,
    milliseconds,
    path_text,
    request_of,
    whole,
)
from ._calls import Call, Cancel, Progress, checked
from ._errors import error_of, refuse
from ._handle import Handle
from ._library import library
from ._raw import LogLevel, Status
from ._result import Event, Image, Result, copy_result, take_event
from ._signals import is_on_main, poll_on_main
from ._transport import Transport

if TYPE_CHECKING:
    from typing_extensions import Unpack

_IMAGE_LIMIT = 64 * 1024 * 1024
_SLICE_MS = 200

# Bound once: a lookup costs as much as a short call.
_fetch, _free = library.mlab_client_fetch, library.mlab_result_free


class Client:
    """A key, settings and kept connections, for any number of calls from any threads at once.

    Without a key it is taken from MODELSLAB_API_KEY, then from API_KEY. Times are in seconds. Settings: endpoint,
    connect_timeout, request_timeout, body_limit, user_agent, proxy, ca_file, ca_pem, roots, retries,
    requests_per_second, workers, max_jobs, image_limit, max_images; log is told of what happens, log_level how much of
    it; transport performs the HTTP exchanges in place of the library: see Transport. It works on in a forked child, with connections of its own; jobs stay in the parent.
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
    ) -> Image:
        """Downloads one image into a file, whole or not at all; without a path into memory."""
        request = Request(url=url)
        if path is not None:
            request.set("download_file", path_text("path", path))
        else:
            request.set("download_memory", whole("max_bytes", max_bytes, 63))
        if deadline is not None:
            request.set("deadline", limit_ms("deadline", deadline), unit="_ms")
        return self._wait(request, None, cancel).images[0]

    def submit(self, id: Id, **options: Unpack[JobOptions]) -> int:
        """Opens a job and returns its number at once; events() tells of it.

        Options as wait(), tag, a number of your own, and image_events, one for each image that is there.
        """
        return self._submit(request_of(id, options, OF_JOB))

    def events(self, timeout: float | None = None) -> Iterator[Event]:
        """Events of submitted jobs as they come, until none is open, or none came for so long."""
        limit = None if timeout is None else milliseconds("timeout", timeout) / 1000
        while True:
            event = self._next_event(None if limit is None else time.monotonic() + limit)
            if event is None:
                return
            yield event

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
        """How many jobs are open."""
        with self._handle as raw:
            return int(library.mlab_client_pending(raw))

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

    def _submit(self, request: Request) -> int:
        job = c_uint64()
        with self._handle as raw:
            status = library.mlab_client_submit(raw, request.raw, byref(job))
        if status != Status.OK:
            raise error_of(status, request.message() or None)
        return int(job.value)

    def _next_event(self, until: float | None) -> Event | None:
        """Never blocks in C for long: there a signal would have to wait."""
        with self._handle as raw:
            while True:
                left_ms = None if until is None else max(0, int((until - time.monotonic()) * 1000))
                event = c_void_p()
                status = library.mlab_client_next_event(raw, 0, byref(event))
                if status == Status.OK:
                    return take_event(event)
                if status < Status.OK:
                    raise error_of(status)
                if left_ms == 0 or library.mlab_client_pending(raw) == 0:
                    return None
                came = self._pause(raw, left_ms)
                if came is not None:
                    return came

    def _pause(self, raw: Any, left_ms: int | None) -> Event | None:
        """Until there may be an event, or a signal's handler has run."""
        due = library.mlab_client_next_due_ms(raw)
        waits = [ms for ms in (left_ms, due if due >= 0 else None) if ms is not None]
        descriptor = library.mlab_client_event_fd(raw)
        if descriptor >= 0 and hasattr(select, "poll"):
            poller = select.poll()
            poller.register(descriptor, select.POLLIN)
            # Another thread may take the last event: then nothing would wake this one.
            poller.poll(min(waits + [_SLICE_MS]))
            return None
        event = c_void_p()
        status = library.mlab_client_next_event(raw, min(waits + [_SLICE_MS]), byref(event))
        return take_event(event) if status == Status.OK else None


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
