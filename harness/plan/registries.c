#include "plan/registry.h"

#include <string.h>

const char *const registry_schedules[] = { "static", "dynamic", "guided", "steal", NULL };

const struct workload *registry_workload(const char *name)
{
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

const struct transport *registry_transport(const char *name)
{
	for (size_t i = 0; registry_transports[i]; i++)
		if (strcmp(registry_transports[i]->name, name) == 0)
			return registry_transports[i];
	return NULL;
}
