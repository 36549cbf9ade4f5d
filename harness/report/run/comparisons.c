#include "report/run/comparisons.h"

#include "base/text.h"
#include "model/mode.h"
#include "report/kit/units.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define RIVALS_NAMED 4

/* Whether two intervals do not overlap; false if one is not known. */
static bool apart(struct interval a, struct interval b)
{
	return a.level > 0 && b.level > 0 && (a.high < b.low || b.high < a.low);
}

/* The ratio of two times. Its interval is made of the ends of both intervals, which is wider than needed: a difference
 * that it shows is certain. */
static struct interval ratio_of(struct interval slow, struct interval fast)
{
	return (struct interval){ slow.median / fast.median, slow.low / fast.high, slow.high / fast.low,
				  fmin(slow.level, fast.level) };
}

static void write_certainty(FILE *out, struct interval a, struct interval b)
{
	if (fmin(a.level, b.level) < CONFIDENCE)
		fputs("; too few processes measured it to be sure", out);
}

static struct interval wall_of(const struct row *row)
{
	return row->value[QUANTITY_WALL];
}

/* "pool/pipe" */
static void name_without_chunk(char *text, size_t size, const struct rows *rows, const struct row *row)
{
	struct row way = *row;

	way.chunk = 0;
	row_label_alone(text, size, rows, &way);
}

/* Closes the stream that open_memstream() has made and keeps the text as a remark. Returns 0 or -ENOMEM. */
static int keep(struct remarks *remarks, const char *subject, FILE *out, char **text)
{
	bool whole = out && fclose(out) == 0;
	int err = whole && remark_on(remarks, subject, *text) ? 0 : -ENOMEM;

	free(*text);
	return err;
}

/* ---- Chunks ---- */

static bool is_first_of_way(const struct rows *rows, const struct row *row)
{
	for (const struct row *other = rows->row; other < row; other++)
		if (row_same_way(other, row))
			return false;
	return row->chunk > 0;
}

/* The cells of one way of running that were measured; they differ in the chunk. */
struct chunks {
	const struct row *best, *preset; /* NULL: not measured */
	size_t measured;
};

static struct chunks chunks_of(const struct rows *rows, const struct row *way)
{
	struct chunks chunks = { .measured = 0 };

	for (const struct row *row = way; row < rows->row + rows->count; row++) {
		if (!row->ok || !row_same_way(row, way))
			continue;
		chunks.measured++;
		if (row->chunk == row->preset_chunk)
			chunks.preset = row;
		if (!chunks.best || wall_of(row).median < wall_of(chunks.best).median)
			chunks.best = row;
	}
	return chunks;
}

/* Names the chunks, other than the preset, that may be as good as the best one. */
static void write_rivals(FILE *out, const struct rows *rows, const struct chunks *chunks, const char *before)
{
	size_t count = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];

		if (row == chunks->best || row == chunks->preset || !row->ok || !row_same_way(row, chunks->best) ||
		    apart(wall_of(row), wall_of(chunks->best)))
			continue;
		if (count++ < RIVALS_NAMED)
			fprintf(out, "%s%" PRIu64, count == 1 ? before : " or ", row->chunk);
	}
	if (count > RIVALS_NAMED)
		fprintf(out, " or %zu more", count - RIVALS_NAMED);
}

static void write_chunks(FILE *out, const struct rows *rows, const struct chunks *chunks)
{
	const struct row *best = chunks->best, *preset = chunks->preset;
	char ratio[64];

	if (best == preset) {
		fprintf(out, "the preset's %" PRIu64 " is best", best->chunk);
		write_rivals(out, rows, chunks, "; no difference can be told from ");
	} else if (!preset) {
		fprintf(out, "%" PRIu64 " is best of those measured, which the preset is not among", best->chunk);
		write_rivals(out, rows, chunks, "; no difference can be told from ");
	} else if (!apart(wall_of(preset), wall_of(best))) {
		fprintf(out, "%" PRIu64 " took least time, but no difference can be told from the preset's %" PRIu64,
			best->chunk, preset->chunk);
		write_rivals(out, rows, chunks, ", or from ");
	} else {
		ratio_text(ratio, sizeof(ratio), ratio_of(wall_of(preset), wall_of(best)));
		fprintf(out, "%" PRIu64 " is best, %s times as fast as the preset's %" PRIu64, best->chunk, ratio,
			preset->chunk);
		write_rivals(out, rows, chunks, "; no difference can be told from ");
	}
	write_certainty(out, wall_of(best), wall_of(preset ? preset : best));
}

