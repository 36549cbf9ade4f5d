/* Measures what bench itself costs: the clock, a stamp, taking a range, the readings of the kernel around a body, a
 * round of each counter source. Google Benchmark chooses the iterations; the program prints ns per operation. Run it on
 * a quiet machine and compare the lines with each other, not with those of another day. */
#include "base/digest.h"
#include "base/proc.h"
#include "model/registry.h"
#include "run/cell/timer.h"
#include "run/crew/account.h"
#include "run/crew/ranges.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int64_t time_clock(void *context, uint64_t iterations)
{
	uint64_t from_ns = clock_ns();

	(void)context;
	for (uint64_t i = 0; i < iterations; i++)
		clock_ns();
	return (int64_t)(clock_ns() - from_ns);
}

static int64_t time_switch(void *context, uint64_t iterations)
{
	uint64_t from_ns = clock_ns();

	account_begin(context, PART_DISPATCH, from_ns);
	for (uint64_t i = 0; i < iterations; i++)
		account_switch(context, i & 1 ? PART_DISPATCH : PART_BODY);
	return (int64_t)(clock_ns() - from_ns);
}

static int64_t time_digest(void *context, uint64_t iterations)
{
	uint64_t from_ns = clock_ns(), sum = 0;

	(void)context;
	for (uint64_t i = 0; i < iterations; i++) {
		sum += digest_item(i, NULL, 0);
		__asm__ volatile("" : "+r"(sum));
	}
	return (int64_t)(clock_ns() - from_ns);
}

static int64_t time_thread_cpu(void *context, uint64_t iterations)
{
	uint64_t from_ns = clock_ns();

	(void)context;
	for (uint64_t i = 0; i < iterations; i++)
		clock_thread_cpu_ns();
	return (int64_t)(clock_ns() - from_ns);
}

static int64_t time_schedstat(void *context, uint64_t iterations)
{
	int fd = proc_schedstat_open();
	uint64_t from_ns = clock_ns();

	(void)context;
	for (uint64_t i = 0; i < iterations; i++)
		proc_run_queue_ns(fd);
	from_ns = clock_ns() - from_ns;
	close(fd);
	return (int64_t)from_ns;
}

/* Takes ranges of one item while nobody else does: what a dispatch costs at least. */
static int64_t time_take(void *context, uint64_t iterations)
{
	struct ranges *r = context;
	uint64_t from_ns = clock_ns();
	struct range range;

	while (iterations) {
		uint64_t n = iterations < r->items ? iterations : r->items;

		ranges_reset(r);
		iterations -= n;
		while (n--)
			ranges_take(r, 0, &range);
	}
	return (int64_t)(clock_ns() - from_ns);
}

static int64_t time_counters(void *context, uint64_t iterations)
{
	const struct counter_source *source = context;
	struct counter_info infos[COUNTERS_MAX];
	double values[COUNTERS_MAX];
	bool wanted[COUNTERS_MAX];
	size_t count = source->list(infos, COUNTERS_MAX);
	uint64_t from_ns;
	void *state;

	for (size_t i = 0; i < count; i++)
		wanted[i] = infos[i].status != COUNTER_NOT_AVAILABLE;
	state = source->open(infos, wanted, count);
	if (!state)
		return -1;
	from_ns = clock_ns();
	for (uint64_t i = 0; i < iterations; i++) {
		source->begin(state);
		source->end(state, infos, values, count);
	}
	from_ns = clock_ns() - from_ns;
	source->close(state);
	return (int64_t)from_ns;
}

static void print(const char *what, timer_body *body, void *context)
{
	struct timing timing;

	if (timer_run(what, body, context, 0, 0.1, &timing))
		printf("%-44s not available\n", what);
	else
		printf("%-44s %10.2f ns\n", what, timing.ns_per_iteration);
}

int main(void)
{
	struct ranges *r = aligned_alloc(128, sizeof(*r) + sizeof(struct own_range));
	struct account account;

	if (!r)
		return 1;
	memset(r, 0, sizeof(*r));
	r->items = 1000000;
	r->chunk = r->workers = 1;
	print("read the monotonic clock", time_clock, NULL);
	print("end a part and begin the next", time_switch, &account);
	print("digest of an item without output", time_digest, NULL);
	print("read the CPU clock of a thread", time_thread_cpu, NULL);
	print("read schedstat of a thread", time_schedstat, NULL);
	for (const struct schedule *s = registry_schedules; s->name; s++) {
		char what[64];

		r->schedule = s->kind;
		snprintf(what, sizeof(what), "take one item, schedule %s", s->name);
		print(what, time_take, r);
	}
	for (size_t i = 0; registry_counter_sources[i]; i++) {
		char what[64];

		snprintf(what, sizeof(what), "begin and end a round's counters, %s", registry_counter_sources[i]->name);
		print(what, time_counters, (void *)registry_counter_sources[i]);
	}
	free(r);
	return 0;
}
