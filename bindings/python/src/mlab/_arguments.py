"""What Python programs pass, as C takes it: texts, times, and the two objects that are filled with them."""

from __future__ import annotations

import os
from ctypes import c_size_t, sizeof
from typing import Any, Callable, Iterable, Iterator, Literal, Mapping, TypedDict, Union

from ._errors import error_of, refuse
from ._library import library
from ._raw import RootsKind, mlab_log_fn

#: An id as text or as the number that the server gave.
Id = Union[str, int]
Ids = Union[Id, Iterable[Id]]
Path = Union[str, "os.PathLike[str]"]


class Settings(TypedDict, total=False):
    """The settings of a client: those of mlab_config_set_...(), with times in seconds."""

    endpoint: str | None
    connect_timeout: float | None
    request_timeout: float | None
    body_limit: int | None
    user_agent: str | None
    proxy: str | None
    ca_file: Path | None
    ca_pem: str | None
    roots: RootsKind | Literal["bundled", "system"] | None
    retries: int | None
    requests_per_second: float | None
    workers: int | None
    max_jobs: int | None
    image_limit: int | None
    max_images: int | None


class WaitOptions(TypedDict, total=False):
    """How to wait for a job: see Client.wait()."""

    deadline: float | None
    poll: float | tuple[float, float] | None
    eta: float | None
    download_dir: Path | None
    download_memory: int | None


class EventsOptions(WaitOptions, total=False):
    """The same for jobs whose events are told: see Client.events()."""

    image_events: bool


class JobOptions(EventsOptions, total=False):
    """The same for a job of its own: see Client.submit()."""

    tag: int


#: What wait() takes, events() and submit().
OF_WAIT, OF_EVENTS, OF_JOB = (kind.__optional_keys__ for kind in (WaitOptions, EventsOptions, JobOptions))

_DAY_MS = 24 * 60 * 60 * 1000


def text(name: str, value: object) -> bytes:
    """A string for C, which would end it at a NUL."""
    if not isinstance(value, str):
        refuse(f"{name} must be a str, not {type(value).__name__}")
    if "\0" in value:
        refuse(f"{name} holds a NUL")
    try:
        return value.encode()
    except UnicodeEncodeError as error:
        refuse(f"{name} cannot be written in UTF-8: {error.reason}")


