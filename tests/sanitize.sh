#!/usr/bin/env bash
# The soaks of calls (tests/c_client/soak.c) and of jobs (tests/c_jobs/soak.c), and every function that takes a client or
# an exchange against the client's end (tests/c_client/lifetimes.c, exchanges.c), under AddressSanitizer with its leak
# check, and under ThreadSanitizer, the Rust code instrumented like the C code.
#
#     tests/sanitize.sh [address] [thread]      both without arguments
#
# It installs nothing. Where something is missing it says what, and fails if CI is "true".
#
# address: rustc's own runtime, unlocked by RUSTC_BOOTSTRAP. Some 2 minutes, most of it the build.
# thread:  the standard library must be instrumented as well, or its locks look like races. That takes its source, which
#          comes with Debian's newer compiler, and the runtime of the same LLVM. Some 5 minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

TARGET=x86_64-unknown-linux-gnu
read -ra SYSTEM_LIBRARIES < <(sed -n 's/^linux-gnu //p' packaging/system-libraries.txt)
SOAK=(tests/c_client/soak.c tests/c_client/client.c tests/c/harness.c)
JOBS=(tests/c_jobs/soak.c tests/c_jobs/jobs.c)
LIFETIMES=(tests/c_client/lifetimes.c tests/c_client/client.c tests/c/harness.c)
EXCHANGES=(tests/c_client/exchanges.c tests/c_client/client.c tests/c/harness.c)
PLANTED=(tests/c_client/planted.c)
OUT=target/sanitize
# Names and lines in reports, at a tenth of the size.
export CARGO_PROFILE_DEV_DEBUG=line-tables-only

say() { printf '\n-- %s\n' "$*"; }

# missing <what> <how to get it>: says so; a failure under CI, else a reason to go on without.
missing() {
    printf 'SKIPPED: %s; get it by: %s\n' "$1" "$2" >&2
    [ "${CI:-}" != true ] || exit 1
}

# A service that fails now and then, which ends with this script: its endpoints HTTP and HTTPS, its root CA_FILE.
start_server() {
    local log=$OUT/server.log
    cargo build --quiet -p mlab-standin
    mkdir -p "$OUT"
    CA_FILE=$OUT/ca.pem
    : >"$log"
    exec 3> >(exec target/debug/mlab-standin --until-stdin-closes --ready-after 0 --images 4 --fail-rate 0.2 --seed 1 \
        --ca-out "$CA_FILE" >"$log" 2>&1)
    # It says where it is once it accepts.
    local server=$!
    until grep -q '^https endpoint:' "$log"; do
        kill -0 "$server" 2>/dev/null || { cat "$log" >&2 && exit 1; }
        sleep 0.1
    done
    HTTP=$(sed -n 's/^http endpoint: *//p' "$log")
    HTTPS=$(sed -n 's/^https endpoint: *//p' "$log")
}

# soak <program> <threads> <seconds>: over http, then over TLS.
soak() {
    export MLAB_TEST_THREADS=$2 MLAB_TEST_SECONDS=$3 MLAB_TEST_FOLDER=$OUT
    MLAB_TEST_ENDPOINT=$HTTP "$1"
    MLAB_TEST_ENDPOINT=$HTTPS MLAB_TEST_CA_FILE=$CA_FILE "$1"
}

# The headers that tests/c_client/lifetimes.c and exchanges.c include.
write_registries() {
    MLAB_TEST_REGISTRIES=$PWD/$OUT/generated cargo test --quiet --test client_soak -- --exact \
        the_script_for_the_sanitizers_compiles_the_same_programs >/dev/null
}

# lifetimes <program> <rounds> <arguments>
lifetimes() {
    MLAB_TEST_ENDPOINT=$HTTP MLAB_TEST_FOLDER=$OUT MLAB_TEST_ROUNDS=$2 "$1" "${@:3}"
}

# exchanges <program> <rounds>
exchanges() {
    MLAB_TEST_FOLDER=$OUT MLAB_TEST_ROUNDS=$2 "$1"
}

# must_report <words> <program> <mistake>: the sanitizer is awake.
must_report() {
    local said
    if said=$("$2" "$3" 2>&1) || ! grep -q "$1" <<<"$said"; then
        printf 'the planted mistake "%s" was not reported:\n%s\n' "$3" "$said" >&2
        exit 1
    fi
}

