/* Every decision that a run can end with, printed and held against what it must say: ways that are equally fast, one
 * that is fastest, ways that cannot be told apart, runs in which parallel running does not pay, too few processes,
 * sweeps of workers, several workloads, samples, and cells that failed. */
#include "texts.h"

#include "model/registry.h"
#include "report/run/conclusion/conclusion.h"
#include "tests/test.h"

#define CELLS_MOST 10
#define PROCESSES_MOST 12
#define MS 1e6

#define TOOK(name, with, time, scatter, ...) \
	{ .mode = name, .workers = with, .ms = time, .noise = scatter, ##__VA_ARGS__ }
#define LEFT(name, with, what) { .mode = name, .workers = with, .status = what }

/* How a cell came out: its processes take `ms`, each up to `noise` of it more or less. */
struct outcome {
	const char *mode;
	unsigned workers;
	double ms, noise;
	unsigned processes; /* 0: as the case says */
	const char *status; /* NULL: ok */
	const char *doubt, *transport, *workload;
	unsigned items_of;
};

static const struct {
	const char *sentences[4];
	struct outcome cell[CELLS_MOST];
	unsigned processes; /* of each cell; 0: 8 */
	unsigned needed_s;  /* the budget that was foreseen; 0: none */
	bool interrupted;
	bool generations;   /* the i-th processes of all cells belong together, and are slowed down together */
} cases[] = {
	/* One is fastest. */
	{ { "pool with 2 workers is fastest: 2.00 (1.99 to 2.01) times sequential; it takes 10 % longer with "
	    "processes." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("processes", 2, 55, 0.005), TOOK("pool", 2, 50, 0.005) } },
	{ { "pool with 2 workers is 2.00 (1.99 to 2.01) times sequential." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("pool", 2, 50, 0.005) } },
	{ { "pool with 4 workers is fastest: 2.00 (1.99 to 2.01) times sequential; it takes 10 % longer with processes "
	    "with 2 workers." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("processes", 1, 100, 0.005),
	    TOOK("processes", 2, 55, 0.005), TOOK("pool", 2, 55, 0.005), TOOK("pool", 4, 50, 0.005) } },
	{ { "threads with 2 workers is fastest: 2.00 (1.99 to 2.01) times sequential; it takes 6.0 % longer with "
	    "executor, 20 % with pool, and up to 400 % with 2 others." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("threads", 2, 50, 0.005), TOOK("pool", 2, 60, 0.005),
	    TOOK("executor", 2, 53, 0.005), TOOK("spawn", 2, 100, 0.005), TOOK("python_pool", 2, 250, 0.005) } },

	/* Several are equally fast: the simplest is to be taken, wherever it stands among the cells. */
	{ { "threads, thread_pool, pool and executor with 2 workers are equally fast within noise (1.99 to 2.00 times "
	    "sequential); take the simplest, threads, at most 1.0 % slower than pool; it takes 12 % longer with "
	    "processes." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("executor", 2, 50.2, 0.005), TOOK("pool", 2, 50, 0.005),
	    TOOK("processes", 2, 56, 0.005), TOOK("thread_pool", 2, 50.1, 0.005), TOOK("threads", 2, 50.2, 0.005) } },
	{ { "threads and pool with 2 workers are equally fast within noise (2.00 times sequential); take the simplest, "
	    "threads." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("threads", 2, 50, 0.005), TOOK("pool", 2, 50.05, 0.005) } },
	{ { "threads with 4 workers and pool with 2 workers are equally fast within noise (2.00 times sequential); "
	    "take the simplest, threads with 4 workers, at most 0.7 % slower than pool." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("threads", 2, 60, 0.005), TOOK("threads", 4, 50.05, 0.005),
	    TOOK("pool", 2, 50, 0.005), TOOK("pool", 4, 51, 0.005) } },
	{ { "threads, thread_pool, openmp, processes and 2 others with 2 workers are equally fast within noise (2.00 "
	    "times sequential); take the simplest, threads." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("threads", 2, 50, 0.005), TOOK("thread_pool", 2, 50, 0.005),
	    TOOK("openmp", 2, 50, 0.005), TOOK("processes", 2, 50, 0.005), TOOK("pool", 2, 50, 0.005),
	    TOOK("executor", 2, 50, 0.005) } },
	{ { "pool/shm and pool/pipe with 2 workers are equally fast within noise (2.00 times sequential); take the "
	    "simplest, pool/shm." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("pool", 2, 50, 0.005, .transport = "shm"),
	    TOOK("pool", 2, 50, 0.005, .transport = "pipe") } },

	/* Side by side, what slows all down hides nothing; apart, it hides whatever is smaller. */
	{ { "threads and pool with 2 workers are equally fast within noise (1.99 to 2.00 times sequential); take the "
	    "simplest, threads, at most 0.9 % slower than pool; it takes 4.0 % longer with processes." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("threads", 2, 50.2, 0.004), TOOK("processes", 2, 52, 0.004),
	    TOOK("pool", 2, 50, 0.004) }, .generations = true },

	/* Which is fastest cannot be told. */
	{ { "cannot tell which of pool and executor with 2 workers is fastest: they may be equal, or up to 14 % "
	    "apart (1.98 to 2.00 times sequential); --budget 30s would tell." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("pool", 2, 50, 0.12), TOOK("executor", 2, 50.5, 0.12) } },
	{ { "threads and pool with 2 workers are equally fast within noise (2.00 times sequential); take the simplest, "
	    "threads; nothing can be told of executor with 2 workers, which may cost up to 13 % more, or nothing: "
	    "--budget 30s would tell." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("threads", 2, 50, 0.005), TOOK("pool", 2, 50.05, 0.005),
	    TOOK("executor", 2, 51, 0.15) } },

	/* Too few processes: such a cell is never the fastest. */
	{ { "nothing can be told: each way was measured by 2 processes (invocations) at most, and it takes 6: --budget "
	    "40s or --invocations 6 would tell; as it looks, pool with 2 workers took the least time, 2.00 (1.98 to "
	    "2.02) times sequential." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("threads", 2, 60, 0.005), TOOK("pool", 2, 50, 0.005) },
	  .processes = 2 },
	{ { "nothing can be told: each way was measured by 1 process (invocations) at most, and it takes 6: --budget "
	    "90s or --invocations 6 would tell; as it looks, pool with 2 workers took the least time, 2.00 times "
	    "sequential." },
	  .cell = { TOOK("sequential", 1, 100, 0), TOOK("pool", 2, 50, 0) }, .processes = 1 },
	{ { "cannot tell which way is fastest: pool with 2 workers took the least time, 3.33 (3.31 to 3.36) times "
	    "sequential, but was measured by 2 processes (invocations), and it takes 6: --budget 40s or --invocations "
	    "6 would tell; threads with 2 workers is 1.67 (1.66 to 1.68) times sequential." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("threads", 2, 60, 0.005),
	    TOOK("pool", 2, 30, 0.005, .processes = 2) } },
	{ { "how much parallel running gains cannot be told, since 3 processes measured sequential, and it takes 6: "
	    "--budget 30s would tell; so far, pool with 2 workers is 2.00 (1.99 to 2.01) times sequential." },
	  .cell = { TOOK("sequential", 1, 100, 0.005, .processes = 3), TOOK("pool", 2, 50, 0.005) } },

	/* Parallel running does not pay, or may not. */
	{ { "parallel running does not pay: sequential is fastest; pool with 2 workers is 0.80 (0.80 to 0.80) times "
	    "sequential." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("pool", 2, 125, 0.005),
	    TOOK("processes", 2, 130, 0.005) } },
	{ { "parallel running does not pay: sequential is as fast as the fastest within noise; pool with 2 workers is "
	    "1.00 (1.00 to 1.01) times sequential." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("pool", 2, 100, 0.005) } },
	{ { "whether parallel running pays cannot be told; pool with 2 workers is 1.05 (0.96 to 1.16) times "
	    "sequential: --budget 30s would tell." },
	  .cell = { TOOK("sequential", 1, 100, 0.1), TOOK("pool", 2, 95, 0.1) } },

	{ { "whether parallel running pays cannot be told: --budget 13m would tell." },
	  .cell = { TOOK("sequential", 1, 100, 0.45), TOOK("pool", 1, 95, 0.6) } },

	/* What was interrupted is to be run to its end, whatever budget it had. */
	{ { "interrupted by SIGINT: not all was measured.",
	    "nothing can be told: each way was measured by 2 processes (invocations) at most, and it takes 6: running "
	    "it to the end would tell; as it looks, pool with 2 workers took the least time, 2.00 (1.98 to 2.02) "
	    "times sequential.",
	    "2 of 3 cells were measured; for the others: running it to the end." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("pool", 2, 50, 0.005),
	    LEFT("executor", 2, "not measured") },
	  .processes = 2, .needed_s = 240, .interrupted = true },

	/* Without something. */
	{ { "pool with 2 workers is fastest: 50.00 ms (49.75 to 50.25); it takes 20 % longer with processes; without a "
	    "sequential baseline no speedup can be told." },
	  .cell = { TOOK("pool", 2, 50, 0.005), TOOK("processes", 2, 60, 0.005) } },
	{ { "sequential takes 100.0 ms (99.5 to 100.5); there is nothing measured to compare it with." },
	  .cell = { TOOK("sequential", 1, 100, 0.005) } },
	{ { "nothing could be measured that can be compared.", "failed: sequential, pool with 2 workers." },
	  .cell = { LEFT("sequential", 1, "failed"), LEFT("pool", 2, "failed") } },
	{ { "the run has no cells." }, .processes = 0 },

	{ { "cannot tell which way is fastest: pool with 2 workers took the least time, 2.00 (1.99 to 2.01) times "
	    "sequential, but was measured by 3 processes (invocations), and it takes 6: --budget 30s or "
	    "--invocations 6 would tell; threads with 2 workers is 1.11 (1.11 to 1.12) times sequential." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("pool", 1, 100, 0.005),
	    TOOK("pool", 2, 50, 0.005, .processes = 3), TOOK("threads", 2, 90, 0.005) } },
	{ { "pool with 1 worker is fastest: 2.00 (1.99 to 2.01) times sequential; too few processes measured threads "
	    "with 2 workers to compare." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("pool", 1, 50, 0.005),
	    TOOK("pool", 2, 49.9, 0.005, .processes = 3), TOOK("threads", 2, 49.9, 0.005, .processes = 3) } },

	/* How many cells were left out makes no difference to the budget that tells those that were measured apart. */
	{ { "cannot tell which of threads and pool with 2 workers is fastest: they may be equal, or up to 18 % "
	    "apart (1.98 to 2.00 times sequential); --budget 30s for the measured cells alone would tell.",
	    "3 of 9 cells were measured; for the others: --budget 4m." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("threads", 2, 50, 0.15), TOOK("pool", 2, 50.5, 0.15),
	    LEFT("executor", 2, "not measured"), LEFT("spawn", 2, "not measured"),
	    LEFT("python_pool", 2, "not measured"), LEFT("python_threads", 2, "not measured"),
	    LEFT("openmp", 2, "not measured"), LEFT("processes", 2, "not measured") },
	  .needed_s = 240 },

	/* What else is to be known. */
	{ { "pool with 2 workers is 2.00 (1.99 to 2.01) times sequential.", "failed: threads with 2 workers.",
	    "2 of 3 cells were measured; for the others: --budget 20s." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), LEFT("threads", 2, "failed"), TOOK("pool", 2, 50, 0.005),
	    LEFT("executor", 2, "not measured") } },
	{ { "pool with 2 workers is 2.00 (1.99 to 2.01) times sequential.",
	    "2 of 3 cells were measured; for the others: --budget 4m." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("pool", 2, 50, 0.005),
	    LEFT("executor", 2, "not measured") },
	  .needed_s = 240 },
	{ { "pool with 2 workers is fastest: 2.00 (1.99 to 2.01) times sequential; too few processes measured executor "
	    "with 2 workers to compare.",
	    "2 of 3 cells have an interval; for the others: --budget 4m." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("pool", 2, 50, 0.005),
	    TOOK("executor", 2, 55, 0.005, .processes = 4) },
	  .needed_s = 240 },
	{ { "nothing can be told: each way was measured by 2 processes (invocations) at most, and it takes 6: --budget "
	    "70m or --invocations 6 would tell; as it looks, pool with 2 workers took the least time, 2.00 (1.98 to "
	    "2.02) times sequential." }, /* what the run says it needs, not in proportion to what it took */
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("pool", 2, 50, 0.005) }, .processes = 2,
	  .needed_s = 4200 },
	{ { "pool with 2 workers is 2.00 (1.99 to 2.01) times sequential.",
	    "in doubt is pool: disturbed; not compared, since not all items had a result: executor with 2 workers." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("pool", 2, 50, 0.005, .doubt = "disturbed"),
	    TOOK("executor", 2, 40, 0.005, .doubt = "incomplete") } },
	{ { "pool with 2 workers is 2.00 (1.99 to 2.01) times sequential.", "measured on a sample, 10 of 30 items." },
	  .cell = { TOOK("sequential", 1, 100, 0.005, .items_of = 30), TOOK("pool", 2, 50, 0.005, .items_of = 30) } },
	{ { "resize: pool with 2 workers is 2.00 (1.99 to 2.01) times sequential.",
	    "hash: parallel running does not pay: sequential is fastest; pool with 2 workers is 0.50 (0.50 to 0.50) "
	    "times sequential." },
	  .cell = { TOOK("sequential", 1, 100, 0.005), TOOK("pool", 2, 50, 0.005),
	    TOOK("sequential", 1, 50, 0.005, .workload = "hash"), TOOK("pool", 2, 100, 0.005, .workload = "hash") } },
};