def id_text(value: object) -> bytes:
    """An id: a number is taken for its digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            refuse(f"id must not be negative, but is {value}")
        return str(value).encode()
    return text("id", value)


def path_text(name: str, value: object) -> bytes:
    """A path: anything that os.fspath() takes."""
    try:
        return text(name, os.fspath(value))  # type: ignore[call-overload]
    except TypeError:
        refuse(f"{name} must be a path, not {type(value).__name__}")


def milliseconds(name: str, value: object) -> int:
    """Seconds as whole milliseconds, rounded up; more than a day is a day."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        refuse(f"{name} must be a number of seconds, not {type(value).__name__}")
    if not value >= 0:
        refuse(f"{name} must be a number of seconds from 0, not {value}")
    return min(-int(-min(value, 86400.0) * 1000 // 1), _DAY_MS)


def limit_ms(name: str, value: object) -> int:
    """The same for a time within which something must end: 0 is none."""
    if isinstance(value, (int, float)) and not value > 0:
        refuse(f"{name} must be a number of seconds greater than 0, not {value}")
    return milliseconds(name, value)


def whole(name: str, value: object, bits: int) -> int:
    """A number that fits into so many bits: ctypes would cut it."""
    if isinstance(value, bool) or not isinstance(value, int):
        refuse(f"{name} must be an int, not {type(value).__name__}")
    if not 0 <= value < 1 << bits:
        refuse(f"{name} must be from 0 to {(1 << bits) - 1}, not {value}")
    return value


def key_text(key: object) -> bytes:
    """The API key, from the environment where none is given."""
    if key is None:
        key = os.environ.get("MODELSLAB_API_KEY") or os.environ.get("API_KEY")
        if not key:
            refuse("key: none was given, and neither MODELSLAB_API_KEY nor API_KEY is set")
    return text("key", key)


def _u32(name: str, value: object) -> int:
    return whole(name, value, 32)


def _size(name: str, value: object) -> int:
    return whole(name, value, 8 * sizeof(c_size_t) - 1)


def _u63(name: str, value: object) -> int:
    return whole(name, value, 63)


def _roots(name: str, value: object) -> int:
    for kind in RootsKind:
        if value is kind or value == kind.name.lower():
            return kind
    refuse(f"{name} must be 'bundled' or 'system', not {value!r}")


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        refuse(f"{name} must be a number, not {type(value).__name__}")
    try:
        return float(value)
    except OverflowError:
        refuse(f"{name} is too large")


#: Each setting of a client: the setter, and what makes its argument. Names are those of C without their unit.
SETTINGS: Mapping[str, tuple[str, Callable[[str, Any], Any]]] = {
    "endpoint": ("mlab_config_set_endpoint", text),
    "connect_timeout": ("mlab_config_set_connect_timeout_ms", limit_ms),
    "request_timeout": ("mlab_config_set_request_timeout_ms", limit_ms),
    "body_limit": ("mlab_config_set_body_limit", _size),
    "user_agent": ("mlab_config_set_user_agent", text),
    "proxy": ("mlab_config_set_proxy", text),
    "ca_file": ("mlab_config_set_ca_file", path_text),
    "ca_pem": ("mlab_config_set_ca_pem", text),
    "roots": ("mlab_config_set_roots", _roots),
    "retries": ("mlab_config_set_retries", _u32),
    "requests_per_second": ("mlab_config_set_requests_per_second", _number),
    "workers": ("mlab_config_set_workers", _u32),
    "max_jobs": ("mlab_config_set_max_jobs", _u32),
    "image_limit": ("mlab_config_set_image_limit", _u63),
    "max_images": ("mlab_config_set_max_images", _u32),
}


class Config:
    """Settings as C has them; they stay good in a forked child."""

    def __init__(self, settings: Settings, log: Any, log_level: int, is_pulled: bool = False) -> None:
        self.raw = library.mlab_config_new()
        # Kept alive: the library has its address alone.
        self._log = mlab_log_fn() if log is None else mlab_log_fn(_log_function(log))
        for name, value in settings.items():
            if name not in SETTINGS:
                raise TypeError(f"there is no setting {name!r}, but {', '.join(SETTINGS)}")
            if value is not None:
                setter, convert = SETTINGS[name]
                self._check(name, getattr(library, setter)(self.raw, convert(name, value)))
        if is_pulled:
            library.mlab_config_set_transport_pull(self.raw)
        if log is not None:
            level = whole("log_level", log_level, 31)
            self._check("log_level", library.mlab_config_set_log(self.raw, level, self._log, None))

    def _check(self, name: str, status: int) -> None:
        if status != 0:
            raise error_of(status, _named(name, library.mlab_config_message(self.raw).decode()))

    def __del__(self) -> None:
        # Refused by its first setting, it is there all the same.
        library.mlab_config_free(getattr(self, "raw", None))


def _named(name: str, message: str) -> str:
    """A message of the library, which names the argument as C does, with the name that a Python program has for it."""
    return message if message.startswith(name) else f"{name}: {message}"


def _log_function(log: Callable[[int, str, str], object]) -> Callable[..., None]:
    # What it raises, ctypes hands to sys.unraisablehook: a log must not end a call.
    def call(_user: object, level: int, area: bytes, line: bytes) -> None:
        log(level, area.decode(), line.decode())

    return call


class Request:
    """What to wait for, or to download, as C has it."""

    def __init__(self, id: object = None, url: object = None) -> None:
        if url is None:
            self.raw = library.mlab_request_new(id_text(id))
        else:
            self.raw = library.mlab_request_new_download(text("url", url))

    def set(self, name: str, *arguments: object, unit: str = "") -> None:
        """Calls mlab_request_set_<name><unit>."""
        status = getattr(library, f"mlab_request_set_{name}{unit}")(self.raw, *arguments)
        if status != 0:
            raise error_of(status, _named(name, self.message()))

    def message(self) -> str:
        """Why the last setter refused its value, or the id."""
        return str(library.mlab_request_message(self.raw).decode())

    def __del__(self) -> None:
        library.mlab_request_free(getattr(self, "raw", None))


def request_of(id: object, options: Mapping[str, Any], known: frozenset[str]) -> Request:
    """A request for a job, with the options that the call knows. A tag is the affair of whoever submits it."""
    for name in options:
        if name not in known:
            raise TypeError(f"there is no option {name!r}, but {', '.join(sorted(known))}")
    get = options.get
    deadline, poll, eta = get("deadline"), get("poll"), get("eta")
    download_dir, download_memory = get("download_dir"), get("download_memory")
    request = Request(id)
    if deadline is not None:
        request.set("deadline", limit_ms("deadline", deadline), unit="_ms")
    if poll is not None:
        request.set("poll", *_pauses(poll), unit="_ms")
    if eta is not None:
        request.set("eta", milliseconds("eta", eta), unit="_ms")
    if download_dir is not None:
        request.set("download_dir", path_text("download_dir", download_dir), 0)
    if download_memory is not None:
        request.set("download_memory", whole("download_memory", download_memory, 63))
    if get("image_events"):
        request.set("image_events", 1)
    return request


def _pauses(poll: object) -> tuple[int, int]:
    """The least and the greatest pause, in milliseconds."""
    if isinstance(poll, (int, float)):
        poll = (poll, poll)
    try:
        least, most = poll  # type: ignore[misc]
    except (TypeError, ValueError):
        refuse(f"poll must be a number of seconds, or a pair (least, most), not {poll!r}")
    return milliseconds("poll", least), milliseconds("poll", most)


def requests_of(ids: object, options: Mapping[str, Any]) -> Iterator[tuple[bytes, Request]]:
    """The same for one id or for each of several, with the options of events()."""
    if isinstance(ids, (str, bytes, int)):
        ids = (ids,)
    try:
        several = iter(ids)  # type: ignore[call-overload]
    except TypeError:
        refuse(f"ids must be an id or several, not {type(ids).__name__}")
    for id in several:
        yield id_text(id), request_of(id, options, OF_EVENTS)


def no_options(options: Mapping[str, Any]) -> None:
    """Those of events() are for the jobs that it opens."""
    if options:
        refuse(f"ids: none was given, and {', '.join(options)} is for the jobs of ids: pass ids, or the options to submit()")
