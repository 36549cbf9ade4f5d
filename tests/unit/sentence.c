/* Every sentence that a gate can end with, printed and held against what it must say: all verdicts, together with sides
 * that failed, interrupts, few runs, controls that failed, a B that is much faster, and numbers beside their limits. */
#include "gate/conclude.h"
#include "tests/test.h"

#include "analyse/verdict.h"

#define CELLS_MOST 4
#define LIMIT 0.01         /* the tolerance of the timed gates */
#define COUNT_LIMIT 0.005  /* that of the counted ones */
#define MARGIN 0.001

#define TOOK(...) { DECIDED, __VA_ARGS__, NULL, { 0 } }
#define ALLOW(...) { ALLOWED, __VA_ARGS__, NULL, { 0 } }
#define SUSPECT(...) { SCREENED, __VA_ARGS__, NULL, { 0 } }
#define OPEN(...) { UNDECIDED, __VA_ARGS__, { 0 } }
#define COUNTED(more) { DECIDED, more, 0, 0, NULL, { 0 } }
#define LEFT(why) { .fate = UNMEASURED, .reason = why }
#define ONLY(what) { .fate = what }
#define PAIRS(...) { PAIRED, __VA_ARGS__, { 0 } }
#define RARE(theta, low, high, ...) { RARELY, theta, low, high, NULL, { __VA_ARGS__ } }

enum fate {
	ABSENT, DECIDED, ALLOWED, UNMEASURED, UNDECIDED, SCREENED, FAILED_A, FAILED_B, NOT_AVAILABLE, SAME,
	PAIRED, /* not decided by pairs */
	RARELY, /* slower in some rounds */
};

/* What became of a cell: its slow-down and bounds in %, and the reason of one that is not decided. Of one that is
 * slower in some rounds: the slow-down of the mean and its lower bound, and by how much slow rounds of B and of A are
 * slower. */
struct course {
	enum fate fate;
	double theta, low, high;
	const char *reason;
	struct {
		double theta, low, slow_rounds, slow_of_a;
	} mean;
};

enum controls { HOLD, NOT_DONE, ITSELF_SLOWER, UNSEEN };

