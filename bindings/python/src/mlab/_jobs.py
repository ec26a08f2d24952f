"""The jobs that are open, and their events until somebody takes them."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from ctypes import byref, c_void_p
from typing import Any

from ._errors import error_of
from ._library import library
from ._raw import Status
from ._result import Event, take_event


class Inbox:
    """Events of some jobs, or in place of a job's last one what kept it from coming."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self.events: deque[Event | Exception] = deque()
        #: Those that have not ended: tags of this package's, and the jobs' numbers, which are 0 until they are known.
        self.open: dict[int, int] = {}

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

    @property
    def any_open(self) -> bool:
        return bool(self._open)

    def next_tag(self) -> int:
        return next(self._tags)

    def register(self, id: bytes, tag: int, inbox: Inbox) -> int:
        """A tag for a job to come."""
        own = self.next_tag()
        inbox.open[own] = 0
        self._open[own] = (id.decode(), tag, inbox)
        return own

    def forget(self, own: int) -> Inbox | None:
        """A job has ended, or what comes of it is told to nobody any more."""
        job = self._open.pop(own, None)
        if job is None:
            return None
        job[2].open.pop(own, None)
        return job[2]

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
        if own not in self._open:
            library.mlab_event_free(made)
            return True
        try:
            self.tell(take_event(made))
        except Exception as error:
            # Most likely there is no memory for the images. Other jobs go on.
            library.mlab_client_cancel_job(raw, number)
            self.fail(own, error)
        return True
