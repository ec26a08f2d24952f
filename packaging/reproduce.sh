#!/usr/bin/env bash
# Makes the archives of targets twice, from copies of the committed sources in two folders, one with a space in its name, one
# before /usr in the alphabet and one behind, and with the registry in two more; one builds outside of its sources. Fails
# unless the bytes are the same.
#
#     packaging/reproduce.sh [TARGET]...      host without arguments
set -euo pipefail
cd "$(dirname "$0")/.."
one=$(mktemp -d -p /tmp)
two=$(mktemp -d -p /var/tmp "a place.XXXXXX")
trap 'rm -rf "$one" "$two"' EXIT

commit=$(git rev-parse HEAD)
# Makes all archives in a folder, and builds below a folder of it.
make() {
    local folder=$1 target
    mkdir -p "$folder/sources" "$folder/home"
    git archive "$commit" | tar -x -C "$folder/sources"
    export CARGO_HOME="$folder/home" CARGO_TARGET_DIR="$folder/$2"
    for target in "${@:3}"; do
        "$folder/sources/packaging/archive.sh" "$target" "$folder/out"
    done
}

# At once: each build ends in a minute or more of link-time optimisation, which uses one core.
make "$one" sources/target "${@:-host}" &
make "$two" built "${@:-host}" &
for copy in $(jobs -p); do
    wait "$copy"
done
diff "$one/out/SHA256SUMS" "$two/out/SHA256SUMS"
cat "$one/out/SHA256SUMS"
