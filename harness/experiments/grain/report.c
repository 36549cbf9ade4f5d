#include "experiments/grain/internal.h"

#include "model/mode.h"

#include <string.h>

/* ---- The table ---- */

/* Writes a time with at least three digits, and "<" or ">" before it if only a bound is known. */
static void time_text(char *text, size_t size, struct crossing crossing)
{
	double us = crossing.at / 1e3;
	const char *sign = crossing.bound == BOUND_BELOW ? "<" : crossing.bound == BOUND_ABOVE ? ">" : "";

	if (crossing.bound == BOUND_NONE)
		snprintf(text, size, "-");
	else
		snprintf(text, size, "%s%.*f", sign, us < 9.995 ? 2 : us < 99.95 ? 1 : 0, us);
}

static void chunk_text(char *text, size_t size, const struct subject *s, uint64_t base)
{
	struct crossing c = s->break_even_chunk;

	if (c.bound == BOUND_NONE)
		snprintf(text, size, "-");
	else if (c.bound == BOUND_BELOW && c.at <= (double)base)
		snprintf(text, size, "any");
	else if (c.bound == BOUND_ABOVE)
		snprintf(text, size, "none to %.0f", c.at);
	else
		snprintf(text, size, "%s%.0f", c.bound == BOUND_BELOW ? "<" : "", ceil(c.at));
}

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

static void print_subject(const struct subject *s, uint64_t chunk, FILE *out)
{
	char mode[64], half[32], most[32], cost[32], even[32], dispatch[32];

	mode_text(mode, sizeof(mode), s);
	fprintf(out, "%-24s %-9s", mode, s->transport ? s->transport : "-");
	if (!s->point_count) {
		fprintf(out, "  %s: %s\n", outcome_text(s), s->why[0] ? s->why : "budget");
		return;
	}
	time_text(half, sizeof(half), s->metg50);
	time_text(most, sizeof(most), s->metg90);
	time_text(cost, sizeof(cost), s->break_even_cost);
	time_text(dispatch, sizeof(dispatch), (struct crossing){ s->dispatch_ns > 0 ? BOUND_AT : BOUND_NONE,
		fmax(s->dispatch_ns, 0) });
	chunk_text(even, sizeof(even), s, chunk);
	fprintf(out, " %8s %8s %10s %13s %9s", half, most, cost, even, dispatch);
	if (s->outcome == OUTCOME_FAILED)
		fprintf(out, "  then failed: %s", s->why);
	else if (s->cut)
		fprintf(out, "  cut short by the budget");
	fprintf(out, "\n");
}

static void print_heads(const struct subject *s, FILE *out)
{
	fprintf(out, "Items of %s\n", s->work->arguments[1]);
	fprintf(out, "%-24s %-9s %8s %8s %10s %13s %9s\n", "", "", "METG(50)", "METG(90)", "break-even", "break-even",
		"dispatch");
	fprintf(out, "%-24s %-9s %9s %9s %11s %13s %10s\n", "mode", "transport", "µs", "µs", "item, µs", "chunk",
		"µs/item"); /* a µ is two bytes and one column */
}

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

static void print_best(const struct subject *s, bool first, uint32_t workers, uint64_t chunk, FILE *out)
{
	char mode[64];
	const char *over = s->transport ? " over " : "";

	mode_text(mode, sizeof(mode), s);
	if (first)
		fprintf(out, "With %u worker%s and items %s, ", (unsigned)workers, workers == 1 ? "" : "s",
			chunk == 1 ? "one at a time" : "in chunks");
	else
		fprintf(out, "; of those for %s, ", s->work->arguments[1]);
	fprintf(out, "%s%s%s stays effective with the shortest: at %s%.3g µs each worker has half the sequential rate",
		mode, over, s->transport ? s->transport : "", s->metg50.bound == BOUND_BELOW ? "less than " : "",
		s->metg50.at / 1e3);
}

static void print_conclusion(const struct subject *subjects, size_t count, uint32_t workers, uint64_t chunk, FILE *out)
{
	const struct work *work = NULL;
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		const struct subject *best;

		if (subjects[i].work == work)
			continue;
		work = subjects[i].work;
		best = best_of(subjects, count, work);
		if (best)
			print_best(best, !any, workers, chunk, out);
		any |= best != NULL;
	}
	if (!any)
		fprintf(out, "No mode has half the sequential rate on each worker with any item that was measured");
	fprintf(out, ".\n");
}

void grain_print(const struct subject *subjects, size_t count, uint32_t workers, uint64_t chunk, FILE *out)
{
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || subjects[i].work != subjects[i - 1].work) {
			fprintf(out, i ? "\n" : "");
			print_heads(&subjects[i], out);
		}
		print_subject(&subjects[i], chunk, out);
	}
	fprintf(out, "\n");
	print_conclusion(subjects, count, workers, chunk, out);
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
		"call", s->call, "transport", s->transport, "workload", s->work->arguments[1], "status",
		outcome_text(s), "cut", s->cut,
		"reason", s->why[0] ? s->why : NULL, "metg50", pack_crossing("ns", s->metg50), "metg90",
		pack_crossing("ns", s->metg90), "break_even_item", pack_crossing("ns", s->break_even_cost),
		"break_even_chunk", pack_crossing("items", s->break_even_chunk), "dispatch_ns_per_item", dispatch,
		"points", pack_points(s), "chunks", pack_chunks(s));
}

json_t *grain_pack(const struct subject *subjects, size_t count, uint32_t workers, uint64_t chunk)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, pack_subject(&subjects[i]));
	return json_pack("{s:s, s:I, s:I, s:o}", "experiment", "grain", "workers", (json_int_t)workers, "chunk",
		(json_int_t)chunk, "rows", list);
}
