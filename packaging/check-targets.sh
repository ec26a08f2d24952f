#!/usr/bin/env bash
# Type-checks the library for targets that nothing here can run: Android, iOS, and WebAssembly by Emscripten, which has no
# sockets of its own and takes the library without its HTTP. What Android's loader reads is looked at in a linked library.
set -euo pipefail
cd "$(dirname "$0")/.."

# Debian's compiler, which brings the sources of its standard library.
export PATH="/usr/bin:$PATH" RUSTC_BOOTSTRAP=1
unset RUSTUP_TOOLCHAIN
work=$PWD/target/package/checked
mkdir -p "$work"
with_cargo() {
    printf -- '-- cargo %s\n' "$*"
    cargo "$1" --quiet --locked --package mlab --lib -Zbuild-std=std,panic_unwind --target-dir "$work" --target "${@:2}"
}

# ring compiles some C, for which no SDK is here. Headers with what it uses do, as nothing of it is run.
headers=$work/headers.sdk/usr/include
mkdir -p "$headers"
echo '#define assert(condition) ((void)sizeof(condition))' >"$headers/assert.h"
echo '#define TARGET_OS_IPHONE 1' >"$headers/TargetConditionals.h"
cat >"$headers/string.h" <<END
#include <stddef.h>
void *memcpy(void *, const void *, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
int memcmp(const void *, const void *, size_t);
END
export CC_aarch64_linux_android=clang-22 CC_aarch64_apple_ios=clang-22
export CFLAGS_aarch64_linux_android="--target=aarch64-linux-android -ffreestanding -isystem $headers"
export CFLAGS_aarch64_apple_ios="--target=arm64-apple-ios12.0 -ffreestanding"
# The crate that calls the compiler asks Xcode where the SDK is and for which release to build, unless it is told.
SDKROOT=$work/headers.sdk IPHONEOS_DEPLOYMENT_TARGET=12.0 with_cargo check aarch64-apple-ios
with_cargo check wasm32-unknown-emscripten --no-default-features

# A shared library may leave names to others, so that one can be linked without Android's: only those that it asks for by
# file must be there, and are empty.
android=$work/android
mkdir -p "$android"
for library in c dl gcc log m unwind; do
    aarch64-linux-gnu-gcc -shared -nostdlib -x c /dev/null -o "$android/lib$library.so"
done
cat >"$android/linker" <<END
#!/bin/sh
exec aarch64-linux-gnu-gcc -nostdlib -nostartfiles "-L$android" "\$@"
END
chmod +x "$android/linker"
CARGO_TARGET_AARCH64_LINUX_ANDROID_LINKER=$android/linker CARGO_PROFILE_DEV_DEBUG=0 with_cargo build aarch64-linux-android

library=$work/aarch64-linux-android/debug/libmlab.so
fail() { printf '%s: %s\n' "$library" "$*" >&2 && exit 1; }
aarch64-linux-gnu-readelf --dynamic --wide "$library" | grep -q 'SONAME.*\[libmlab\.so\]' \
    || fail "its SONAME is not libmlab.so: an APK would not carry it"
segments=$(aarch64-linux-gnu-readelf --segments --wide "$library" | awk '$1 == "LOAD" { print $NF }' | sort -u)
[ "$segments" = 0x4000 ] || fail "segments are aligned to $segments: devices with pages of 16 KiB do not load it"
diff <(aarch64-linux-gnu-nm --dynamic --defined-only "$library" | awk '{ print $3 }' | sort) \
    <(grep -o '^mlab_[a-z0-9_]*' tests/abi/symbols.txt | sort) || fail "it does not export what is listed"
echo "aarch64-linux-android: SONAME libmlab.so, segments of 16 KiB, $(grep -c '^mlab_' tests/abi/symbols.txt) functions"
