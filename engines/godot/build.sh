#!/bin/sh
# Builds the Godot plugin for the machine it runs on, or for another one with CC and PLATFORM.
#
#     cargo build --release
#     engines/godot/build.sh target/release/libmlab.so [addons folder]
#
# The second argument is the folder to build into, by default the addons/mlab beside this script; a project's own
# addons/mlab is one. What is missing there (mlab.gdextension, icon, licences) is put there too.
#
#     GODOT      Godot 4.4 or newer, to write gdextension_interface.h (godot)
#     INTERFACE  a folder that has gdextension_interface.h: then Godot is not needed
#     CC         the C compiler (cc), CFLAGS its flags (-O2)
#     PLATFORM   a folder of bin/ that mlab.gdextension names (that of this machine)
#
# Files that a running Godot may have loaded are replaced by renaming a new one over them: written in place, they would
# crash it.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
library=${1:?"usage: build.sh <libmlab.so> [addons folder]"}
addon=${2:-$here/addons/mlab}

case ${PLATFORM:=$(uname -s)-$(uname -m)} in
Linux-* | linux-*) PLATFORM=linux-${PLATFORM#*-} plugin=libmlab_godot.so shipped=libmlab.so.0 ;;
Darwin-* | macos) PLATFORM=macos plugin=libmlab_godot.dylib shipped=libmlab.0.dylib ;;
windows-*) plugin=libmlab_godot.dll shipped=mlab.dll ;;
android-*) plugin=libmlab_godot.so shipped=libmlab.so ;;
*) echo "build.sh: PLATFORM $PLATFORM is not known" >&2 && exit 2 ;;
esac
bin=$addon/bin/$PLATFORM
mkdir -p "$bin"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -z "${INTERFACE:-}" ]; then
    (cd "$work" && "${GODOT:-godot}" --headless --dump-gdextension-interface >dump.log 2>&1) || true
    if [ ! -f "$work/gdextension_interface.h" ]; then
        cat "$work/dump.log" >&2
        echo "build.sh: ${GODOT:-godot} wrote no gdextension_interface.h: set GODOT to a Godot 4.4 or newer, or INTERFACE" >&2
        exit 1
    fi
    INTERFACE=$work
fi

# The class's help as C; as bytes, since compilers may end a string after 4095 of them.
{
    echo '#include <stdint.h>'
    echo 'extern const char CLASS_HELP[]; extern const int64_t CLASS_HELP_SIZE;'
    echo 'const char CLASS_HELP[] = {'
    od -An -v -tx1 "$here/src/MlabClient.xml" | sed 's/ \([0-9a-f][0-9a-f]\)/(char)0x\1,/g'
    echo '}; const int64_t CLASS_HELP_SIZE = (int64_t)sizeof CLASS_HELP;'
} >"$work/help.c"

case $PLATFORM in
linux-* | android-*) set -- -shared -fPIC "-Wl,-rpath,\$ORIGIN" -Wl,-z,defs ;;
macos) set -- -dynamiclib -Wl,-rpath,@loader_path ;;
windows-*) set -- -shared ;;
esac
# shellcheck disable=SC2086 # flags are words
"${CC:-cc}" -std=c99 ${CFLAGS:--O2} -fvisibility=hidden -Wall -Wextra -Wpedantic -Wshadow -Werror \
    -I "$here/../../include" -isystem "$INTERFACE" "$here"/src/*.c "$work/help.c" "$library" "$@" -lm \
    -o "$bin/$plugin.$$"
mv -f "$bin/$plugin.$$" "$bin/$plugin"
cp "$library" "$bin/$shipped.$$"
mv -f "$bin/$shipped.$$" "$bin/$shipped"

for file in "$here"/addons/mlab/* "$here"/../../LICENSE-*; do
    [ ! -f "$file" ] || [ "$file" -ef "$addon/$(basename "$file")" ] || cp "$file" "$addon/"
done
echo "$bin/$plugin"
