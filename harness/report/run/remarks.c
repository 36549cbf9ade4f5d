#include "report/run/remarks.h"

#include "report/kit/failure.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int remark_cell(struct remarks *remarks, const char *subject, const char *text, const struct rows *rows,
		const struct row *row)
{
	struct remark *remark = remark_on(remarks, subject, text);
	char alone[sizeof(remark->last)], label[160];

	if (!remark)
		return -ENOMEM;
	row_label_alone(alone, sizeof(alone), rows, row);
	row_label(label, sizeof(label), rows, row);
	remark_holds_for_workers(remark, label, alone, row->workers);
	return 0;
}

static int remark_failure(struct remarks *remarks, const struct row *row)
{
	char text[sizeof(remarks->remark->text)];

	failure_text(text, sizeof(text), json_object_get(row->cell, "failure"));
	return remark_on(remarks, row->id, text) ? 0 : -ENOMEM;
}

int remarks_failures(struct remarks *remarks, const struct rows *rows)
{
	int err = 0;

	*remarks = (struct remarks){ 0 };
	for (size_t i = 0; i < rows->count && !err; i++)
		if (strcmp(rows->row[i].status, "failed") == 0)
			err = remark_failure(remarks, &rows->row[i]);
	return err;
}

/* Why a cell was not measured; if time was lacking, with the way out. */
static const char *reason_of(const struct row *row)
{
	return strcmp(row->reason, "budget") ? row->reason : "budget: raise --budget, or ask for less";
}

int remarks_missing(struct remarks *remarks, const struct rows *rows)
{
	int err = 0;

	*remarks = (struct remarks){ 0 };
	for (size_t i = 0; i < rows->count && !err; i++) {
		const struct row *row = &rows->row[i];
		bool empty = strcmp(row->status, "ok") == 0;

		if (row->ok || strcmp(row->status, "failed") == 0)
			continue;
		err = remark_cell(remarks, empty ? "not measured" : row->status,
				  empty         ? "no round that counts"
				  : row->reason ? reason_of(row)
						: "no reason given",
				  rows, row);
	}
	return err;
}

/* Replaces the names of cells by "all cells" where a remark holds for all that were measured. */
static void name_all(struct remarks *remarks, const struct rows *rows)
{
	size_t measured = 0;

	for (size_t i = 0; i < rows->count; i++)
		measured += rows->row[i].ok;
	for (size_t i = 0; i < remarks->count && measured > 1; i++) {
		struct remark *remark = &remarks->remark[i];

		if (remark->cell_count < measured)
			continue;
		snprintf(remark->cells, sizeof(remark->cells), "all cells");
		remark->unnamed = 0;
	}
}

int remarks_doubts(struct remarks *remarks, const struct rows *rows)
{
	int err = 0;

	*remarks = (struct remarks){ 0 };
	for (size_t i = 0; i < rows->count; i++) {
		const json_t *doubts = json_object_get(rows->row[i].cell, "doubts"), *doubt;
		size_t at;

		json_array_foreach(doubts, at, doubt) {
			const char *code = json_text(doubt, "code"), *advice = json_text(doubt, "advice");

			if (code && rows->row[i].ok && !err)
				err = remark_cell(remarks, code, advice ? advice : "", rows, &rows->row[i]);
		}
	}
	name_all(remarks, rows);
	return err;
}

/* Payload bytes that an item moved, to the worker and back, in the last round. */
static double bytes_an_item(const json_t *cell)
{
	const json_t *samples = json_object_get(cell, "samples");
	const json_t *last = json_array_get(samples, json_array_size(samples) - 1);

	return json_double(last, "bytes_moved") / json_double(last, "items");
}

