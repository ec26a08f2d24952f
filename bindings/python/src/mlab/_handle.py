"""The owner of a native client: who is inside it, when it may be freed, and what becomes of it in a forked child."""

from __future__ import annotations

import atexit
import os
import weakref
from ctypes import byref, c_void_p
from os import getpid
from typing import Any

from ._arguments import Config
from ._errors import error_of
from ._jobs import Jobs
from ._library import library
from ._raw import Status
from ._transport import Transport, start

_SHUTDOWN_MS = 1000

_live: weakref.WeakSet[Handle] = weakref.WeakSet()


class Handle:
    """A native client. Whoever calls it is counted, so that no close frees it under a call: with handle as raw: ...

    There is no lock: to append to a list and to pop from one is a single step, also for a signal handler that calls in the
    middle. Whoever enters is on the list before looking whether it is closed, and it is closed before anybody looks whether
    the list is empty.
    """

    def __init__(self, key: bytes, config: Config, transport: Transport | None = None) -> None:
        self._key = key
        self._config = config
        self._transport = transport
        self._closed = False
        self._owned: list[c_void_p] = []
        self._open()
        _live.add(self)

    def _open(self) -> None:
        self._pid = getpid()
        self._inside: list[None] = []
        #: Those of the native client: a parent's stay in the parent.
        self.jobs = Jobs()
        self._to_start = [] if self._transport is None else [self._transport]
        self._raw = c_void_p()
        status = library.mlab_client_new(self._key, self._config.raw, byref(self._raw))
        self._owned = [self._raw]
        if status != Status.OK:
            # One that was refused is there to say why.
            raise error_of(status, library.mlab_client_message(self._raw).decode())

    def enter(self) -> Any:
        """The native client, until leave()."""
        if self._pid != getpid():
            # A child of a fork that Python was not told of.
            self._in_child()
        self._inside.append(None)
        if self._closed:
            self.leave()
            raise error_of(Status.CLOSED)
        if self._to_start:
            try:
                self._start()
            except BaseException:
                self.leave()
                raise
        return self._raw

    def leave(self) -> None:
        if self._inside:  # Unless this is a child that a signal handler forked in the middle.
            self._inside.pop()
        if self._closed and not self._inside:
            self._free()

    def __enter__(self) -> Any:
        return self.enter()

    def __exit__(self, *_: object) -> None:
        self.leave()

    def _start(self) -> None:
        try:
            transport = self._to_start.pop()
        except IndexError:
            return  # Another thread begins.
        try:
            start(self, transport)
        except BaseException:
            self._to_start.append(transport)  # The next call tries again.
            raise

    def _free(self) -> None:
        try:
            raw = self._owned.pop()
        except IndexError:
            return  # Two were the last one out.
        library.mlab_client_free(raw)

    def _in_child(self) -> None:
        """The parent's client is of no use here, and threads that stayed there are inside for ever."""
        self._free()
        if not self._closed:
            self._open()

    def close(self) -> None:
        """Ends every call and job. The last one out frees it."""
        self._inside.append(None)
        try:
            if not self._closed:
                self._closed = True
                library.mlab_client_shutdown(self._raw, _SHUTDOWN_MS)
        finally:
            self.leave()

    def __del__(self) -> None:
        # Nobody is inside: who is holds a reference.
        self._free()


def _close_all() -> None:
    # Helpers are daemons: one that comes back from C while Python ends would be ended by force.
    for handle in list(_live):
        if handle._pid == getpid():
            handle.close()


def _all_in_child() -> None:
    for handle in list(_live):
        handle._in_child()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_all_in_child)
