/* What the kernel counts for every thread: getrusage(2), schedstat, sched. It needs no privileges. */
#include "base/clock.h"
#include "base/proc.h"
#include "model/counter.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { CPU_TIME, RUN_QUEUE, VOLUNTARY, INVOLUNTARY, MINOR_FAULTS, MAJOR_FAULTS, MIGRATIONS, COUNT };

static const struct counter_info infos_of[COUNT] = {
	[CPU_TIME] = { .name = "cpu_time", .unit = "ns" },
	[RUN_QUEUE] = { .name = "run_queue_wait", .unit = "ns" },
	[VOLUNTARY] = { .name = "context_switches_voluntary", .unit = "1" },
	[INVOLUNTARY] = { .name = "context_switches_involuntary", .unit = "1" },
	[MINOR_FAULTS] = { .name = "page_faults_minor", .unit = "1" },
	[MAJOR_FAULTS] = { .name = "page_faults_major", .unit = "1" },
	[MIGRATIONS] = { .name = "cpu_migrations", .unit = "1" },
};

struct kernel {
	int schedstat_fd, sched_fd;
	double before[COUNT];
};

/* How often the calling thread has migrated since it was made; NAN if the kernel does not say. */
static double read_migrations(int fd)
{
	char text[512], *at;
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return NAN;
	text[n] = '\0';
	at = strstr(text, "nr_migrations");
	at = at ? strchr(at, ':') : NULL;
	return at ? strtod(at + 1, NULL) : NAN;
}

static void read_all(const struct kernel *k, double *values)
{
	struct rusage u;

	getrusage(RUSAGE_THREAD, &u);
	values[CPU_TIME] = (double)clock_thread_cpu_ns();
	values[RUN_QUEUE] = k->schedstat_fd < 0 ? NAN : (double)proc_run_queue_ns(k->schedstat_fd);
	values[VOLUNTARY] = (double)u.ru_nvcsw;
	values[INVOLUNTARY] = (double)u.ru_nivcsw;
	values[MINOR_FAULTS] = (double)u.ru_minflt;
	values[MAJOR_FAULTS] = (double)u.ru_majflt;
}

static void *kernel_open(const struct counter_info *infos, const bool *wanted, size_t count)
{
	struct kernel *k = malloc(sizeof(*k));

	(void)infos, (void)wanted, (void)count; /* all counters are read by the same calls */
	if (!k)
		return NULL;
	k->schedstat_fd = proc_schedstat_open();
	k->sched_fd = open("/proc/thread-self/sched", O_RDONLY | O_CLOEXEC);
	k->before[MIGRATIONS] = 0;
	return k;
}

static void kernel_close(void *state)
{
	struct kernel *k = state;

	if (!k)
		return;
	if (k->schedstat_fd >= 0)
		close(k->schedstat_fd);
	if (k->sched_fd >= 0)
		close(k->sched_fd);
	free(k);
}

static size_t kernel_list(struct counter_info *infos, size_t max)
{
	struct kernel *k = kernel_open(NULL, NULL, 0);

	if (!k || max < COUNT) {
		kernel_close(k);
		return 0;
	}
	memcpy(infos, infos_of, sizeof(infos_of));
	if (k->schedstat_fd < 0) {
		infos[RUN_QUEUE].status = COUNTER_NOT_AVAILABLE;
		snprintf(infos[RUN_QUEUE].reason, sizeof(infos->reason), "this kernel has no schedstat");
	}
	if (isnan(read_migrations(k->sched_fd))) {
		infos[MIGRATIONS].status = COUNTER_NOT_AVAILABLE;
		snprintf(infos[MIGRATIONS].reason, sizeof(infos->reason), "this kernel has no /proc/PID/sched");
	}
	kernel_close(k);
	return COUNT;
}

static void kernel_begin(void *state)
{
	struct kernel *k = state;
	double migrations = k->before[MIGRATIONS]; /* read only here: it takes 5 us, and waking up may migrate */

	read_all(k, k->before);
	k->before[MIGRATIONS] = migrations;
}

static void kernel_end(void *state, const struct counter_info *infos, double *values, size_t count)
{
	struct kernel *k = state;
	double after[COUNT];

	read_all(k, after);
	after[MIGRATIONS] = read_migrations(k->sched_fd);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < COUNT; j++)
			if (!strcmp(infos[i].name, infos_of[j].name))
				values[i] = after[j] - k->before[j];
	k->before[MIGRATIONS] = after[MIGRATIONS];
}

const struct counter_source counter_source_kernel = {
	.name = "kernel",
	.summary = "what the kernel counts of every thread; needs no privileges",
	.cheap = true,
	.list = kernel_list,
	.open = kernel_open,
	.begin = kernel_begin,
	.end = kernel_end,
	.close = kernel_close,
};
