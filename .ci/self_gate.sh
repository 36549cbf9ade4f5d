#!/bin/sh
# The project gates itself: the last commit against its parent, on instruction counts, so that noise never stops it.
#
# What also lets a commit pass, and is printed: a trailer `Slower: CELL reason` for each cell that is meant to be
# slower, in its message or, if it is a merge, in those of the commits that it brings; a parent that is missing (a
# shallow clone), does not build or fails where this one does not; and a gate that cannot tell. The last line is
# `N passed, N failed`.
set -u

cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
limit=${SELF_GATE_LIMIT-240} # seconds, the building of the parent included
budget=${SELF_GATE_BUDGET-150s}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

pass() {
	[ -z "$*" ] || echo "self gate: passed: $*"
	echo '1 passed, 0 failed'
	exit 0
}

fail() {
	echo "self gate: failed: $*"
	echo '0 passed, 1 failed'
	exit 1
}

# failed SIDE: whether the side failed in some cell of the gate.
failed() {
	grep -q "\"side\":\"$1\"" "$scratch/gate/gate.json"
}

parent=$([ -e .git ] && git rev-parse --verify 'HEAD~1^{commit}' 2>"$scratch/stderr") ||
	pass "there is no parent to hold it against (no repository, a first commit or a shallow clone)" \
		"$(head -n 1 "$scratch/stderr" 2>/dev/null)"

git log --format='%(trailers:key=Slower,valueonly,unfold)' "$parent..HEAD" >"$scratch/slower"
set --
while read -r cell reason; do
	[ -n "$cell" ] || continue
	[ -n "$reason" ] || fail "the trailer 'Slower: $cell' needs a reason behind it"
	echo "self gate: '$cell' may be slower: $reason"
	set -- "$@" --allow "$cell"
done <"$scratch/slower"

timeout --kill-after=10 "$limit" ./bench gate --baseline HEAD~1 --instructions --workers 1 --budget "$budget" \
	--output "$scratch/gate" "$@" 2>"$scratch/stderr"
status=$?
cat "$scratch/stderr" >&2
case $status in
0) [ ! -e "$scratch/gate/gate.json" ] || pass ;;
1) fail "something got slower; if that is meant, the commit's message needs a trailer 'Slower: CELL reason'" ;;
2) ! grep -q 'does not build' "$scratch/stderr" || pass 'the parent does not build' ;;
3) ! failed a || failed b || pass 'only the parent fails' ;;
4) pass 'the gate cannot tell' ;;
124 | 137) pass "the gate cannot tell within $limit s" ;;
esac
fail "the gate ended with status $status"
