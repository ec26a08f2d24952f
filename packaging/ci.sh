#!/usr/bin/env bash
# The packages that every change must leave usable: this machine's archive and cargo-c's install, the build for glibc 2.17,
# and Windows under Wine. Installs what it needs on a bare machine.
#
# Measured with no package built before, on two cores that others used too: 11 minutes of processor time.
set -euo pipefail
cd "$(dirname "$0")/.."
export CI=true CARGO_TERM_COLOR=never
start=$SECONDS

packaging/tools.sh host zig windows
export PATH="$PWD/target/tools/bin:$PATH"
targets=(host x86_64-unknown-linux-gnu.2.17 x86_64-pc-windows-gnu)

# At once: each ends in a minute or more of link-time optimisation, which uses one core.
cargo build --quiet -p mlab-packaging
archives=$(mktemp -d)
trap 'rm -rf "$archives"' EXIT
for target in "${targets[@]}"; do
    packaging/archive.sh "$target" "$archives/$target" &
done
for build in $(jobs -p); do
    wait "$build"
done
echo "built in $((SECONDS - start)) s"

for target in "${targets[@]}"; do
    printf '\n-- the package for %s\n' "$target"
    MLAB_PACKAGE_TARGET=$target cargo test --quiet -p mlab-packaging
done
echo "the packages took $((SECONDS - start)) s"
