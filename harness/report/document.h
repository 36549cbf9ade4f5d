/* A run as a document: report.md and report.html. Both show the same, as plots and sections list it. */
#ifndef BENCH_REPORT_DOCUMENT_H
#define BENCH_REPORT_DOCUMENT_H

#include "report/plots.h"
#include "report/rows.h"

struct document {
	const struct rows *rows;
	const struct plots *plots; /* pictures that stand in the folder */
	const char *folder;        /* of the run */
};

/* Writes Markdown that links to the pictures beside it. Returns 0 or -ENOMEM. */
int markdown_write(FILE *out, const struct document *document);

/* Fills the template, plots/report.html, pictures included: the result needs no other file.
 * Returns 0 or -errno: -EINVAL for a template with an unknown placeholder, what opening a picture
 * said, or -ENOMEM. */
int html_write(FILE *out, const struct document *document, const char *template);

#endif