static const struct {
	const char *sentence;
	struct course course[CELLS_MOST];
	bool counted;
	enum controls controls;
} cases[] = {
	{ "pass: nothing is slower by 1 % or more; c0 by at most 0.35 %", .course = { TOOK(-0.1, -0.6, 0.35) } },
	{ "pass: nothing is slower by 1 % or more; c1 by at most 0.77 %",
	  .course = { TOOK(0.2, -0.3, 0.4), TOOK(-0.5, -3, 0.768), TOOK(-8, -12, -4) } },
	{ "pass: nothing is slower by 1 % or more; c0 by at most 0.99 %", .course = { TOOK(0.2, -0.3, 0.9977) } },
	{ "pass: nothing is slower by 1 % or more; c0 by at most 0.00 %", .course = { TOOK(-0.2, -0.3, 0) } },
	{ "pass: nothing is slower by 1 % or more; c0 by at most 0.00 %", .course = { TOOK(-0.2, -0.3, 0.0001) } },
	{ "pass: nothing is slower; c0 takes at least 31.7 % less time", .course = { TOOK(-40, -60, -31.7) } },
	{ "pass: nothing is slower; c1 takes at least 0.20 % less time",
	  .course = { TOOK(-97, -98, -95), TOOK(-0.5, -0.7, -0.2) } },
	{ "pass: nothing is slower by 1 % or more; c0 by at most 0.30 %", .course = { TOOK(0.1, -INFINITY, 0.3) } },
	{ "pass: both sides are the same code, so nothing was run",
	  .course = { ONLY(SAME), ONLY(SAME) }, .controls = NOT_DONE },
	{ "pass: nothing is slower by 1 % or more; c1 by at most 0.30 %",
	  .course = { ONLY(SAME), TOOK(0.1, 0, 0.3) } },
	{ "pass: c0 is 5.20 % slower, which is allowed", .course = { ALLOW(5.2, 4, 6) } },
	{ "pass: c1 is 7.00 % slower, which is allowed, and 1 more", .course = { ALLOW(5.2, 4, 6), ALLOW(7, 4, 9) } },
	{ "pass: c0 is 5.20 % slower, which is allowed; of the rest nothing is slower by 1 % or more; c1 by at most "
	  "0.30 %", .course = { ALLOW(5.2, 4, 6), TOOK(0.1, 0, 0.3) } },
	{ "pass: c0 is 5.20 % slower, which is allowed; of the rest nothing is slower; c1 takes at least 20.0 % less "
	  "time",
	  .course = { ALLOW(5.2, 4, 6), TOOK(-30, -40, -20) } },
	{ "pass: c0 is 5.20 % slower, which is allowed; of the rest both sides are the same code, so nothing was run",
	  .course = { ALLOW(5.2, 4, 6), ONLY(SAME) } },
	{ "pass: nothing executes more instructions", .course = { COUNTED(0) }, .counted = true },
	{ "pass: nothing executes more instructions", .course = { COUNTED(-4), COUNTED(-0.00001) }, .counted = true },
	{ "pass: nothing executes over 0.5 % more instructions; c1 executes the most, 0.310 % more",
	  .course = { COUNTED(-4), COUNTED(0.31) }, .counted = true },
	{ "pass: nothing executes over 0.5 % more instructions; c0 executes the most, 0.499 % more",
	  .course = { COUNTED(0.49977) }, .counted = true },

	{ "regressed: c0 is 2.07 % slower (0.88 to 2.74 %)", .course = { TOOK(2.07, 0.88, 2.74) } },
	{ "regressed: c0 is 0.70 % slower (0.11 to 1.00 %)", .course = { TOOK(0.7, 0.1004, 1) } },
	{ "regressed: c0 is 0.70 % slower (0.30 to 1.04 %)", .course = { TOOK(0.7, 0.3, 1.04) } },
	{ "regressed: c0 is 910 % slower (880 to 950 %)", .course = { TOOK(910, 880, 950) } },
	{ "regressed: c2 is 9.00 % slower (8.00 to 11.0 %), and 1 more",
	  .course = { TOOK(0.1, -1, 0.5), TOOK(3, 2, 4), TOOK(9, 8, 11), LEFT(NULL) } },
	{ "regressed: c1 is 3.00 % slower (2.00 to 4.00 %)", .course = { ALLOW(20, 18, 22), TOOK(3, 2, 4) } },
	{ "regressed: c0 executes 0.501 % more instructions", .course = { COUNTED(0.5003) }, .counted = true },
	{ "regressed: c1 executes 12.3 % more instructions, and 1 more",
	  .course = { COUNTED(2), COUNTED(12.3) }, .counted = true },

	{ "regressed: c0 is 4.90 % slower on average (at least 3.14 %): the slowest tenth of its rounds takes 50.0 % "
	  "longer than others, of A's 0.00 %; undisturbed it is slower by at most 0.30 %",
	  .course = { RARE(0.1, -0.1, 0.3, 4.9, 3.14, 50, 0) } },
	{ "regressed: c0 is 4.90 % slower on average (at least 3.14 %): the slowest tenth of its rounds takes 50.0 % "
	  "longer than others, of A's 0.00 %; undisturbed it is slower by at most 0.00 %",
	  .course = { RARE(-3, -3.1, -2.9, 4.9, 3.14, 50, 0) } },
	{ "regressed: c0 is 4.90 % slower on average (at least 3.14 %): the slowest tenth of its rounds takes 50.0 % "
	  "longer than others, of A's 8.00 %", .course = { RARE(0.1, -3, 3, 4.9, 3.14, 50, 8) } },
	{ "regressed: c0 is 13.0 % slower on average (at least 0.11 %)",
	  .course = { RARE(0.1, -3, 3, 13, 0.11, 108, 107) } },
	{ "regressed: c0 is 13.0 % slower on average (at least 0.11 %); undisturbed it is slower by at most 0.30 %",
	  .course = { RARE(0.1, -0.1, 0.3, 13, 0.11, 100, 120) } },
	{ "regressed: c0 is 4.90 % slower on average (at least 3.14 %)",
	  .course = { RARE(0.1, -3, 3, 4.9, 3.14, 0, 0) } },
	{ "regressed: c1 is 4.90 % slower on average (at least 3.14 %), and 1 more",
	  .course = { TOOK(3, 2, 4), RARE(0.1, -3, 3, 4.9, 3.14, 0, 0) } },
	{ "pass: c0 is 4.90 % slower, which is allowed",
	  .course = { { .fate = RARELY, 0.1, -3, 3, "", { 4.9, 3.1, 0, 0 } } } },

	{ "cannot tell: c0 is between 0.80 % faster and 3.37 % slower: it is not decided after 24 pairs; about 60 would"
	  " do (--max-runs 60)",
	  .course = { PAIRS(1.2, -0.8, 3.37, "it is not decided after 24 pairs; about 60 would do (--max-runs 60)") } },
	{ "cannot tell: c0 is 0.05 to 1.01 % slower: it is not decided after 24 pairs",
	  .course = { PAIRS(0.5, 0.05, 1.004, "it is not decided after 24 pairs") } },
	{ "cannot tell: c0 is 2.00 to 3.00 % faster: it is not decided after 9 pairs",
	  .course = { PAIRS(-2.5, -3, -2, "it is not decided after 9 pairs") } },
	{ "cannot tell: c0: the time of --budget was over after 4 pairs; about 9 would do (--budget 2m)",
	  .course = { PAIRS(1, -INFINITY, INFINITY,
			    "the time of --budget was over after 4 pairs; about 9 would do (--budget 2m)") } },
	{ "cannot tell: c1 is between 0.80 % faster and 3.37 % slower: it is not decided after 24 pairs; 1 more is not "
	  "decided, either", /* of one pair the slow-down may be anything */
	  .course = { PAIRS(212, -INFINITY, INFINITY, "the time of --budget was over after 1 pair"),
		      PAIRS(1.2, -0.8, 3.37, "it is not decided after 24 pairs") } },
	{ "cannot tell: c0 may be up to 3.37 % slower: it is not decided after 48 runs a side (--max-runs)",
	  .course = { OPEN(1.2, -0.8, 3.37, "it is not decided after 48 runs a side (--max-runs)") } },
	{ "cannot tell: c0 may be up to 1.01 % slower: it is not decided after 24 runs a side",
	  .course = { OPEN(0.1, -0.8, 1.004, "it is not decided after 24 runs a side") } },
	{ "cannot tell: c0 may be up to 2.00 % slower: the time of --budget was over before it was decided",
	  .course = { OPEN(0.1, -INFINITY, 2, "the time of --budget was over before it was decided") } },
	{ "cannot tell: c0: it is not decided after 4 runs a side",
	  .course = { LEFT("it is not decided after 4 runs a side") }, .controls = NOT_DONE },
	{ "cannot tell: c0: it is not decided after 8 runs a side",
	  .course = { OPEN(0.1, -INFINITY, INFINITY, "it is not decided after 8 runs a side") } },
	{ "cannot tell: c0: none of its runs count yet; 1 more is not decided, either",
	  .course = { LEFT(NULL), LEFT(NULL) }, .controls = NOT_DONE },
	{ "cannot tell: c1 may be up to 1.90 % slower: the screening suspects it, and it was not measured again; 2 more"
	  " are not decided, either",
	  .course = { LEFT(NULL), SUSPECT(0.8, 0.2, 1.9), SUSPECT(0.2, 0.1, 1.5), TOOK(-3, -4, -2) } },
	{ "cannot tell: c1: none of its runs count yet", .course = { ALLOW(5, 4, 6), LEFT(NULL) } },
	{ "cannot tell: c0: instructions are counted of one worker only (--workers 1)",
	  .course = { LEFT("instructions are counted of one worker only (--workers 1)"), COUNTED(0.1) },
	  .counted = true },
	{ "cannot tell: a control failed: the baseline came out slower than itself, so no verdict of this gate is "
	  "believed", .course = { TOOK(-40, -60, -31), TOOK(9, 8, 11) }, .controls = ITSELF_SLOWER },
	{ "cannot tell: a control failed: a slow-down that was added to the baseline was not seen, so no verdict of "
	  "this gate is believed", .course = { TOOK(0.1, 0, 0.3) }, .controls = UNSEEN },

	{ "failed: c0: side B: worker 1 ended by SIGSEGV", .course = { ONLY(FAILED_B) }, .controls = NOT_DONE },
	{ "failed: c0: side A: worker 1 ended by SIGSEGV, and 1 more", .course = { ONLY(FAILED_A), ONLY(FAILED_B) },
	  .controls = NOT_DONE },
	{ "failed: c0: there are no two cores", .course = { ONLY(NOT_AVAILABLE) }, .controls = NOT_DONE },
	{ "failed: c0: side B: worker 1 ended by SIGSEGV; as for the rest, nothing is slower by 1 % or more; c1 by at "
	  "most 0.30 %", .course = { ONLY(FAILED_B), TOOK(0.1, 0, 0.3) } },
	{ "failed: c1: side B: worker 1 ended by SIGSEGV; as for the rest, c0 is 5.00 % slower (4.00 to 6.00 %)",
	  .course = { TOOK(5, 4, 6), ONLY(FAILED_B) } },
	{ "failed: c1: side B: worker 1 ended by SIGSEGV; as for the rest, c0 is 5.00 % slower, which is allowed",
	  .course = { ALLOW(5, 4, 6), ONLY(FAILED_B) } },
	{ "failed: c1: side B: worker 1 ended by SIGSEGV; as for the rest, c0: none of its runs count yet",
	  .course = { LEFT(NULL), ONLY(FAILED_B) }, .controls = NOT_DONE },
	{ "failed: c1: side A: worker 1 ended by SIGSEGV; as for the rest, a control failed: its cell failed before it "
	  "was judged, so no verdict of this gate is believed",
	  .course = { TOOK(5, 4, 6), ONLY(FAILED_A) }, .controls = NOT_DONE },
	{ "failed: c0: side B: worker 1 ended by SIGSEGV; as for the rest, nothing executes more instructions",
	  .course = { ONLY(FAILED_B), COUNTED(-1) }, .counted = true },
};

