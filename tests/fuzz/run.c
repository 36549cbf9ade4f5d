/* run.json: what report, compare, every export and the history make of a run file. */
#include "model/registry.h"
#include "report/compare/compare.h"
#include "report/kit/page_print.h"
#include "report/run/plots/run.h"
#include "report/run/report.h"
#include "report/run/table.h"
#include "store/exports/export.h"
#include "store/history/history.h"
#include "store/run/store.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void compare(const json_t *run)
{
	const json_t *runs[] = { run, run };
	const char *names[] = { "a", "b" };

	for (size_t sides = 1; sides <= 2; sides++) {
		struct compared compared = { .sides = 0 };
		struct page page = { 0 };

		if (compare_make(&compared, runs, names, sides) || compare_page(&page, &compared))
			abort();
		page_print(fuzz_nowhere(), &page, REST_IN_REPORT);
		markdown_write(fuzz_nowhere(), &page);
		page_release(&page);
		compare_release(&compared);
	}
}

static void add_nothing(void *context, const char *name, const char *status, const char *reason)
{
	if (!name || !status)
		abort();
}

static void export_all(const json_t *run)
{
	for (size_t i = 0; registry_exports[i]; i++) {
		struct writer out = { .file = fuzz_nowhere() };

		export_fill(registry_exports[i], run, &out);
		export_left_out(registry_exports[i], run, add_nothing, NULL);
	}
}

static void add_to_history(const json_t *run)
{
	const struct run_label label = { .commit = "c" };
	struct run_added added;
	struct history *history;
	char why[512] = "", file[64];

	snprintf(file, sizeof(file), "%s/history.db", fuzz_folder());
	if (history_open(&history, file, true, WHY(why)))
		abort();
	history_add(history, run, &label, &added, WHY(why));
	history_close(history);
	unlink(file);
}

static void report(const json_t *run)
{
	char why[1024] = "";
	FILE *files[PLOT_FILES_MAX];
	struct rows rows;
	struct plot_data data;

	table_print(run, fuzz_nowhere());
	if (report_write_run(run, fuzz_folder(), false, WHY(why)) || rows_make(&rows, run))
		abort();
	for (size_t i = 0; i < PLOT_FILES_MAX; i++)
		files[i] = fuzz_nowhere();
	data = plot_run(&rows);
	data.write(files, data.from);
	rows_release(&rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[1024] = "";
	json_t *run = store_read(fuzz_file(data, size), WHY(why));

	if (!run) {
		if (!why[0])
			abort();
		return 0;
	}
	report(run);
	compare(run);
	export_all(run);
	add_to_history(run);
	json_decref(run);
	return 0;
}

void fuzz_seeds(seed_taker *add, void *context)
{
	fuzz_add_json(add, context, fuzz_document("run.json"));
}
