#!/bin/sh
# Links in place of MinGW's compiler, in the folder MLAB_BUILT and with what lies below it by relative paths. GNU ld sorts what
# a DLL imports by the names of the files that say so: whole ones would sort before or behind those in /usr, depending on
# where the sources lie. MLAB_LINKER is the compiler to link with.
set -eu
cd "$MLAB_BUILT"
for argument; do
    shift
    set -- "$@" "${argument#"$MLAB_BUILT"/}"
done
exec "$MLAB_LINKER" "$@"
