#include "experiments/grain/internal.h"

#include "base/interrupts.h"
#include "model/mode.h"
#include "report/kit/grid_print.h"
#include "report/kit/page_print.h"

#include <stdlib.h>
#include <string.h>

/* ---- The tables ---- */

static void mode_text(char *text, size_t size, const struct subject *s)
{
	bool plain = call_is_preset(s->call);

	snprintf(text, size, "%s%s%s", s->mode, plain ? "" : ":", plain ? "" : s->call);
}

static const char *outcome_text(const struct subject *s)
{
	return s->outcome == OUTCOME_FAILED ? "failed" : s->outcome == OUTCOME_NOT_AVAILABLE ? "not available" :
	       s->point_count ? "ok" : "not measured";
}

static struct crossing dispatch_of(const struct subject *s)
{
	return (struct crossing){ s->point_count && s->dispatch_ns > 0 ? BOUND_AT : BOUND_NONE, s->dispatch_ns };
}

/* The columns with times; the chunk comes before the last one. */
static struct crossing time_of(const struct subject *s, unsigned column)
{
	return column == 0 ? s->metg50 : column == 1 ? s->metg90 : column == 2 ? s->break_even_cost : dispatch_of(s);
}

static const char *const time_headings[] = { "METG(50)", "METG(90)", "break-even\nitem", "dispatch\nan item" };
#define TIMES (sizeof(time_headings) / sizeof(time_headings[0]))

/* Writes "<" or ">" before a time of which only a bound is known. */
static void time_text(char *text, struct crossing crossing, const struct units *units)
{
	const char *sign = crossing.bound == BOUND_BELOW ? "<" : crossing.bound == BOUND_ABOVE ? ">" : "";
	char number[GRID_TEXT - 2];

	units_number(number, sizeof(number), units, crossing.at);
	snprintf(text, GRID_TEXT, "%s%s", crossing.bound == BOUND_NONE ? "" : sign,
		 crossing.bound == BOUND_NONE ? "-" : number);
}

static void chunk_text(char *text, const struct subject *s, uint64_t base)
{
	struct crossing c = s->break_even_chunk;

	if (c.bound == BOUND_NONE)
		snprintf(text, GRID_TEXT, "-");
	else if (c.bound == BOUND_BELOW && c.at <= (double)base)
		snprintf(text, GRID_TEXT, "any");
	else if (c.bound == BOUND_ABOVE)
		snprintf(text, GRID_TEXT, "none to %.0f", c.at);
	else
		snprintf(text, GRID_TEXT, "%s%.0f", c.bound == BOUND_BELOW ? "<" : "", ceil(c.at));
}

static struct units choose_units(const struct subject *subjects, size_t count, const char *micro)
{
	double *ns = calloc(count * TIMES + 1, sizeof(*ns));
	struct units units;
	size_t known = 0;

	for (size_t i = 0; ns && i < count; i++)
		for (unsigned column = 0; column < TIMES; column++)
			if (time_of(&subjects[i], column).bound != BOUND_NONE)
				ns[known++] = time_of(&subjects[i], column).at;
	units = units_choose(KIND_TIME, ns, known, micro);
	free(ns);
	return units;
}

static void add_keys(struct grid *grid, const struct subject *subjects)
{
	grid_column(grid, "mode", "")->left = true;
	grid_column(grid, "transport", "")->left = true;
	grid->keys = grid->columns;
	for (size_t i = 0; i < grid->rows; i++) {
		mode_text(grid->text[i][0], GRID_TEXT, &subjects[i]);
		snprintf(grid->text[i][1], GRID_TEXT, "%s", subjects[i].transport ? subjects[i].transport : "-");
		if (!subjects[i].point_count)
			snprintf(grid->note[i], sizeof(*grid->note), "%s", outcome_text(&subjects[i]));
	}
}

static void add_values(struct grid *grid, const struct subject *subjects, uint64_t chunk, const char *micro)
{
	struct units units = choose_units(subjects, grid->rows, micro);

	for (unsigned column = 0; column < TIMES; column++) {
		if (column == TIMES - 1) {
			grid_column(grid, "break-even\nchunk", "");
			for (size_t i = 0; i < grid->rows; i++)
				chunk_text(grid->text[i][grid->columns - 1], &subjects[i], chunk);
		}
		grid_column(grid, time_headings[column], units_heading(&units));
		for (size_t i = 0; i < grid->rows; i++)
			time_text(grid->text[i][grid->columns - 1], time_of(&subjects[i], column), &units);
	}
}

/* Says of the subjects that have not all numbers why. */
static void add_remarks(struct remarks *remarks, const struct grain *grain, const struct subject *subjects,
			size_t count)
{
	char ended[SIGNAL_TEXT], text[64] = "the budget was over: raise --budget", mode[GRID_TEXT], name[2 * GRID_TEXT];

	if (grain->book.signal)
		snprintf(text, sizeof(text), "ended by %s", signal_text(ended, grain->book.signal));
	for (size_t i = 0; i < count; i++) {
		const struct subject *s = &subjects[i];
		bool whole = s->point_count && s->outcome == OUTCOME_OK && !s->cut;
		const char *outcome = !s->point_count ? outcome_text(s) : s->cut ? "cut short" : "failed later";
		struct remark *remark;

		if (whole)
			continue;
		remark = remark_on(remarks, outcome, s->outcome == OUTCOME_OK ? text : s->why);
		mode_text(mode, sizeof(mode), s);
		snprintf(name, sizeof(name), "%s%s%s", mode, s->transport ? "/" : "", s->transport ? s->transport : "");
		if (remark)
			remark_holds(remark, name);
	}
}