address() {
    local runtime library=target/sanitize-address/$TARGET/debug/libmlab.a
    runtime=$(rustc --print sysroot)/lib/rustlib/$TARGET/lib/librustc-stable_rt.asan.a
    if [ ! -f "$runtime" ]; then
        missing "rustc has no runtime of AddressSanitizer" "a Rust toolchain for $TARGET from rustup"
        return
    fi
    say "AddressSanitizer: the library"
    RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address cargo rustc --quiet --lib --crate-type staticlib \
        --target $TARGET --target-dir target/sanitize-address
    build() { # name, sources: compiled like the library, linked with its runtime and not with the compiler's
        local name=$1 source objects=()
        shift
        for source; do
            objects+=("$OUT/$name-$(basename "$source" .c).o")
            cc -std=c11 -O1 -g -fsanitize=address -fno-omit-frame-pointer -Iinclude "-I$OUT/generated" -c "$source" -o "${objects[-1]}"
        done
        cc "${objects[@]}" "$library" -Wl,--whole-archive "$runtime" -Wl,--no-whole-archive -Wl,--export-dynamic \
            "${SYSTEM_LIBRARIES[@]}" -o "$OUT/$name"
    }
    build address-soak "${SOAK[@]}"
    build address-jobs "${JOBS[@]}"
    build address-lifetimes "${LIFETIMES[@]}"
    build address-exchanges "${EXCHANGES[@]}"
    build address-planted "${PLANTED[@]}"
    say "AddressSanitizer: mistakes that must be found"
    must_report heap-use-after-free "$OUT/address-planted" freed
    must_report "detected memory leaks" "$OUT/address-planted" leaked
    say "AddressSanitizer: every call against the end of its client, and forks"
    lifetimes "$OUT/address-lifetimes" 10
    say "AddressSanitizer: every call on an exchange against the end of its client"
    exchanges "$OUT/address-exchanges" 12
    say "AddressSanitizer: the soaks"
    soak "$OUT/address-soak" 64 4
    soak "$OUT/address-jobs" 5 8
}

thread() {
    local library=target/sanitize-thread/$TARGET/debug/libmlab.a packages
    packages="apt-get install rustc-web cargo-web rust-web-src clang-22 libclang-rt-22-dev"
    if [ ! -x /usr/bin/cargo ] || ! command -v clang-22 >/dev/null || [ ! -d /usr/lib/rustlib/src ]; then
        missing "ThreadSanitizer needs the standard library's source and clang-22" "$packages"
        return
    fi
    say "ThreadSanitizer: the library and the standard library"
    PATH=/usr/bin:/bin RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
        RUSTFLAGS="-Zsanitizer=thread -Zexternal-clangrt -Clinker=clang-22 -Clink-arg=-fsanitize=thread" \
        /usr/bin/cargo rustc --quiet --lib --crate-type staticlib -Zbuild-std=std,panic_unwind \
        --target $TARGET --target-dir target/sanitize-thread
    build() { # name, sources
        local name=$1
        shift
        clang-22 -std=c11 -O1 -g -fsanitize=thread -Iinclude "-I$OUT/generated" "$@" "$library" "${SYSTEM_LIBRARIES[@]}" -o "$OUT/$name"
    }
    build thread-soak "${SOAK[@]}"
    build thread-jobs "${JOBS[@]}"
    build thread-lifetimes "${LIFETIMES[@]}"
    build thread-exchanges "${EXCHANGES[@]}"
    build thread-planted "${PLANTED[@]}"
    say "ThreadSanitizer: a mistake that must be found"
    must_report "data race" "$OUT/thread-planted" raced
    say "ThreadSanitizer: every call against the end of its client"
    lifetimes "$OUT/thread-lifetimes" 10 -forks
    say "ThreadSanitizer: every call on an exchange against the end of its client"
    exchanges "$OUT/thread-exchanges" 12
    say "ThreadSanitizer: the soaks"
    soak "$OUT/thread-soak" 64 4
    soak "$OUT/thread-jobs" 5 8
}

start_server
write_registries
for which in "${@:-address thread}"; do
    for sanitizer in $which; do
        case $sanitizer in
        address | thread) "$sanitizer" ;;
        *) echo "usage: tests/sanitize.sh [address] [thread]" >&2 && exit 2 ;;
        esac
    done
done
