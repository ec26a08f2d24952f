#!/usr/bin/env bash
# Gets a Godot to test with, without touching the system: Debian's next package, unpacked into a folder and run by its own
# loader. Some 25 seconds and 530 MB. At once if it is there already.
#
#     engines/godot/tests/get_godot.sh FOLDER
#
# Prints the path of a program that runs it: FOLDER/godot. MLAB_TEST_PRELOAD names a library that it loads first.
# Exit code 3 where it cannot be had, after saying why.
set -euo pipefail

out=$(realpath -m "$1")
[ ! -x "$out/godot" ] || { echo "$out/godot" && exit 0; }

cannot() { echo "Godot cannot be had: $*" >&2 && exit 3; }

for program in apt-get dpkg dpkg-deb; do
    command -v $program >/dev/null || cannot "no $program; set MLAB_TEST_GODOT to a Godot 4.4 or newer"
done
[ "$(dpkg --print-architecture)" = amd64 ] || cannot "the package is unpacked for amd64 alone"
# Repositories that this machine uses; whose they are the signature says.
repositories=$(apt-get indextargets --format '$(REPO_URI)' | sort -u)
[ -n "$repositories" ] || cannot "apt has no repository, or apt-get update was never run"
keys=$(dpkg -L debian-archive-keyring 2>/dev/null | grep -m1 '/debian-archive-keyring.gpg$') || cannot "no Debian keys"

rm -rf "$out"
mkdir -p "$out"/{lists/partial,cache/archives/partial,root,home}
# A package list of its own: what is installed here does not matter, since nothing is installed.
: >"$out/status"
cat >"$out/apt.conf" <<END
Dir::State::lists "$out/lists"; Dir::State::status "$out/status"; Dir::Cache "$out/cache";
Dir::Etc::sourcelist "$out/sources.list"; Dir::Etc::sourceparts "$out/none"; Dir::Etc::preferencesparts "$out/none";
APT::Architecture "amd64"; APT::Architectures { "amd64"; };
END
export APT_CONFIG=$out/apt.conf
is_known=false
for repository in $repositories; do
    echo "deb [arch=amd64 signed-by=$keys] $repository sid main" >"$out/sources.list"
    # Without this option a repository that cannot be reached is a warning.
    apt-get -qq -o APT::Update::Error-Mode=any update >"$out/log" 2>&1 && is_known=true && break
done
$is_known || cannot "$(tail -n 3 "$out/log")"
apt-get -qq -y --no-install-recommends --download-only install godot >"$out/log" 2>&1 || cannot "$(tail -n 3 "$out/log")"
for package in "$out"/cache/archives/*.deb; do
    dpkg-deb -x "$package" "$out/root" || cannot "$package does not unpack"
done
rm -rf "$out/cache" "$out/lists"

cat >"$out/godot.new" <<END
#!/bin/sh
root=$out/root/usr
export HOME=$out/home
libraries=\$root/lib/x86_64-linux-gnu
exec "\$libraries/ld-linux-x86-64.so.2" --library-path "\$libraries:\$libraries/pulseaudio" \\
    \${MLAB_TEST_PRELOAD:+--preload "\$MLAB_TEST_PRELOAD"} "\$root/bin/godot" "\$@"
END
chmod +x "$out/godot.new"
said=$("$out/godot.new" --version 2>&1) || cannot "what was unpacked does not run: $said"
mv "$out/godot.new" "$out/godot"
echo "$out/godot"
