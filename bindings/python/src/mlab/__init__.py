"""Fetches queued images of ModelsLab.

    import mlab

    with mlab.Client() as client:
        print(client.wait("12202888").urls)

fetch() polls once; wait() waits. AsyncClient is the same for asyncio.
"""

from ._aio import AsyncClient
from ._calls import Cancel
from ._client import Client, parse
from ._errors import (
    AccountError,
    ArgumentError,
    AuthError,
    Cancelled,
    ClosedError,
    DeadlineError,
    EndedError,
    Error,
    ImageError,
    JobError,
    JobFailed,
    NetworkError,
    NotFound,
    RateLimitError,
    ResourceError,
)
from ._library import version
from ._raw import EventKind, LogLevel, RootsKind, Status, StatusGroup
from ._result import Event, Image, Result
from ._transport import Exchange, Transport

__all__ = [
    "AccountError", "ArgumentError", "AsyncClient", "AuthError", "Cancel", "Cancelled", "Client", "ClosedError",
    "DeadlineError", "EndedError", "Error", "Event", "EventKind", "Exchange", "Image", "ImageError", "JobError", "JobFailed",
    "LogLevel", "NetworkError", "NotFound", "RateLimitError", "ResourceError", "Result", "RootsKind", "Status",
    "StatusGroup", "Transport", "parse", "version",
]  # fmt: skip
