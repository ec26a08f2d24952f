"""Tells a poll on the main thread of signals, at the price of nothing: a hand-over to a helper and back takes as long as the
poll itself does over a short line.

The main thread calls C by itself, while Python's signal handler in C writes a byte for each signal to a descriptor that a
thread of ours reads. It triggers the call's cancel; the call ends, and Python runs the handlers. Where they raise nothing the
poll is made anew, by a helper: it is a read, and may be repeated.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
from typing import Any, Callable

from ._library import library
from ._raw import Status


class NativeCancel:
    """The cancel of one call. Interrupts must not trigger the caller's own, which is sticky. Whoever made it frees it: in a
    __del__ of the main thread, what a signal handler raises would be lost.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()  # A signal handler may call in the middle.
        self.raw = library.mlab_cancel_new()
        self.is_interrupted = False

    def trigger(self) -> None:
        with self._lock:
            if self.raw is not None:
                library.mlab_cancel_trigger(self.raw)

    def free(self) -> None:
        with self._lock:
            raw, self.raw = self.raw, None
            library.mlab_cancel_free(raw)


class _Watch:
    """A thread that waits for the bytes of signals."""

    def __init__(self) -> None:
        self.current: NativeCancel | None = None
        self.idle: list[NativeCancel] = []
        #: What came while there was no poll.
        self.strays = b""
        self._lock = threading.RLock()  # A signal handler may call in the middle.
        self._read, self._write = socket.socketpair()
        self._write.setblocking(False)
        self.descriptor = self._write.fileno()
        threading.Thread(target=self._run, name="mlab-signals", daemon=True).start()

    def _run(self) -> None:
        # Nothing is taken outside of the lock, so that hand_on() finds all that came.
        while self._read.recv(1, socket.MSG_PEEK):
            with self._lock:
                came, current = self._take(), self.current
                if current is None:
                    self.strays += came
            if current is not None and came:
                current.is_interrupted = True
                current.trigger()

    def _take(self) -> bytes:
        try:
            return self._read.recv(64, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return b""

    def hand_on(self, descriptor: int) -> None:
        """Gives a descriptor what came here in its place."""
        with self._lock:
            came, self.strays = self.strays + self._take(), b""
        try:
            if came:
                os.write(descriptor, came)
        except OSError:
            pass  # It is full, and wakes its reader anyway; or its reader has gone.


_watch: _Watch | None = None
_main = threading.main_thread().ident

# Bound once: a lookup costs as much as a short call.
_get_ident, _set_wakeup_fd = threading.get_ident, signal.set_wakeup_fd
_get_running_loop = asyncio._get_running_loop


def _restore(descriptor: int) -> None:
    # Python does not tell whether it warned of a full buffer, which is no loss: one that is full wakes its reader anyway.
    _set_wakeup_fd(descriptor, warn_on_full_buffer=False)


def _in_child() -> None:
    global _watch, _main
    _main = threading.main_thread().ident  # Whichever thread forked.
    if _watch is not None:
        # The parent may be in a poll: signals of this process would go there.
        before = _set_wakeup_fd(-1)
        if before not in (-1, _watch.descriptor):
            _restore(before)
    _watch = None  # Its thread stayed in the parent.


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)


def is_on_main() -> bool:
    """Whether this is the thread that runs signal handlers."""
    return _get_ident() == _main


def poll_on_main(poll: Callable[[Any, bytes, Any], Any], handle: Any, id: bytes, cancel: Any = None) -> Any:
    """Makes poll(handle, id, native cancel) on the main thread, and gives its result; None where it has to be made otherwise.

    `cancel` is the caller's own. One that nobody had is kept for the next poll: to make and free it costs a microsecond.
    """
    global _watch
    if sys.platform == "win32" or _get_running_loop() is not None:
        return None  # Nothing but time lets handlers run there; and a loop's signals are its own.
    if _watch is None:
        _watch = _Watch()
    watch = _watch
    watch.strays = b""  # Those of an earlier poll.
    before = _set_wakeup_fd(watch.descriptor, warn_on_full_buffer=False)
    if before != -1 and before != watch.descriptor:
        # Whoever waits there would miss its signals.
        _restore(before)
        watch.hand_on(before)
        return None
    native = watch.idle.pop() if cancel is None and watch.idle else NativeCancel()
    outer, watch.current = watch.current, native  # A signal handler may poll, too.
    try:
        if cancel is not None:
            cancel._add(native)
        result = poll(handle, id, native.raw)
    finally:
        watch.current = outer
        if before == -1:
            _set_wakeup_fd(-1)
        if cancel is not None:
            cancel._remove(native)
        # What the watch triggers later than this is a cancel of the next poll, which is then made anew as any other.
        if cancel is None and not native.is_interrupted:
            watch.idle.append(native)
        else:
            native.free()
    return None if native.is_interrupted and result.status == Status.CANCELLED else result
