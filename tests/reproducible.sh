#!/bin/sh
# The program holds no path of the place where it was built, so that two checkouts of one commit make the same program.
# The gate relies on that. Speaks TAP.
# By hand, with `twice`: builds this checkout in two folders, once within it and once beside it, and compares the
# programs, which takes minutes.
set -u

cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source=tests/tap.sh
. tests/tap.sh

# not_in PROGRAM TEXT: shows the offset of each place where the text stands.
not_in() {
	[ -r "$1" ] && ! grep -aobF "$2" "$1"
}

# build SOURCE BUILD: the program of a copy of this checkout, made in that folder.
build() {
	mkdir -p "$1"
	tar -c --exclude=./.git --exclude='./build*' --exclude=./results/runs . | tar -x -C "$1"
	meson setup "$2" "$1" >"$1/log" 2>&1 && ninja -C "$2" harness/bench >>"$1/log" 2>&1 && return
	cat "$1/log"
	return 1
}

build_twice() {
	build "$scratch/a" "$scratch/a/build" &&
		build "$scratch/of a longer name/source" "$scratch/of a longer name/made"
}

if [ "${1-}" = twice ]; then
	scratch=$(mktemp -d)
	mkdir "$scratch/tmp"
	export TMPDIR="$scratch/tmp" # nobody else's, for the builds
	trap 'rm -rf "$scratch"' EXIT
	check 'a checkout is built in two folders' build_twice
	check 'both programs are the same, to the byte' \
		cmp "$scratch/a/build/harness/bench" "$scratch/of a longer name/made/harness/bench"
else
	check 'the program does not name the checkout' not_in "$BENCH" "$PWD"
	check 'the program does not name the folder it was built in' not_in "$BENCH" "${BENCH%/harness/bench}"
fi
finish
