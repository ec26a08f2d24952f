#!/usr/bin/env bash
# What takes too long for the tests, with the library as it is shipped: how long frames take while images come in, 10,000
# jobs that are being polled, and ends of the game again and again. Some 70 s; prints figures.
#
#     engines/godot/tests/long.sh
#
# MLAB_TEST_GODOT names a Godot 4.4 or newer; without it one is unpacked into the target folder. Where it cannot be had it
# says so and succeeds.
set -euo pipefail
cd "$(dirname "$0")/../../.."

target=${CARGO_TARGET_DIR:-target}
if [ -z "${MLAB_TEST_GODOT:-}" ]; then
    if ! MLAB_TEST_GODOT=$(engines/godot/tests/get_godot.sh "$target/tmp/godot"); then
        echo "SKIPPED: the Godot plugin" >&2
        exit 0
    fi
fi
cargo build --quiet --release --lib
cargo build --quiet --release -p mlab-standin

project=$target/tmp/godot-long
rm -rf "$project"
mkdir -p "$project/.godot"
cp -R engines/godot/tests/project/. "$project"
GODOT=$MLAB_TEST_GODOT engines/godot/build.sh "$target/release/libmlab.so" "$project/addons/mlab" >/dev/null
echo res://addons/mlab/mlab.gdextension >"$project/.godot/extension_list.cfg"

# serve <options>: a server that ends with the next one, or with this script; its address is MLAB_TEST_ENDPOINT.
serve() {
    local log=$project/server.log server
    exec 3>&-
    : >"$log"
    exec 3> >(exec "$target/release/mlab-standin" --until-stdin-closes --ready-after 0 "$@" >"$log" 2>&1)
    server=$!
    until grep -q '^http endpoint:' "$log"; do
        kill -0 "$server" 2>/dev/null || { cat "$log" >&2 && exit 1; }
        sleep 0.1
    done
    MLAB_TEST_ENDPOINT=$(sed -n 's/^http endpoint: *//p' "$log")
    export MLAB_TEST_ENDPOINT
}

# play <case>: prints what the case says; it must pass.
play() {
    timeout --signal=KILL 300 "$MLAB_TEST_GODOT" --headless --path "$project" --script "res://$1.gd" 3>&- |
        sed -n '/^figures\|^does not hold/p'
}

exec 3>/dev/null
echo "-- frames while 18 images of 1024 x 1024 come in"
serve --image-size 1024x1024
for _ in 1 2 3; do play frames; done
echo "-- 10,000 jobs that are polled every 2 to 15 seconds"
serve
MLAB_TEST_OPTIONS='{"deadline": 7200.0}' MLAB_TEST_BUSY=1 play many
echo "-- 20 ends of the game with 200 open jobs"
for _ in $(seq 20); do play exit; done
