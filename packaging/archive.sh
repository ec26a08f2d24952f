#!/usr/bin/env bash
# Makes the archive of one target, that of its debug files (but for macOS: only a Mac collects those), and SHA256SUMS, in
# FOLDER (target/archives without one).
#
#     packaging/archive.sh TARGET [FOLDER]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { echo "usage: $0 TARGET [FOLDER]" >&2 && exit 2; }
folder=${2:-$here/../target/archives}
exec cargo run --quiet --manifest-path "$here/builder/Cargo.toml" -- archive "$1" "$folder"
