#include "run/counters/find.h"

#include "base/child.h"
#include "model/registry.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void list_all(struct counter_set *set)
{
	for (size_t s = 0; registry_counter_sources[s]; s++) {
		size_t n = registry_counter_sources[s]->list(set->infos + set->count, COUNTERS_MAX - set->count);

		for (size_t i = 0; i < n; i++)
			set->source[set->count++] = (uint8_t)s;
	}
}

/* Adds a counter that is not listed, but that a source knows by this name; returns false, with `why`, if no source
 * knows it. */
static bool add_event(struct counter_set *set, const char *name, const struct why *why)
{
	struct counter_info info = { 0 };

	for (size_t s = 0; registry_counter_sources[s]; s++) {
		if (!registry_counter_sources[s]->try_event || set->count == COUNTERS_MAX ||
		    !registry_counter_sources[s]->try_event(name, &info))
			continue;
		set->source[set->count] = (uint8_t)s;
		set->infos[set->count++] = info;
		return true;
	}
	why_say(why, "counter '%s' cannot be counted here: %s (see 'bench list counters')", name,
		info.reason[0] ? info.reason : "nothing knows it");
	return false;
}

static size_t place_of(const struct counter_set *set, const char *name)
{
	size_t i = 0;

	while (i < set->count && strcmp(set->infos[i].name, name))
		i++;
	return i;
}

/* Keeps only the counters that are named, in the order of their names, each once. */
static void keep_named(struct counter_set *set, const char *names, const struct why *why)
{
	struct counter_set kept = { .sources = set->sources };
	char *copy = strdup(names), *save = NULL;

	for (char *name = strtok_r(copy, ",", &save); name; name = strtok_r(NULL, ",", &save)) {
		size_t i = place_of(set, name);

		if (place_of(&kept, name) < kept.count)
			continue;
		if (i < set->count && kept.count < COUNTERS_MAX) {
			kept.source[kept.count] = set->source[i];
			kept.infos[kept.count++] = set->infos[i];
		} else {
			add_event(&kept, name, why);
		}
	}
	free(copy);
	*set = kept;
}

/* Opens all counters of a source together, as a worker will: a counter that has no value then does not fit. */
static void deny_misfits(struct counter_set *set, size_t s)
{
	const struct counter_source *source = registry_counter_sources[s];
	bool wanted[COUNTERS_MAX];
	double values[COUNTERS_MAX];
	void *state;

	for (size_t i = 0; i < set->count; i++) {
		wanted[i] = set->source[i] == s && set->infos[i].status != COUNTER_NOT_AVAILABLE;
		values[i] = NAN;
	}
	state = source->open(set->infos, wanted, set->count);
	if (state) {
		source->begin(state);
		source->end(state, set->infos, values, set->count);
	}
	source->close(state);
	for (size_t i = 0; i < set->count; i++) {
		struct counter_info *info = &set->infos[i];

		if (!wanted[i] || !isnan(values[i]))
			continue;
		info->status = COUNTER_NOT_AVAILABLE;
		snprintf(info->reason, sizeof(info->reason), "does not fit one set with those before it");
	}
}

static void find(struct counter_set *set, const char *which, const struct why *why)
{
	if (!strcmp(which, "none"))
		return;
	list_all(set);
	if (strcmp(which, "auto"))
		keep_named(set, which, why);
	for (size_t s = 0; registry_counter_sources[s]; s++)
		deny_misfits(set, s);
}

struct found_counters {
	struct counter_set set;
	char why[256];
};

int counters_find(struct counter_set *set, const char *which, const struct why *why)
{
	struct found_counters found = { 0 };
	int pipe_fds[2], status;
	size_t have = 0;
	ssize_t n;
	pid_t pid;

	if (pipe2(pipe_fds, O_CLOEXEC))
		return -errno;
	pid = child_fork(SIGKILL);
	if (pid == 0) {
		find(&found.set, which, WHY(found.why));
		for (const char *at = (const char *)&found; have < sizeof(found); have += (size_t)n)
			if ((n = write(pipe_fds[1], at + have, sizeof(found) - have)) <= 0)
				_exit(1);
		_exit(0);
	}
	close(pipe_fds[1]);
	while (pid > 0 && have < sizeof(found) &&
	       (n = read(pipe_fds[0], (char *)&found + have, sizeof(found) - have)) > 0)
		have += (size_t)n;
	close(pipe_fds[0]);
	if (pid > 0)
		waitpid(pid, &status, 0);
	*set = have == sizeof(found) ? found.set : (struct counter_set){ 0 };
	set->sources = registry_counter_sources;
	if (!found.why[0])
		return 0;
	why_say(why, "%s", found.why);
	return -EINVAL;
}

json_t *counters_describe(const struct counter_set *set)
{
	static const char *const statuses[] = { "counted", "multiplexed", "not available" };
	json_t *list = json_array();

	for (size_t i = 0; i < set->count; i++) {
		const struct counter_info *info = &set->infos[i];

		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s*}", "name", info->name, "unit",
						      info->unit, "source", set->sources[set->source[i]]->name,
						      "status", statuses[info->status], "reason",
						      info->reason[0] ? info->reason : NULL));
	}
	return list;
}
