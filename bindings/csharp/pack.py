#!/usr/bin/env python3
"""Makes the NuGet package without the .NET SDK, whose `dotnet pack` makes it of mlab-client.csproj.

    python3 pack.py OUT.nupkg RID=LIBRARY... [--coreclr FOLDER]

RID is a platform as NuGet names it, such as linux-x64, and LIBRARY its libmlab.so, libmlab.dylib or mlab.dll. mcs
compiles. FOLDER is the framework of a CoreCLR 3.0 or later (.../shared/Microsoft.NETCore.App/VERSION): with it the package
has the assembly for .NET Standard 2.1 too, in which an event stream is an IAsyncEnumerable.
"""

from __future__ import annotations

import argparse
import re
import struct
import subprocess
import tempfile
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parent.parent
# The earliest that a zip archive can say.
_TIME = (1980, 1, 1, 0, 0, 0)
_CORECLR_PARTS = ["System.Private.CoreLib", "System.Runtime", "System.Runtime.Extensions", "System.Collections"]
_NETSTANDARD_TOKEN = bytes.fromhex("cc7b13ffcd2ddd51")


def _property(name: str) -> str:
    found = re.search(rf"<{name}>(.*)</{name}>", (_HERE / "mlab-client.csproj").read_text("utf-8"))
    assert found, name
    return found[1]


def _sources() -> list[str]:
    pattern = re.search(r'<Compile Include="(.*?)"', (_HERE / "mlab-client.csproj").read_text("utf-8"))
    assert pattern
    folder, _, names = pattern[1].partition("**/")
    return sorted(str(path) for path in (_HERE / folder).rglob(names))


def _compile(out: Path, *arguments: str) -> bytes:
    plain = ["mcs", "-langversion:7.2", "-warn:4", "-warnaserror", "-unsafe", "-target:library", f"-out:{out}"]
    comments = f"-doc:{out.with_suffix('.xml')}"
    subprocess.run([*plain, comments, *arguments, *_sources()], check=True)
    return out.read_bytes()


def _for_netstandard(assembly: bytes) -> bytes:
    """Lets an assembly that was compiled against CoreCLR's own libraries refer to netstandard 2.1 in their place.

    Compilers have to know those libraries' types by the name under which they are promised. A reference is a row of the
    metadata table AssemblyRef (ECMA-335, II.22.5), whose name and token stand in heaps.
    """
    at = assembly.index(b"BSJB")
    heaps = {name: (at + offset, size) for offset, size, name in _streams(assembly, at)}
    strings, length = heaps[b"#Strings"]
    changed = bytearray(assembly)

    # Under the first name, since no namespace is called so, as some are like the others.
    places = {part: assembly.find(b"\0" + part.encode() + b"\0", strings, strings + length) + 1 for part in _CORECLR_PARTS}
    core = places[_CORECLR_PARTS[0]]
    assert core, "no reference to CoreCLR's library"
    room = len(_CORECLR_PARTS[0])
    changed[core : core + room] = b"netstandard".ljust(room, b"\0")
    for part in (part for part in _CORECLR_PARTS if places[part]):
        # Version, flags, token, name, culture.
        name = re.escape(struct.pack("<HH", places[part] - strings, 0))
        row = re.compile(rb"(?s).{8}\0{4}(..)" + name).search(assembly, at)
        if not row:
            continue  # A namespace, and no reference.
        struct.pack_into("<4H", changed, row.start(), 2, 1, 0, 0)
        struct.pack_into("<H", changed, row.end(1), core - strings)
        token = heaps[b"#Blob"][0] + struct.unpack("<H", row[1])[0]
        assert assembly[token] == 8, part
        changed[token + 1 : token + 9] = _NETSTANDARD_TOKEN
    return bytes(changed)


