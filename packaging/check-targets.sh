#!/usr/bin/env bash
# Type-checks the library for targets that nothing here can run: iOS, and WebAssembly by Emscripten, which has no sockets of
# its own and takes the library without its HTTP. Makes Android's archive, and looks at what its loader reads.
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
export CC_aarch64_apple_ios=clang-22 CFLAGS_aarch64_apple_ios="--target=arm64-apple-ios12.0 -ffreestanding"
# The crate that calls the compiler asks Xcode where the SDK is and for which release to build, unless it is told.
SDKROOT=$work/headers.sdk IPHONEOS_DEPLOYMENT_TARGET=12.0 with_cargo check aarch64-apple-ios
with_cargo check wasm32-unknown-emscripten --no-default-features

# Android's archive, without the NDK. Its compiler is clang for ring's C; what it links may leave names to others, and of the
# libraries that are asked for by file there are empty ones.
android=$work/android
rm -rf "$android"
mkdir -p "$android/lib" "$android/bin"
for library in c dl gcc log m unwind; do
    aarch64-linux-gnu-gcc -shared -nostdlib -x c /dev/null -o "$android/lib/lib$library.so"
done
cat >"$android/bin/aarch64-linux-android28-clang" <<END
#!/bin/sh
exec aarch64-linux-gnu-gcc -nostdlib -nostartfiles -Wl,--unresolved-symbols=ignore-all "-L$android/lib" "\$@"
END
cat >"$android/bin/clang-for-ring" <<END
#!/bin/sh
exec clang-22 --target=aarch64-linux-android -ffreestanding -isystem "$headers" "\$@"
END
chmod +x "$android/bin/aarch64-linux-android28-clang" "$android/bin/clang-for-ring"
printf -- '-- packaging/archive.sh aarch64-linux-android\n'
PATH=$android/bin:$PATH CC_aarch64_linux_android=clang-for-ring \
    packaging/archive.sh aarch64-linux-android "$android/archives" >/dev/null
tar -xzf "$android"/archives/mlab-*-android.tar.gz -C "$android"

library=$(echo "$android"/mlab-*-android/lib/libmlab.so)
fail() { printf '%s: %s\n' "$library" "$*" >&2 && exit 1; }
dynamic=$(aarch64-linux-gnu-readelf --dynamic --wide "$library")
grep -q 'SONAME.*\[libmlab\.so\]' <<<"$dynamic" || fail "its SONAME is not libmlab.so: an APK would not carry it"
grep -q 'FLAGS_1.*NODELETE' <<<"$dynamic" || fail "it is not marked NODELETE: a lookup may outlive its code"
segments=$(aarch64-linux-gnu-readelf --segments --wide "$library" | awk '$1 == "LOAD" { print $NF }' | sort -u)
[ "$segments" = 0x4000 ] || fail "segments are aligned to $segments: devices with pages of 16 KiB do not load it"
# Without the nodes of the versions, which are absolute.
exported=$(aarch64-linux-gnu-nm --dynamic --defined-only --without-symbol-versions "$library" | awk '$2 != "A" { print $3 }')
diff <(sort <<<"$exported") <(grep -o '^mlab_[a-z0-9_]*' tests/abi/symbols.txt | sort) || fail "it does not export what is listed"
echo "aarch64-linux-android: SONAME libmlab.so, NODELETE, segments of 16 KiB, $(wc -l <<<"$exported") functions"