static double log_of(double percent)
{
	return isfinite(percent) ? log1p(percent / 100) : percent;
}

static void measure(struct gate *gate, struct gate_cell *cell, const struct course *course)
{
	cell->measured = true;
	cell->looks = 1;
	cell->slowdown = (struct shift){ log_of(course->theta), log_of(course->low), log_of(course->high) };
	cell->smallest_shown = verdict_smallest_shown(&cell->slowdown, gate->tolerance, gate->margin);
	cell->smallest_excluded = verdict_smallest_excluded(&cell->slowdown);
	if (gate->by_instructions)
		cell->verdict = course->theta > 100 * gate->tolerance ? VERDICT_REGRESSED : VERDICT_PASS;
	else
		cell->verdict = verdict_of(&cell->slowdown, gate->tolerance, gate->margin);
}

/* Makes one pair of ten rounds, of which the last one is slow. */
static void measure_pairs(struct gate_cell *cell, const struct course *course)
{
	static double a[10], b[10];
	static struct gate_pair pair;

	for (size_t i = 0; i < 10; i++)
		a[i] = b[i] = 1;
	a[9] += course->mean.slow_of_a / 100;
	b[9] += course->mean.slow_rounds / 100;
	pair = (struct gate_pair){ .rounds = 10, .times = { { .round_ns = a }, { .round_ns = b } } };
	cell->pairing = "rounds";
	cell->pairs = &pair;
	cell->pair_count = course->mean.slow_rounds > 0;
	cell->mean = (struct shift){ log_of(course->mean.theta), log_of(course->mean.low), INFINITY };
	cell->verdict = course->fate == RARELY ? VERDICT_REGRESSED : VERDICT_CANNOT_TELL;
	cell->kind = SLOWER_RARE;
}

