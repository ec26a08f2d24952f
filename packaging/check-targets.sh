#!/usr/bin/env bash
# Type-checks the library for targets that nothing here can link or run: Android, iOS, and WebAssembly by Emscripten, which
# has no sockets of its own and takes the library without its HTTP.
set -euo pipefail
cd "$(dirname "$0")/.."

# Debian's compiler, which brings the sources of its standard library.
export PATH="/usr/bin:$PATH" RUSTC_BOOTSTRAP=1
unset RUSTUP_TOOLCHAIN
check() {
    printf -- '-- %s\n' "$*"
    cargo check --quiet --locked --package mlab --lib -Zbuild-std=std,panic_unwind --target-dir target/package/checked --target "$@"
}

# ring compiles some C. Where no SDK is, another system's headers do for that: nothing is linked.
export CC_aarch64_linux_android=clang-22 CC_aarch64_apple_ios=clang-22 SDKROOT=/usr
headers=-I/usr/aarch64-linux-gnu/include
export CFLAGS_aarch64_linux_android="--target=aarch64-linux-android $headers"
export CFLAGS_aarch64_apple_ios="--target=arm64-apple-ios -ffreestanding $headers"
check aarch64-linux-android
check aarch64-apple-ios
check wasm32-unknown-emscripten --no-default-features
