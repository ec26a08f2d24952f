# Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
"""The constants of mlab.h, and its functions as ctypes has to know them."""

from ctypes import (
    CFUNCTYPE,
    POINTER,
    c_char,
    c_char_p,
    c_double,
    c_int32,
    c_int64,
    c_size_t,
    c_uint32,
    c_uint64,
    c_void_p,
)
from enum import IntEnum
from typing import Any

MLAB_VERSION = "0.1.0"
MLAB_VERSION_NUMBER = 256
MLAB_VERSION_MAJOR = 0
MLAB_VERSION_MINOR = 1
MLAB_VERSION_PATCH = 0
MLAB_ABI_VERSION = 0


class Status(IntEnum):
    OK = 0
    """Done: the result holds the image URLs."""

    PROCESSING = 1
    """The job is not ready yet: poll again after the eta, or in 2 seconds."""

    NO_EVENT = 2
    """Nothing to pull now: no event came in time, or the wait was woken."""

    INVALID_ARGUMENT = -1
    """An argument is wrong and nothing was sent: the message names it."""

    CANCELLED = -2
    """Stopped by your own cancel: the job goes on at the server and can be fetched later."""

    DEADLINE = -3
    """The wait reached its deadline: the job may still finish, wait again with the same id."""

    BUSY = -4
    """As much as is allowed is already under way: take finished work first, then try again."""

    CLOSED = -5
    """The client was shut down: make a new one."""

    FORKED = -6
    """The client belongs to the parent process: make a new one after fork."""

    NO_RESOURCES = -7
    """The system gave no thread, descriptor or memory: free some, then try again."""

    INTERNAL = -8
    """A defect in this library: please report it with the message."""

    RESOLVE = -20
    """The host name could not be looked up: check the network and the endpoint, then try again."""

    CONNECT = -21
    """No connection to the server: check network and firewall, then try again."""

    TLS = -22
    """The server could not prove who it is: check the clock, the CA settings and for an intercepting proxy."""

    TIMEOUT = -23
    """The server did not answer in time: try again, or raise the timeout."""

    NETWORK = -24
    """The connection broke: try again."""

    REDIRECT = -25
    """The server points elsewhere and the key was not sent there: correct the endpoint."""

    PROTOCOL = -26
    """The reply could not be understood: if it lasts, check the endpoint and any proxy between."""

    TOO_LARGE = -27
    """The reply is larger than the limit: raise the body limit if this size is expected."""

    PROXY = -28
    """The proxy could not be used: check its address and password, or set none."""

    AUTH = -40
    """The server refused the API key: check it."""

    PAYMENT = -41
    """The account has no credit or no plan for this: top it up."""

    FORBIDDEN = -42
    """The key may not do this: check the account's rights and the endpoint."""

    NOT_FOUND = -43
    """The server does not know this id: check it; a job just made may need some seconds."""

    RATE_LIMITED = -44
    """Too many requests: wait as long as the result's retry-after says, else 30 seconds."""

    BAD_REQUEST = -45
    """The server refused the request as malformed: the message says why; check endpoint and id."""

    SERVER = -46
    """Trouble at the server: try again later."""

    JOB_FAILED = -47
    """The job itself failed at the server: make a new one."""

    API = -48
    """The server refused for a reason of its own: see the message."""

    FILE = -60
    """A file could not be read or written: the message has the path and the reason."""

    UNSAFE_URL = -61
    """An image URL leads where no image should be fetched from: nothing was sent."""

    BAD_IMAGE = -62
    """What arrived is no whole image: try again, or make the job again."""


class RootsKind(IntEnum):
    BUNDLED = 0
    """Mozilla's root certificates, built into the library. The default."""

    SYSTEM = 1
    """The system's verifier and root certificates, with what a company or user added to them."""


class LogLevel(IntEnum):
    ERROR = 1
    """A call failed for good, or a job, which is logged when its end is delivered. Your own cancel is no failure."""

    WARNING = 2
    """Something failed and will be tried again, or a deadline came."""

    INFO = 3
    """What was done; one entry a poll."""

    DEBUG = 4
    """How it was done: pauses, redirects followed, waits for a turn under requests_per_second."""


class EventKind(IntEnum):
    PROGRESS = 1
    """A poll was made that did not end the job, or bytes of its images came."""

    DONE = 2
    """The job has ended; the event has its result."""

    IMAGE = 3
    """An image of the job is there: mlab_event_index() says which, and the event's result has it alone, at that index. Only where mlab_request_set_image_events() asks for it."""


class ExchangeKind(IntEnum):
    POLL = 1
    """A poll: its request holds the API key, its reply is JSON."""

    IMAGE = 2
    """An image: its request holds no key and no header of the client."""


class StatusGroup(IntEnum):
    NONE = 0
    """No failure, or no status of this version."""

    ARGUMENT = 1
    """You passed something wrong; nothing was sent."""

    ENDED = 2
    """You ended it, or its time was over: cancel, deadline, shutdown, fork."""

    SYSTEM = 3
    """This library, or the system under it: too much at once, no memory, a defect."""

    NETWORK = 4
    """The way to the server, or the server itself; most of it passes."""

    ACCOUNT = 5
    """The key, and what its account may do and pay for."""

    JOB = 6
    """The job: unknown, failed, or refused for a reason of its own."""

    IMAGE = 7
    """An image or its file."""


