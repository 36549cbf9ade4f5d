#include "report/report.h"
#include "report/document.h"
#include "report/textfile.h"
#include "plan/root.h"
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TEMPLATE "plots/report.html"

static int write_html(FILE *out, const struct document *document)
{
	char root[PATH_MAX], *template = text_read(project_root(root), TEMPLATE);
	int err = template ? html_write(out, document, template) : -errno;

	free(template);
	return err;
}

/* Makes the text first, so that a file is either whole or as it was. */
static int write_document(const struct document *document, const char *name,
			  int (*write)(FILE *out, const struct document *document), char *why, size_t why_size)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int err = out ? write(out, document) : -ENOMEM;

	if (out && fclose(out) != 0 && !err)
		err = -ENOMEM;
	if (err)
		snprintf(why, why_size, "cannot make '%s': %s", name, strerror(-err));
	if (!err) {
		err = text_replace(document->folder, name, text, size);
		if (err)
			snprintf(why, why_size, "cannot write '%s/%s': %s", document->folder, name, strerror(-err));
	}
	free(text);
	return err;
}

int report_write_run(const json_t *run, const char *folder, bool plots, char *why, size_t why_size)
{
	struct plots drawn = { .count = 0 };
	struct rows rows;
	struct document document = { &rows, &drawn, folder };
	int err = rows_make(&rows, run), full = 0;
	char root[PATH_MAX];

	why[0] = '\0';
	if (err)
		snprintf(why, why_size, "cannot make the report: %s", strerror(-err));
	if (!err && plots)
		full = plots_draw(&drawn, run, project_root(root), folder, why, why_size) == -ENOSPC ? -ENOSPC : 0;
	if (!err)
		err = write_document(&document, "report.md", markdown_write, why, why_size);
	if (!err)
		err = write_document(&document, "report.html", write_html, why, why_size);
	rows_release(&rows);
	return err ? err : full;
}

int report_write(const char *folder, bool plots, char *why, size_t why_size)
{
	json_t *run = store_read(folder, why, why_size);
	int err = run ? report_write_run(run, folder, plots, why, why_size) : -EINVAL;

	json_decref(run);
	return err;
}
