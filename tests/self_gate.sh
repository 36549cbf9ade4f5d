#!/bin/sh
# How .ci/self_gate.sh judges a commit by what the gate says. A fake gate says what each case tells it to. Speaks TAP.
set -u

cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source=tests/tap.sh
. tests/tap.sh
script=$PWD/.ci/self_gate.sh
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
export GIT_CONFIG_GLOBAL=/dev/null GIT_CEILING_DIRECTORIES="$scratch"

commit() {
	git commit -q --allow-empty -m "$1"
}

# repository NAME: makes a project of one commit, and enters it. Its `bench` runs the file `says` and keeps its
# arguments in `given`.
repository() {
	mkdir -p "$scratch/$1/.ci" && cd "$scratch/$1" || exit 2
	cp "$script" .ci
	cat >bench <<-'END'
		#!/bin/sh
		echo "$*" >given
		output=${10}
		side() {
			mkdir -p "$output" && echo "\"side\":\"$1\"" >"$output/gate.json"
		}
		. ./says
	END
	chmod +x bench
	git init -q
	git add bench .ci
	commit first
}

# says COMMAND STATUS PATTERN: the gate runs the command; the self gate must end with that status and print the pattern.
says() {
	rm -f given
	echo "$1" >says
	.ci/self_gate.sh >out 2>&1
	status=$?
	[ "$status" -eq "$2" ] && grep -q -e "$3" out && return
	echo "status $status, not $2, or no '$3' in:"
	cat out
	return 1
}

# was_given PATTERN: whether the gate was called with such arguments.
was_given() {
	grep -q -e "$1" given || ! cat given
}

passes_by_trailers() {
	says 'side none; exit 0' 0 "'resize/sequential/-/-/1' may be slower: it checks more" &&
		was_given '--allow resize/sequential/-/-/1 --allow hash/pool/shm/dynamic:1/1'
}

repository one
check 'a first commit passes' says 'exit 1' 0 'no parent'
check 'and the gate was not asked' [ ! -e given ]

commit second
check 'a gate that passes passes' says 'side none; exit 0' 0 '1 passed, 0 failed'
check 'one that ends without a verdict fails' says 'exit 0' 1 'status 0'
check 'it was held against its parent by instructions' was_given 'gate --baseline HEAD~1 --instructions --workers 1'
check 'a regression fails' says 'exit 1' 1 '0 passed, 1 failed'
check 'and it is said how to let it pass' says 'exit 1' 1 'Slower: CELL reason'
check 'a cell that failed fails' says 'side b; exit 3' 1 'status 3'
check 'a parent that failed alone passes' says 'side a; exit 3' 0 'only the parent'
check 'a gate that cannot tell passes' says 'exit 4' 0 'passed: the gate cannot tell'
check 'a parent that does not build passes' says 'echo "bench: X does not build: Y" >&2; exit 2' 0 'does not build'
check 'another error fails' says 'echo "bench: no valgrind" >&2; exit 2' 1 'no valgrind'
SELF_GATE_LIMIT=0.3
export SELF_GATE_LIMIT
check 'one that takes too long passes' says 'sleep 20' 0 'cannot tell within 0.3 s'
unset SELF_GATE_LIMIT

commit 'third

Slower: resize/sequential/-/-/1 it checks more
Slower: hash/pool/shm/dynamic:1/1 and so does this'
check 'cells with a trailer are allowed, with their reasons' passes_by_trailers
git clone -q --depth 1 "file://$PWD" "$scratch/shallow"
git checkout -q -b side HEAD~1
commit 'fourth

Slower: null/sequential/-/-/1 on a branch'
git checkout -q -
git merge -q --no-ff -m merge side
check 'a merge has the trailers of what it brings' \
	says 'side none; exit 0' 0 "'null/sequential/-/-/1' may be slower: on a branch"
commit 'fifth

Slower: resize/sequential/-/-/1'
check 'a trailer without a reason fails' says 'exit 0' 1 'needs a reason'

cd "$scratch/shallow" || exit 2
check 'a shallow clone passes' says 'exit 1' 0 'no parent'
GIT_TEST_ASSUME_DIFFERENT_OWNER=1
export GIT_TEST_ASSUME_DIFFERENT_OWNER
check 'and one that git does not trust, with its reason' says 'exit 1' 0 'dubious ownership'
unset GIT_TEST_ASSUME_DIFFERENT_OWNER
rm -rf .git
check 'so does a folder that is no repository' says 'exit 1' 0 'no parent'
finish
