#include "run/cell/internal.h"

#include "base/clock.h"
#include "run/crew/parent.h"
#include "run/wire/ring.h"
#include "run/worker/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>

/* What the items of a slice answered when they were executed first. */
struct slice_answer {
	uint64_t digest;
	bool known;
};

struct slices {
	struct cell_process *p;
	struct worker *worker;
	struct ring *ring;
	struct slice_answer *answers; /* one a slice */
	uint32_t done;          /* slices of this round that were executed */
	struct round round;
};

static long voluntary_switches(void)
{
	struct rusage used = { 0 };

	getrusage(RUSAGE_THREAD, &used);
	return used.ru_nvcsw;
}

static uint64_t time_slice(const struct slices *s, struct range range, struct ring_time *time)
{
	long switches = voluntary_switches();
	uint64_t cpu_ns = clock_thread_cpu_ns(), from_ns = clock_ns(), digest = worker_do_range(s->worker, range);

	time->wall_ns = clock_ns() - from_ns;
	time->cpu_ns = clock_thread_cpu_ns() - cpu_ns;
	time->slept = voluntary_switches() != switches;
	return digest;
}

static int check_answer(struct slices *s, const struct ring_turn *turn, uint64_t digest)
{
	struct slice_answer *answer = &s->answers[turn->slice];
	struct crew *crew = &s->p->crew;

	if (crew_check_errors(crew) == 0 && answer->known && answer->digest != digest)
		crew_fail(crew, FAILURE_WRONG_ANSWER, -1, "the answers of slice %u in round %u differ from before",
			  turn->slice, turn->round);
	*answer = (struct slice_answer){ digest, true };
	return crew->failed ? cell_tell_failure(s->p) : 0;
}

/* The slices of a round together had to answer what the warm-up round did. */
static int check_round(struct slices *s)
{
	struct crew *crew = &s->p->crew;
	uint64_t digest = 0;

	for (uint32_t i = 0; i < s->ring->layout.slices; i++)
		digest += s->answers[i].digest;
	if (s->p->has_digest && digest != s->p->digest) {
		crew_fail(crew, FAILURE_WRONG_ANSWER, -1, "the answers of all slices differ from those of the warm-up");
		return cell_tell_failure(s->p);
	}
	return 0;
}

/* Settles while it still has the token: what that costs must not fall into a slice of another side. */
static int end_turn(struct slices *s, const struct ring_turn *turn)
{
	s->done += !turn->again;
	if (s->done < s->ring->layout.slices)
		return 0;
	s->done = 0;
	return check_round(s) ? -ECHILD : cell_settle(s->p, &s->round);
}

static int take_turns(struct slices *s)
{
	const struct ring_turn *turn;
	int err = 0;

	while (!err && (turn = ring_await(s->ring, s->p->spec.seat))) {
		const uint64_t *cut = &ring_cuts(s->ring)[turn->slice];
		struct ring_time time = { 0 };
		uint64_t digest = time_slice(s, (struct range){ cut[0], cut[1] }, &time);

		err = check_answer(s, turn, digest);
		err = err ? err : end_turn(s, turn);
		if (!err)
			ring_pass(s->ring, &time);
	}
	return err;
}

/* What keeps this process from executing what the ring says, which ring_open() has checked. NULL: nothing does. */
static const char *flaw_of_ring(const struct slices *s)
{
	const struct ring_layout *l = &s->ring->layout;

	if (s->p->crew.mode->parallel)
		return "only the baseline takes turns in a ring";
	if (s->p->spec.seat >= l->seats)
		return "the ring has no such seat";
	return ring_cuts(s->ring)[l->slices] == s->p->crew.state.items ? NULL : "the ring has another number of items";
}

static int execute(struct slices *s)
{
	const char *flaw = flaw_of_ring(s);
	int err;

	if (flaw)
		return cell_fail(s->p, flaw);
	s->round.number = ++s->p->rounds_done;
	crew_prepare(&s->p->crew, &s->round);
	s->p->crew.arena->start_ns = clock_ns();
	if (s->p->crew.workload->settle)
		atomic_store(&s->ring->memory->settles, true);
	worker_begin(s->worker);
	err = take_turns(s);
	worker_end(s->worker);
	return err;
}

int cell_execute_slices(struct cell_process *p)
{
	struct slices s = { .p = p, .worker = p->crew.own, .ring = ring_open(p->spec.ring_fd) };
	int err;

	if (!s.ring)
		return cell_fail_by(p, errno, "cannot open the ring of mode", p->crew.mode->name);
	s.answers = calloc(s.ring->layout.slices, sizeof(*s.answers));
	cell_tell_phase(p, PHASE_ROUND);
	err = s.answers ? execute(&s) : cell_fail_by(p, ENOMEM, "cannot begin the slices of mode", p->crew.mode->name);
	if (err)
		ring_abandon(s.ring);
	free(s.answers);
	ring_unmap(s.ring);
	return err;
}
