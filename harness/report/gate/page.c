#include "report/gate/page.h"

#include "analyse/verdict.h"
#include "base/text.h"
#include "model/stdout.h"
#include "report/gate/internal.h"
#include "report/kit/page_print.h"
#include "report/run/facts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_OPENLY 5 /* of the sections below so many are not folded in a comment */

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_text(object, key);

	return text ? text : "";
}

/* ---- Facts ---- */

static const json_t *side_of(const struct gate_rows *rows, const char *key)
{
	return json_object_get(json_object_get(rows->gate, "sides"), key);
}

/* Returns "revision HEAD~1: 1a2b3c4 area: change", where the side was not given another name. */
static char *side_text(const json_t *side)
{
	const char *title = json_text(side, "title"), *detail = text_at(side, "detail");
	const char *between = detail[0] ? ": " : "";

	if (title)
		return text_format("%s%s%s", title, between, detail);
	return text_format("%s %s%s%s", text_at(side, "kind"), text_at(side, "name"), between, detail);
}

static char *limits_text(const struct gate_rows *rows)
{
	char margin[48] = "";

	if (isfinite(rows->margin))
		snprintf(margin, sizeof(margin), ", margin %.2g %%", 100 * expm1(rows->margin));
	return text_format("%.4g %%%s", 100 * rows->tolerance, margin);
}

static char *start_text(const struct gate_rows *rows)
{
	double ns = json_double(rows->gate, "ended_after_ns");
	char took[32] = "";

	if (isfinite(ns))
		quantity_text(took, sizeof(took), KIND_TIME, ns, "µs");
	return text_format("%s%s%s", text_at(rows->gate, "started"), took[0] ? ", for " : ", and was not finished",
			   took);
}

static void add_sides(struct page *page, const struct gate_rows *rows)
{
	page_fact(page, "A, the baseline", STYLE_PLAIN, side_text(side_of(rows, "a")));
	page_fact(page, "B, the contender", STYLE_PLAIN, side_text(side_of(rows, "b")));
}

/* Adds the program that a side runs, if the side's name is another. */
static void add_program(struct page *page, const char *name, const json_t *side)
{
	if (json_text(side, "title") || strcmp(text_at(side, "text"), text_at(side, "name")))
		page_fact(page, name, STYLE_CODE, strdup(text_at(side, "text")));
}

static void add_facts(struct page *page, const struct gate_rows *rows)
{
	const struct rows run = { .run = rows->gate }; /* a gate has its command and machine where a run has them */
	const char *unclear = json_text(rows->gate, "on_unclear");
	const struct stdout_target *target = stdout_target_find(json_text(rows->gate, "stdout"));

	add_sides(page, rows);
	add_program(page, "A runs", side_of(rows, "a"));
	add_program(page, "B runs", side_of(rows, "b"));
	if (target)
		page_fact(page, "What they print", STYLE_PLAIN, strdup(target->summary));
	page_fact(page, "Tolerance", STYLE_PLAIN, limits_text(rows));
	if (isfinite(rows->level))
		page_fact(page, "Level", STYLE_PLAIN,
			  text_format("%.2g %% of the lower bound at each look, %.2g %% of the upper",
				      100 * rows->level, 100 * LOOK_LEVEL));
	if (unclear)
		page_fact(page, "When it cannot tell", STYLE_PLAIN, text_format("counts as %s", unclear));
	page_fact(page, "Machine", STYLE_PLAIN, fact_text(facts_machine, &run));
	page_fact(page, "Started", STYLE_PLAIN, start_text(rows));
	page_fact(page, "Seed", STYLE_PLAIN, text_format("%.0f", json_double(rows->gate, "seed")));
	page_fact(page, "Command", STYLE_CODE, fact_text(facts_command, &run));
	page_fact(page, "Build log", STYLE_CODE, strdup(text_at(rows->gate, "build_log")));
}

/* ---- Page ---- */