int remarks_pieces(struct remarks *remarks, const struct rows *rows)
{
	int err = 0;

	*remarks = (struct remarks){ 0 };
	for (size_t i = 0; i < rows->count && !err; i++) {
		const struct row *row = &rows->row[i];
		double piece = json_double(row->cell, "piece_bytes");
		char text[128];

		if (!row->ok || !(bytes_an_item(row->cell) > piece))
			continue;
		snprintf(text, sizeof(text), "one message holds at most %.0f bytes: larger payloads go in several",
			 piece);
		err = remark_cell(remarks, row->transport ? row->transport : "?", text, rows, row);
	}
	name_all(remarks, rows);
	return err;
}

static bool counts_somewhere(const struct rows *rows, const char *name)
{
	for (size_t i = 0; i < rows->count; i++)
		if (!isnan(row_counter(&rows->row[i], name)))
			return true;
	return false;
}

static bool is_named(const struct remarks *remarks, const char *name)
{
	for (size_t i = 0; i < remarks->count; i++)
		if (strstr(remarks->remark[i].subject, name))
			return true;
	return false;
}

/* Adds the counter's name to the remark with this reason. */
static int remark_counter(struct remarks *remarks, const char *name, const char *reason)
{
	for (size_t i = 0; i < remarks->count; i++)
		if (strcmp(remarks->remark[i].text, reason) == 0 &&
		    list_append(remarks->remark[i].subject, sizeof(remarks->remark->subject), name))
			return 0;
	return remark_on(remarks, name, reason) ? 0 : -ENOMEM;
}

int remarks_counters(struct remarks *remarks, const struct rows *rows)
{
	int err = 0;

	*remarks = (struct remarks){ 0 };
	for (size_t i = 0; i < rows->count; i++) {
		const json_t *summary = json_object_get(rows->row[i].cell, "summary");
		const json_t *counters = json_object_get(summary, "counters"), *counter;
		size_t at;

		json_array_foreach(counters, at, counter) {
			const char *name = json_text(counter, "name"), *reason = json_text(counter, "reason");

			if (name && !err && rows->row[i].ok && !is_named(remarks, name) &&
			    !counts_somewhere(rows, name))
				err = remark_counter(remarks, name, reason ? reason : "no reason given");
		}
	}
	return err;
}

/* The row whose stamps cost the greatest share of an item's time, which is 0 where they may cost nothing; NULL: it is
 * known for no row. */
static const struct row *dearest_stamps(const struct rows *rows, double *most)
{
	const struct row *dearest = NULL;

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];
		double held_ns = row->value[QUANTITY_WALL].median * (double)row->workers;
		double share = json_double(row->cell, "probe_effect_ns") * json_double(row->cell, "items") / held_ns;

		if (json_double(row->cell, "probe_effect_low_ns") <= 0)
			share = fmin(share, 0);
		if (!row->ok || isnan(share) || (dearest && share <= *most))
			continue;
		dearest = row;
		*most = share;
	}
	return dearest;
}

int remarks_probe(struct remarks *remarks, const struct rows *rows)
{
	double share = 0;
	const struct row *row = dearest_stamps(rows, &share);
	struct remark *remark;
	double cost_ns;

	*remarks = (struct remarks){ 0 };
	if (!row)
		return 0;
	cost_ns = json_double(row->cell, "probe_effect_ns");
	remark = calloc(1, sizeof(*remark));
	if (!remark)
		return -ENOMEM;
	*remarks = (struct remarks){ remark, 1 };
	snprintf(remark->subject, sizeof(remark->subject), "probe effect");
	if (share > 0)
		snprintf(remark->text, sizeof(remark->text),
			 "the stamps of the account cost at most %.*f ns, %.*f %% of an item, "
			 "by rounds with and without them",
			 cost_ns < 10 ? 2 : 0, cost_ns, share < 0.1 ? 1 : 0, 100 * share);
	else
		snprintf(remark->text, sizeof(remark->text),
			 "rounds without the stamps of the account were no faster: their cost is lost in noise");
	row_label(remark->cells, sizeof(remark->cells), rows, row);
	return 0;
}
