"""Finds libmlab, the one in the package before the system's, and declares its functions.

Nothing else in the package knows where the library comes from.
"""

import ctypes
import sys
from pathlib import Path

from . import _raw

_NAMES = {"win32": ("mlab.dll",), "darwin": ("libmlab.dylib",)}.get(
    sys.platform, ("libmlab.so", f"libmlab.so.{_raw.MLAB_ABI_VERSION}")
)


def _load() -> ctypes.CDLL:
    beside = Path(__file__).parent
    packaged = [str(beside / name) for name in _NAMES if (beside / name).exists()]
    reasons = []
    # From the system only under the name that says which ABI it has.
    for name in packaged or _NAMES[-1:]:
        try:
            return ctypes.CDLL(name)
        except OSError as error:
            reasons.append(str(error))
    said = "; ".join(reasons)
    raise ImportError(f"libmlab cannot be loaded: {said}. Install a wheel that holds it, or libmlab itself.")


#: What only reads or frees memory. To let go of the interpreter around these would take longer than they do, and let every
#: other thread in between the parts of one result.
_QUICK = ("mlab_result_", "mlab_event_")


def _declare(library: ctypes.CDLL) -> ctypes.CDLL:
    quick = ctypes.PyDLL(library._name, handle=library._handle)
    for name, (returns, parameters) in _raw.FUNCTIONS.items():
        try:
            function = getattr(quick if name.startswith(_QUICK) else library, name)
            setattr(library, name, function)
        except AttributeError:
            raise ImportError(f"libmlab is older than this package: it has no {name}") from None
        function.restype = returns
        function.argtypes = parameters
    abi = library.mlab_abi_version()
    if abi != _raw.MLAB_ABI_VERSION:
        raise ImportError(f"libmlab has the ABI {abi}, and this package needs {_raw.MLAB_ABI_VERSION}")
    return library


library = _declare(_load())


def version() -> str:
    """The version of the loaded library."""
    return str(library.mlab_version().decode())
