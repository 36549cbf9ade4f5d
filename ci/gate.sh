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
# Exit status, as of `bench gate`: 0 pass, 1 regressed, 2 wrong usage, no verdict or a revision that does not build, 3 a
# side failed, 4 cannot tell.
set -u

say() {
	echo "gate: $*" >&2
}

fail() {
	say "$@"
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
# Those that git sets for its hooks would make git, and builds that call it, take another repository for a worktree's.
# shellcheck disable=SC2046 # words
unset $(git rev-parse --local-env-vars 2>/dev/null)

# ---- What is ended and removed, however this ends ----

scratch=$(readlink -f "$(mktemp -d)") || fail 'cannot make a temporary folder'
child=

# shellcheck disable=SC2317 # the traps call it
clean_up() {
	rm -rf "$scratch"
	git worktree prune 2>/dev/null
}

# end STATUS: of a signal.
# shellcheck disable=SC2317
end() {
	trap '' HUP INT TERM
	[ -z "$child" ] || kill -TERM "-$child" "$child" 2>/dev/null
	wait
	exit "$1"
}
trap clean_up EXIT
trap 'end 129' HUP
trap 'end 130' INT
trap 'end 143' TERM

# Runs a command in a group of its own, which end() ends; kill -9 of this script ends the command, too.
run() {
	setsid setpriv --pdeathsig TERM "$@" </dev/null &
	child=$!
	wait "$child"
	status=$?
	child=
	return "$status"
}

# GATE_RUN is split into words, in which {} may be quoted: the path must mean itself there.
case $scratch in
*[!A-Za-z0-9/._+-]*)
	say "'$scratch' has characters that a command cannot have unquoted: working in /tmp instead"
	rmdir "$scratch"
	scratch=$(mktemp -d /tmp/gate.XXXXXX) || fail "cannot make a folder in '/tmp'"
	;;
esac
mkdir "$scratch/tmp"

# ---- The two revisions ----

# Prints the commit of a revision, or says why git does not give it.
commit_of() {
	git rev-parse --verify --quiet --end-of-options "$1^{commit}" 2>/dev/null && return
	shallow=$(git rev-parse --is-shallow-repository 2>&1) || fail "git does not give '$1': ${shallow#fatal: }"
	[ "$shallow" != true ] || fail "there is no revision '$1' here, in a shallow clone: in CI fetch-depth: 0" \
		"or GIT_DEPTH: 0, else git fetch --unshallow"
	fail "there is no revision '$1' here"
}

# title_of REVISION COMMIT: "topic 1a2b3c4"; only the hash if that is how the revision was given.
title_of() {
	case $2 in
	"$1"*) git log -1 --format=%h "$2" ;;
	*) echo "$1 $(git log -1 --format=%h "$2")" ;;
	esac
}

# A worktree has neither submodules nor, without git-lfs, the large files of its commit.
check_out() {
	git worktree add --quiet --detach "$2" "$3" || fail "cannot check out '$1'"
	if [ -e "$2/.gitmodules" ]; then
		run git -C "$2" submodule --quiet update --init --recursive ||
			fail "cannot check out the submodules of '$1'"
	fi
	pointer=$(git -C "$2" grep -lI '^version https://git-lfs.github.com/spec/' | head -n 1)
	if [ -n "$pointer" ] && ! git -C "$2" lfs pull >/dev/null 2>&1; then
		say "warning: '$pointer' of '$1' is not its file, but Git LFS's pointer to that: there is no git-lfs"
	fi
}

# build REVISION FOLDER COMMIT: the names of the folders are of equal length, since a path moves what is measured.
build() {
	say "building '$1'"
	check_out "$@"
	# shellcheck disable=SC2016 # the inner shell's
	run env TMPDIR="$scratch/tmp" sh -c 'cd "$1" && eval "$2"' sh "$2" "${GATE_BUILD-make}" \
		>"$scratch/log" 2>&1 && return
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

a=$(commit_of "$base") || exit
b=$(commit_of "$head") || exit
here=$(git rev-parse --verify --quiet HEAD)
changed=$(git --no-optional-locks status --porcelain -uno 2>/dev/null | cut -c 4- | head -n 1)
if [ -n "$changed" ] && { [ "$a" = "$here" ] || [ "$b" = "$here" ]; }; then
	say "warning: what is not committed here, such as '$changed', is not part of what is gated"
fi

mkdir -p "$output" || fail "cannot make '$output'"
flock -w 5 -E 75 "$output" true # bench locks the folder that it writes to
[ $? -ne 75 ] || fail "another gate writes to '$output': GATE_OUTPUT names another folder"
rm -f "$output"/gate.json "$output"/gate.md "$output"/gate.html "$output"/junit.xml
rm -f "$output"/blocks.* "$output"/slowdowns.*
build "$base" "$scratch/a" "$a"
build "$head" "$scratch/b" "$b"

# ---- The gate ----

run "$bench" gate --a "$(within "$scratch/a")" --name-a "$(title_of "$base" "$a")" \
	--b "$(within "$scratch/b")" --name-b "$(title_of "$head" "$b") '$(git log -1 --format=%s "$b")'" \
	--output "$output" --export "junit=$output/junit.xml" "$@"
case $status in
2 | 129 | 130 | 143) ;;
0 | 1 | 3 | 4)
	[ -e "$output/gate.json" ] || fail "there is no verdict: bench ended with status $status and wrote no gate.json"
	;;
*) fail "there is no verdict: bench was ended with status $status, as by kill -9 or for lack of memory" ;;
esac
exit "$status"
