#!/bin/sh
# Links in place of the C compiler, and gives the symbols of libmlab.so their versions: MLAB_0.1 for what came with 0.1.
#
#     CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER=$PWD/packaging/versioned-link.sh cargo build --release
#
# rustc passes a script of its own, in which every export has no version. A second one beside it is refused by GNU ld and
# has no effect in lld, whose first script wins: so the one that is passed is replaced. Whatever else is linked on the way,
# such as build scripts, is left alone. MLAB_LINKER is the compiler to link with, as words; cc unless set.
set -eu
for argument; do
    case $argument in
    -Wl,--version-script=*)
        script=${argument#-Wl,--version-script=}
        if grep -q '^ *mlab_abi_version;$' "$script"; then
            "$(dirname "$0")/version-script.sh" >"$script"
        fi
        ;;
    esac
done
# Words, not one name: "zig cc -target …".
# shellcheck disable=SC2086
exec ${MLAB_LINKER:-cc} "$@"
