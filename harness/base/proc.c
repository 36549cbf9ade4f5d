#include "base/proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PF_SIGNALED 0x400 /* of the kernel: killed by a signal */

ssize_t proc_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t n;

	text[0] = '\0';
	if (fd < 0)
		return -errno;
	while (length + 1 < size && (n = read(fd, text + length, size - 1 - length)) > 0)
		length += (size_t)n;
	close(fd);
	text[length] = '\0';
	return (ssize_t)length;
}

uint64_t proc_value(const char *text, const char *key)
{
	size_t length = strlen(key);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, key, length))
			return strtoull(line + length, NULL, 10);
	}
	return 0;
}

int proc_schedstat_open(void)
{
	return open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
}

uint64_t proc_run_queue_ns(int schedstat_fd)
{
	char text[96], *second;
	ssize_t n = pread(schedstat_fd, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return 0;
	text[n] = '\0';
	strtoull(text, &second, 10);
	return strtoull(second, NULL, 10);
}

struct peak_memory proc_peak_memory(pid_t pid)
{
	struct peak_memory memory = { 0 };
	uint64_t peak_kib, now_kib;
	char path[64], text[4096];

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	if (proc_read(path, text, sizeof(text)) <= 0)
		return memory;
	memory.private_bytes = (proc_value(text, "Private_Clean:") + proc_value(text, "Private_Dirty:")) * 1024;
	memory.shared_bytes = proc_value(text, "Pss:") * 1024;
	memory.shared_bytes -= memory.private_bytes < memory.shared_bytes ? memory.private_bytes : memory.shared_bytes;
	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	if (proc_read(path, text, sizeof(text)) <= 0)
		return memory;
	peak_kib = proc_value(text, "VmHWM:");
	now_kib = proc_value(text, "VmRSS:");
	memory.private_bytes += peak_kib > now_kib ? (peak_kib - now_kib) * 1024 : 0;
	return memory;
}

uint64_t proc_peak_pss(void)
{
	return proc_peak_pss_of(getpid());
}

uint64_t proc_peak_pss_of(pid_t pid)
{
	struct peak_memory memory = proc_peak_memory(pid);

	return memory.private_bytes + memory.shared_bytes;
}

int proc_hypervisor(void)
{
	FILE *f = fopen("/proc/cpuinfo", "re");
	char line[4096];
	int found = -1;

	while (f && found < 0 && fgets(line, sizeof(line), f))
		if (!strncmp(line, "flags", 5))
			found = strstr(line, " hypervisor") != NULL;
	if (f)
		fclose(f);
	return found;
}

int proc_pmu(void)
{
	DIR *folder = opendir("/sys/bus/event_source/devices");
	const struct dirent *entry;
	int found = folder ? 0 : -1;

	while (folder && (entry = readdir(folder)))
		found |= !strncmp(entry->d_name, "cpu", 3) || !strncmp(entry->d_name, "arm", 3);
	if (folder)
		closedir(folder);
	return found;
}

/* One "cpu" line of /proc/stat: user nice system idle iowait irq softirq steal, in ticks. */
static struct machine_times parse_times(const char *line)
{
	uint64_t tick_ns = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK), value[8] = { 0 };
	char *at = strchr(line, ' ');

	for (size_t i = 0; i < 8 && at; i++)
		value[i] = strtoull(at, &at, 10);
	return (struct machine_times){
		.busy_ns = (value[0] + value[1] + value[2] + value[5] + value[6]) * tick_ns,
		.stolen_ns = value[7] * tick_ns,
	};
}

struct machine_times proc_machine_times(void)
{
	char text[512];

	if (proc_read("/proc/stat", text, sizeof(text)) <= 0)
		return (struct machine_times){ 0 };
	return parse_times(text);
}

void proc_stolen(uint64_t *stolen_ns, size_t count)
{
	char line[512];
	FILE *f = fopen("/proc/stat", "re");

	memset(stolen_ns, 0, count * sizeof(*stolen_ns));
	if (!f)
		return;
	while (fgets(line, sizeof(line), f) && !strncmp(line, "cpu", 3)) {
		size_t cpu = strtoul(line + 3, NULL, 10);

		if (line[3] != ' ' && cpu < count)
			stolen_ns[cpu] = parse_times(line).stolen_ns;
	}
	fclose(f);
}

