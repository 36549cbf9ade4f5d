#include "model/registry.h"

#include <string.h>

#define ADDED_MOST 2 /* the two sides of a gate */

static const struct workload *added[ADDED_MOST + 1]; /* registry_add() adds to it */

void registry_add(const struct workload *workload)
{
	size_t count = 0;

	while (count < ADDED_MOST && added[count])
		count++;
	if (count < ADDED_MOST)
		added[count] = workload;
}

const struct workload *registry_workload(const char *name)
{
	for (size_t i = 0; added[i]; i++)
		if (strcmp(added[i]->name, name) == 0)
			return added[i];
	for (size_t i = 0; registry_workloads[i]; i++)
		if (strcmp(registry_workloads[i]->name, name) == 0)
			return registry_workloads[i];
	return NULL;
}

size_t registry_mode_rank(const char *name)
{
	size_t rank = 0;

	while (registry_modes[rank] && strcmp(registry_modes[rank]->name, name) != 0)
		rank++;
	return rank;
}

const struct mode *registry_mode(const char *name)
{
	return registry_modes[registry_mode_rank(name)];
}

const struct mode *registry_baseline(void)
{
	size_t i = 0;

	while (registry_modes[i] && registry_modes[i]->parallel)
		i++;
	return registry_modes[i];
}

const struct transport *registry_transport(const char *name)
{
	for (size_t i = 0; registry_transports[i]; i++)
		if (strcmp(registry_transports[i]->name, name) == 0)
			return registry_transports[i];
	return NULL;
}
