#!/bin/sh
# Makes the Unity package with libraries inside: a folder, or a .tgz that Unity's package manager installs.
#
#     cargo build --release -p mlab -p mlab-decode
#     engines/unity/build.sh PROJECT/Packages/com.mlab.client linux-x86_64=target/release
#     engines/unity/build.sh com.mlab.client.tgz linux-x86_64=target/release windows-x86_64=FOLDER
#
# Behind the platform stands the folder that has its two libraries: a cargo target folder, or lib or bin of an unpacked
# archive (packaging/archive.sh) with the decoder beside it. Platforms: linux-x86_64, windows-x86_64, macos, android-arm64,
# ios. A platform that is not named is not in the package.
#
# A library that a running editor may have loaded is replaced by renaming a new file over it: written in place, it would
# crash the editor.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
usage="usage: build.sh OUT PLATFORM=FOLDER..."
out=${1:?"$usage"}
shift
[ $# -gt 0 ] || { echo "$usage" >&2 && exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case $out in
*.tgz) package=$work/package ;;
*) package=$out ;;
esac
mkdir -p "$package"

for part in package.json README.md Runtime Editor Tests Plugins; do
    cp -R "$here/$part" "$here/$part.meta" "$package/"
done
cp -R "$here/Samples~" "$package/"
# A name that Unity does not import, so that nothing in there needs settings.
mkdir -p "$package/Licenses~"
cp "$here"/../../LICENSE-* "$here"/../../NOTICE "$package/Licenses~/"

wanted=
for pair; do
    platform=${pair%%=*} folder=${pair#*=}
    case $platform in
    linux-x86_64) place=Linux/x86_64 names="libmlab.so libmlab_decode.so" ;;
    windows-x86_64) place=Windows/x86_64 names="mlab.dll mlab_decode.dll" ;;
    macos) place=macOS names="libmlab.dylib libmlab_decode.dylib" ;;
    android-arm64) place=Android/arm64-v8a names="libmlab.so libmlab_decode.so" ;;
    ios) place=iOS names="libmlab.a libmlab_decode.a" ;;
    *) echo "build.sh: platform $platform is not known" >&2 && exit 2 ;;
    esac
    for name in $names; do
        cp "$folder/$name" "$package/Plugins/$place/$name.$$"
        mv -f "$package/Plugins/$place/$name.$$" "$package/Plugins/$place/$name"
    done
    wanted="$wanted $place"
done

# Settings without their file are an error to Unity.
for place in Linux/x86_64 Windows/x86_64 macOS Android/arm64-v8a iOS; do
    case " $wanted " in
    *" $place "*) ;;
    *) rm -rf "$package/Plugins/${place%%/*}" "$package/Plugins/${place%%/*}.meta" ;;
    esac
done

if [ "$package" != "$out" ]; then
    tar -C "$work" -czf "$out.$$" package
    mv -f "$out.$$" "$out"
fi
