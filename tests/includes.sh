#!/bin/sh
# Who may know whom. harness/ is a house of rooms (folders), listed here from the ground up: a room includes and calls
# itself and the rooms before it. The stages that look at a result know nothing of the one that makes it, nor it of
# them. A header called internal.h is its own folder's. workloads/ includes only itself. And every header compiles
# alone. Calls are checked by the symbols of the built program, so that a name which is declared in one room and defined
# in another counts as the latter's. Speaks TAP.
set -u

cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source=tests/tap.sh
. tests/tap.sh
rooms="base model command run/wire run/transports run/counters run/crew run/worker run/launch run/python run/modes \
run/cell run/supervise analyse store store/run store/gate store/history store/exports report/kit report/run \
report/compare report/gate report/history gate/sides gate/trials gate/pairs gate/time gate/count gate experiments/kit \
experiments/grain experiments/transports verbs"
built=${BENCH:-build/harness/bench}
edges=$(mktemp)
trap 'rm -f "$edges"' EXIT

# Lines "FILE FILE NAME": the first includes the second, or takes NAME from it. Paths as includes write them.
list_includes() {
	grep -rnoE --include='*.[ch]' --include='*.cc' '^[[:space:]]*#[[:space:]]*include[[:space:]]*"[^"]*"' harness |
		sed -E 's|^harness/([^:]*):.*"(.*)"|\1 \2 include|'
}

list_symbols() {
	find harness -name '*.c' -o -name '*.cc' | sed 's|^harness/||' >"$edges.sources"
	for object in "$(dirname "$built")"/*.p/*.o; do
		nm "$object" | sed "s|^|${object##*/} |"
	done | awk -v sources="$edges.sources" '
		BEGIN {
			while ((getline path < sources) > 0) {
				name = path
				gsub("/", "_", name)
				source[name ".o"] = path
			}
		}
		!($1 in source) { next }
		NF == 3 && $2 == "U" { wants[source[$1] " " $3] }
		NF == 4 && $3 ~ /[A-Z]/ { owner[$4] = source[$1] }
		END {
			for (want in wants) {
				split(want, w, " ")
				if (w[2] in owner)
					print w[1], owner[w[2]], w[2]
			}
		}'
	rm -f "$edges.sources"
}

# show_edges CONDITION: shows the edges for which the awk expression over `from` and `to` (numbers of rooms),
# `from_stage`, `to_stage`, $1 and $2 holds; fails if there are any.
show_edges() {
	! awk -v rooms="$rooms" '
		function room(path) {
			while (sub("/[^/]*$", "", path))
				if (path in number)
					return number[path]
			return 99
		}
		function stage(path) { return substr(path, 1, index(path, "/") - 1) }
		BEGIN { n = split(rooms, list, " "); for (i = 1; i <= n; i++) number[list[i]] = i }
		$2 ~ "^workloads/" { next }
		{ from = room($1); to = room($2); from_stage = stage($1); to_stage = stage($2) }
		'"$1"' { print $1 " takes " $3 " from " $2 }' "$edges" |
		grep .
}

are_rooms() {
	find harness -name '*.[ch]' -not -name main.c | sed 's|^harness/||; s|/[^/]*$||' | sort -u |
		awk -v rooms="$rooms" '
			BEGIN { n = split(rooms, list, " "); for (i = 1; i <= n; i++) known[list[i]] }
			{ path = $0; while (!(path in known) && sub("/[^/]*$", "", path)) ; }
			!(path in known) { print $0 " is in no room"; bad = 1 }
			END { exit bad }'
}

symbols_are_read() {
	[ "$(grep -vc ' include$' "$edges")" -gt 100 ]
}

# includes_only FOLDER PATTERN: shows the includes that do not match.
includes_only() {
	! grep -rnE --include='*.[ch]' --include='*.cc' '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$1" |
		grep -vE "\"($2)"
}

# Names that several structs, unions or enums of harness/ have.
are_named_once() {
	twice=$(grep -rhoE --include='*.[ch]' '^(static |const |extern )*(struct|union|enum) [a-z_0-9]+ \{' harness |
		sed -E 's/^(static |const |extern )*//; s/ \{//' | sort | uniq -d)
	[ -z "$twice" ] || ! echo "$twice"
}

# Static functions that have the name of a public one.
hide_no_public_function() {
	for object in "$(dirname "$built")"/*.p/*.o; do
		nm "$object" | sed "s|^|${object##*/} |"
	done | awk '$3 == "T" { public[$4] } $3 == "t" { own[$4] = $1 }
		END { for (name in own) if (name in public) { print own[name] ": " name; bad = 1 } exit bad }'
}

# shellcheck disable=SC2086 # it is split into words
compiles_alone() {
	printf '#include "%s"\n' "${1#harness/}" |
		${CC:-cc} -std=gnu17 -D_GNU_SOURCE -I. -Iharness $libraries -Wall -Wextra -Werror -fsyntax-only -x c -
}

{ list_includes && list_symbols; } | sort -u >"$edges"
# shellcheck disable=SC2016 # of awk's
{
	check 'every folder of harness/ is a room' are_rooms
	check 'the symbols of the program are read' symbols_are_read
	check 'a room knows itself and those before it' show_edges 'to > from'
	check 'run/ knows nothing of analyse, store and report' \
		show_edges 'from_stage == "run" && to_stage ~ /^(analyse|store|report)$/'
	check 'analyse, store and report know nothing of run/' \
		show_edges 'to_stage == "run" && from_stage ~ /^(analyse|store|report)$/'
	check 'nobody else includes the internal.h of a folder' show_edges \
		'sub("/internal[.]h$", "/", $2) && index($1, $2) != 1'
}
check 'no two structs, unions or enums have one name' are_named_once
check 'no file has a function called like a public one' hide_no_public_function
check 'harness/ includes of workloads/ only the contract' includes_only harness \
	'(base|model|command|run|analyse|store|report|gate|experiments|verbs)/|workloads/workload\.h"'
check 'workloads/ includes only itself' includes_only workloads 'workloads/'
check 'workloads/workload.h needs only the C library' includes_only workloads/workload.h 'none'

libraries=$(pkg-config --cflags jansson hwloc libjpeg libcrypto)
for header in $(find harness workloads -name '*.h' | sort); do
	check "$header compiles alone" compiles_alone "$header"
done
finish