static void fail_side(struct gate_cell *cell, enum fate fate)
{
	cell->failed = true;
	cell->failed_side = fate == FAILED_A ? SIDE_A : SIDE_B;
	cell->failure.kind = fate == NOT_AVAILABLE ? FAILURE_UNAVAILABLE : FAILURE_LOST_WORKER;
	snprintf(cell->failure.message, sizeof(cell->failure.message),
		 fate == NOT_AVAILABLE ? "there are no two cores" : "worker 1 ended by SIGSEGV");
}

static void run_course(struct gate *gate, struct gate_cell *cell, const struct course *course)
{
	const char *reason = course->fate == SCREENED ? "the screening suspects it, and it was not measured again"
						      : "none of its runs count yet";

	cell->verdict = course->fate == SAME ? VERDICT_UNCHANGED : VERDICT_CANNOT_TELL;
	cell->allowed = course->fate == ALLOWED || (course->fate == RARELY && course->reason);
	if (course->fate >= FAILED_A && course->fate <= NOT_AVAILABLE)
		fail_side(cell, course->fate);
	else if (course->fate != UNMEASURED && course->fate != SAME)
		measure(gate, cell, course);
	if (course->fate >= PAIRED)
		measure_pairs(cell, course);
	if (course->fate == SCREENED)
		cell->verdict = VERDICT_CANNOT_TELL;
	if (cell->verdict == VERDICT_CANNOT_TELL)
		snprintf(cell->reason, sizeof(cell->reason), "%s", course->reason ? course->reason : reason);
	if (course->fate == UNDECIDED)
		assert_int_equal(cell->verdict, VERDICT_CANNOT_TELL);
}

