#include "report/compare/internal.h"

#include "report/run/facts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Writes what a sentence calls the side that is compared with the baseline, and the baseline. */
static void write_sides(FILE *out, const struct compared *compared, size_t side)
{
	if (compared->sides > 1)
		fprintf(out, "%c against a: ", side_letter(side));
}

struct tally {
	size_t of, more, less, sure; /* pairs: all, slower, faster, with enough processes for an interval */
	const struct pair *first;    /* the pair that matters most */
	double widest_low, widest_high;
};

static struct tally tally_of(const struct compared *compared, size_t side)
{
	struct tally tally = { .widest_low = 1, .widest_high = 1 };

	for (size_t i = 0; i < compared->pairs; i++) {
		const struct pair *pair = &compared->pair[i];
		struct interval ratio = pair->wall_ns.ratio;

		if (pair->side != side)
			continue;
		tally.of++;
		tally.more += pair->wall_ns.direction == DIRECTION_MORE;
		tally.less += pair->wall_ns.direction == DIRECTION_LESS;
		tally.first = tally.first ? tally.first : pair;
		if (!(ratio.level >= CONFIDENCE))
			continue;
		tally.sure++;
		tally.widest_low = fmin(tally.widest_low, ratio.low);
		tally.widest_high = fmax(tally.widest_high, ratio.high);
	}
	return tally;
}

/* Writes "most pool/2, 1.203 times as long (1.150 to 1.251), mostly dispatch (+20.1 % of workers x wall time)". */
static void write_first(FILE *out, const struct compared *compared, const struct pair *pair)
{
	const struct rows *rows = &compared->side[pair->side].rows;
	struct interval ratio = pair->wall_ns.ratio;
	size_t part = pair_main_part(compared, pair);
	char label[160];

	row_label(label, sizeof(label), rows, pair->b);
	fprintf(out, "most %s, %.3f times as long (%.3f to %.3f)", label, ratio.median, ratio.low, ratio.high);
	if (part == compared->parts)
		return;
	fputs(", mostly ", out);
	for (const char *at = compared->part[part].name; *at; at++)
		putc(*at == '_' ? ' ' : *at, out);
	fprintf(out, " (%+.1f %% of workers x wall time)", 100 * pair_part_share(pair, part));
}

static void write_count(FILE *out, size_t count, const char *what)
{
	if (count)
		fprintf(out, "%zu %s %s", count, count == 1 ? "is" : "are", what);
	else
		fprintf(out, "none is %s", what);
}

static void write_side(FILE *out, const struct compared *compared, size_t side)
{
	struct tally tally = tally_of(compared, side);
	const char *s = tally.of == 1 ? "" : "s";

	write_sides(out, compared, side);
	if (!tally.of) {
		fputs("nothing to compare: no cell was measured in both\n", out);
	} else if (!tally.sure) {
		fprintf(out,
			"nothing can be shown in %zu cell%s: it takes at least 6 processes (invocations) of a cell on "
			"each side\n",
			tally.of, s);
	} else if (!tally.more && !tally.less) {
		fprintf(out,
			"no change of time is shown in %zu cell%s; the intervals of the ratios reach from %.3f to "
			"%.3f\n",
			tally.of, s, tally.widest_low, tally.widest_high);
	} else {
		fprintf(out, "of %zu cell%s ", tally.of, s);
		write_count(out, tally.more, "slower, ");
		write_count(out, tally.less, "faster");
		if ((double)tally.sure * (1 - CONFIDENCE) >= 1)
			fprintf(out, " (chance alone shows about %.0f)", (double)tally.sure * (1 - CONFIDENCE));
		fputs("; ", out);
		write_first(out, compared, tally.first);
		putc('\n', out);
	}
}

static bool is_first(const struct remarks *remarks, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strcmp(remarks->remark[i].subject, remarks->remark[index].subject) == 0)
			return false;
	return true;
}

static void write_differences(FILE *out, const struct remarks *differences)
{
	if (differences->count)
		fputs("Not comparable as they stand: ", out);
	for (size_t i = 0; i < differences->count; i++)
		if (is_first(differences, i))
			fprintf(out, "%s%s", i ? ", " : "", differences->remark[i].subject);
	if (differences->count)
		fputs("; a change may come from that\n", out);
}

static char *conclusion(const struct compared *compared, const struct remarks *differences)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	write_differences(out, differences);
	for (size_t side = compared->sides > 1; side < compared->sides; side++)
		write_side(out, compared, side);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

/* Returns "results/runs/latest, 2026-01-31T12:00:00Z, bench 0.1.0". */
static char *describe(const struct compared_side *side)
{
	const char *started = json_text(side->run, "started");
	const char *version = json_text(json_object_get(side->run, "versions"), "bench");
	char *text;

	if (asprintf(&text, "%s, %s, bench %s", side->name, started ? started : "at an unknown time",
		     version ? version : "of an unknown version") < 0)
		return NULL;
	return text;
}

