#include "store/gate/read.h"

#include "base/json.h"
#include "store/result.h"

#include <unistd.h>

static const char *flaw(const json_t *gate)
{
	return json_text(gate, "verdict") && json_text(gate, "conclusion") ? NULL : "it has no verdict";
}

static const char *cell_flaw(const json_t *cell)
{
	if (!json_text(cell, "id") || !json_text(cell, "verdict") || !json_is_array(json_object_get(cell, "blocks")))
		return "a cell lacks its id, verdict or blocks";
	return NULL;
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
