#!/bin/sh
# Writes the registries: registry.sh OUTPUT workloads NAME... modes NAME... transports NAME... counter_sources NAME...
set -eu
output=$1
shift

is_kind() {
	case $1 in
	workloads | modes | transports | counter_sources) return 0 ;;
	*) return 1 ;;
	esac
}

{
	echo '#include "plan/registry.h"'
	for word; do
		if is_kind "$word"; then
			kind=${word%s}
		else
			echo "extern const struct $kind ${kind}_$word;"
		fi
	done
	end=
	for word; do
		if is_kind "$word"; then
			kind=${word%s}
			printf '%sconst struct %s *const registry_%s[] = {\n' "$end" "$kind" "$word"
			end='	NULL,
};
'
		else
			printf '\t&%s_%s,\n' "$kind" "$word"
		fi
	done
	printf '%s' "$end"
} >"$output"
