#!/usr/bin/env bash
# Builds the jar without Maven, of the classes that pom.xml builds it of.
#
#     bindings/java/build.sh LIBRARY JAR
#
# LIBRARY is the native library of this platform, which goes inside. JAVA_HOME is a JDK of 22 or later, JNA the jar of
# net.java.dev.jna:jna, Debian's unless set.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: $0 LIBRARY JAR" >&2 && exit 2; }
library=$(realpath "$1") jar=$(realpath -m "$2")
cd "$(dirname "$0")"
bin=${JAVA_HOME:+$JAVA_HOME/bin/}
jna=${JNA:-/usr/share/java/jna.jar}

said=$("${bin}javac" -version 2>&1) || true
release=$(sed -n 's/^javac \([0-9]*\).*/\1/p' <<<"$said")
[ "${release:-0}" -ge 22 ] || {
    echo "$0 needs a JDK of 22 or later, named by JAVA_HOME; ${bin}javac -version says: $said" >&2
    exit 1
}

classes=$(mktemp -d)
trap 'rm -rf "$classes"' EXIT
case $(uname -sm) in
"Linux x86_64") platform=linux-x86-64 name=libmlab.so ;;
"Linux aarch64") platform=linux-aarch64 name=libmlab.so ;;
"Darwin arm64") platform=darwin-aarch64 name=libmlab.dylib ;;
"Darwin x86_64") platform=darwin-x86-64 name=libmlab.dylib ;;
*) echo "which platform is this to JNA? $(uname -sm)" >&2 && exit 1 ;;
esac

# compile RELEASE OUT CLASSPATH SOURCES; calling C is what is "restricted", and 8 will not be known for ever ("options").
compile() {
    find "$4" -name '*.java' -print0 | xargs -0 "${bin}javac" --release "$1" -d "$2" -cp "$3" -encoding UTF-8 -g \
        -Xlint:all,-options,-restricted,-try -Werror
}
compile 8 "$classes/8" "$jna" src/main/java
compile 22 "$classes/22" "$classes/8" src/main/java22
mkdir -p "$classes/8/$platform"
# Whatever file it was, or a link led to: this is the name that is looked for.
cp "$library" "$classes/8/$platform/$name"
mkdir -p "$classes/8/META-INF"
cp ../../LICENSE-* ../../NOTICE "$classes/8/META-INF/"
version=$(sed -n 's/^  <version>\(.*\)<\/version>$/\1/p' pom.xml)
printf 'Automatic-Module-Name: mlab.client\nImplementation-Title: mlab-client\nImplementation-Version: %s\n' \
    "${version:?}" >"$classes/manifest"
"${bin}jar" --create --file "$jar" --manifest "$classes/manifest" -C "$classes/8" . --release 22 -C "$classes/22" .