uint64_t rusage_ns(const struct rusage *used)
{
	return ((uint64_t)used->ru_utime.tv_sec + (uint64_t)used->ru_stime.tv_sec) * 1000000000u +
	       ((uint64_t)used->ru_utime.tv_usec + (uint64_t)used->ru_stime.tv_usec) * 1000u;
}

uint64_t proc_used_ns(int who)
{
	struct rusage used;

	getrusage(who, &used);
	return rusage_ns(&used);
}

uint64_t proc_cpu_ns(pid_t pid)
{
	char path[64], text[96];

	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
	return proc_read(path, text, sizeof(text)) > 0 ? strtoull(text, NULL, 10) : 0;
}

/* Of /proc/PID/stat. */
struct stat_line {
	char state;
	int parent, group, session, terminal, foreground;
	unsigned flags; /* PF_* of the kernel */
};

static struct stat_line read_stat(pid_t pid)
{
	char path[64], text[512], *paren;
	struct stat_line l = { .state = '?' };

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (proc_read(path, text, sizeof(text)) <= 0)
		return l;
	paren = strrchr(text, ')'); /* the name of the program, in parentheses, may hold anything */
	if (!paren || sscanf(paren + 1, " %c %d %d %d %d %d %u", &l.state, &l.parent, &l.group, &l.session, &l.terminal,
			     &l.foreground, &l.flags) != 7)
		return (struct stat_line){ .state = '?' };
	return l;
}

char proc_state(pid_t pid)
{
	return read_stat(pid).state;
}

bool proc_was_killed(pid_t pid)
{
	return read_stat(pid).flags & PF_SIGNALED;
}

pid_t proc_stopped_of_group(pid_t group)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	pid_t found = 0;

	while (folder && !found && (entry = readdir(folder))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
		struct stat_line l = pid > 0 ? read_stat(pid) : (struct stat_line){ 0 };

		if (l.state == 'T' && l.group == group)
			found = pid;
	}
	if (folder)
		closedir(folder);
	return found;
}

const char *proc_name(pid_t pid, char *name, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	if (proc_read(path, name, size) <= 0)
		snprintf(name, size, "a process");
	name[strcspn(name, "\n")] = '\0';
	return name;
}

/* Finds the path of this process's group in the hierarchy of `controller` ("" is v2), from /proc/self/cgroup. */
static bool group_path(const char *root, const char *controller, char *path, size_t size)
{
	char file[PATH_MAX], line[PATH_MAX];
	bool found = false;
	FILE *f;

	snprintf(file, sizeof(file), "%s/proc/self/cgroup", root);
	f = fopen(file, "re");
	if (!f)
		return false;
	while (!found && fgets(line, sizeof(line), f)) {
		char *names = strchr(line, ':'), *group = names ? strchr(names + 1, ':') : NULL;

		if (!group)
			continue;
		*group++ = '\0';
		group[strcspn(group, "\n")] = '\0';
		if (*controller == '\0')
			found = names[1] == '\0';
		else
			for (char *save, *name = strtok_r(names + 1, ",", &save); name;
			     name = strtok_r(NULL, ",", &save))
				found = found || !strcmp(name, controller);
		if (found)
			snprintf(path, size, "%s", group);
	}
	fclose(f);
	return found;
}

/* Calls `visit` for the group and all groups above it; a container may show only the root of the tree. */
static void each_group(const char *root, const char *mount, const char *group, const char *file,
		       void (*visit)(const char *path, void *context), void *context)
{
	char at[PATH_MAX], path[3 * PATH_MAX];

	snprintf(at, sizeof(at), "%s", group);
	for (;;) {
		char *slash = strrchr(at, '/');

		snprintf(path, sizeof(path), "%s%s%s/%s", root, mount, at, file);
		visit(path, context);
		if (!slash)
			return;
		*slash = '\0';
	}
}

static void keep_less(double *least, int64_t quota, int64_t period)
{
	double processors;

	if (quota <= 0 || period <= 0)
		return;
	processors = (double)quota / (double)period;
	if (*least == 0 || processors < *least)
		*least = processors;
}

static void visit_max_v2(const char *path, void *context)
{
	char text[128];
	long long quota, period;

	if (proc_read(path, text, sizeof(text)) > 0 && sscanf(text, "%lld %lld", &quota, &period) == 2)
		keep_less(context, quota, period); /* "max 100000" does not begin with a number: no limit */
}

