#!/usr/bin/env bash
# Makes the archives of targets twice, from copies of the committed sources in two folders, one with a space in its name,
# and with the registry in two more, and fails unless the bytes are the same.
#
#     packaging/reproduce.sh [TARGET]...      host without arguments
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

commit=$(git rev-parse HEAD)
for copy in one "another place/two"; do
    mkdir -p "$work/$copy/sources" "$work/$copy/home"
    git archive "$commit" | tar -x -C "$work/$copy/sources"
    for target in "${@:-host}"; do
        CARGO_HOME="$work/$copy/home" "$work/$copy/sources/packaging/archive.sh" "$target" "$work/$copy/out"
    done
done
diff "$work/one/out/SHA256SUMS" "$work/another place/two/out/SHA256SUMS"
cat "$work/one/out/SHA256SUMS"
