"""How a blocking call is made so that Python goes on living: Ctrl-C, timeouts by signal, cancels from other threads.

Python runs its signal handlers between bytecodes of the main thread, and a call into C is none. So the main thread has
its waits made by a helper, and waits for that on a queue, which a handler interrupts; its polls it makes by itself, as
_signals.py says. Every other thread calls by itself: no signal ever reaches it.
"""

from __future__ import annotations

import os
import sys
import threading
from queue import Empty, SimpleQueue
from typing import Any, Callable, Optional

from ._errors import refuse
from ._raw import mlab_progress_fn
from ._signals import NativeCancel, is_on_main


class Cancel:
    """Stops calls from another thread: pass it to them, and trigger() it. It is sticky: later calls end at once."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # A signal handler may trigger it in the middle.
        self._triggered = False
        self._calls: list[NativeCancel] = []

    def trigger(self) -> None:
        """Ends every call that uses it, and every later one."""
        with self._lock:
            self._triggered = True
            calls = list(self._calls)
        for call in calls:
            call.trigger()

    @property
    def triggered(self) -> bool:
        """Whether it was triggered."""
        return self._triggered

    def _add(self, call: NativeCancel) -> None:
        with self._lock:
            self._calls.append(call)
            triggered = self._triggered
        if triggered:
            call.trigger()

    def _remove(self, call: NativeCancel) -> None:
        with self._lock:
            if call in self._calls:  # Unless a signal broke in before.
                self._calls.remove(call)


def checked(cancel: Cancel | None) -> Cancel | None:
    """A cancel as it was passed."""
    if cancel is not None and not isinstance(cancel, Cancel):
        refuse(f"cancel must be an mlab.Cancel, not {type(cancel).__name__}")
    return cancel


class _Helper:
    """A thread that does one thing after the other for whoever holds it."""

    def __init__(self) -> None:
        self._inbox: SimpleQueue[Callable[[], None]] = SimpleQueue()
        threading.Thread(target=self._run, name="mlab-helper", daemon=True).start()

    def _run(self) -> None:
        while True:
            self._inbox.get()()

    def begin(self, work: Callable[[], None]) -> None:
        self._inbox.put(work)


_idle: list[_Helper] = []


def _take_helper() -> _Helper:
    try:
        return _idle.pop()
    except IndexError:
        return _Helper()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)  # Their threads stayed in the parent.

#: A progress function: polls made, and seconds: since the start, until the server expects an end (None: not said), and
#: when the next poll is due, since the start.
Progress = Callable[[int, float, Optional[float], float], object]


class _Question:
    """A progress function to be called by the thread that made the call, while the helper waits."""

    def __init__(self, *told: Any) -> None:
        self.told = told
        self._answered = threading.Event()

    def answer(self) -> None:
        self._answered.set()

    def wait(self) -> None:
        self._answered.wait()


class Call:
    """One blocking call: function(native cancel or None, progress callback or None) gives what the caller wants."""

    def __init__(self, cancel: Cancel | None, progress: Progress | None) -> None:
        self._cancel = checked(cancel)
        self._progress = progress
        self._raised: BaseException | None = None
        self._native: NativeCancel | None = None
        # What the helper tells. A signal may break in anywhere and lose what was just taken from a queue: so the queue
        # only wakes, and what is to be known stands here before.
        self._wake: SimpleQueue[None] | None = None
        self._question: _Question | None = None
        self._begun = self._ended = False

    def make(self, function: Callable[[Any, Any], Any]) -> Any:
        """Makes it, in whatever way this thread needs. What the progress function raises is raised here."""
        on_main = is_on_main()
        if on_main or self._cancel is not None:
            self._native = NativeCancel()
        if self._cancel is not None:
            self._cancel._add(self._native)  # type: ignore[arg-type]
        try:
            value = self._by_helper(function) if on_main else function(self._raw_cancel(), self._callback())
        finally:
            if self._cancel is not None:
                self._cancel._remove(self._native)  # type: ignore[arg-type]
            if self._native is not None:
                self._native.free()
        if self._raised is not None:
            raise self._raised
        return value

    def _raw_cancel(self) -> Any:
        return None if self._native is None else self._native.raw

    def _callback(self) -> Any:
        return None if self._progress is None else mlab_progress_fn(self._on_progress)

    def _on_progress(self, _user: object, polls: int, elapsed: int, eta: int, next_poll: int) -> int:
        """Called by C. Nothing may be raised from here: what C gets then is garbage."""
        try:
            told = (polls, elapsed / 1000, None if eta < 0 else eta / 1000, next_poll / 1000)
            if self._wake is None:
                self._progress(*told)  # type: ignore[misc]
            else:
                question = self._question = _Question(*told)
                self._wake.put(None)
                question.wait()
        except BaseException as error:
            self._raised = error
        return 0 if self._raised is None else 1

    def _by_helper(self, function: Callable[[Any, Any], Any]) -> Any:
        self._wake = SimpleQueue()
        helper = _take_helper()
        outcome: list[Any] = []

        def work() -> None:
            if self._begun:
                return  # Handed over twice, because a signal broke in.
            self._begun = True
            try:
                outcome.append(function(self._raw_cancel(), self._callback()))
            except BaseException as error:
                self._raised = self._raised or error
            self._ended = True
            self._wake.put(None)  # type: ignore[union-attr]

        handed = False
        while not self._ended:
            try:
                if not handed:
                    helper.begin(work)
                    handed = True
                self._wait_for_wake()
                if self._question is not None and self._raised is None:
                    self._progress(*self._question.told)  # type: ignore[misc]
            except BaseException as error:
                # An interrupt, or out of the progress function. The call ends within 250 ms, and is waited for.
                self._raised = self._raised or error
                self._native.trigger()  # type: ignore[union-attr]
            question, self._question = self._question, None
            if question is not None:
                question.answer()
        _idle.append(helper)
        return outcome[0] if outcome else None

    def _wait_for_wake(self) -> None:
        """Signal handlers run meanwhile, and may raise. On Windows nothing but time lets them."""
        while sys.platform == "win32":
            try:
                self._wake.get(timeout=0.2)  # type: ignore[union-attr]
            except Empty:
                continue
            return
        self._wake.get()  # type: ignore[union-attr]


def in_background(work: Callable[[], None]) -> None:
    """Runs something on a helper, for event loops. Whoever asks is told by the work itself."""
    helper = _take_helper()

    def then_rest() -> None:
        try:
            work()
        finally:
            _idle.append(helper)

    helper.begin(then_rest)
