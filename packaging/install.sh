#!/usr/bin/env bash
# Builds libmlab and installs it below PREFIX as a C library is expected to lie there: headers, both libraries, pkg-config,
# CMake, documents. Needs cargo and a C compiler with its binutils. DESTDIR is honoured, as by `make install`, and LIBDIR:
# the folder of the libraries below PREFIX, lib unless set (lib64, lib/x86_64-linux-gnu).
#
#     packaging/install.sh PREFIX [TARGET]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { echo "usage: $0 PREFIX [TARGET]" >&2 && exit 2; }
exec cargo run --quiet --manifest-path "$here/builder/Cargo.toml" -- install "$@"