static void visit_quota_v1(const char *path, void *context)
{
	char text[64], other[3 * PATH_MAX + 16];
	long long quota;
	char *slash;

	if (proc_read(path, text, sizeof(text)) <= 0)
		return;
	quota = strtoll(text, NULL, 10);
	snprintf(other, sizeof(other), "%s", path);
	slash = strrchr(other, '/');
	snprintf(slash, sizeof(other) - (size_t)(slash - other), "/cpu.cfs_period_us");
	if (proc_read(other, text, sizeof(text)) > 0)
		keep_less(context, quota, strtoll(text, NULL, 10));
}

static const char *const mounts_v1[] = { "/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct" };
static const char *const mounts_v2[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };

static void each_v2_file(const char *root, const char *file, void (*visit)(const char *, void *), void *context)
{
	char group[PATH_MAX];

	if (group_path(root, "", group, sizeof(group)))
		for (size_t i = 0; i < sizeof(mounts_v2) / sizeof(*mounts_v2); i++)
			each_group(root, mounts_v2[i], group, file, visit, context);
}

static void each_cpu_file(const char *root, const char *file_v1, const char *file_v2,
			  void (*visit_v1)(const char *, void *), void (*visit_v2)(const char *, void *), void *context)
{
	char group[PATH_MAX];

	if (group_path(root, "cpu", group, sizeof(group)))
		for (size_t i = 0; i < sizeof(mounts_v1) / sizeof(*mounts_v1); i++)
			each_group(root, mounts_v1[i], group, file_v1, visit_v1, context);
	each_v2_file(root, file_v2, visit_v2, context);
}

double proc_quota(const char *root)
{
	double least = 0;

	each_cpu_file(root, "cpu.cfs_quota_us", "cpu.max", visit_quota_v1, visit_max_v2, &least);
	return least;
}

static void visit_stat(const char *path, void *context)
{
	char text[1024];

	if (proc_read(path, text, sizeof(text)) > 0)
		*(uint64_t *)context += proc_value(text, "nr_throttled ");
}

uint64_t proc_throttled(const char *root)
{
	uint64_t times = 0;

	each_cpu_file(root, "cpu.stat", "cpu.stat", visit_stat, visit_stat, &times);
	return times;
}

/* Reads a file beside the one at `path`: the value of `key`, or its only number (NULL). 0: there is none. */
static uint64_t number_beside(const char *path, const char *file, const char *key)
{
	char text[8192], other[3 * PATH_MAX + 64], *slash;

	snprintf(other, sizeof(other), "%s", path);
	slash = strrchr(other, '/');
	snprintf(slash, sizeof(other) - (size_t)(slash - other), "/%s", file);
	if (proc_read(other, text, sizeof(text)) <= 0)
		return 0;
	return key ? proc_value(text, key) : strtoull(text, NULL, 10);
}

/* What a group's limit leaves; files that were read and not looked at again count as used, but make room. */
static void keep_less_memory(const char *path, const char *usage, uint64_t *least)
{
	char text[64];
	uint64_t limit = proc_read(path, text, sizeof(text)) > 0 ? strtoull(text, NULL, 10) : 0; /* "max": none */
	uint64_t used = number_beside(path, usage, NULL), cached = number_beside(path, "memory.stat", "inactive_file ");

	used -= cached < used ? cached : used;
	if (limit && (limit > used ? limit - used : 0) < *least)
		*least = limit > used ? limit - used : 0;
}

static void visit_memory_v1(const char *path, void *context)
{
	keep_less_memory(path, "memory.usage_in_bytes", context);
}

static void visit_memory_v2(const char *path, void *context)
{
	keep_less_memory(path, "memory.current", context);
}

uint64_t proc_available_memory(const char *root)
{
	char path[PATH_MAX], text[8192], group[PATH_MAX];
	uint64_t least = UINT64_MAX;

	snprintf(path, sizeof(path), "%s/proc/meminfo", root);
	if (proc_read(path, text, sizeof(text)) > 0)
		least = proc_value(text, "MemAvailable:") * 1024;
	if (group_path(root, "memory", group, sizeof(group)))
		each_group(root, "/sys/fs/cgroup/memory", group, "memory.limit_in_bytes", visit_memory_v1, &least);
	each_v2_file(root, "memory.max", visit_memory_v2, &least);
	return least;
}
