/* Decides which grains and chunks are measured: for each subject from short items on until it has reached METG_HIGH,
 * then from small chunks on until it beats the sequential run. All subjects take their steps together, so that those
 * at the same step share their reference. */
#include "experiments/grain/internal.h"

#include "base/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define METG_HIGH 0.9
#define DISPATCH_LEAST_NS 20
#define USELESS 64             /* a subject whose items cost so many times its dispatch will never reach METG_HIGH */
#define POINTS_LEAST 4
#define ITEMS_WANTED 1000      /* for each worker */
#define LONGER 2               /* a round may be so many times as long to have ITEMS_WANTED */
#define SEQUENTIAL_MOST_NS 5e8 /* the longest that all items may take one after the other */
#define GRAIN_STEPS 6          /* how many grains a subject probably needs, to share out the budget */
#define CHUNK_STEPS 3          /* how many chunks it probably needs */
#define GRAIN_SHARE 0.75       /* share of the budget for grains; chunks have the rest */
#define BUDGET_LEAST_NS 1e9    /* of a step that has begun; with less it would tell nothing */
#define ROUNDS_LEAST 3
#define SAFE 0.6

/* Returns how much of its worker's time an item will probably take. */
static double each_ns(const struct grain_setup *setup, const struct subject *s, double cost_ns, uint64_t chunk)
{
	return cost_ns + s->expected_ns * (double)setup->grain->chunk / (double)chunk;
}

/* Chooses the number of items: a power of four, so that most subjects at a step have the same and share a reference. */
static uint64_t choose_items(const struct grain_setup *setup, const struct subject *s, double cost_ns, uint64_t chunk)
{
	double round_ns = (double)setup->grain->effort.round_ns * setup->grain->workers;
	double fitting = round_ns / each_ns(setup, s, cost_ns, chunk);
	double wanted = fmin(ITEMS_WANTED * setup->grain->workers, LONGER * fitting);
	double items = fmin(fmax(fitting, wanted), SEQUENTIAL_MOST_NS / cost_ns);

	items = fmax(items, 4. * (double)chunk * setup->grain->workers);
	return (uint64_t)1 << 2 * (unsigned)lround(log2(items) / 2);
}

static double granularity(const struct grain_setup *setup, const struct question *q)
{
	return q->wall_ns * setup->grain->workers / (double)q->items;
}

static double cost(const struct question *q)
{
	return q->reference_ns / (double)q->items;
}

/* ---- Steps ---- */

static int by_items(const void *a, const void *b)
{
	uint64_t x = ((const struct question *)a)->items, y = ((const struct question *)b)->items;

	return (x > y) - (x < y);
}

/* Chooses rounds and invocations so that they take about SAFE of `part_ns`, since disturbed rounds are repeated; but
 * some in any case. */
static void choose_rounds(const struct grain_setup *setup, const struct question *questions, size_t count,
			  double part_ns, uint32_t *rounds, uint32_t *invocations)
{
	const struct grain_effort *effort = &setup->grain->effort;
	double items = (double)questions[0].items, cost_ns = setup->work->about_ns[questions[0].grain];
	double round_ns = items * cost_ns, start_ns = setup->work->start_ns * (double)(count + 1), often;

	for (size_t i = 0; i < count; i++)
		round_ns += items * each_ns(setup, questions[i].subject, cost_ns, questions[i].chunk) /
			    setup->grain->workers;
	often = SAFE * part_ns / (start_ns + (effort->rounds + 1) * round_ns);
	*rounds = effort->rounds;
	*invocations = often < 2 ? 1 : (uint32_t)fmin(often, effort->invocations);
	if (often >= 1)
		return;
	often = (SAFE * part_ns - start_ns) / round_ns - 1;
	*rounds = (uint32_t)fmin(fmax(often, ROUNDS_LEAST), effort->rounds);
}

/* Asks questions with the same number of items, while every subject has so many steps before it. */
static int ask_group(struct grain_setup *setup, struct question *questions, size_t count, size_t steps_left)
{
	uint64_t now_ns = clock_ns();
	uint32_t rounds, invocations;
	double left_ns;

	for (size_t i = 0; i < count && now_ns >= setup->phase_end_ns; i++)
		questions[i].subject->cut = true;
	if (now_ns >= setup->phase_end_ns)
		return 0;
	left_ns = (double)(setup->phase_end_ns - now_ns);
	choose_rounds(setup, questions, count, left_ns * (double)count / (double)steps_left, &rounds, &invocations);
	return setup_ask(setup, questions, count, (uint64_t)fmax(left_ns, BUDGET_LEAST_NS), rounds, invocations);
}

