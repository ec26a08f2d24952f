#!/usr/bin/env bash
# Makes the archives of targets twice, from copies of the committed sources in two folders, one with a space in its name, one
# before /usr in the alphabet and one behind, and with the registry in two more; fails unless the bytes are the same.
#
#     packaging/reproduce.sh [TARGET]...      host without arguments
set -euo pipefail
cd "$(dirname "$0")/.."
one=$(mktemp -d -p /tmp)
two=$(mktemp -d -p /var/tmp "a place.XXXXXX")
trap 'rm -rf "$one" "$two"' EXIT

commit=$(git rev-parse HEAD)
for copy in "$one" "$two"; do
    mkdir -p "$copy/sources" "$copy/home"
    git archive "$commit" | tar -x -C "$copy/sources"
    for target in "${@:-host}"; do
        CARGO_HOME="$copy/home" "$copy/sources/packaging/archive.sh" "$target" "$copy/out"
    done
done
diff "$one/out/SHA256SUMS" "$two/out/SHA256SUMS"
cat "$one/out/SHA256SUMS"
