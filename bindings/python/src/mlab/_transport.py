"""HTTP of your own in place of the library's: exchanges are pulled on one thread, and performed on helpers.

Nothing is called from C: a function that raises is an exchange that failed.
"""

from __future__ import annotations

import socket
import ssl
import threading
import weakref
from ctypes import byref, c_int32, c_size_t, c_void_p
from functools import partial
from typing import TYPE_CHECKING, Any, Callable, Iterable, Mapping, Tuple, Union

from ._calls import in_background
from ._errors import Error
from ._library import library
from ._raw import ExchangeKind, Status

if TYPE_CHECKING:
    from ._handle import Handle

#: How long the thread that pulls is inside the library at a time: a client that was forgotten is freed after that.
_SLICE_MS = 200


class Exchange:
    """One HTTP request to send. That of a poll holds your key in its body: send it, and do nothing else with it."""

    def __init__(self, raw: Any) -> None:
        size = c_size_t()
        body = library.mlab_exchange_body(raw, byref(size))
        #: POST for a poll, GET for an image.
        self.method: str = library.mlab_exchange_method(raw).decode()
        self.url: str = library.mlab_exchange_url(raw).decode()
        self.headers: list[tuple[str, str]] = list(_headers(raw))
        #: None for a request without one.
        self.body: bytes | None = body[: size.value] if body else None
        #: Seconds that it may take in all; afterwards nobody waits for it.
        self.timeout: float = library.mlab_exchange_timeout_ms(raw) / 1000
        #: The largest body that is taken, in bytes.
        self.body_limit: int = library.mlab_exchange_body_limit(raw)
        #: Whether it brings an image. Its request holds no key.
        self.is_image: bool = library.mlab_exchange_kind(raw) == ExchangeKind.IMAGE
        self._raw = raw
        self._lock = threading.RLock()  # A signal handler may ask in the middle.

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for it any more."""
        with self._lock:
            return self._raw is None or library.mlab_exchange_is_cancelled(self._raw) != 0

    def __repr__(self) -> str:
        return f"<mlab.Exchange {self.method} {self.url}>"

    def _end(self) -> None:
        with self._lock:
            raw, self._raw = self._raw, None
        library.mlab_exchange_free(raw)


Headers = Union[Mapping[str, str], Iterable[Tuple[str, str]]]
#: Performs an exchange: gives the HTTP status, the headers and the body, whatever the status; redirects too. What it raises
#: counts as a reply that did not come. Called on threads of the library's, several at once.
Transport = Callable[[Exchange], Tuple[int, Headers, bytes]]


def _headers(raw: Any) -> Iterable[tuple[str, str]]:
    index = 0
    while (name := library.mlab_exchange_header_name(raw, index)) is not None:
        yield name.decode(), library.mlab_exchange_header_value(raw, index).decode()
        index += 1


#: What went wrong, by its exception: the first that fits. Certificates do not mend themselves, so TLS ends a wait; a
#: connection that broke off in the middle is none of TLS.
_STATUSES: tuple[tuple[tuple[type[BaseException], ...], int], ...] = (
    ((MemoryError,), Status.NO_RESOURCES),
    ((socket.gaierror,), Status.RESOLVE),
    ((ssl.SSLEOFError, ssl.SSLZeroReturnError), Status.NETWORK),
    ((TimeoutError, socket.timeout), Status.TIMEOUT),
    ((ssl.SSLError,), Status.TLS),
    ((ConnectionRefusedError, ConnectionAbortedError), Status.CONNECT),
)


def _status_of(error: BaseException | None) -> int:
    """HTTP clients wrap what they got: urllib's URLError has it as its reason, others as the cause."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        for kinds, status in _STATUSES:
            if isinstance(error, kinds):
                return status
        seen.append(error)
        reason = getattr(error, "reason", None)
        error = reason if isinstance(reason, BaseException) else error.__cause__ or error.__context__
    return Status.NETWORK


def _answer(raw: Any, reply: tuple[int, Headers, bytes]) -> None:
    status, headers, body = reply
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    lines = "\r\n".join(f"{name}: {value}" for name, value in pairs)
    if "\0" in lines:
        raise ValueError("a header holds a NUL")
    data, number = bytes(body), int(status)
    # ctypes would cut it: 2**32 + 200 is 200 to C.
    is_cut = number != c_int32(number).value
    if is_cut or library.mlab_exchange_reply(raw, number, lines.encode(), data, len(data)) == Status.INVALID_ARGUMENT:
        raise ValueError(f"{status} is no HTTP status")


def _fail(raw: Any, status: int, error: BaseException) -> None:
    said = f"{type(error).__name__}: {error}".replace("\0", "")
    library.mlab_exchange_fail(raw, status, said.encode(errors="replace"))


def _perform(raw: Any, transport: Transport) -> None:
    end = partial(library.mlab_exchange_free, raw)
    try:
        exchange = Exchange(raw)
        end = exchange._end
        _answer(raw, transport(exchange))
    except BaseException as error:
        _fail(raw, _status_of(error), error)
    finally:
        end()


def _begin(raw: Any, transport: Transport) -> None:
    try:
        in_background(partial(_perform, raw, transport))
    except Exception as error:
        # The system has no thread left: other exchanges go on, on those that there are.
        _fail(raw, Status.NO_RESOURCES, error)
        library.mlab_exchange_free(raw)


def _pull(reference: weakref.ref[Handle], transport: Transport) -> None:
    while True:
        handle = reference()
        if handle is None:
            return
        exchange = c_void_p()
        try:
            with handle as raw:
                status = library.mlab_client_next_exchange(raw, _SLICE_MS, byref(exchange))
        except Error:
            return  # It was closed.
        finally:
            del handle
        if status < Status.OK:
            return
        if status == Status.OK:
            _begin(exchange.value, transport)


def start(handle: Handle, transport: Transport) -> None:
    """Pulls until the client is closed or forgotten."""
    arguments = (weakref.ref(handle), transport)
    threading.Thread(target=_pull, args=arguments, name="mlab-transport", daemon=True).start()
