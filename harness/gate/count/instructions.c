#include "gate/count/instructions.h"

#include "base/addresses.h"
#include "model/registry.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#define ROUND_NS 20e6 /* about a second under valgrind */

const char *instructions_excluded(const struct cell *cell)
{
	if (cell->workers > 1)
		return "instructions are counted of one worker only (--workers 1)";
	if (registry_mode(cell->mode)->counterpart)
		return "its items are executed by another program, whose instructions are not counted";
	return NULL;
}

uint64_t instructions_items(uint64_t items, double round_ns)
{
	double fitting = (double)items * (ROUND_NS / round_ns);
	uint64_t count = 1;

	if (fitting >= (double)items)
		return items;
	while ((double)(2 * count) <= fitting)
		count *= 2;
	return count;
}

static int count_once(const struct counting *c, int side, uint64_t *instructions, char *reason, size_t size)
{
	char **words = callgrind_wrap(c->words[side], c->folder, c->counted);
	int err = words ? c->run(c->context, side, words) : -ENOMEM, collected;

	callgrind_forget(words);
	if (err)
		callgrind_complaint(c->folder, reason, size);
	collected = callgrind_collect(c->folder, c->counted, instructions);
	if (err || collected != -ENODATA)
		return err ? err : collected;
	snprintf(reason, size, "side %c has no marks where its instructions begin and end: it was built before there "
			       "were any, or is stripped", "AB"[side]);
	return -ENODATA;
}

static bool has_risen(uint64_t from, uint64_t to, double tolerance)
{
	return (double)to > (double)from * (1 + tolerance);
}

static int count_both(const struct counting *c, uint64_t instructions[2], struct counts *counts)
{
	int err = 0;

	for (int side = 0; side < 2 && !err; side++)
		err = count_once(c, side, &instructions[side], counts->reason, sizeof(counts->reason));
	return err;
}

/* Checks that the second count of each side agrees with the first, as closely as the tolerance needs it. */
static int check_repeated(const struct counting *c, struct counts *counts, const uint64_t again[2])
{
	for (int side = 0; side < 2; side++) {
		uint64_t first = counts->instructions[side], second = again[side];

		if (!has_risen(first, second, c->tolerance / 2) && !has_risen(second, first, c->tolerance / 2))
			continue;
		snprintf(counts->reason, sizeof(counts->reason),
			 "the count is not repeatable: side %c had %" PRIu64 " instructions and then %" PRIu64,
			 "AB"[side], first, second);
		return -ENODATA;
	}
	return 0;
}

static int compare(const struct counting *c, struct counts *counts)
{
	uint64_t again[2], *first = counts->instructions;
	int err = count_both(c, first, counts);

	if (err || !has_risen(first[0], first[1], c->tolerance))
		return err;
	err = count_both(c, again, counts);
	err = err ? err : check_repeated(c, counts, again);
	if (!err)
		counts->risen = has_risen(again[0] > first[0] ? again[0] : first[0],
					  again[1] < first[1] ? again[1] : first[1], c->tolerance);
	return err;
}

int instructions_compare(const struct counting *counting, struct counts *counts)
{
	int before, err;

	*counts = (struct counts){ .addresses_vary = addresses_fix(&before) != 0 };
	err = compare(counting, counts);
	if (!counts->addresses_vary)
		addresses_restore(before);
	return err;
}