static int remark_chunks(struct remarks *remarks, const struct rows *rows, const struct row *way)
{
	struct chunks chunks = chunks_of(rows, way);
	char subject[256], *text = NULL;
	size_t size;
	FILE *out;

	if (chunks.measured < 2)
		return 0;
	name_without_chunk(subject, 160, rows, way);
	snprintf(subject + strlen(subject), 64, " with %" PRIu64 " worker%s", way->workers,
		 way->workers == 1 ? "" : "s");
	out = open_memstream(&text, &size);
	if (out)
		write_chunks(out, rows, &chunks);
	return keep(remarks, subject, out, &text);
}

int remarks_chunks(struct remarks *remarks, const struct rows *rows)
{
	int err = 0;

	*remarks = (struct remarks){ 0 };
	for (size_t i = 0; i < rows->count && rows->chunks && !err; i++)
		if (is_first_of_way(rows, &rows->row[i]))
			err = remark_chunks(remarks, rows, &rows->row[i]);
	return err;
}

/* ---- References ---- */

/* Whether two ways of calling may be compared. */
static bool called_alike(const char *a, const char *b)
{
	return text_same(a, b) || (call_is_preset(a) && call_is_preset(b));
}

/* How similar a cell is to a reference: most if mode and options are the same, less if only the mode is; 0: they must
 * not be compared. */
static int likeness(const struct row *row, const struct row *reference)
{
	const char *mode = json_text(row->cell, "mode");

	if (!row_measured_parallel(row) || row->incomplete || reference->incomplete || row->counterpart ||
	    !called_alike(json_text(row->cell, "call"), json_text(reference->cell, "call")) ||
	    row->workers != reference->workers ||
	    strcmp(row->workload, reference->workload) != 0)
		return 0;
	if (!text_same(mode, reference->counterpart))
		return 0;
	return text_same(json_text(row->cell, "option"), json_text(reference->cell, "option")) ? 2 : 1;
}

/* The fastest of the cells that are most similar to the reference; NULL: there is none. */
static const struct row *counterpart_of(const struct rows *rows, const struct row *reference)
{
	const struct row *best = NULL;
	int most = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];
		int like = likeness(row, reference);

		if (!like || like < most ||
		    (like == most && best && wall_of(row).median >= wall_of(best).median))
			continue;
		best = row;
		most = like;
	}
	return best;
}

enum share { SHARE_WORK, SHARE_DISPATCH, SHARE_REST, SHARE_COUNT };

static enum share share_of(const char *part)
{
	static const char *const work[] = { "useful", "inflation", "blocked", "lock" };

	for (size_t i = 0; i < sizeof(work) / sizeof(work[0]); i++)
		if (strcmp(part, work[i]) == 0)
			return SHARE_WORK;
	return strcmp(part, "dispatch") == 0 || strcmp(part, "copy") == 0 ? SHARE_DISPATCH : SHARE_REST;
}

/* What a worker's time for an item consists of. */
struct cost {
	double ns[SHARE_COUNT];
};

static struct cost cost_of(const struct rows *rows, const struct row *row)
{
	struct cost cost = { { 0 } };

	for (size_t i = 0; i < rows->parts; i++)
		cost.ns[share_of(rows->part[i])] += row->part_ns[i] / json_double(row->cell, "items");
	return cost;
}