/* ---- A run that came out so ---- */

/* Where the i-th process stands between -1 and 1; cells have them in different orders. */
static double place_of(size_t cell, size_t process, size_t processes)
{
	double place = (double)((process * (2 * cell + 1) + cell) % processes);

	return processes > 1 ? 2 * place / ((double)processes - 1) - 1 : 0;
}

static void set_interval(json_t *summary, const char *key, struct interval value)
{
	if (isnan(value.median))
		json_object_set_new(summary, key, json_null());
	else if (!(value.level > 0))
		json_object_set_new(summary, key, json_pack("{s:f}", "median", value.median));
	else
		json_object_set_new(summary, key, json_pack("{s:f, s:f, s:f, s:f}", "median", value.median, "low",
							    value.low, "high", value.high, "level", value.level));
}

static size_t processes_of(const struct outcome *outcome, unsigned preset)
{
	return outcome->processes ? outcome->processes : preset ? preset : 8;
}

static size_t times_of(double *times_ns, const struct outcome *outcome, size_t cell, unsigned preset, bool slowed)
{
	size_t count = processes_of(outcome, preset);

	for (size_t i = 0; i < count; i++)
		times_ns[i] = round(outcome->ms * MS * (1 + outcome->noise * place_of(cell, i, count)) *
				    (slowed && i % 2 ? 1.3 + 0.1 * (double)i : 1));
	return count;
}

