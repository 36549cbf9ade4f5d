#!/bin/sh
# Which way includes point: each folder of harness/ includes itself and those before it in `stages`, and
# the contract of workloads; the verbs beside main.c include all; workloads/ includes only itself. And
# every header compiles alone. Speaks TAP.
set -u

cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source=tests/tap.sh
. tests/tap.sh
stages='plan run analyse store report gate experiments'

# includes_only FOLDER PATTERN: shows the includes that do not match.
includes_only() {
	! grep -rnE --include='*.[ch]' --include='*.cc' '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$1" |
		grep -vE "\"($2)"
}

are_stages() {
	for folder in harness/*/; do
		name=$(basename "$folder")
		case " $stages " in
		*" $name "*) ;;
		*) echo "$folder is not among the stages: $stages" && return 1 ;;
		esac
	done
}

# shellcheck disable=SC2086 # words
compiles_alone() {
	printf '#include "%s"\n' "${1#harness/}" |
		${CC:-cc} -std=gnu17 -D_GNU_SOURCE -I. -Iharness $libraries -Wall -Wextra -Werror -fsyntax-only -x c -
}

check 'every folder of harness/ is a stage' are_stages
before=
for stage in $stages; do
	before=$before$stage/'|'
	check "harness/$stage includes itself and earlier stages" \
		includes_only "harness/$stage" "${before}workloads/workload\.h\""
done
check 'workloads/ includes only itself' includes_only workloads 'workloads/'
check 'workloads/workload.h needs only the C library' includes_only workloads/workload.h 'none'

libraries=$(pkg-config --cflags jansson hwloc libjpeg libcrypto)
for header in $(find harness workloads -name '*.h' | sort); do
	check "$header compiles alone" compiles_alone "$header"
done
finish
