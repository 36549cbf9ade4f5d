/* gate.json: what report and exports make of the file of a gate. */
#include "model/registry.h"
#include "report/gate/internal.h"
#include "report/gate/page.h"
#include "store/exports/export.h"
#include "store/gate/read.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static void draw(const json_t *gate)
{
	FILE *files[PLOT_FILES_MAX];
	struct gate_rows rows;
	struct plot_data data;

	if (gate_rows_make(&rows, gate))
		abort();
	for (size_t i = 0; i < PLOT_FILES_MAX; i++)
		files[i] = fuzz_nowhere();
	data = plot_gate(&rows);
	data.write(files, data.from);
	gate_rows_release(&rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[1024] = "";
	json_t *gate = stored_gate_read(fuzz_file(data, size), WHY(why));

	if (!gate) {
		if (!why[0])
			abort();
		return 0;
	}
	gate_print(gate, fuzz_nowhere());
	if (gate_report_write_gate(gate, fuzz_folder(), false, WHY(why)))
		abort();
	draw(gate);
	for (size_t i = 0; registry_exports[i]; i++) {
		struct writer out = { .file = fuzz_nowhere() };

		if (registry_exports[i]->write_gate)
			export_fill(registry_exports[i], gate, &out);
	}
	json_decref(gate);
	return 0;
}

void fuzz_seeds(seed_taker *add, void *context)
{
	static const char *const names[] = { "cannot_tell", "commands", "control_failed", "failed", "instructions",
					     "interrupted", "paired", "paired_files", "passing", "regressed" };
	char path[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "gate/%s.json", names[i]);
		fuzz_add_json(add, context, fuzz_document(path));
	}
}
