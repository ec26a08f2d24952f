#!/usr/bin/env bash
# What takes longer than the gate (.ci/run) allows, part by part.
#
#     tests/long.sh                    every part below
#     tests/long.sh fuzz [SECONDS]     each fuzz target under libFuzzer and AddressSanitizer, for 3600 s unless said; all
#                                      targets if none is named behind the seconds
#     tests/long.sh torture            each scenario with a failure at each of its system calls, large allocations and
#                                      threads, with each errno, cold and warm
#     tests/long.sh soak [SECONDS]     one client against a service that fails in every way, for 3600 s unless said
#     tests/long.sh coverage           how much of core/ and src/ the tests reach, and the lines that they never do
#     tests/long.sh godot              frames of a game while images come in, and how often it can end
#
# Times on two cores, the tools' own builds left out: fuzz, 3 minutes to build, then 9 targets of SECONDS each, one after
# the other; torture, 2 to 4 minutes, most of it pauses between tries; coverage, 15 to 30 minutes, the torture among them;
# godot, some 70 s.
#
# It needs cargo-fuzz and cargo-llvm-cov, which it puts into target/tools where they are missing, as wheels, else built
# (some 3 minutes); and the LLVM tools of rustc's own LLVM for coverage.
set -euo pipefail
cd "$(dirname "$0")/.."

# Sanitizers and coverage of libFuzzer are a nightly compiler's, unless it is told that whoever asks knows.
export RUSTC_BOOTSTRAP=1
export PATH="$PWD/target/tools/bin:$PATH"

say() { printf '\n== %s\n' "$*"; }

# tool <name> <version>: a cargo subcommand.
tool() {
    ! command -v "$1" >/dev/null || return 0
    # A wheel takes seconds, a build minutes. Astral, who make uv, build these of the tools' own tags.
    mkdir -p target/tools/bin
    if python3 -m venv target/tools/python && target/tools/python/bin/pip install --quiet "astral-dev-toolchain-$1==$2"; then
        ln -sf "$PWD/target/tools/python/bin/$1" target/tools/bin/
    else
        cargo install --quiet --locked --root target/tools --version "$2" "$1"
    fi
}

# fuzz_one <folder of the workspace> <target> <seconds>
fuzz_one() {
    local found=$PWD/target/fuzz/$2 corpus=$1/fuzz/corpus/$2 dictionary=$1/fuzz/dictionaries/$2.dict
    local -a options=(-max_total_time="$3" -timeout=30 -max_len=8192 -print_final_stats=1)
    [ ! -f "$dictionary" ] || options+=(-dict="$PWD/$dictionary")
    mkdir -p "$found"
    # What is found goes into the first folder; the committed one is only read.
    (cd "$1" && cargo fuzz run --sanitizer address "$2" "$found" "$OLDPWD/$corpus" -- "${options[@]}")
}

fuzz() {
    local seconds=${1:-3600} folder target name log ran=0 failed=()
    shift || true
    tool cargo-fuzz 0.13.2
    for folder in . decode; do
        for target in "$folder"/fuzz/fuzz_targets/*.rs; do
            name=$(basename "$target" .rs)
            [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
            ran=$((ran + 1))
            say "fuzz $name for $seconds s"
            log=target/fuzz/$name.log
            mkdir -p target/fuzz
            if fuzz_one "$folder" "$name" "$seconds" >"$log" 2>&1; then
                grep -E '^stat::(number_of_executed_units|new_units_added|peak_rss_mb)' "$log"
                grep -E ' cov: ' "$log" | tail -1 | grep -oE 'cov: [0-9]+ ft: [0-9]+'
            else
                # The reason, and the input that shows it; all of it is in the log.
                grep -E -A4 '^error|panicked at|ERROR: |SUMMARY: ' "$log" | head -40
                grep -E 'Test unit written|artifacts/' "$log" | tail -2
                failed+=("$name")
            fi
        done
    done
    if [ "$ran" -eq 0 ]; then
        echo "no such target: $*" >&2
        return 2
    fi
    if [ ${#failed[@]} -gt 0 ]; then
        echo "failed: ${failed[*]}; the inputs are in artifacts/ beside the targets, and belong into corpus/ once they pass" >&2
        return 1
    fi
}

torture() {
    say "torture"
    cargo test --quiet --test torture -- --ignored
}

soak() {
    say "soak"
    tests/soak.sh "${1:-3600}"
}

coverage() {
    local major
    tool cargo-llvm-cov 0.9.1
    major=$(rustc --version --verbose | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
    export LLVM_COV=${LLVM_COV:-llvm-cov-$major} LLVM_PROFDATA=${LLVM_PROFDATA:-llvm-profdata-$major}
    if ! command -v "$LLVM_COV" >/dev/null; then
        echo "no $LLVM_COV, the tool of rustc's own LLVM; get it by: apt-get install llvm-$major" >&2
        return 1
    fi
    say "coverage of core/ and src/"
    # Without a report nothing is cleaned: what an earlier run reached would count.
    cargo llvm-cov clean --workspace
    # Counters that lie in their file: a process that ends by _exit or by a signal has written them too.
    export LLVM_PROFILE_FILE_NAME=mlab-%8m%c.profraw
    export RUSTFLAGS="-C llvm-args=-runtime-counter-relocation"
    # The C programs' library is built by the tests themselves and counted with them. What fails here because it is
    # slower, or larger, than it is without counters is for .ci/run to judge.
    cargo llvm-cov --quiet -p mlab -p mlab-core --ignore-run-fail --no-report
    # What is done for want of memory, threads and descriptors.
    cargo llvm-cov --quiet -p mlab --ignore-run-fail --no-report --test torture -- --ignored
    cargo llvm-cov report --failure-mode all -p mlab -p mlab-core --show-missing-lines \
        --ignore-filename-regex "^$PWD/(build|fuzz|packaging|tools)/"
}

godot() {
    say "the Godot plugin"
    engines/godot/tests/long.sh
}

# The parts, in the order in which "all" runs them, each a function of that name.
parts=(torture coverage soak fuzz godot)

case " ${parts[*]} " in
    *" ${1:-all} "*) "$@" ;;
    *) [ "${1:-all}" = all ] || { sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
       for part in "${parts[@]}"; do "$part"; done ;;
esac
