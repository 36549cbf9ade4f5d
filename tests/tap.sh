# TAP for test scripts, to be sourced: call check once a case and finish at the end.
# shellcheck shell=sh
case_number=0

# In a hook of git, or below one, tests that make repositories would write to that of the hook.
# shellcheck disable=SC2046 # words
unset $(git rev-parse --local-env-vars 2>/dev/null)

# check NAME COMMAND...: passes if the command does. What it prints goes to stderr, out of TAP's way.
check() {
	case_number=$((case_number + 1))
	case_name=$1
	shift
	if "$@" >&2; then
		echo "ok $case_number - $case_name"
	else
		echo "not ok $case_number - $case_name"
	fi
}

# skip NAME WHY: a case that cannot be tried here.
skip() {
	case_number=$((case_number + 1))
	echo "ok $case_number - $1 # SKIP $2"
}

finish() {
	echo "1..$case_number"
}