static void add_facts(struct page *page, const struct compared *compared, const struct remarks *differences)
{
	static const char *const names[SIDES_MAX] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m",
						      "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z" };

	for (size_t i = 0; i < compared->sides; i++)
		page_fact(page, compared->sides > 1 ? names[i] : "Run", STYLE_PLAIN, describe(&compared->side[i]));
	page_fact(page, "Machine", STYLE_PLAIN, fact_text(facts_machine, &compared->side[0].rows));
	page_fact(page, "Work", STYLE_PLAIN, fact_text(facts_items, &compared->side[0].rows));
	for (size_t i = 0; i < differences->count; i++) {
		const struct remark *difference = &differences->remark[i];
		char *text;

		if (asprintf(&text, "%s: %s", difference->subject, difference->text) < 0)
			text = NULL;
		page_fact(page, "Not comparable", STYLE_STRONG, text);
	}
}

static const struct chapter {
	const char *name, *title, *lead;
	int (*make)(struct grid *grid, const struct compared *compared);
} changes = {
	"changes", "What changed",
	"Ranked by how much it matters: by the time of a round that changed beyond noise, which is the baseline's "
	"median times what the nearer end of the ratio's interval differs from 1. Cells whose interval holds 1 stand "
	"below, as not shown.", compare_grid_changes,
}, account = {
	"account", "Where the time changed",
	"Changes of the account's parts in % of the baseline's workers x wall time; in brackets: not shown.",
	compare_grid_account,
}, counters = {
	"counters", "What changed in the counters",
	"Of a round, all workers together, in %; from and to where some value of the baseline is 0; in brackets: not "
	"shown.", compare_grid_counters,
};

static int add_grid(struct page *page, const struct chapter *chapter, const struct compared *compared)
{
	struct section section = { chapter->name, chapter->title, .lead = chapter->lead };
	int err = chapter->make(&section.grid, compared);

	page_section(page, section);
	return err;
}

/* Moves the remarks to the page. */
static void add_remarks(struct page *page, const char *name, const char *title, struct remarks *remarks)
{
	page_section(page, (struct section){ name, title, .remarks = *remarks });
	*remarks = (struct remarks){ 0 };
}

/* Remarks what the intervals do not include. */
static int find_limits(struct remarks *limits, const struct compared *compared)
{
	char text[320];
	bool added = true;
	int err = 0;

	if (compared->sides > 1)
		added = remark_on(limits, "no gate",
				  "the runs were not measured in turn, so a machine that became slower or faster "
				  "between them looks like a change, by some per cent on most machines; ./bench gate "
				  "measures both in turn, and its verdict counts") != NULL;
	snprintf(text, sizeof(text), "each interval misses the truth in one of 20 cases: of %zu ratios about %.1f",
		 compared->pairs, (double)compared->pairs * (1 - CONFIDENCE));
	if (compared->pairs > 1)
		added &= remark_on(limits, "chance", text) != NULL;
	for (size_t i = 0; i < compared->pairs && !err; i++) {
		const struct pair *pair = &compared->pair[i];

		if (!(pair->wall_ns.ratio.level >= CONFIDENCE))
			err = remark_cell(limits, "too few processes",
					  "with fewer than 6 invocations on a side no change can be shown: raise "
					  "--invocations or --budget",
					  &compared->side[pair->side].rows, pair->b);
	}
	return added ? err : -ENOMEM;
}

static int add_sections(struct page *page, struct compared *compared)
{
	struct remarks limits = { 0 };
	int err = add_grid(page, &changes, compared);

	add_remarks(page, "unlike", "Not comparable", &compared->unlike);
	add_remarks(page, "failures", "Failed", &compared->failures);
	add_remarks(page, "alone", compared->sides == 1 ? "Not measured" : "On one side only", &compared->alone);
	err = err ? err : add_grid(page, &account, compared);
	err = err ? err : add_grid(page, &counters, compared);
	err = err ? err : find_limits(&limits, compared);
	add_remarks(page, "limits", "What this comparison cannot tell", &limits);
	return err;
}

int compare_page(struct page *page, struct compared *compared)
{
	struct remarks differences = { 0 };
	int err = 0;

	page_init(page, "compare", fact_text(facts_workloads, &compared->side[0].rows),
		  compared->sides == 1   ? "the ways of one run, each against the sequential one"
		  : compared->sides == 2 ? "one run against another"
					 : "runs, each against the first");
	for (size_t i = 1; i < compared->sides && !err; i++)
		err = compare_runs(&differences, compared, i);
	if (!err) {
		page_conclude(page, conclusion(compared, &differences));
		add_facts(page, compared, &differences);
		err = add_sections(page, compared);
	}
	remarks_release(&differences);
	return err;
}
