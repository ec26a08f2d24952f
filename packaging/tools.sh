#!/usr/bin/env bash
# Installs what the packages' scripts need, on Debian 12 with Rust, gcc and Python. What is there is left alone.
#
#     packaging/tools.sh [host] [zig] [windows] [aarch64] [musl] [apple] [check]      host without arguments
#
# host      this machine's archive, pkg-config, CMake, meson, cargo-c
# zig       cargo-zigbuild: other C libraries, old and new
# windows   MinGW, Wine, clang as Microsoft's compiler, and a Rust with the sources of its standard library, which targets
#           without one need
# aarch64   the binutils, C library and emulator for it; the same compiler
# musl      the loader for programs that use musl; the same compiler
# apple     LLVM's linker and tools for its files; the same compiler
# check     clang, for `cargo check` where a build script compiles C, and what links for Android
set -euo pipefail
cd "$(dirname "$0")/.."

SOURCES_OF_STD=(rustc-web cargo-web rust-web-src)
packages=()
for part in "${@:-host}"; do
    case $part in
    host) packages+=(binutils cmake ninja-build meson pkg-config g++ unzip) ;;
    zig) packages+=(python3-pip) ;;
    windows)
        packages+=("${SOURCES_OF_STD[@]}" gcc-mingw-w64-x86-64-win32 g++-mingw-w64-x86-64-win32 wine64 unzip)
        # For programs of Microsoft's ABI, and import libraries.
        packages+=(clang-22 lld-22 llvm-22)
        ;;
    aarch64)
        packages+=("${SOURCES_OF_STD[@]}" gcc-aarch64-linux-gnu g++-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user)
        ;;
    musl) packages+=("${SOURCES_OF_STD[@]}" musl) ;;
    apple) packages+=("${SOURCES_OF_STD[@]}" llvm-22 lld-22) ;;
    check) packages+=("${SOURCES_OF_STD[@]}" clang-22 gcc-aarch64-linux-gnu libc6-dev-arm64-cross) ;;
    *) echo "$0: $part is none of host, zig, windows, aarch64, musl, apple, check" >&2 && exit 2 ;;
    esac
done

missing=()
for package in "${packages[@]}"; do
    dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends \
        "${missing[@]}" >/dev/null
fi

if [[ " $* " == *" zig "* ]] && ! command -v cargo-zigbuild >/dev/null; then
    pip install --quiet --root-user-action=ignore ziglang cargo-zigbuild 2>/dev/null \
        || pip install --quiet --root-user-action=ignore --break-system-packages ziglang cargo-zigbuild
fi

# cargo-c comes from a newer Debian: its package and all it needs are unpacked into a folder, and run by their own loader.
# The system is not touched.
if [[ " ${*:-host} " == *" host "* ]] && ! command -v cargo-cinstall >/dev/null && [ ! -x target/tools/bin/cargo-cinstall ]; then
    packaging/unpack-debian.sh target/tools/cargo-c trixie cargo-c
    mkdir -p target/tools/bin
    loader=$(cd target/tools/cargo-c/root && echo usr/lib/*/ld-linux-*)
    # By where it lies: a folder of sources is moved and copied with its target.
    cat >target/tools/bin/cargo-cinstall <<END
#!/bin/sh
root=\$(cd "\$(dirname "\$0")/../cargo-c/root" && pwd)
exec "\$root/$loader" --library-path "\$root/$(dirname "$loader")" "\$root/usr/bin/cargo-cinstall" "\$@"
END
    chmod +x target/tools/bin/cargo-cinstall
fi
