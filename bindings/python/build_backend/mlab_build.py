"""Builds the wheel: the package with the native library inside, under a tag that names the platform.

The usual backends build a library from C, or pack none. This one packs a library that cargo has built, and needs
nothing but Python, so that a wheel is made without a network. From the environment:

MLAB_LIBRARY         the shared library; else target/release of the repository
MLAB_WHEEL_PLATFORM  the platform tag, such as manylinux2014_x86_64; else that of this machine
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import platform
import re
import shutil
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_LIBRARY = {"win32": "mlab.dll", "darwin": "libmlab.dylib"}.get(sys.platform, "libmlab.so")
# The earliest that a zip archive can say: the same sources give the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)


def _field(name: str) -> str:
    """A string of pyproject.toml; tomllib is not in every Python that this has to run on."""
    found = re.search(rf'^{name} = "(.*)"$', (_ROOT / "pyproject.toml").read_text("utf-8"), re.M)
    assert found, name
    return found[1]


def _list(name: str) -> list[str]:
    found = re.search(rf"^{name} = \[(.*?)\]$", (_ROOT / "pyproject.toml").read_text("utf-8"), re.M | re.S)
    assert found, name
    return re.findall(r'"(.*?)"', found[1])


def _metadata() -> str:
    heads = [
        "Metadata-Version: 2.4",
        f"Name: {_field('name')}",
        f"Version: {_field('version')}",
        f"Summary: {_field('description')}",
        f"License-Expression: {_field('license')}",
        *(f"License-File: {path.name}" for path in _licenses()),
        f"Keywords: {','.join(_list('keywords'))}",
        f"Project-URL: Repository, {_field('Repository')}",
        f"Requires-Python: {_field('requires-python')}",
        "Description-Content-Type: text/markdown",
        *(f"Classifier: {classifier}" for classifier in _list("classifiers")),
    ]
    return "\n".join(heads) + "\n\n" + (_ROOT / "README.md").read_text("utf-8")


def _native_library() -> Path:
    given = os.environ.get("MLAB_LIBRARY")
    path = Path(given) if given else _ROOT.parent.parent / "target" / "release" / _LIBRARY
    if not path.is_file():
        raise SystemExit(f"{path} is not there: run `cargo build --release`, or set MLAB_LIBRARY")
    return path


def _platform() -> str:
    given = os.environ.get("MLAB_WHEEL_PLATFORM")
    if given:
        return given
    if sys.platform == "darwin":
        # Python may hold two architectures, and the library holds one; and where Python runs the library need not. These
        # are the systems that cargo builds for unless it is told otherwise.
        machine = platform.machine()
        oldest = os.environ.get("MACOSX_DEPLOYMENT_TARGET") or ("11.0" if machine == "arm64" else "10.12")
        major, minor = [*oldest.split("."), "0"][:2]
        return f"macosx_{major}_{minor if major == '10' else 0}_{machine}"  # pip knows no other from 11 on.
    return re.sub(r"[-.]", "_", sysconfig.get_platform())


def _stem() -> str:
    return f"{_field('name').replace('-', '_')}-{_field('version')}"


def _sources() -> list[Path]:
    package = _ROOT / "src" / "mlab"
    return sorted(p for p in package.iterdir() if p.suffix == ".py" or p.name == "py.typed")


def _licenses() -> list[Path]:
    """Beside this package's files in the sources that are published, in the root of the repository otherwise. NOTICE tells
    whose work is inside the library."""
    root = _ROOT if (_ROOT / "NOTICE").is_file() else _ROOT.parent.parent
    return [*sorted(root.glob("LICENSE-*")), root / "NOTICE"]


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):  # type: ignore[no-untyped-def]
    """PEP 517: writes the wheel and returns its name."""
    contents = {f"mlab/{path.name}": path.read_bytes() for path in _sources()}
    contents[f"mlab/{_LIBRARY}"] = _native_library().read_bytes()
    return _wheel(Path(wheel_directory), contents)


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):  # type: ignore[no-untyped-def]
    """PEP 660: a wheel that leads to the sources. The library is linked beside them, so that the next `cargo build` is seen."""
    link = _ROOT / "src" / "mlab" / _LIBRARY
    link.unlink(missing_ok=True)
    try:
        link.symlink_to(_native_library().resolve())
    except OSError:  # Windows lets not everybody.
        shutil.copy(_native_library(), link)
    return _wheel(Path(wheel_directory), {"mlab_client.pth": f"{_ROOT / 'src'}\n".encode()})


def _wheel(folder: Path, contents: dict[str, bytes]) -> str:
    """Writes a wheel with these files and what describes them."""
    tag = f"py3-none-{_platform()}"
    info = f"{_stem()}.dist-info"
    name = f"{_stem()}-{tag}.whl"
    wheel = f"Wheel-Version: 1.0\nGenerator: mlab_build\nRoot-Is-Purelib: false\nTag: {tag}\n"
    contents.update({f"{info}/licenses/{path.name}": path.read_bytes() for path in _licenses()})
    contents[f"{info}/METADATA"] = _metadata().encode()
    contents[f"{info}/WHEEL"] = wheel.encode()
    record = []
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in contents.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{path},sha256={digest},{len(data)}")
            _add(archive, path, data)
        record.append(f"{info}/RECORD,,")
        _add(archive, f"{info}/RECORD", ("\n".join(record) + "\n").encode())
    return name


def _add(archive: zipfile.ZipFile, path: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(path, _TIME)
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data)


def build_sdist(sdist_directory, config_settings=None):  # type: ignore[no-untyped-def]
    """PEP 517: the sources. Whoever builds a wheel from them names a library by MLAB_LIBRARY."""
    name = f"{_stem()}.tar.gz"
    files = ["pyproject.toml", "README.md", "build_backend/mlab_build.py"]
    files += [str(path.relative_to(_ROOT)) for path in _sources()]
    with tarfile.open(Path(sdist_directory) / name, "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for file in files:
            archive.add(_ROOT / file, f"{_stem()}/{file}")
        for path in _licenses():
            archive.add(path, f"{_stem()}/{path.name}")
        metadata = _metadata().encode()
        entry = tarfile.TarInfo(f"{_stem()}/PKG-INFO")
        entry.size = len(metadata)
        archive.addfile(entry, io.BytesIO(metadata))
    return name
