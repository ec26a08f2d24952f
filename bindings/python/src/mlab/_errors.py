"""One exception class a group of statuses, and some for statuses that programs treat by themselves.

The library sorts statuses into groups (mlab_status_group), so a status that this package does not know finds its class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from ._library import library
from ._raw import Status, StatusGroup

if TYPE_CHECKING:
    from ._result import Result


class Error(Exception):
    """Something went wrong. str() of it says what, and what to do."""

    #: The number of the status: compare it with mlab.Status.
    status: int
    #: One line for people.
    message: str
    #: The result of the call; None where the call makes none.
    result: Result | None

    def __init__(self, status: int, message: str, result: Result | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.result = result

    @property
    def name(self) -> str:
        """The status by its name, such as MLAB_E_AUTH."""
        return str(library.mlab_status_name(self.status).decode())

    @property
    def retryable(self) -> bool:
        """Whether the same call may succeed later."""
        return self.result is not None and self.result.retryable

    @property
    def retry_after(self) -> float | None:
        """Seconds that the server wants to be left alone; None if it did not say."""
        return None if self.result is None else self.result.retry_after

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"

    def __reduce__(self):  # type: ignore[no-untyped-def]
        return (type(self), (self.status, self.message, self.result))


class ArgumentError(Error, ValueError):
    """An argument is wrong and nothing was sent: the message names it."""


class EndedError(Error):
    """You ended it, or its time was over."""


class ResourceError(Error):
    """This library, or the system under it: too much at once, no memory, a defect."""


class NetworkError(Error):
    """The way to the server, or the server itself. Most of it passes: see retryable."""


class AccountError(Error):
    """The key, and what its account may do and pay for."""


class JobError(Error):
    """The job: unknown, failed, or refused for a reason of its own."""


class ImageError(Error):
    """An image or its file."""


class Cancelled(EndedError):
    """Stopped by your own cancel: the job goes on at the server and can be fetched later."""


class DeadlineError(EndedError, TimeoutError):
    """The job was not ready in time: wait again with the same id. The result has the last thing known."""


class ClosedError(EndedError):
    """The client was closed."""


class AuthError(AccountError):
    """The server refused the API key."""


class RateLimitError(AccountError):
    """Too many requests: retry_after says how long to wait."""


class NotFound(JobError):
    """The server does not know this id; a job just made may need some seconds."""


class JobFailed(JobError):
    """The job itself failed at the server: make a new one."""


_BY_STATUS: dict[int, type[Error]] = {
    Status.CANCELLED: Cancelled,
    Status.DEADLINE: DeadlineError,
    Status.CLOSED: ClosedError,
    Status.AUTH: AuthError,
    Status.RATE_LIMITED: RateLimitError,
    Status.NOT_FOUND: NotFound,
    Status.JOB_FAILED: JobFailed,
}
_BY_GROUP: dict[int, type[Error]] = {
    StatusGroup.ARGUMENT: ArgumentError,
    StatusGroup.ENDED: EndedError,
    StatusGroup.SYSTEM: ResourceError,
    StatusGroup.NETWORK: NetworkError,
    StatusGroup.ACCOUNT: AccountError,
    StatusGroup.JOB: JobError,
    StatusGroup.IMAGE: ImageError,
}


def error_of(status: int, message: str | None = None, result: Result | None = None) -> Error:
    """The exception for a negative status."""
    kind = _BY_STATUS.get(status) or _BY_GROUP.get(library.mlab_status_group(status), ResourceError)
    if message is None:
        message = library.mlab_status_text(status).decode()
    return kind(status, message, result)


def refuse(message: str) -> NoReturn:
    """Raises for an argument that does not get as far as the library."""
    raise ArgumentError(Status.INVALID_ARGUMENT, message)
