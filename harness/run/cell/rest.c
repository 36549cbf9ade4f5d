#include "run/cell/rest.h"

#include "base/clock.h"

#include <time.h>

#define LOOK_NS 300000   /* how long one look at the crew takes */
#define QUIET_SHARE 0.01 /* of the time: less is no use of a processor */
#define QUIET_NS 200000  /* in a whole rest: to fall asleep takes less */

static uint64_t clock_of(clockid_t clock)
{
	struct timespec now;

	return clock_gettime(clock, &now) ? 0 : (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t used_by(pid_t pid)
{
	clockid_t clock;

	return pid && clock_getcpuclockid(pid, &clock) == 0 ? clock_of(clock) : 0;
}

/* CPU time of the crew and all that belongs to it, but for the thread that asks. */
static uint64_t used_by_crew(const struct crew *crew)
{
	uint64_t ns = clock_of(CLOCK_PROCESS_CPUTIME_ID) - clock_of(CLOCK_THREAD_CPUTIME_ID) + used_by(crew->helper);

	for (unsigned w = 0; w < crew->cell->workers; w++)
		ns += used_by(crew->pids[w]);
	for (unsigned i = 0; i < crew->server_count; i++)
		ns += used_by(crew->servers[i]);
	return ns;
}

static struct rest now(const struct crew *crew)
{
	return (struct rest){ .began_ns = clock_ns(), .used_ns = used_by_crew(crew) };
}

/* How much the crew has used in between. Clocks that are read one after the other may differ by some ns. */
static double used_between_ns(const struct rest *from, const struct rest *to)
{
	return to->used_ns > from->used_ns ? (double)(to->used_ns - from->used_ns) : 0;
}

static bool is_quiet(const struct rest *from, const struct rest *to)
{
	return used_between_ns(from, to) < QUIET_SHARE * (double)(to->began_ns - from->began_ns);
}

struct rest rest_begin(const struct crew *crew)
{
	struct rest before, after = now(crew);
	uint64_t until_ns = after.began_ns + REST_WAIT_NS;

	do {
		before = after;
		nanosleep(&(struct timespec){ .tv_nsec = LOOK_NS }, NULL);
		after = now(crew);
	} while (!is_quiet(&before, &after) && after.began_ns < until_ns);
	return after;
}

bool rest_was_spent(const struct rest *rest, const struct crew *crew)
{
	struct rest after = now(crew);

	return !is_quiet(rest, &after) && used_between_ns(rest, &after) > QUIET_NS;
}
