#!/bin/sh
# Puts headers, licences and libraries into the plugin, for one platform of Unreal's.
#
#     cargo build --release && cargo build --release -p mlab-decode
#     engines/unreal/add-libraries.sh Linux target/release/libmlab.so target/release/libmlab_decode.so [folder]
#
# The folder is Source/ThirdParty/libmlab of a plugin; without one, of the plugin beside this script. On Windows give the
# two .dll files: their import libraries, mlab.lib and mlab_decode.lib, must lie beside them.
#
# A file that a running editor may have loaded is replaced by a new one, never written into: that would crash the editor.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
[ $# -ge 3 ] || { echo "usage: add-libraries.sh <platform> <libmlab> <libmlab_decode> [folder]" >&2 && exit 2; }
platform=$1 folder=${4:-$here/Plugins/Mlab/Source/ThirdParty/libmlab}

# The name that a library has in itself, which the rules of the module know.
case $platform in
Linux | LinuxArm64) before=lib after=.so.0 ;;
Mac) before=lib after=.0.dylib ;;
Android) before=lib after=.so ;;
IOS) before=lib after=.a ;;
Win64) before='' after=.dll ;;
*) echo "add-libraries.sh: $platform is none of Linux, LinuxArm64, Mac, Android, IOS, Win64" >&2 && exit 2 ;;
esac

place() {
    mkdir -p "$(dirname "$2")"
    cp "$1" "$2.$$"
    mv -f "$2.$$" "$2"
}

for header in "$here"/../../include/mlab.h "$here"/../../include/mlab.hpp "$here"/../../decode/include/mlab_decode.h; do
    place "$header" "$folder/include/$(basename "$header")"
done
for text in "$here"/../../LICENSE-* "$here"/../../NOTICE; do
    place "$text" "$folder/licenses/$(basename "$text")"
done
place "$2" "$folder/lib/$platform/${before}mlab$after"
place "$3" "$folder/lib/$platform/${before}mlab_decode$after"
if [ "$platform" = Win64 ]; then
    place "$(dirname "$2")/mlab.lib" "$folder/lib/$platform/mlab.lib"
    place "$(dirname "$3")/mlab_decode.lib" "$folder/lib/$platform/mlab_decode.lib"
fi
echo "$folder/lib/$platform"