static void test_every_sentence(void **state)
{
	static const char *const ids[CELLS_MOST] = { "c0", "c1", "c2", "c3" };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gate_cell cells[CELLS_MOST] = { { .id = NULL } };
		const enum controls controls = cases[i].controls;
		struct gate gate = {
			.by_instructions = cases[i].counted, .cells = cells, .margin = log1p(MARGIN),
			.tolerance = cases[i].counted ? COUNT_LIMIT : LIMIT,
			.aa = { .done = controls != NOT_DONE, .holds = controls != ITSELF_SLOWER },
			.plus = { .done = controls != NOT_DONE, .holds = controls != UNSEEN },
		};

		for (; gate.cell_count < CELLS_MOST && cases[i].course[gate.cell_count].fate; gate.cell_count++) {
			cells[gate.cell_count].id = ids[gate.cell_count];
			run_course(&gate, &cells[gate.cell_count], &cases[i].course[gate.cell_count]);
		}
		conclude_end(&gate);
		printf("# %s\n", gate.conclusion);
		assert_string_equal(gate.conclusion, cases[i].sentence);
	}
}

/* A message that is longer than the sentence may be is cut, and ends. */
static void test_a_long_sentence_ends(void **state)
{
	char id[2000] = "";
	struct gate_cell cell = { .id = memset(id, 'x', sizeof(id) - 1), .verdict = VERDICT_CANNOT_TELL };
	struct gate gate = { .cells = &cell, .cell_count = 1 };

	conclude_end(&gate);
	assert_non_null(memchr(gate.conclusion, '\0', sizeof(gate.conclusion)));
	assert_int_equal(strncmp(gate.conclusion, "cannot tell: xxx", 16), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_sentence),
		cmocka_unit_test(test_a_long_sentence_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