static const struct part {
	const char *name, *title, *lead;
	int (*grid)(struct grid *grid, const struct gate_rows *rows);
	int (*remarks)(struct remarks *remarks, const struct gate_rows *rows);
	bool printed; /* it is shown on the console, too */
} parts[] = {
	{ "verdicts", "Verdicts", NULL, gate_grid_cells, NULL, true },
	{ "failures", "Failed", NULL, NULL, gate_remarks_failures, true },
	{ "unclear", "What could not be told, and what may be done", NULL, NULL, gate_remarks_unclear, true },
	{ "explained", "What the difference is like", NULL, NULL, gate_remarks_explained, true },
	{ "doubts", "Reasons for doubt", NULL, NULL, gate_remarks_doubts, true },
	{ "controls", "Controls", NULL, gate_grid_controls, gate_remarks_power, true },
	{ "screening", "The screening",
	  "All cells were measured shortly; those that may be slower were measured again, with new runs.",
	  gate_grid_screening, NULL, false },
	{ "turns", "What took turns", NULL, gate_grid_turns, NULL, false },
	{ "times", "What was timed", NULL, gate_grid_times, NULL, false },
};

static int add_part(struct page *page, const struct part *part, const struct gate_rows *rows)
{
	struct section section = { .name = part->name, .title = part->title, .lead = part->lead };
	int err = part->grid ? part->grid(&section.grid, rows) : 0;

	if (part->remarks && !err)
		err = part->remarks(&section.remarks, rows);
	page_section(page, section);
	return err;
}

/* Returns "folder . against revision HEAD~1", with names cut so that they fit into a heading. */
static char *subject_of(const struct gate_rows *rows)
{
	char a[80], b[80];

	gate_side_name(a, sizeof(a), side_of(rows, "a"));
	gate_side_name(b, sizeof(b), side_of(rows, "b"));
	return text_format("%s against %s", b, a);
}

static char *conclusion_of(const struct gate_rows *rows)
{
	const char *signal = json_text(rows->gate, "interrupted");

	return text_format("%s%s%s%s", signal ? "interrupted by " : "", signal ? signal : "",
			   signal ? ": not all was measured\n" : "", text_at(rows->gate, "conclusion"));
}

static int make_page(struct page *page, const struct gate_rows *rows, bool console)
{
	int err = 0;

	page_init(page, "gate", subject_of(rows), rows->by_instructions ? "more instructions?" : "slower?");
	page_conclude(page, conclusion_of(rows));
	page->shown_openly = SHOWN_OPENLY;
	if (console) {
		add_sides(page, rows);
		page_fact(page, "Tolerance", STYLE_PLAIN, limits_text(rows));
	} else {
		add_facts(page, rows);
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && !err; i++)
		if (!console || parts[i].printed)
			err = add_part(page, &parts[i], rows);
	gate_guide(page, rows);
	return err ? err : page->error;
}

static bool is_measured(const struct gate_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->row[i].measured)
			return true;
	return false;
}

int gate_report_write_gate(const json_t *gate, const char *folder, bool plots, const struct why *why)
{
	struct page page = { .name = NULL };
	struct gate_rows rows;
	int err = gate_rows_make(&rows, gate);
	struct plot_data data;

	why->text[0] = '\0';
	if (!err)
		err = make_page(&page, &rows, false);
	if (err) {
		why_say(why, "cannot make the report: %s", strerror(-err));
	} else {
		data = plot_gate(&rows);
		err = page_publish(&page, plots && is_measured(&rows) ? &data : NULL, folder, why);
	}
	page_release(&page);
	gate_rows_release(&rows);
	return err;
}

int gate_print(const json_t *gate, FILE *out)
{
	struct page page = { .name = NULL };
	struct gate_rows rows;
	int err = gate_rows_make(&rows, gate);

	if (!err)
		err = make_page(&page, &rows, true);
	if (!err)
		page_print(out, &page, REST_IN_REPORT);
	page_release(&page);
	gate_rows_release(&rows);
	return err;
}
