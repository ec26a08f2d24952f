#!/usr/bin/env bash
# The packages that every change must leave usable: this machine's archive and cargo-c's install, the build for glibc 2.17,
# and Windows under Wine. Installs what it needs on a bare machine.
set -euo pipefail
cd "$(dirname "$0")/.."
export CI=true CARGO_TERM_COLOR=never

packaging/tools.sh host zig windows
export PATH="$PWD/target/tools/bin:$PATH"
for target in host x86_64-unknown-linux-gnu.2.17 x86_64-pc-windows-gnu; do
    printf '\n-- the package for %s\n' "$target"
    MLAB_PACKAGE_TARGET=$target cargo test --quiet -p mlab-packaging
done