static struct interval speedup_of(const double *times_ns, size_t count, const double *base_ns, size_t base_count,
				  bool paired)
{
	double own[PROCESSES_MOST], base[PROCESSES_MOST];
	struct interval speedup = INTERVAL_UNKNOWN;

	for (size_t i = 0; i < count; i++)
		own[i] = paired ? base_ns[i] / times_ns[i] : times_ns[i];
	memcpy(base, base_ns, base_count * sizeof(*base));
	values_sort(own, count);
	values_sort(base, base_count);
	if (paired)
		return values_interval(own, count);
	assert_int_equal(ratio_interval(&speedup, base, base_count, own, count, 1), 0);
	return speedup;
}

static json_t *cell_head(const struct outcome *outcome)
{
	bool sequential = strcmp(outcome->mode, "sequential") == 0;
	json_t *cell = json_pack("{s:s, s:s, s:i, s:b, s:s?, s:i, s:i, s:s}", "workload",
				 outcome->workload ? outcome->workload : "resize", "mode", outcome->mode, "mode_rank",
				 (int)registry_mode_rank(outcome->mode), "parallel", !sequential, "transport",
				 outcome->transport, "workers", (int)outcome->workers, "items", 10, "status",
				 outcome->status ? outcome->status : "ok");

	if (outcome->items_of)
		json_object_set_new(cell, "items_of", json_integer(outcome->items_of));
	if (outcome->doubt)
		json_object_set_new(cell, "doubts", json_pack("[{s:s}]", "code", outcome->doubt));
	return cell;
}

