#!/usr/bin/env bash
# Builds and tests every package, checks the targets that cannot be linked here, builds every package twice and compares, and
# says how long all of it took. Installs what it needs.
#
# Measured in one go on two cores, with none of it built before and .ci/run beside it, when three packages were built twice:
# 49 minutes, and 55 of processor time. The other four, measured apart beside other work: 35 minutes, and 31.
set -euo pipefail
cd "$(dirname "$0")/.."
export CI=true CARGO_TERM_COLOR=never
start=$SECONDS

say() { printf '\n== %s\n' "$*"; }

say "install what the packages need"
packaging/tools.sh host zig windows aarch64 musl apple check
export PATH="$PWD/target/tools/bin:$PATH"

targets=(host x86_64-unknown-linux-gnu.2.17 aarch64-unknown-linux-gnu.2.17 x86_64-unknown-linux-musl x86_64-pc-windows-gnu)
# Nothing here runs these: their tests look at the files, and build every program.
targets+=(aarch64-apple-darwin x86_64-apple-darwin)
for target in "${targets[@]}"; do
    say "the package for $target, and its tests"
    MLAB_PACKAGE_TARGET=$target cargo test --quiet -p mlab-packaging
done

say "targets that are checked by the compiler alone"
packaging/check-targets.sh

say "without packaging (the README's command), and without HTTP of its own"
cargo build --quiet --release
echo "libmlab.so: $(stat -c %s target/release/libmlab.so) bytes, stripped"
cargo build --quiet --release --lib --no-default-features --target-dir target/package/without-http
echo "libmlab.so without HTTP: $(stat -c %s target/package/without-http/release/libmlab.so) bytes, stripped"

say "the same bytes from two folders"
packaging/reproduce.sh "${targets[@]}"

say "all of it took $(((SECONDS - start) / 60)) minutes"
