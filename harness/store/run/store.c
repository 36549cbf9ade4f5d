#include "store/run/store.h"

#include "base/file.h"
#include "base/json.h"
#include "store/result.h"
#include "store/run/cell.h"
#include "store/values.h"

#define FILE_NAME "run.json"
#define ENTRIES_MAX 7000              /* samples and workers together; with 20 counters an entry takes 2 kB */

/* How many entries of workers each cell may have, so that people can handle the file. */
static size_t workers_listed(const struct run *run)
{
	size_t samples = 0, workers = 0;

	for (size_t i = 0; i < run->cell_count; i++) {
		samples += run->cells[i].sample_count;
		workers += run->cells[i].sample_count * run->cells[i].cell->workers;
	}
	if (samples + workers <= ENTRIES_MAX)
		return SIZE_MAX;
	return samples < ENTRIES_MAX ? (ENTRIES_MAX - samples) / run->cell_count : 0;
}

static void write_run(struct writer *writer, const void *what)
{
	const struct run *run = what;
	size_t listed = workers_listed(run);

	writer_text(writer, "{\n");
	writer_key(writer, "schema", json_integer(STORE_SCHEMA));
	writer_key(writer, "command", value_words(run->command));
	writer_key(writer, "seed", value_count(run->seed));
	writer_key(writer, "started", value_text(run->started));
	writer_key(writer, "interrupted", value_signal(run->interrupted));
	writer_key(writer, "versions", value_object_or_empty(run->versions));
	writer_key(writer, "machine", value_object_or_empty(run->machine));
	writer_text(writer, "\"cells\":[");
	for (size_t i = 0; i < run->cell_count; i++) {
		writer_text(writer, i ? ",\n" : "\n");
		cell_json_write(writer, run, &run->cells[i], listed);
	}
	writer_text(writer, "\n]\n}\n");
}

int store_write(const struct run *run, const char *folder, bool last, const struct why *why)
{
	return file_put(folder, FILE_NAME, write_run, run, last, why);
}

static bool is_cell(const json_t *cell)
{
	return json_text(cell, "id") && json_text(cell, "status") && json_is_array(json_object_get(cell, "samples")) &&
	       json_is_object(json_object_get(cell, "summary"));
}

static const struct result_kind run_kind = {
	.file = FILE_NAME,
	.name = "run file",
	.schema = STORE_SCHEMA,
	.is_cell = is_cell,
	.cell_flaw = "a cell lacks its id, status, samples or summary",
};

json_t *store_read(const char *folder_or_file, const struct why *why)
{
	return result_read(&run_kind, folder_or_file, why);
}