mlab_log_fn = CFUNCTYPE(None, c_void_p, c_int32, c_char_p, c_char_p)
mlab_progress_fn = CFUNCTYPE(c_int32, c_void_p, c_int32, c_int64, c_int64, c_int64)
mlab_transport_start_fn = CFUNCTYPE(None, c_void_p, c_void_p)
mlab_transport_cancel_fn = CFUNCTYPE(None, c_void_p, c_uint64)

# Each function: what it returns, then its parameters.
FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "mlab_fetch_queued": (c_int32, (c_char_p, c_char_p, c_void_p,)),
    "mlab_parse": (c_int32, (c_char_p, c_size_t, c_int32, c_void_p,)),
    "mlab_result_free": (None, (c_void_p,)),
    "mlab_result_status": (c_int32, (c_void_p,)),
    "mlab_result_urls": (POINTER(c_char_p), (c_void_p, c_void_p,)),
    "mlab_result_url_count": (c_size_t, (c_void_p,)),
    "mlab_result_url": (c_char_p, (c_void_p, c_size_t,)),
    "mlab_result_message": (c_char_p, (c_void_p,)),
    "mlab_result_id": (c_char_p, (c_void_p,)),
    "mlab_result_http_status": (c_int32, (c_void_p,)),
    "mlab_result_eta_ms": (c_int64, (c_void_p,)),
    "mlab_result_retry_after_ms": (c_int64, (c_void_p,)),
    "mlab_result_is_retryable": (c_int32, (c_void_p,)),
    "mlab_result_attempts": (c_int32, (c_void_p,)),
    "mlab_result_elapsed_ms": (c_int64, (c_void_p,)),
    "mlab_result_body": (POINTER(c_char), (c_void_p, c_void_p,)),
    "mlab_config_new": (c_void_p, ()),
    "mlab_config_free": (None, (c_void_p,)),
    "mlab_config_message": (c_char_p, (c_void_p,)),
    "mlab_config_set_endpoint": (c_int32, (c_void_p, c_char_p,)),
    "mlab_config_set_connect_timeout_ms": (c_int32, (c_void_p, c_uint32,)),
    "mlab_config_set_request_timeout_ms": (c_int32, (c_void_p, c_uint32,)),
    "mlab_config_set_body_limit": (c_int32, (c_void_p, c_size_t,)),
    "mlab_config_set_user_agent": (c_int32, (c_void_p, c_char_p,)),
    "mlab_config_set_proxy": (c_int32, (c_void_p, c_char_p,)),
    "mlab_config_set_ca_file": (c_int32, (c_void_p, c_char_p,)),
    "mlab_config_set_ca_pem": (c_int32, (c_void_p, c_char_p,)),
    "mlab_config_set_roots": (c_int32, (c_void_p, c_int32,)),
    "mlab_config_set_retries": (c_int32, (c_void_p, c_uint32,)),
    "mlab_config_set_requests_per_second": (c_int32, (c_void_p, c_double,)),
    "mlab_config_set_workers": (c_int32, (c_void_p, c_uint32,)),
    "mlab_config_set_max_jobs": (c_int32, (c_void_p, c_uint32,)),
    "mlab_set_default_config": (c_int32, (c_void_p,)),
    "mlab_config_set_log": (c_int32, (c_void_p, c_int32, mlab_log_fn, c_void_p,)),
    "mlab_client_new": (c_int32, (c_char_p, c_void_p, c_void_p,)),
    "mlab_client_message": (c_char_p, (c_void_p,)),
    "mlab_client_free": (None, (c_void_p,)),
    "mlab_client_fetch": (c_int32, (c_void_p, c_char_p, c_void_p, c_void_p,)),
    "mlab_client_wait": (c_int32, (c_void_p, c_void_p, c_void_p, c_void_p,)),
    "mlab_request_new": (c_void_p, (c_char_p,)),
    "mlab_request_free": (None, (c_void_p,)),
    "mlab_request_message": (c_char_p, (c_void_p,)),
    "mlab_request_set_deadline_ms": (c_int32, (c_void_p, c_uint32,)),
    "mlab_request_set_poll_ms": (c_int32, (c_void_p, c_uint32, c_uint32,)),
    "mlab_request_set_eta_ms": (c_int32, (c_void_p, c_uint32,)),
    "mlab_request_set_poll_once": (c_int32, (c_void_p, c_int32,)),
    "mlab_request_set_tag": (c_int32, (c_void_p, c_uint64,)),
    "mlab_request_set_progress": (c_int32, (c_void_p, mlab_progress_fn, c_void_p,)),
    "mlab_cancel_new": (c_void_p, ()),
    "mlab_cancel_trigger": (None, (c_void_p,)),
    "mlab_cancel_free": (None, (c_void_p,)),
    "mlab_client_submit": (c_int32, (c_void_p, c_void_p, c_void_p,)),
    "mlab_client_next_event": (c_int32, (c_void_p, c_uint32, c_void_p,)),
    "mlab_client_event_fd": (c_int32, (c_void_p,)),
    "mlab_client_event_handle": (c_void_p, (c_void_p,)),
    "mlab_client_next_due_ms": (c_int64, (c_void_p,)),
    "mlab_client_cancel_job": (c_int32, (c_void_p, c_uint64,)),
    "mlab_client_pending": (c_size_t, (c_void_p,)),
    "mlab_client_wakeup": (None, (c_void_p,)),
    "mlab_client_shutdown": (c_int32, (c_void_p, c_uint32,)),
    "mlab_event_free": (None, (c_void_p,)),
    "mlab_event_kind": (c_int32, (c_void_p,)),
    "mlab_event_index": (c_int32, (c_void_p,)),
    "mlab_event_job": (c_uint64, (c_void_p,)),
    "mlab_event_tag": (c_uint64, (c_void_p,)),
    "mlab_event_status": (c_int32, (c_void_p,)),
    "mlab_event_result": (c_void_p, (c_void_p,)),
    "mlab_event_take_result": (c_void_p, (c_void_p,)),
    "mlab_event_polls": (c_int32, (c_void_p,)),
    "mlab_event_elapsed_ms": (c_int64, (c_void_p,)),
    "mlab_event_eta_ms": (c_int64, (c_void_p,)),
    "mlab_event_next_poll_ms": (c_int64, (c_void_p,)),
    "mlab_event_bytes_done": (c_int64, (c_void_p,)),
    "mlab_event_bytes_total": (c_int64, (c_void_p,)),
    "mlab_config_set_image_limit": (c_int32, (c_void_p, c_uint64,)),
    "mlab_config_set_max_images": (c_int32, (c_void_p, c_uint32,)),
    "mlab_request_set_download_memory": (c_int32, (c_void_p, c_uint64,)),
    "mlab_request_set_download_dir": (c_int32, (c_void_p, c_char_p, c_uint32,)),
    "mlab_request_new_download": (c_void_p, (c_char_p,)),
    "mlab_request_set_download_file": (c_int32, (c_void_p, c_char_p,)),
    "mlab_request_set_image_events": (c_int32, (c_void_p, c_int32,)),
    "mlab_client_download": (c_int32, (c_void_p, c_char_p, c_char_p, c_void_p, c_void_p,)),
    "mlab_client_download_memory": (c_int32, (c_void_p, c_char_p, c_uint64, c_void_p, c_void_p,)),
    "mlab_result_image_count": (c_size_t, (c_void_p,)),
    "mlab_result_image": (POINTER(c_char), (c_void_p, c_size_t, c_void_p,)),
    "mlab_result_image_path": (c_char_p, (c_void_p, c_size_t,)),
    "mlab_result_image_type": (c_char_p, (c_void_p, c_size_t,)),
    "mlab_result_image_width": (c_uint32, (c_void_p, c_size_t,)),
    "mlab_result_image_height": (c_uint32, (c_void_p, c_size_t,)),
    "mlab_config_set_transport": (c_int32, (c_void_p, mlab_transport_start_fn, mlab_transport_cancel_fn, c_void_p,)),
    "mlab_config_set_transport_pull": (c_int32, (c_void_p,)),
    "mlab_client_next_exchange": (c_int32, (c_void_p, c_uint32, c_void_p,)),
    "mlab_exchange_id": (c_uint64, (c_void_p,)),
    "mlab_exchange_kind": (c_int32, (c_void_p,)),
    "mlab_exchange_method": (c_char_p, (c_void_p,)),
    "mlab_exchange_url": (c_char_p, (c_void_p,)),
    "mlab_exchange_header_name": (c_char_p, (c_void_p, c_size_t,)),
    "mlab_exchange_header_value": (c_char_p, (c_void_p, c_size_t,)),
    "mlab_exchange_body": (POINTER(c_char), (c_void_p, c_void_p,)),
    "mlab_exchange_body_limit": (c_uint64, (c_void_p,)),
    "mlab_exchange_timeout_ms": (c_uint32, (c_void_p,)),
    "mlab_exchange_is_cancelled": (c_int32, (c_void_p,)),
    "mlab_exchange_progress": (None, (c_void_p, c_uint64, c_int64,)),
    "mlab_exchange_reply": (c_int32, (c_void_p, c_int32, c_char_p, c_char_p, c_size_t,)),
    "mlab_exchange_write": (c_int32, (c_void_p, c_char_p, c_size_t,)),
    "mlab_exchange_fail": (c_int32, (c_void_p, c_int32, c_char_p,)),
    "mlab_exchange_free": (None, (c_void_p,)),
    "mlab_version": (c_char_p, ()),
    "mlab_version_number": (c_uint32, ()),
    "mlab_abi_version": (c_uint32, ()),
    "mlab_status_name": (c_char_p, (c_int32,)),
    "mlab_status_text": (c_char_p, (c_int32,)),
    "mlab_status_group": (c_int32, (c_int32,)),
}
