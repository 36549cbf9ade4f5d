/* Hardware and software events through PAPI, one event set for each thread, never multiplexed.
 *
 * PAPI lists events as available that cannot be counted, and some that are always 0. So an event is only taken to count
 * if it can be added, started and stopped around a loop that must cause it, and is more than 0 then. */
#include "base/proc.h"
#include "model/counter.h"

#include <papi.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LOOP_LENGTH 2000000 /* iterations of at least three instructions each */
#define LOOP_PAGES 2048     /* pages that the loop touches for the first time */

static const struct candidate {
	const char *name, *unit;
} candidates[] = {
	{ "PAPI_TOT_INS", "1" },     { "PAPI_TOT_CYC", "1" },   { "PAPI_L3_TCM", "1" },
	{ "PAPI_BR_MSP", "1" },	     { "PAPI_L1_DCM", "1" },	{ "PAPI_TLB_DM", "1" },
	{ "perf::TASK-CLOCK", "ns" }, { "perf::PAGE-FAULTS", "1" },
};

struct papi {
	int set;
	size_t count;
	size_t place[COUNTERS_MAX]; /* index in `infos` of each event of the set */
};

/* PAPI keeps lists of sets and threads for the whole process, and threads that open sets at the same time break these
 * lists. */
static pthread_mutex_t lists = PTHREAD_MUTEX_INITIALIZER;

/* Initialises PAPI once in a process; a forked child must do it again. Called with `lists` held if there are
 * threads. */
static bool initialise(void)
{
	static pid_t initialised_in;
	bool fine = true;

	if (initialised_in != getpid()) {
		fine = PAPI_library_init(PAPI_VER_CURRENT) == PAPI_VER_CURRENT &&
		       PAPI_thread_init((unsigned long (*)(void))pthread_self) == PAPI_OK;
		PAPI_set_domain(PAPI_DOM_ALL); /* if it is not permitted, the default domain stays */
		if (fine)
			initialised_in = getpid();
	}
	return fine;
}

/* Causes every event that is listed above: instructions, page faults, cache, TLB and branch misses. */
static void known_loop(void)
{
	volatile unsigned char *pages =
		mmap(NULL, LOOP_PAGES * 4096u, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t x = 88172645463325252u;
	volatile uint64_t odd = 0;

	if (pages == MAP_FAILED)
		return;
	for (unsigned i = 0; i < LOOP_LENGTH; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		pages[x % (LOOP_PAGES * 4096u)]++;
		if (x & 1)
			odd++;
	}
	munmap((void *)pages, LOOP_PAGES * 4096u);
}

static bool deny(struct counter_info *info, const char *reason)
{
	info->status = COUNTER_NOT_AVAILABLE;
	snprintf(info->reason, sizeof(info->reason), "%.95s", reason);
	return false;
}

/* PAPI's message for an error; if its component for processors is off, the reason for that. Without a PMU it has many
 * messages for one thing: no preset exists, or libpfm finds none. */
static const char *reason_of(const char *name, int err)
{
	int component = PAPI_get_component_index("perf_event");
	const PAPI_component_info_t *info = component >= 0 ? PAPI_get_component_info(component) : NULL;
	const char *reason = info && info->disabled && info->disabled_reason[0] ? info->disabled_reason :
			     PAPI_strerror(err);

	if (proc_pmu() == 0 && (!strncmp(name, "PAPI_", 5) || strstr(reason, "PMU")))
		return proc_hypervisor() > 0 ? "this virtual machine has no PMU" : "this machine shows no PMU";
	return reason;
}

/* Counts one event around the known loop. */
static bool try_event(const char *name, struct counter_info *info)
{
	int set = PAPI_NULL, err;
	long long value = 0;

	snprintf(info->name, sizeof(info->name), "%s", name);
	snprintf(info->unit, sizeof(info->unit), "%s", "1");
	if (!initialise())
		return deny(info, "PAPI cannot be initialised");
	err = PAPI_create_eventset(&set);
	err = err != PAPI_OK ? err : PAPI_add_named_event(set, name);
	err = err != PAPI_OK ? err : PAPI_start(set);
	if (err == PAPI_OK) {
		known_loop();
		err = PAPI_stop(set, &value);
	}
	PAPI_cleanup_eventset(set);
	PAPI_destroy_eventset(&set);
	if (err != PAPI_OK)
		return deny(info, reason_of(name, err));
	if (value <= 0 || (!strcmp(name, "PAPI_TOT_INS") && value < 3 * LOOP_LENGTH))
		return deny(info, "counts too little on a loop of known length");
	info->status = COUNTER_COUNTED;
	return true;
}

static size_t papi_list(struct counter_info *infos, size_t max)
{
	size_t count = 0;

	if (!initialise())
		return 0;
	for (; count < sizeof(candidates) / sizeof(*candidates) && count < max; count++) {
		infos[count] = (struct counter_info){ 0 };
		try_event(candidates[count].name, &infos[count]);
		snprintf(infos[count].unit, sizeof(infos->unit), "%s", candidates[count].unit);
	}
	return count;
}

static void release(struct papi *p)
{
	PAPI_cleanup_eventset(p->set);
	PAPI_destroy_eventset(&p->set);
	PAPI_unregister_thread();
	free(p);
}

static void papi_close(void *state)
{
	if (!state)
		return;
	pthread_mutex_lock(&lists);
	release(state);
	pthread_mutex_unlock(&lists);
}

static struct papi *open_set(const struct counter_info *infos, const bool *wanted, size_t count)
{
	struct papi *p = calloc(1, sizeof(*p));

	if (!p || !initialise() || (p->set = PAPI_NULL, PAPI_create_eventset(&p->set) != PAPI_OK)) {
		free(p);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		if (wanted[i] && PAPI_add_named_event(p->set, infos[i].name) == PAPI_OK)
			p->place[p->count++] = i;
	if (p->count)
		return p;
	release(p);
	return NULL;
}

static void *papi_open(const struct counter_info *infos, const bool *wanted, size_t count)
{
	struct papi *p;

	pthread_mutex_lock(&lists);
	p = open_set(infos, wanted, count);
	pthread_mutex_unlock(&lists);
	return p;
}

static void papi_begin(void *state)
{
	PAPI_start(((struct papi *)state)->set);
}

static void papi_end(void *state, const struct counter_info *infos, double *values, size_t count)
{
	struct papi *p = state;
	long long counted[COUNTERS_MAX];

	(void)infos, (void)count;
	if (PAPI_stop(p->set, counted) != PAPI_OK)
		return;
	for (size_t i = 0; i < p->count; i++)
		values[p->place[i]] = (double)counted[i];
}

const struct counter_source counter_source_papi = {
	.name = "papi",
	.summary = "hardware and software events through PAPI",
	.list = papi_list,
	.try_event = try_event,
	.open = papi_open,
	.begin = papi_begin,
	.end = papi_end,
	.close = papi_close,
};
