"""The owner of a native client: who is inside it, when it may be freed, and what becomes of it in a forked child."""

from __future__ import annotations

import atexit
import os
import threading
import weakref
from ctypes import byref, c_void_p
from typing import Any

from ._arguments import Config
from ._errors import error_of
from ._library import library
from ._raw import Status
from ._transport import Transport, start

_SHUTDOWN_MS = 1000

_live: weakref.WeakSet[Handle] = weakref.WeakSet()


class Handle:
    """A native client. Whoever calls it is counted, so that no close frees it under a call: with handle as raw: ..."""

    def __init__(self, key: bytes, config: Config, transport: Transport | None = None) -> None:
        self._key = key
        self._config = config
        self._transport = transport
        self._raw: Any = None
        self._closed = False
        self._open()
        _live.add(self)

    def _open(self) -> None:
        self._lock = threading.RLock()  # A signal handler may call in the middle.
        self._inside = 0
        self._is_pulled = False
        self._pid = os.getpid()
        raw = c_void_p()
        status = library.mlab_client_new(self._key, self._config.raw, byref(raw))
        self._raw = raw.value
        if status != Status.OK:
            # One that was refused is there to say why.
            raise error_of(status, library.mlab_client_message(self._raw).decode())

    def __enter__(self) -> Any:
        if self._pid != os.getpid():
            # A child of a fork that Python was not told of.
            self._in_child()
        with self._lock:
            if self._closed:
                raise error_of(Status.CLOSED)
            self._inside += 1
            begins = self._transport is not None and not self._is_pulled
            self._is_pulled = True
        if begins:
            start(self, self._transport)  # type: ignore[arg-type]
        return self._raw

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            self._free_if_left()

    def _free_if_left(self) -> None:
        if self._closed and self._inside == 0:
            raw, self._raw = self._raw, None
            library.mlab_client_free(raw)

    def _in_child(self) -> None:
        """The parent's client is of no use here, and its lock may be held by a thread that stayed there."""
        library.mlab_client_free(self._raw)
        self._raw = None
        if not self._closed:
            self._open()

    def close(self) -> None:
        """Ends every call and job. The last one out frees it."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._inside += 1
        try:
            library.mlab_client_shutdown(self._raw, _SHUTDOWN_MS)
        finally:
            self.__exit__()

    def __del__(self) -> None:
        # Nobody is inside: who is holds a reference.
        library.mlab_client_free(self._raw)
        self._raw = None


def _close_all() -> None:
    # Helpers are daemons: one that comes back from C while Python ends would be ended by force.
    for handle in list(_live):
        if handle._pid == os.getpid():
            handle.close()


def _all_in_child() -> None:
    for handle in list(_live):
        handle._in_child()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_all_in_child)