static int ask_step(struct grain_setup *setup, struct question *questions, size_t count, size_t steps_left)
{
	int err = 0;

	qsort(questions, count, sizeof(*questions), by_items);
	for (size_t from = 0, to; from < count && !err; from = to) {
		for (to = from + 1; to < count && questions[to].items == questions[from].items;)
			to++;
		steps_left = steps_left > count - from ? steps_left : count - from;
		err = ask_group(setup, questions + from, to - from, steps_left);
		steps_left -= to - from;
	}
	return err;
}

static void conclude(const struct grain_setup *setup, struct subject *s)
{
	s->metg50 = metg(s->points, s->point_count, 0.5);
	s->metg90 = metg(s->points, s->point_count, METG_HIGH);
	if (setup->grain->workers > 1) /* a single worker can beat the sequential run only by luck */
		s->break_even_cost = break_even_cost(s->points, s->point_count, setup->grain->workers);
	s->break_even_chunk = crossing_find(s->chunks, s->chunk_count, 1);
}

/* Keeps what is known after a step. */
static int settle(struct grain_setup *setup)
{
	for (size_t i = 0; i < setup->subject_count; i++)
		conclude(setup, &setup->subjects[i]);
	return notebook_keep(&setup->grain->book, false, WHY(setup->grain->why));
}

/* ---- Items ---- */

/* Asks for a few short items, to find out what fails and what dispatch costs. */
static int look(struct grain_setup *setup, struct question *questions)
{
	uint64_t items = setup->work->pilot_items * setup->grain->workers;
	size_t count = setup->subject_count;
	int err;

	for (size_t i = 0; i < count; i++)
		questions[i] = (struct question){ &setup->subjects[i], 0, setup->grain->chunk, items, NAN, NAN };
	err = setup_ask(setup, questions, count, (setup->end_ns - setup->started_ns) / 2, 4, 1);
	for (size_t i = 0; i < count && !err; i++) {
		struct subject *s = questions[i].subject;

		s->grains_over = s->outcome != OUTCOME_OK || s->cut;
		if (s->grains_over)
			continue;
		s->expected_ns = fmax(granularity(setup, &questions[i]) - cost(&questions[i]), DISPATCH_LEAST_NS);
		while (s->first_grain + 1 < setup->work->grains &&
		       setup->work->about_ns[s->first_grain + 1] < s->expected_ns / 8)
			s->first_grain++;
	}
	return err;
}

static bool has_enough(const struct subject *s, const struct grain_effort *effort)
{
	size_t count = s->point_count, good = 0;

	while (good < count && grain_efficiency(s->points[count - 1 - good]) >= METG_HIGH)
		good++;
	if (good >= effort->enough)
		return true;
	return count >= POINTS_LEAST && s->points[count - 1].cost > USELESS * s->expected_ns;
}

static void take_point(struct grain_setup *setup, const struct question *q)
{
	struct subject *s = q->subject;

	if (isnan(q->wall_ns) || isnan(q->reference_ns)) {
		s->grains_over = true;
		return;
	}
	s->points[s->point_count++] = (struct grain_point){ cost(q), granularity(setup, q) };
	if (s->point_count == 1) {
		s->dispatch_ns = granularity(setup, q) - cost(q);
		s->expected_ns = fmax(s->dispatch_ns, s->expected_ns / 8); /* dispatch_ns may be below 0 by noise */
	}
	s->grains_over = has_enough(s, &setup->grain->effort);
}

static void take_shorter(struct grain_setup *setup, const struct question *q)
{
	struct subject *s = q->subject;

	if (isnan(q->wall_ns) || isnan(q->reference_ns))
		return;
	memmove(s->points + 1, s->points, s->point_count++ * sizeof(*s->points));
	s->points[0] = (struct grain_point){ cost(q), granularity(setup, q) };
	s->dispatch_ns = granularity(setup, q) - cost(q);
	s->first_grain = q->grain;
}

static size_t grain_steps_left(const struct grain_setup *setup)
{
	size_t steps = 0;

	for (size_t i = 0; i < setup->subject_count; i++) {
		const struct subject *s = &setup->subjects[i];

		if (s->outcome == OUTCOME_OK && !s->grains_over)
			steps += s->point_count + 1 < GRAIN_STEPS ? GRAIN_STEPS - s->point_count : 1;
	}
	return steps;
}

