#include "store/run/store.h"

#include "base/file.h"
#include "base/json.h"
#include "model/keys.h"
#include "store/result.h"
#include "store/run/again.h"
#include "store/run/cell.h"
#include "store/values.h"

#include <errno.h>
#include <string.h>

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
	writer_key(writer, "needed_ns", run->needed_ns ? value_count(run->needed_ns) : json_null());
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

static bool keys_fit(const struct key *keys, const json_t *object)
{
	for (; keys->name; keys++)
		if (!key_fits(keys, object))
			return false;
	return true;
}

static const char *sample_flaw(const json_t *sample)
{
	if (!(json_double(sample, "wall_ns") > 0))
		return "a round has no time, or one that is not above 0";
	return keys_fit(sample_keys, sample) ? NULL : "a number of a round is below 0, or none";
}

static const char *cell_flaw(const json_t *cell)
{
	const json_t *samples = json_object_get(cell, "samples"), *invocations = json_object_get(cell, "invocations");
	const char *flaw = NULL;

	if (!json_text(cell, "id") || !json_text(cell, "status") || !json_is_array(samples) ||
	    !json_is_object(json_object_get(cell, "summary")))
		return "a cell lacks its id, status, samples or summary";
	for (size_t i = 0; i < json_array_size(samples) && !flaw; i++)
		flaw = sample_flaw(json_array_get(samples, i));
	for (size_t i = 0; i < json_array_size(invocations) && !flaw; i++)
		if (!keys_fit(invocation_keys, json_array_get(invocations, i)))
			flaw = "a number of an invocation is below 0, or none";
	return flaw;
}

static const struct result_kind run_kind = {
	.file = FILE_NAME,
	.name = "run file",
	.schema = STORE_SCHEMA,
	.cell_flaw = cell_flaw,
};

json_t *store_read(const char *folder_or_file, const struct why *why)
{
	json_t *run = result_read(&run_kind, folder_or_file, why);

	if (!run || summaries_again(run) == 0)
		return run;
	why_say(why, "cannot read '%s': %s", folder_or_file, strerror(ENOMEM));
	json_decref(run);
	return NULL;
}
