#!/bin/sh
# PATH of the tests, which has only what the file `packages` and a minimal Debian bring (tests/programs.py). Speaks TAP.
set -u

cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source=tests/tap.sh
. tests/tap.sh
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/own"
printf '#!/bin/sh\n' >"$scratch/own/unlisted"
chmod +x "$scratch/own/unlisted"

# links PACKAGES [PROGRAM...]: makes the folder for a file of packages, where PATH has a program of no package, too.
links() {
	PATH=$PATH:$scratch/own python3 -B tests/programs.py "$scratch/programs" "$@"
}

# are_there WORD...: whether each of them is a program in that folder.
are_there() {
	for word; do
		[ -x "$scratch/programs/$word" ] || return 1
	done
}

has_what_is_listed() {
	links packages && are_there make cc git awk sed setpriv dpkg-query
}

has_nothing_else() {
	! are_there unlisted
}

needs_its_line() {
	grep -v '^make ' packages >"$scratch/packages"
	links "$scratch/packages" && are_there cc && ! are_there make
}

has_what_was_chosen() {
	links packages unlisted && are_there unlisted
}

check 'what is listed, what that depends on, and what every Debian has' has_what_is_listed
if command -v dpkg-query >/dev/null; then
	check 'no program of no package' has_nothing_else
	check 'no program whose package has lost its line' needs_its_line
else
	skip 'no program of no package' 'no dpkg'
	skip 'no program whose package has lost its line' 'no dpkg'
fi
check 'but one that was chosen' has_what_was_chosen
finish
