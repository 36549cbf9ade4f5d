#!/bin/sh
# Are the programs of two revisions of a project equally fast? For any CI: call it within the project's repository.
#
# usage: gate.sh BASE HEAD [OPTION of `bench gate`...]
#   GATE_RUN     what is compared: a command, or a shared object with a workload. `{}` is the folder of a revision:
#                '{}/sort big.txt' runs both programs here, on the same input. Needed.
#   GATE_BUILD   makes it, by a shell in the folder of each revision; else `make`
#   GATE_OUTPUT  gets gate.md, gate.html, gate.json and junit.xml, in place of those of an earlier gate; else `gate`
#   BENCH        the launcher of bench; else the one beside this folder
#
# Exit status, as of `bench gate`: 0 pass, 1 regressed, 2 wrong usage or a revision that does not build, 3 a side
# failed, 4 cannot tell.
set -u

fail() {
	echo "gate: $*" >&2
	exit 2
}

[ $# -ge 2 ] || fail "usage: GATE_RUN='{}/program' $0 BASE HEAD [OPTION of bench gate...]"
[ -n "${GATE_RUN-}" ] || fail "GATE_RUN does not say what to run, such as '{}/program input'"
base=$1
head=$2
shift 2
bench=${BENCH-$(dirname "$(readlink -f "$0")")/../bench}
output=${GATE_OUTPUT-gate}
command -v "$bench" >/dev/null || fail "cannot run '$bench': BENCH names the launcher of bench"
scratch=$(mktemp -d) || fail "cannot make a temporary folder"

clean_up() {
	rm -rf "$scratch"
	git worktree prune 2>/dev/null
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# build REVISION FOLDER: the names of the folders are of equal length, since a path moves what a program measures.
build() {
	git rev-parse --verify --quiet "$1^{commit}" >"$scratch/commit" ||
		fail "there is no revision '$1' here: is it a shallow clone?"
	git worktree add --quiet --detach "$2" "$(cat "$scratch/commit")" || fail "cannot check out '$1'"
	(cd "$2" && sh -c "${GATE_BUILD-make}") >"$scratch/log" 2>&1 </dev/null && return
	cat "$scratch/log" >&2
	fail "'$1' does not build: '${GATE_BUILD-make}' failed"
}

# within FOLDER: GATE_RUN with the folder for each {}.
within() {
	rest=$GATE_RUN
	while [ "${rest#*"{}"}" != "$rest" ]; do
		printf '%s%s' "${rest%%"{}"*}" "$1"
		rest=${rest#*"{}"}
	done
	printf '%s' "$rest"
}

mkdir -p "$output" || fail "cannot make '$output'"
rm -f "$output"/gate.json "$output"/gate.md "$output"/gate.html "$output"/junit.xml
rm -f "$output"/blocks.* "$output"/slowdowns.*
build "$base" "$scratch/a"
build "$head" "$scratch/b"
"$bench" gate --a "$(within "$scratch/a")" --b "$(within "$scratch/b")" --output "$output" \
	--export "junit=$output/junit.xml" "$@"
