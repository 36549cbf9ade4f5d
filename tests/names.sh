#!/bin/sh
# No stage names a workload, a mode, a transport, a counter source, an export, an experiment, a schedule, a way of
# calling, or a word of --stdout: what it must know of one is a property in the contract. Names are looked for as whole
# strings outside the folders and tables that define them. Nor does a stage compare functions to find out which one it
# has. Speaks TAP.
set -u

cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source=tests/tap.sh
. tests/tap.sh

# Files that define names, and experiments, which pick some names as a user would.
homes='run/modes/|run/transports/|run/counters/|store/exports/|experiments/|model/(calls|schedule|stdout)\.c'
# Presets of the command line.
others='command/option_specs\.c:"(shm|dynamic|map)"'
others=$others'|command/gate_options\.c:"null"'
# Words that here mean something else: a fact of the machine, a property of a mode, a heading, a kind, a part of
# the account.
others=$others'|(report/run/facts|report/compare/runs|store/history/add|run/supervise/machine)\.c:"kernel"'
others=$others'|verbs/list/list\.c:"processes"|verbs/machine\.c:"counter"|(verbs/list/list|gate/cells)\.c:"transports"'
others=$others'|analyse/account_split\.c:"spawn"'

# The lists of meson, the tables of model/, and the prefix of CPython's modes.
list_names() {
	cat workloads/meson.build harness/run/meson.build harness/store/meson.build harness/experiments/meson.build |
		tr -d '\n' | grep -oE "(workload|mode|transport|counter_source|export|experiment)_names = \[[^]]*\]" |
		grep -oE "'[A-Za-z_0-9]+'" | tr -d "'"
	grep -hoE '^	\{ (\.name = )?"[a-z_]+"' \
		harness/model/calls.c harness/model/schedule.c harness/model/stdout.c |
		grep -oE '"[a-z_]+"' | tr -d '"'
	echo python_
}

# Lines "FILE:CODE" without comments; paths as includes write them.
# shellcheck disable=SC2016 # of awk's
list_code() {
	find harness -name '*.[ch]' -o -name '*.cc' | sort | xargs awk '
		FNR == 1 { inside = 0; file = FILENAME; sub("^harness/", "", file) }
		{
			line = inside ? "*/" $0 : $0
			if (inside && !index($0, "*/"))
				next
			if (inside)
				line = substr($0, index($0, "*/") + 2)
			gsub("/[*]([^*]|[*][^/])*[*]/", "", line)
			inside = sub("/[*].*", "", line)
			print file ":" line
		}'
}

# Lines "FILE:"NAME"" of the code on stdin.
find_names() {
	pattern=$(list_names | sort -u | paste -sd '|')
	grep -E "\"($pattern)\"" | awk -v names="\"($pattern)\"" '{
		file = substr($0, 1, index($0, ":"))
		rest = substr($0, length(file) + 1)
		while (match(rest, names)) {
			print file substr(rest, RSTART, RLENGTH)
			rest = substr(rest, RSTART + RLENGTH)
		}
	}' | grep -vE "^($homes)" | grep -vxE "$others"
}

names_are_read() {
	[ "$(list_names | sort -u | wc -l)" -gt 50 ]
}

finds_one_of_each() {
	found=$(printf 'x.c: same("%s")\n' null sequential pipe papi csv grain guided imap python_ | find_names)
	[ "$(echo "$found" | wc -l)" = 9 ]
}

code_has_no_names() {
	! list_code | find_names
}

# Slots of the contracts whose names no variable has.
code_compares_no_slots() {
	! list_code | grep -E '(->|\.)(launch|start|stop|send|receive|view|settle|input) *[!=]= *&?[a-z_]+'
}

check 'names are read from the lists' names_are_read
check 'a name of each list is found' finds_one_of_each
check 'no stage knows anything by its name' code_has_no_names
check 'no stage knows anything by its functions' code_compares_no_slots
finish