static int walk_grains(struct grain_setup *setup, struct question *questions)
{
	int err = 0;

	for (size_t g = 0; g < setup->work->grains && !err; g++) {
		size_t count = 0;

		for (size_t i = 0; i < setup->subject_count; i++) {
			struct subject *s = &setup->subjects[i];
			uint64_t items;

			if (s->grains_over || g < s->first_grain)
				continue;
			items = choose_items(setup, s, setup->work->about_ns[g], setup->grain->chunk);
			questions[count++] = (struct question){ s, g, setup->grain->chunk, items, NAN, NAN };
		}
		err = ask_step(setup, questions, count, grain_steps_left(setup));
		for (size_t i = 0; i < count && !err; i++)
			take_point(setup, &questions[i]);
		err = err ? err : settle(setup);
	}
	return err;
}

/* Goes back to shorter items for subjects whose first items were long enough already, since the first look misled. */
static int walk_back(struct grain_setup *setup, struct question *questions)
{
	int err = 0;

	for (size_t g = setup->work->grains; g-- > 0 && !err;) {
		size_t count = 0;

		for (size_t i = 0; i < setup->subject_count; i++) {
			struct subject *s = &setup->subjects[i];
			uint64_t items;

			if (s->first_grain != g + 1 || !s->point_count || grain_efficiency(s->points[0]) < 0.5)
				continue;
			items = choose_items(setup, s, setup->work->about_ns[g], setup->grain->chunk);
			questions[count++] = (struct question){ s, g, setup->grain->chunk, items, NAN, NAN };
		}
		err = ask_step(setup, questions, count, 2 * count);
		for (size_t i = 0; i < count && !err; i++)
			take_shorter(setup, &questions[i]);
		err = err ? err : settle(setup);
	}
	return err;
}

/* ---- Chunks ---- */

/* Begins with a chunk well below the one that would pay for its cost if each chunk cost the same. */
static void begin_chunks(struct grain_setup *setup, struct subject *s)
{
	unsigned workers = setup->grain->workers;
	double even = s->expected_ns / (setup->work->about_ns[0] * fmax(workers - 1., 1));

	s->chunks_over = s->outcome != OUTCOME_OK || !s->has_chunks || isnan(s->expected_ns) || workers == 1;
	s->first_chunk = setup->grain->chunk;
	for (size_t i = 1; i < CHUNKS_MOST && (double)s->first_chunk * 8 < even * (double)setup->grain->chunk; i++)
		s->first_chunk *= 4;
}

static void take_chunk(const struct question *q)
{
	struct subject *s = q->subject;
	double speedup = q->reference_ns / q->wall_ns;

	s->chunks_over = isnan(speedup) || speedup > 1;
	if (!isnan(speedup))
		s->chunks[s->chunk_count++] = (struct curve_point){ (double)q->chunk, speedup };
}

static int walk_chunks(struct grain_setup *setup, struct question *questions)
{
	uint64_t chunk = setup->grain->chunk;
	int err = 0;

	for (size_t i = 0; i < setup->subject_count; i++)
		begin_chunks(setup, &setup->subjects[i]);
	for (size_t c = 0; c < CHUNKS_MOST && !err; c++, chunk *= 4) {
		size_t count = 0;

		for (size_t i = 0; i < setup->subject_count; i++) {
			struct subject *s = &setup->subjects[i];
			uint64_t items;

			if (s->chunks_over || chunk < s->first_chunk)
				continue;
			items = choose_items(setup, s, setup->work->about_ns[0], chunk);
			questions[count++] = (struct question){ s, 0, chunk, items, NAN, NAN };
		}
		err = ask_step(setup, questions, count,
			       count * (CHUNK_STEPS - (c < CHUNK_STEPS ? c : CHUNK_STEPS - 1)));
		for (size_t i = 0; i < count && !err; i++)
			take_chunk(&questions[i]);
		err = err ? err : settle(setup);
	}
	return err;
}

int setup_walk(struct grain_setup *setup)
{
	struct question *questions = calloc(setup->subject_count, sizeof(*questions));
	int err = questions ? look(setup, questions) : -ENOMEM;

	err = err ? err : settle(setup);
	setup->phase_end_ns = setup->started_ns + (uint64_t)(GRAIN_SHARE * (double)(setup->end_ns - setup->started_ns));
	err = err ? err : walk_grains(setup, questions);
	err = err ? err : walk_back(setup, questions);
	setup->phase_end_ns = setup->end_ns;
	err = err ? err : walk_chunks(setup, questions);
	free(questions);
	return err;
}
