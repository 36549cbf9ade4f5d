#!/bin/sh
# Writes the registries: registry.sh OUTPUT KIND NAME... [KIND NAME...]..., where a kind is one of is_kind().
set -eu
output=$1
shift

# Experiments come last, since one of them may be called like a kind.
is_kind() {
	case $kind:$1 in
	experiment:*) return 1 ;;
	esac
	case $1 in
	workloads | modes | transports | counter_sources | exports | verbs | experiments) return 0 ;;
	*) return 1 ;;
	esac
}

# An experiment is a verb of `bench experiment`.
struct() {
	[ "$kind" = experiment ] && echo verb || echo "$kind"
}

{
	echo '#include "model/registry.h"'
	kind=
	for word; do
		if is_kind "$word"; then
			kind=${word%s}
		else
			echo "extern const struct $(struct) ${kind}_$word;"
		fi
	done
	end=
	kind=
	for word; do
		if is_kind "$word"; then
			kind=${word%s}
			printf '%sconst struct %s *const registry_%s[] = {\n' "$end" "$(struct)" "$word"
			end='	NULL,
};
'
		else
			printf '\t&%s_%s,\n' "$kind" "$word"
		fi
	done
	printf '%s' "$end"
} >"$output"