static void add_samples(json_t *cell, const double *times_ns, size_t count, bool generations)
{
	json_t *invocations = json_array(), *samples = json_array();

	for (size_t i = 0; i < count; i++) {
		json_array_append_new(invocations, generations ? json_pack("{s:i}", "generation", (int)i + 1)
							       : json_object());
		json_array_append_new(samples, json_pack("{s:i, s:i, s:I, s:I}", "invocation", (int)i, "round", 0,
							 "started_ns", (json_int_t)10000000000, "wall_ns",
							 (json_int_t)times_ns[i]));
	}
	json_object_set_new(cell, "invocations", invocations);
	json_object_set_new(cell, "samples", samples);
}

static json_t *summary_of(const double *times_ns, size_t count, struct interval speedup)
{
	json_t *summary = json_pack("{s:i}", "invocations", (int)count);
	double sorted[PROCESSES_MOST];

	memcpy(sorted, times_ns, count * sizeof(*sorted));
	values_sort(sorted, count);
	set_interval(summary, "wall_ns", values_interval(sorted, count));
	set_interval(summary, "speedup", speedup);
	return summary;
}

/* Makes the run of a case; the baseline is the sequential cell before. */
static json_t *run_of(size_t index)
{
	json_t *cells = json_array();
	double base_ns[PROCESSES_MOST], times_ns[PROCESSES_MOST];
	size_t base_count = 0;

	for (size_t i = 0; i < CELLS_MOST && cases[index].cell[i].mode; i++) {
		const struct outcome *outcome = &cases[index].cell[i];
		bool together = cases[index].generations;
		size_t count = times_of(times_ns, outcome, i, cases[index].processes, together);
		json_t *cell = cell_head(outcome);

		if (strcmp(outcome->mode, "sequential") == 0) {
			memcpy(base_ns, times_ns, count * sizeof(*base_ns));
			base_count = outcome->status ? 0 : count;
		}
		if (!outcome->status) {
			struct interval speedup = speedup_of(times_ns, count, base_ns, base_count, together);

			add_samples(cell, times_ns, count, together);
			json_object_set_new(cell, "summary", summary_of(times_ns, count, speedup));
		}
		json_array_append_new(cells, cell);
	}
	return json_pack("{s:I, s:s?, s:o}", "needed_ns", cases[index].needed_s * (json_int_t)1000000000, "interrupted",
			 cases[index].interrupted ? "SIGINT" : NULL, "cells", cells);
}

/* Asserts that the text is these lines. */
static void assert_lines(const char *text, const char *const *lines)
{
	for (; *lines; lines++) {
		size_t size = strlen(*lines);

		if (strncmp(text, *lines, size) != 0 || text[size] != '\n')
			fail_msg("'%s' does not begin with '%s'", text, *lines);
		text += size + 1;
	}
	assert_string_equal(text, "");
}

static void test_every_decision(void **state)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_t *run = run_of(i);
		struct rows rows;
		char *text, *decision;

		assert_int_equal(rows_make(&rows, run), 0);
		text = conclusion_text(&rows, "us");
		decision = conclusion_decision(&rows, "us");
		printf("# %.*s\n", (int)strcspn(text, "\n"), text);
		assert_lines(text, cases[i].sentences);
		assert_memory_equal(text, decision, strcspn(decision, "\n"));
		free(decision);
		free(text);
		rows_release(&rows);
		json_decref(run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_decision),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
