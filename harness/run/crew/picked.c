#include "run/crew/picked.h"

static int picked_input(const void *data, uint64_t item, struct bytes *in)
{
	const struct picked *p = data;

	return p->of->input(p->data, p->items[item], in);
}

static int picked_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	const struct picked *p = data;

	return p->of->work(p->data, p->items[item], in, out);
}

static int picked_check(const void *data, uint64_t item, struct bytes out)
{
	const struct picked *p = data;

	return p->of->check(p->data, p->items[item], out);
}

static void picked_close(void *data)
{
	struct picked *p = data;

	if (p && p->of->close)
		p->of->close(p->data);
}

int picked_open(struct picked *p, const struct cell *cell, const struct workload **workload,
		struct workload_state *state, const struct why *why)
{
	const struct workload *of = *workload;

	if (!cell->picked)
		return 0;
	for (uint64_t i = 0; i < cell->items; i++)
		if (of->settle || cell->picked[i] >= state->items)
			return why_refuse(why, "'%s' has no item %llu that can be executed without the others",
					  of->name, (unsigned long long)cell->picked[i]);
	*p = (struct picked){ *of, of, state->data, cell->picked };
	p->workload.input = of->input ? picked_input : NULL;
	p->workload.work = picked_work;
	p->workload.check = of->check ? picked_check : NULL;
	p->workload.close = picked_close;
	*workload = &p->workload;
	state->data = p;
	state->items = cell->items;
	return 0;
}