static void print_work(const struct grain *grain, const struct subject *subjects, size_t count, FILE *out)
{
	struct terminal terminal = terminal_of(out);
	struct remarks remarks = { 0 };
	struct grid grid;

	if (grid_init(&grid, count) == 0) {
		add_keys(&grid, subjects);
		add_values(&grid, subjects, grain->chunk, terminal.micro);
		add_remarks(&remarks, grain, subjects, count);
		fprintf(out, "Items of %s\n", subjects->work->workload);
		grid_print(out, &grid, &terminal);
		remarks_print(out, &terminal, &remarks, "grain.json has all");
	}
	remarks_release(&remarks);
	grid_release(&grid);
}

/* ---- The conclusion ---- */

/* Returns the subject of a work with the least METG(50); NULL: there is none. */
static const struct subject *best_of(const struct subject *subjects, size_t count, const struct work *work)
{
	const struct subject *best = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct subject *s = &subjects[i];
		bool known = s->metg50.bound == BOUND_AT || s->metg50.bound == BOUND_BELOW;

		if (s->work == work && known && s->outcome != OUTCOME_FAILED &&
		    (!best || s->metg50.at < best->metg50.at))
			best = s;
	}
	return best;
}

static void write_best(const struct subject *s, bool first, const struct grain *grain, const char *micro, FILE *out)
{
	const char *over = s->transport ? " over " : "";
	char mode[GRID_TEXT], time[32];

	mode_text(mode, sizeof(mode), s);
	quantity_text(time, sizeof(time), KIND_TIME, s->metg50.at, micro);
	if (first)
		fprintf(out, "With %u worker%s and items %s, ", (unsigned)grain->workers,
			grain->workers == 1 ? "" : "s", grain->chunk == 1 ? "one at a time" : "in chunks");
	else
		fprintf(out, "; of those for %s, ", s->work->workload);
	fprintf(out, "%s%s%s stays effective with the shortest: at %s%s each worker has half the sequential rate", mode,
		over, s->transport ? s->transport : "", s->metg50.bound == BOUND_BELOW ? "less than " : "", time);
}

void grain_conclude(const void *result, const char *micro, FILE *out)
{
	const struct grain *grain = result;
	const struct work *work = NULL;
	bool any = false, measured = false;

	for (size_t i = 0; i < grain->subject_count; i++) {
		const struct subject *best;

		measured |= grain->subjects[i].point_count > 0;
		if (grain->subjects[i].work == work)
			continue;
		work = grain->subjects[i].work;
		best = best_of(grain->subjects, grain->subject_count, work);
		if (best)
			write_best(best, !any, grain, micro, out);
		any |= best != NULL;
	}
	if (!any)
		fputs(measured ? "No mode has half the sequential rate on each worker with any item that was measured" :
				 "Nothing was measured", out);
	fprintf(out, ".");
}

void grain_print(const void *result, FILE *out)
{
	const struct grain *grain = result;

	for (size_t from = 0, to; from < grain->subject_count; from = to) {
		for (to = from; to < grain->subject_count && grain->subjects[to].work == grain->subjects[from].work;)
			to++;
		fprintf(out, from ? "\n" : "");
		print_work(grain, grain->subjects + from, to - from, out);
	}
}

/* ---- JSON ---- */

static json_t *pack_crossing(const char *unit, struct crossing crossing)
{
	static const char *const bounds[] = { [BOUND_AT] = "at", [BOUND_BELOW] = "below", [BOUND_ABOVE] = "above" };

	if (crossing.bound == BOUND_NONE)
		return json_null();
	return json_pack("{s:f, s:s}", unit, crossing.at, "bound", bounds[crossing.bound]);
}

static json_t *pack_points(const struct subject *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->point_count; i++)
		json_array_append_new(list, json_pack("{s:f, s:f, s:f}", "item_ns", s->points[i].cost,
			"granularity_ns", s->points[i].granularity, "efficiency", grain_efficiency(s->points[i])));
	return list;
}

static json_t *pack_chunks(const struct subject *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->chunk_count; i++)
		json_array_append_new(list, json_pack("{s:I, s:f}", "chunk", (json_int_t)s->chunks[i].x, "speedup",
			s->chunks[i].y));
	return list;
}

static json_t *pack_subject(const struct subject *s)
{
	json_t *dispatch = s->point_count && s->dispatch_ns > 0 ? json_real(s->dispatch_ns) : json_null();

	return json_pack("{s:s, s:s?, s:s?, s:s, s:s, s:b, s:s?, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "mode", s->mode,
		"call", s->call, "transport", s->transport, "workload", s->work->workload, "status",
		outcome_text(s), "cut", s->cut,
		"reason", s->why[0] ? s->why : NULL, "metg50", pack_crossing("ns", s->metg50), "metg90",
		pack_crossing("ns", s->metg90), "break_even_item", pack_crossing("ns", s->break_even_cost),
		"break_even_chunk", pack_crossing("items", s->break_even_chunk), "dispatch_ns_per_item", dispatch,
		"points", pack_points(s), "chunks", pack_chunks(s));
}

json_t *grain_pack(const void *result)
{
	const struct grain *grain = result;
	json_t *list = json_array();

	for (size_t i = 0; i < grain->subject_count; i++)
		json_array_append_new(list, pack_subject(&grain->subjects[i]));
	return json_pack("{s:s, s:I, s:I, s:o}", "experiment", "grain", "workers", (json_int_t)grain->workers, "chunk",
		(json_int_t)grain->chunk, "rows", list);
}
