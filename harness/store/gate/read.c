#include "store/gate/read.h"

#include "base/json.h"
#include "store/result.h"

#include <unistd.h>

static const char *flaw(const json_t *gate)
{
	return json_text(gate, "verdict") && json_text(gate, "conclusion") ? NULL : "it has no verdict";
}

static bool has_times(const json_t *pair, const char *side)
{
	const json_t *time = json_object_get(pair, side), *rounds = json_object_get(time, "rounds_ns"), *round;
	size_t i;

	json_array_foreach(rounds, i, round)
		if (!json_is_number(round) || !(json_number_value(round) >= 0))
			return false;
	return json_is_array(rounds) && json_double(time, "undisturbed_ns") > 0 && json_double(time, "mean_ns") > 0;
}

/* What is wrong with the pairs of a cell, which a gate of an older build has none of. */
static const char *pairs_flaw(const json_t *pairs)
{
	const json_t *pair;
	size_t i;

	if (pairs && !json_is_array(pairs))
		return "a cell's pairs are no list";
	json_array_foreach(pairs, i, pair) {
		if (!has_times(pair, "a") || !has_times(pair, "b"))
			return "a pair has no times of A and B above 0";
		if (!json_is_null(json_object_get(pair, "control")) && !has_times(pair, "control"))
			return "a pair's control has no times above 0";
		if (!(json_double(pair, "added") >= 0) || !(json_double(pair, "rounds") >= 1))
			return "a pair lacks its rounds, or what was added to its control";
	}
	return NULL;
}

static const char *cell_flaw(const json_t *cell)
{
	if (!json_text(cell, "id") || !json_text(cell, "verdict") || !json_is_array(json_object_get(cell, "blocks")))
		return "a cell lacks its id, verdict or blocks";
	return pairs_flaw(json_object_get(cell, "pairs"));
}

static const struct result_kind gate_kind = {
	.file = GATE_FILE,
	.name = "gate",
	.kind = "gate",
	.schema = GATE_SCHEMA,
	.flaw = flaw,
	.cell_flaw = cell_flaw,
};

bool stored_gate_is(const char *folder_or_file)
{
	char path[PATH_MAX];
	json_t *document;
	bool is;

	if (result_path(path, &gate_kind, folder_or_file))
		return access(path, F_OK) == 0;
	document = json_load_file(path, 0, NULL);
	is = json_says(document, "kind", gate_kind.kind);
	json_decref(document);
	return is;
}

json_t *stored_gate_read(const char *folder_or_file, const struct why *why)
{
	return result_read(&gate_kind, folder_or_file, why);
}
