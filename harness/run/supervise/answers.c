#include "run/supervise/internal.h"

#include <stdio.h>
#include <string.h>

/* The cell with whose answers those of cell i are compared: its baseline, or the first cell that has answers. */
static size_t reference_of(const struct supervision *e, size_t i)
{
	const struct cell *cell = e->run->cells[i].cell;
	size_t baseline = supervision_baseline_of(e, i);

	if (baseline != SIZE_MAX && e->states[baseline].has_digest)
		return baseline;
	for (size_t k = 0; k < e->run->cell_count; k++)
		if (e->states[k].has_digest && e->run->cells[k].cell->values == cell->values &&
		    !strcmp(e->run->cells[k].cell->workload, cell->workload))
			return k;
	return SIZE_MAX;
}

/* Repeats a round of both cells and keeps the digest of each item. Returns the first item that differs, or -1. */
static int64_t find_difference(struct supervision *e, size_t i, size_t reference)
{
	uint64_t items = e->run->cells[i].cell->items;
	const uint64_t *picked = e->run->cells[i].cell->picked;
	int64_t found = -1;

	for (uint64_t first = 0; first < items && found < 0; first += SPEC_DIGESTS_MOST) {
		uint32_t count = (uint32_t)(items - first < SPEC_DIGESTS_MOST ? items - first : SPEC_DIGESTS_MOST);
		struct invocation_result mine = { 0 }, other = { 0 };
		bool both;

		supervision_invoke(e, i, 0, first, count, &mine);
		if (mine.digests)
			supervision_invoke(e, reference, 0, first, count, &other);
		both = mine.digests && other.digests;
		for (uint32_t k = 0; both && k < count && found < 0; k++)
			if (mine.digests[k] != other.digests[k])
				found = (int64_t)(picked ? picked[first + k] : first + k);
		if (mine.interrupted || other.interrupted)
			e->signal = mine.interrupted ? mine.interrupted : other.interrupted;
		invocation_release(&mine);
		invocation_release(&other);
		if (!both || e->signal)
			break;
	}
	return found;
}

void supervision_check_answers(struct supervision *e, size_t i, struct invocation_result *r)
{
	struct cell_state *p = &e->states[i];
	size_t reference;

	if (r->failed || r->sample_count == 0 || r->samples[0].incomplete)
		return;
	if (r->samples[0].own_answers)
		return;
	p->digest = r->samples[0].digest;
	reference = reference_of(e, i);
	if (reference == SIZE_MAX || e->states[reference].digest == p->digest) {
		p->has_digest = true;
		return;
	}
	r->failed = true;
	r->failure = (struct failure){
		.kind = FAILURE_WRONG_ANSWER,
		.exit_status = -1,
		.after_ns = r->took_ns,
		.item = find_difference(e, i, reference),
	};
	if (r->failure.item >= 0)
		snprintf(r->failure.message, sizeof(r->failure.message),
			 "item %lld: the answer differs from that of %s", (long long)r->failure.item,
			 e->run->cells[reference].cell->id);
	else
		snprintf(r->failure.message, sizeof(r->failure.message),
			 "the answers differ from those of %s; which items could not be found again",
			 e->run->cells[reference].cell->id);
}
