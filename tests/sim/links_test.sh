#!/bin/sh
# The core must not reach the outside world: a program of core and base alone needs none of the
# libraries that do.
set -u
program=$1
needed=$(LC_ALL=C readelf -d "$program") || exit 99
if ! printf '%s\n' "$needed" | grep -q 'NEEDED.*\[libc\.so'; then
  echo "readelf names no library of $program: this test would see nothing" >&2
  exit 99
fi
status=0
for library in libuv libsqlite3 libboost libgit2 libtmux libcmark libyaml libre2 libvterm; do
  if printf '%s\n' "$needed" | grep "NEEDED.*\[$library"; then
    echo "the core must not need $library" >&2
    status=1
  fi
done
exit $status
