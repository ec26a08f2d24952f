#!/usr/bin/env bash
# Makes this version the one that later versions are compared with: writes the header, abidw's description of it and the
# compiled program in tests/abi/released anew. The same sources give the same bytes.
#
#     tests/abi/release.sh
#
# It is run when a version is released, and until 0.1.0 is, after each change of the header. It needs abidw (Debian:
# abigail-tools) and zig (PyPI: ziglang), which compiles for the oldest C library that is promised.
set -euo pipefail
cd "$(dirname "$0")/../.."
released=tests/abi/released
zig=(python3 -m ziglang cc -target x86_64-linux-gnu.2.17)

for tool in abidw "${zig[0]}"; do
    command -v "$tool" >/dev/null || { echo "no $tool; see the head of $0" >&2 && exit 1; }
done
cargo test --quiet -p mlab --test abi -- --ignored --exact released::this_version_becomes_the_last_release

# The program is linked with a library that has the names and versions of symbols, and nothing behind them: what it asks
# for is then the same as if it were linked with what is shipped.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
abi=$(sed -n 's/^#define MLAB_ABI_VERSION //p' "$released/mlab.h")
packaging/version-script.sh >"$scratch/versions"
sed 's/^\([a-z_]*\) .*/void \1(void) {}/' tests/abi/symbols.txt >"$scratch/stubs.c"
"${zig[@]}" -shared -nostdlib "-Wl,-soname,libmlab.so.$abi" "-Wl,--version-script=$scratch/versions" \
    "$scratch/stubs.c" -o "$scratch/libmlab.so"
"${zig[@]}" -std=c99 -Os -s -Wall -Wextra -Werror "-I$released" "$released/program.c" "$scratch/libmlab.so" \
    -o "$released/program-x86_64-linux-gnu"
git status --short "$released"