/* The part, other than work and dispatch, in which two cells differ most. */
static const char *greatest_rest(const struct rows *rows, const struct row *a, const struct row *b)
{
	const char *name = "";
	double most = -1;

	for (size_t i = 0; i < rows->parts; i++) {
		double apart_ns = fabs(a->part_ns[i] - b->part_ns[i]);

		if (share_of(rows->part[i]) != SHARE_REST || apart_ns <= most)
			continue;
		most = apart_ns;
		name = rows->part[i];
	}
	return name;
}

/* "18.2 us less in dispatch" */
static void write_gain(FILE *out, double gain_ns, const char *of)
{
	char text[48];

	quantity_text(text, sizeof(text), KIND_TIME, fabs(gain_ns), "us");
	fprintf(out, "%s %s%s", text, gain_ns < 0 ? "more" : "less", of);
}

static void write_split(FILE *out, const struct rows *rows, const struct row *own, const struct row *reference)
{
	struct cost new = cost_of(rows, own), old = cost_of(rows, reference);
	double gain_ns[SHARE_COUNT], all_ns = 0;

	for (int i = 0; i < SHARE_COUNT; i++)
		all_ns += gain_ns[i] = old.ns[i] - new.ns[i];
	fputs("; for an item a worker takes ", out);
	write_gain(out, all_ns, ": ");
	write_gain(out, gain_ns[SHARE_WORK], " in the work");
	if (new.ns[SHARE_WORK] > 0 && old.ns[SHARE_WORK] > 0)
		fprintf(out, " (%.3g times as fast)", old.ns[SHARE_WORK] / new.ns[SHARE_WORK]);
	fputs(", ", out);
	write_gain(out, gain_ns[SHARE_DISPATCH], " in dispatch and copy, ");
	write_gain(out, gain_ns[SHARE_REST], " in all else, mostly ");
	for (const char *at = greatest_rest(rows, own, reference); *at; at++)
		putc(*at == '_' ? ' ' : *at, out);
}

static void write_reference(FILE *out, const struct rows *rows, const struct row *own, const struct row *reference)
{
	struct interval ratio = ratio_of(wall_of(reference), wall_of(own));
	char text[64];

	ratio_text(text, sizeof(text), ratio);
	if (apart(wall_of(reference), wall_of(own)) || !(ratio.level > 0))
		fprintf(out, "%s times as fast", text);
	else
		fprintf(out, "no difference can be told, %s times as fast", text);
	if (own->account_ns > 0 && reference->account_ns > 0 && json_double(own->cell, "items") > 0 &&
	    json_double(reference->cell, "items") > 0)
		write_split(out, rows, own, reference);
	write_certainty(out, wall_of(own), wall_of(reference));
}

static int remark_reference(struct remarks *remarks, const struct rows *rows, const struct row *reference)
{
	const struct row *own = counterpart_of(rows, reference);
	char subject[256], name[96], *text = NULL;
	size_t size;
	FILE *out;

	if (!own)
		return 0;
	row_series(name, sizeof(name), rows, reference);
	row_label_alone(subject, 128, rows, own);
	snprintf(subject + strlen(subject), 128, " beside %s, %" PRIu64 " worker%s", name, own->workers,
		 own->workers == 1 ? "" : "s");
	out = open_memstream(&text, &size);
	if (out)
		write_reference(out, rows, own, reference);
	return keep(remarks, subject, out, &text);
}

/* Whether no other chunk is faster: in a sweep only the best chunk represents the reference. */
static bool has_its_best_chunk(const struct rows *rows, const struct row *row)
{
	for (const struct row *other = rows->row; other < rows->row + rows->count; other++)
		if (other->ok && row_same_way(other, row) && wall_of(other).median < wall_of(row).median)
			return false;
	return true;
}

int remarks_references(struct remarks *remarks, const struct rows *rows)
{
	int err = 0;

	*remarks = (struct remarks){ 0 };
	for (size_t i = 0; i < rows->count && !err; i++)
		if (rows->row[i].ok && rows->row[i].counterpart && has_its_best_chunk(rows, &rows->row[i]))
			err = remark_reference(remarks, rows, &rows->row[i]);
	return err;
}
