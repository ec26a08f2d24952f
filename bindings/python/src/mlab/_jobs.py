"""The jobs that are open, and their events until somebody takes them."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from ctypes import byref, c_uint64, c_void_p
from typing import Any, Iterable

from ._errors import Error, error_of
from ._library import library
from ._raw import EventKind, Status
from ._result import Event, take_event


class Inbox:
    """Events of some jobs, or in place of a job's last one what kept it from coming."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self.events: deque[Event | Exception] = deque()
        #: Those that have not ended: tags of this package's, and the jobs' numbers, which are 0 until they are opened.
        self.open: dict[int, c_uint64] = {}

    def take(self) -> Event | None:
        """The first event, if there is one."""
        if not self.events:
            return None
        event = self.events.popleft()
        if isinstance(event, Exception):
            raise event
        return event


class Jobs:
    """The open jobs of one native client, by a tag of their own: a job's first event may come before its number is known."""

    def __init__(self) -> None:
        #: Held by whoever pulls: so the events of a job stay in order.
        self.lock = threading.RLock()  # A signal handler may pull in the middle.
        self._tags = itertools.count(1)
        #: The id and the caller's own tag of each, and where its events go.
        self._open: dict[int, tuple[str, int, Inbox]] = {}
        #: Of the jobs that submit() has opened.
        self.submitted = Inbox(self)
        #: Tags of jobs that were stopped and are told to nobody: each counts for the library until its end was pulled.
        self.left: set[int] = set()

    @property
    def any_open(self) -> bool:
        return bool(self._open)

    def numbers(self) -> list[int]:
        """Those of the open jobs."""
        return [inbox.open[own].value for own, (_, _, inbox) in self._open.items()]

    def pending(self, raw: Any) -> int:
        """How many jobs have not ended, and of submitted ones how many ends nobody has taken."""
        # What a signal keeps from being delivered would be open here for ever.
        count = min(len(self._open), library.mlab_client_pending(raw))
        return count + sum(isinstance(event, Exception) or event.done for event in list(self.submitted.events))

    def next_tag(self) -> int:
        return next(self._tags)

    def register(self, own: int, id: bytes, tag: int, inbox: Inbox) -> c_uint64:
        """Awaits events with this tag; gives where the job's number is to be put."""
        number = inbox.open[own] = c_uint64()
        self._open[own] = (id.decode(), tag, inbox)
        return number

    def forget(self, own: int) -> Inbox | None:
        """A job has ended, or what comes of it is told to nobody any more."""
        job = self._open.pop(own, None)
        if job is None:
            return None
        job[2].open.pop(own, None)
        return job[2]

    def stop(self, raw: Any, tags: Iterable[int]) -> None:
        """Cancels jobs, and has what comes of them told to nobody."""
        tags = list(tags)
        if not tags:
            return
        with self.lock:  # Whoever pulls has to know an end of these from any other.
            for own in tags:
                job = self._open.get(own)
                number = 0 if job is None else job[2].open[own].value
                if number != 0:
                    self.left.add(own)
                    library.mlab_client_cancel_job(raw, number)
                self.forget(own)
        self.drain(raw)

    def drain(self, raw: Any) -> None:
        """Takes the ends of jobs that were left, as far as they have come; what comes before them goes where it belongs."""
        if not self.left:
            return
        with self.lock:
            try:
                while self.left and self.pull(raw, 0):
                    pass
            except Error:
                pass  # It was closed, and all jobs with it.

    def tell(self, event: Event) -> None:
        """An event goes where those of its job go, with the tag that the caller has given."""
        job = self._open.get(event.tag)
        if job is None:
            return
        own, (event.id, event.tag, inbox) = event.tag, job
        inbox.events.append(event)
        if event.done:
            self.forget(own)

    def fail(self, own: int, error: Exception) -> bool:
        """A job ends by an error; whether it was open."""
        inbox = self.forget(own)
        if inbox is not None:
            inbox.events.append(error)
        return inbox is not None

    def pull(self, raw: Any, limit_ms: int) -> bool:
        """Takes one event from the library, if one comes in time; to be called with the lock."""
        made = c_void_p()
        status = library.mlab_client_next_event(raw, limit_ms, byref(made))
        if status < Status.OK:
            raise error_of(status)
        if status != Status.OK:
            return False
        own, number = library.mlab_event_tag(made), library.mlab_event_job(made)
        is_end = library.mlab_event_kind(made) == EventKind.DONE
        if own not in self._open:
            library.mlab_event_free(made)
            if is_end:
                self.left.discard(own)
            return True
        try:
            self.tell(take_event(made))
        except Exception as error:
            # Most likely there is no memory for the images. Other jobs go on.
            if not is_end:
                self.left.add(own)
                library.mlab_client_cancel_job(raw, number)
            self.fail(own, error)
        return True
