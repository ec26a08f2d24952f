"""Results and events as Python objects: everything is copied out, and what C made is freed at once."""

from __future__ import annotations

from ctypes import byref, c_size_t

from ._library import library
from ._raw import EventKind, Status


class Image:
    """One downloaded image: its bytes in data, or its file in path."""

    __slots__ = ("data", "path", "type", "width", "height")

    def __init__(self, data: bytes | None, path: str | None, type: str | None, width: int, height: int) -> None:
        #: The bytes, if it was downloaded into memory.
        self.data = data
        #: The file, if it was downloaded into one.
        self.path = path
        #: image/png and its like; None if the image is missing.
        self.type = type
        #: Pixels; 0 where the image does not say.
        self.width = width
        self.height = height

    def __repr__(self) -> str:
        where = f"path={self.path!r}" if self.data is None else f"{len(self.data)} bytes"
        return f"<mlab.Image {self.type} {self.width}x{self.height} {where}>"


class Result:
    """What a call came back with. Times are in seconds; None where the server did not say."""

    __slots__ = (
        "status", "urls", "message", "id", "http_status", "eta", "retry_after", "retryable", "attempts", "elapsed",
        "body", "images",
    )  # fmt: skip

    #: The number of the status: compare it with mlab.Status.
    status: int
    #: The images' URLs; empty until the job is ready. They work for 24 hours.
    urls: list[str]
    #: One line for people.
    message: str
    #: The id of the job, as text.
    id: str
    #: 0 if there was no reply to go by.
    http_status: int
    #: How much longer the server expects the job to take.
    eta: float | None
    #: How long the server wants to be left alone.
    retry_after: float | None
    #: Whether the same call may succeed later.
    retryable: bool
    #: How often the server was asked.
    attempts: int
    #: How long the call took.
    elapsed: float
    #: The reply as it came, with your key replaced by ***.
    body: bytes
    #: The downloaded images, in the order of the URLs; empty if none was asked for.
    images: list[Image]

    @property
    def ready(self) -> bool:
        """Whether the images are there. False: not yet, poll again."""
        return self.status == Status.OK

    @property
    def output(self) -> list[str]:
        """The URLs, under the name that the server has for them."""
        return self.urls

    def __repr__(self) -> str:
        name = library.mlab_status_name(self.status).decode()
        return f"<mlab.Result {name} id={self.id!r} urls={self.urls!r} message={self.message!r}>"

    # Objects with slots have no __dict__ that pickle could take; a result may travel to another process.
    def __getstate__(self) -> list[object]:
        return [getattr(self, name) for name in self.__slots__]

    def __setstate__(self, state: list[object]) -> None:
        for name, value in zip(self.__slots__, state):
            setattr(self, name, value)


class Event:
    """What happened to a job. Times are in seconds; None where nothing is known."""

    __slots__ = (
        "kind", "job", "id", "tag", "status", "polls", "elapsed", "eta", "next_poll", "bytes_done", "bytes_total", "index",
        "result",
    )  # fmt: skip

    #: One of mlab.EventKind. Ignore what you do not know.
    kind: int
    #: The number that submit() gave.
    job: int
    #: The id that the job was opened for, as text.
    id: str
    #: Your own number for the job.
    tag: int
    #: mlab.Status.PROCESSING, or that of the result.
    status: int
    polls: int
    elapsed: float
    eta: float | None
    #: Seconds since the job was submitted.
    next_poll: float | None
    bytes_done: int
    bytes_total: int | None
    #: Which image is there; None unless the kind is IMAGE.
    index: int | None
    #: Of a job that has ended, or the image that is there.
    result: Result | None

    @property
    def done(self) -> bool:
        """Whether the job has ended; see status and result."""
        return self.kind == EventKind.DONE

    def __repr__(self) -> str:
        kind = EventKind(self.kind).name if self.kind in EventKind._value2member_map_ else self.kind
        return f"<mlab.Event {kind} job={self.job} id={self.id!r} tag={self.tag} status={self.status}>"


def _seconds(ms: int) -> float | None:
    return None if ms < 0 else ms / 1000


# Bound once: a lookup costs as much as some of the calls.
_urls, _message, _id = library.mlab_result_urls, library.mlab_result_message, library.mlab_result_id
_http_status, _eta_ms = library.mlab_result_http_status, library.mlab_result_eta_ms
_retry_after_ms, _is_retryable = library.mlab_result_retry_after_ms, library.mlab_result_is_retryable
_attempts, _elapsed_ms = library.mlab_result_attempts, library.mlab_result_elapsed_ms
_body, _image_count, _status = library.mlab_result_body, library.mlab_result_image_count, library.mlab_result_status
_decode = bytes.decode


def copy_result(raw: object) -> Result:
    """Copies a result that C made or lends."""
    count = c_size_t()
    size = byref(count)
    result = Result()
    result.status = _status(raw)
    urls = _urls(raw, size)
    result.urls = list(map(_decode, urls[: count.value]))
    result.message = _message(raw).decode()
    result.id = _id(raw).decode()
    result.http_status = _http_status(raw)
    ms = _eta_ms(raw)
    result.eta = None if ms < 0 else ms / 1000
    ms = _retry_after_ms(raw)
    result.retry_after = None if ms < 0 else ms / 1000
    result.retryable = _is_retryable(raw) != 0
    result.attempts = _attempts(raw)
    result.elapsed = _elapsed_ms(raw) / 1000
    result.body = _body(raw, size)[: count.value]
    images = _image_count(raw)
    result.images = [_copy_image(raw, index) for index in range(images)] if images else []
    return result


def _copy_image(raw: object, index: int) -> Image:
    size = c_size_t()
    data = library.mlab_result_image(raw, index, byref(size))
    path = library.mlab_result_image_path(raw, index)
    kind = library.mlab_result_image_type(raw, index)
    return Image(
        data[: size.value] if data else None,
        None if path is None else path.decode(),
        None if kind is None else kind.decode(),
        library.mlab_result_image_width(raw, index),
        library.mlab_result_image_height(raw, index),
    )


def take_event(raw: object) -> Event:
    """Copies an event with its result, and frees both. Whoever knows its job gives it the id."""
    try:
        event = Event()
        event.kind = library.mlab_event_kind(raw)
        event.job = library.mlab_event_job(raw)
        event.id = ""
        event.tag = library.mlab_event_tag(raw)
        event.status = library.mlab_event_status(raw)
        event.polls = library.mlab_event_polls(raw)
        event.elapsed = library.mlab_event_elapsed_ms(raw) / 1000
        event.eta = _seconds(library.mlab_event_eta_ms(raw))
        event.next_poll = _seconds(library.mlab_event_next_poll_ms(raw))
        event.bytes_done = library.mlab_event_bytes_done(raw)
        total = library.mlab_event_bytes_total(raw)
        event.bytes_total = None if total < 0 else total
        index = library.mlab_event_index(raw)
        event.index = None if index < 0 else index
        result = library.mlab_event_result(raw)
        event.result = None if result is None else copy_result(result)
        return event
    finally:
        library.mlab_event_free(raw)
