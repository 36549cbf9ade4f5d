#!/bin/sh
# The part of CONTRIBUTING.md's style that a machine can check. Speaks TAP.
set -u

cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source=tests/tap.sh
. tests/tap.sh

# files NAME...: the project's files of these names (as find's -name), those of builds and runs left out.
files() {
	for name; do
		find . \( -name .git -o -path './build*' -o -path ./results/runs \) -prune -o \
			-type f -name "$name" -print
	done | sort
}

# no_line PATTERN FILE...: shows the lines that match.
no_line() {
	! grep -nHP "$@"
}

fit_the_width() {
	wide=$(for file; do
		expand "$file" | awk -v file="$file" 'length > 120 { print file ":" NR ": " length " columns" }'
	done)
	[ -z "$wide" ] || ! echo "$wide"
}

end_with_a_newline() {
	ragged=$(for file; do
		[ -z "$(tail -c 1 "$file")" ] || echo "$file"
	done)
	[ -z "$ragged" ] || ! echo "$ragged"
}

# Whoever prepares a folder must not choose what is overwritten. Not meant are /dev/null, queues, what experiments try
# by themselves, and Python's file that follows no link.
open_no_file_to_write() {
	! find harness workloads -name '*.[ch]' -o -name '*.cc' -o -name '*.py' | sort |
		grep -vxE 'harness/base/file\.c|workloads/parts/files\.c' |
		xargs grep -nE -e '\<O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)\>' -e '\<(creat|mkstemp|freopen|tmpfile)\(' \
			-e '\<(fd|f)?open\(.*"[rbt]*[wax+][^"]*"' |
		grep -vE '"/dev/null"|mq_open\(|opener=open_no_link'
}

scripts=$(files '*.sh' bench run)
headers=$(files '*.h')
c_files=$(files '*.[ch]' '*.cc')
texts="$scripts $c_files $(files '*.py' '*.gp' '*.build' '*.md' '*.yml' packages)"

# The lists are split into words: no file of the project has a space in its name.
# shellcheck disable=SC2086
{
	if command -v shellcheck >/dev/null; then
		check 'shellcheck finds nothing' shellcheck -x $scripts
	else
		skip 'shellcheck finds nothing' 'no shellcheck'
	fi
	if command -v clang-format-14 >/dev/null; then
		check 'headers are laid out as clang-format does' clang-format-14 --dry-run -Werror $headers
	else
		skip 'headers are laid out as clang-format does' 'no clang-format-14'
	fi
	check 'C is indented by tabs' no_line '^ (?!\*)' $c_files
	check 'C and scripts fit into 120 columns' fit_the_width $c_files $scripts
	check 'no line ends in white space' no_line '\s$' $texts
	check 'every file ends with a newline' end_with_a_newline $texts
	check 'only base/file and parts/files open files for writing' open_no_file_to_write
	check 'nothing is marked to be done later' no_line '\b(TO[D]O|FIXM[E]|XX[X])\b' $texts
}
finish