def _streams(assembly: bytes, at: int) -> list[tuple[int, int, bytes]]:
    """The heaps and tables of the metadata that begins there: offset, size, name (ECMA-335, II.24.2)."""
    (length,) = struct.unpack_from("<I", assembly, at + 12)
    place = at + 16 + length
    (count,) = struct.unpack_from("<H", assembly, place + 2)
    place += 4
    found = []
    for _ in range(count):
        offset, size = struct.unpack_from("<II", assembly, place)
        name = assembly[place + 8 : assembly.index(b"\0", place + 8)]
        found.append((offset, size, name))
        place += 8 + (len(name) // 4 + 1) * 4
    return found


def _assemblies(coreclr: str | None) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "Mlab.dll"
        made = {"lib/netstandard2.0/Mlab.dll": _compile(out)}
        made["lib/netstandard2.0/Mlab.xml"] = out.with_suffix(".xml").read_bytes()
        if coreclr:
            references = [f"-r:{coreclr}/{part}.dll" for part in _CORECLR_PARTS]
            flags = ["-nowarn:1702", "-noconfig", "-nostdlib", "-d:NETSTANDARD2_1"]
            made["lib/netstandard2.1/Mlab.dll"] = _for_netstandard(_compile(out, *flags, *references))
            made["lib/netstandard2.1/Mlab.xml"] = out.with_suffix(".xml").read_bytes()
        return made


def _nuspec(frameworks: list[str]) -> str:
    groups = "".join(f'<group targetFramework="{name}" />' for name in frameworks)
    fields = {"id": "PackageId", "version": "Version", "authors": "Authors", "description": "Description"}
    fields["projectUrl"] = "PackageProjectUrl"
    rows = "".join(f"    <{field}>{escape(_property(name))}</{field}>\n" for field, name in fields.items())
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">\n  <metadata>\n'
        f'{rows}    <license type="expression">{_property("PackageLicenseExpression")}</license>\n'
        f'    <readme>{_property("PackageReadmeFile")}</readme>\n'
        f"    <dependencies>{groups}</dependencies>\n  </metadata>\n</package>\n"
    )


def _frame(nuspec: str, names: list[str]) -> dict[str, str]:
    """What makes a zip archive a package of the Open Packaging Conventions."""
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    manifest = "http://schemas.microsoft.com/packaging/2010/07/manifest"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    endings = sorted({Path(name).suffix[1:] for name in names} | {"nuspec"})
    rows = [f'<Default Extension="{ending}" ContentType="application/octet-stream" />' for ending in endings if ending]
    rows += [
        f'<Override PartName="/{name}" ContentType="application/octet-stream" />'
        for name in names
        if not Path(name).suffix
    ]
    rows.append('<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml" />')
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return {
        "[Content_Types].xml": f'{head}<Types xmlns="{types}">{"".join(rows)}</Types>\n',
        "_rels/.rels": f'{head}<Relationships xmlns="{relations}">'
        f'<Relationship Type="{manifest}" Target="/{nuspec}" Id="nuspec" /></Relationships>\n',
    }


def _library(given: str) -> tuple[str, Path]:
    rid, _, path = given.partition("=")
    name = {"linux": "libmlab.so", "osx": "libmlab.dylib", "win": "mlab.dll"}.get(rid.split("-")[0])
    if not path or not name:
        raise argparse.ArgumentTypeError(f"{given}: not RID=LIBRARY, such as linux-x64=libmlab.so")
    return f"runtimes/{rid}/native/{name}", Path(path)


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes the NuGet package.")
    parser.add_argument("out", type=Path)
    parser.add_argument("libraries", nargs="+", type=_library, metavar="RID=LIBRARY")
    parser.add_argument("--coreclr", metavar="FOLDER")
    arguments = parser.parse_args()
    parts: dict[str, bytes | str] = dict(_assemblies(arguments.coreclr))
    frameworks = sorted({name.split("/")[1] for name in parts})
    parts.update({name: path.read_bytes() for name, path in arguments.libraries})
    parts["README.md"] = (_HERE / "README.md").read_bytes()
    for text in [*sorted(_ROOT.glob("LICENSE-*")), _ROOT / "NOTICE"]:
        parts[text.name] = text.read_bytes()
    nuspec = f"{_property('PackageId')}.nuspec"
    whole = {nuspec: _nuspec(frameworks), **_frame(nuspec, list(parts)), **parts}
    with zipfile.ZipFile(arguments.out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            archive.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
