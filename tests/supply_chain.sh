#!/usr/bin/env bash
# What the manifests claim about others, held to: the Rust version that they name is the one in use here, the oldest
# versions that they allow compile, and the documentation is written without a warning. Licences are tests/licences.rs's.
#
#     tests/supply_chain.sh
#
# Some 40 seconds on two cores, half of it a second time.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n-- %s\n' "$*"; }

say "rust-version is what this builds with"
claimed=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
used=$(rustc --version | grep -oE '[0-9]+\.[0-9]+' | head -1)
if [ "$claimed" != "$used" ]; then
    echo "Cargo.toml says rust-version $claimed, and nothing here is built with it but with $used: say that" >&2
    exit 1
fi
if ! grep -qx " *image: rust:$claimed-bookworm" .github/workflows/ci.yml; then
    echo ".github/workflows/ci.yml runs the gate with another Rust than the $claimed of Cargo.toml" >&2
    exit 1
fi
others=$(git ls-files '*Cargo.toml' | xargs grep -lE '^rust-version = ' | grep -vx Cargo.toml || true)
if [ -n "$others" ]; then
    echo "a Rust version of its own, where rust-version.workspace = true belongs: $others" >&2
    exit 1
fi

say "the oldest versions that the manifests allow resolve and compile"
# In a copy, since it writes another Cargo.lock. `direct`: what the libraries below claim is theirs to prove.
copy=target/minimal/tree
rm -rf "$copy"
mkdir -p "$copy"
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents --preserve=timestamps -t "$copy"
(
    cd "$copy"
    rm Cargo.lock
    RUSTC_BOOTSTRAP=1 cargo generate-lockfile --quiet -Z direct-minimal-versions
    CARGO_TARGET_DIR=$OLDPWD/target/minimal/built cargo check --quiet --lib -p mlab -p mlab-core -p mlab-decode
    CARGO_TARGET_DIR=$OLDPWD/target/minimal/built cargo check --quiet --lib -p mlab --no-default-features
)

say "the documentation has no warning"
RUSTDOCFLAGS=-Dwarnings cargo doc --quiet --workspace --no-deps
