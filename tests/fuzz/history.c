/* history.db: a damaged or foreign database is refused or read, and shown. */
#include "report/history/view.h"
#include "report/kit/page_print.h"
#include "store/history/history.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void write_file(const char *file, const void *data, size_t size)
{
	FILE *stream = fopen(file, "wb");

	if (!stream || fwrite(data, 1, size, stream) != size || fclose(stream))
		abort();
}

static void show(struct history_list *list, enum history_measure measure, const char *file)
{
	struct history_view view = {
		.database = file, .measure = measure, .search = CHANGE_SEARCH_PRESET, .list = list
	};
	struct plot_data data;
	FILE *files[PLOT_FILES_MAX];
	struct page page = { 0 };

	if (history_search(list, &view.search) || history_view_make(&view) || history_page(&page, &view, "us"))
		abort();
	page_print(fuzz_nowhere(), &page, REST_IN_REPORT);
	markdown_write(fuzz_nowhere(), &page);
	json_decref(history_json(&view));
	for (size_t i = 0; i < PLOT_FILES_MAX; i++)
		files[i] = fuzz_nowhere();
	data = plot_history(&view);
	data.write(files, data.from);
	page_release(&page);
	history_view_release(&view);
}

static void read_all(struct history *history, const char *file)
{
	for (enum history_measure measure = 0; measure < HISTORY_MEASURES; measure++) {
		struct history_list list = { 0 };
		char why[512] = "";

		if (history_read(&list, history, measure, NULL, NULL, WHY(why)) == 0)
			show(&list, measure, file);
		else if (!why[0])
			abort();
		history_list_release(&list);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct history *history = NULL;
	char file[64], other[80], why[512] = "";

	snprintf(file, sizeof(file), "%s/history.db", fuzz_folder());
	write_file(file, data, size);
	if (history_open(&history, file, false, WHY(why)) == 0)
		read_all(history, file);
	else if (!why[0])
		abort();
	history_close(history);
	for (size_t i = 0; i < 2; i++) {
		snprintf(other, sizeof(other), "%s-%s", file, i ? "wal" : "shm");
		unlink(other);
	}
	return 0;
}

/* A history of some runs of a document, later ones slower. */
void fuzz_seeds(seed_taker *add, void *context)
{
	static char content[1 << 20];
	json_t *run = fuzz_document("run.json");
	struct run_label label = { .commit = "1a2b3c4d" };
	struct run_added added;
	struct history *history;
	char file[64], why[512], started[32];
	FILE *stream;

	snprintf(file, sizeof(file), "%s/seed.db", fuzz_folder());
	if (history_open(&history, file, true, WHY(why)))
		abort();
	for (int i = 0; i < 4; i++) {
		snprintf(started, sizeof(started), "2026-01-0%dT12:00:00Z", i + 1);
		json_object_set_new(run, "started", json_string(started));
		if (history_add(history, run, &label, &added, WHY(why)))
			abort();
	}
	history_close(history);
	json_decref(run);
	stream = fopen(file, "rb");
	if (!stream)
		abort();
	add(context, content, fread(content, 1, sizeof(content), stream));
	fclose(stream);
}
