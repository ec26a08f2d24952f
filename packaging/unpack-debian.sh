#!/usr/bin/env bash
# Unpacks packages of another Debian release, with all they depend on, into FOLDER/root.
#
#     packaging/unpack-debian.sh FOLDER RELEASE PACKAGE...
set -euo pipefail
[ $# -ge 3 ] || { echo "usage: $0 FOLDER RELEASE PACKAGE..." >&2 && exit 2; }
folder=$(realpath -m "$1") release=$2
shift 2
mkdir -p "$folder"/{lists/partial,cache/archives/partial,root}

# From where this machine's own release comes, with the same key.
this=$(. /etc/os-release && echo "$VERSION_CODENAME")
from=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' | awk -v this="$this" '$2 == this {print $1; exit}')
key=$(dpkg --listfiles debian-archive-keyring | grep -m1 '/debian-archive-keyring.gpg$')
echo "deb [signed-by=$key] $from $release main" >"$folder/sources.list"
cat >"$folder/apt.conf" <<END
Dir::State::lists "$folder/lists";
Dir::State::status "/dev/null";
Dir::Cache "$folder/cache";
Dir::Etc::sourcelist "$folder/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
END
export APT_CONFIG="$folder/apt.conf"
apt-get update -qq
apt-get install -y -qq --no-install-recommends --download-only "$@" >/dev/null
for package in "$folder"/cache/archives/*.deb; do
    dpkg-deb --extract "$package" "$folder/root"
done
