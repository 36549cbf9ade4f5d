#include "model/registry.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define LOADED_MOST 2 /* the two sides of a gate */

static const struct workload *loaded[LOADED_MOST + 1]; /* registry_load() adds to it */

const struct workload *registry_load(const char *object, const char *name, const struct why *why)
{
	void *library = dlopen(object, RTLD_NOW | RTLD_LOCAL);
	const struct workload *workload;
	char symbol[256];
	size_t count = 0;

	if (!library) {
		why_say(why, "cannot load '%s': %s", object, dlerror());
		return NULL;
	}
	snprintf(symbol, sizeof(symbol), "workload_%s", name);
	workload = dlsym(library, symbol);
	while (loaded[count])
		count++;
	if (!workload || workload->abi != BENCH_WORKLOAD_ABI || count == LOADED_MOST) {
		why_say(why, "'%s' %s '%s'", object,
			workload ? "was made for another version of workload.h: workload" : "has no symbol", symbol);
		dlclose(library);
		return NULL;
	}
	loaded[count] = workload;
	return workload;
}

const struct workload *registry_workload(const char *name)
{
	for (size_t i = 0; loaded[i]; i++)
		if (strcmp(loaded[i]->name, name) == 0)
			return loaded[i];
	for (size_t i = 0; registry_workloads[i]; i++)
		if (strcmp(registry_workloads[i]->name, name) == 0)
			return registry_workloads[i];
	return NULL;
}

const struct mode *registry_mode(const char *name)
{
	for (size_t i = 0; registry_modes[i]; i++)
		if (strcmp(registry_modes[i]->name, name) == 0)
			return registry_modes[i];
	return NULL;
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
