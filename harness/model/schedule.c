#include "model/schedule.h"

#include <string.h>

const struct schedule registry_schedules[] = {
	{ .name = "static", .kind = SCHEDULE_STATIC },
	{ .name = "dynamic", .kind = SCHEDULE_DYNAMIC, .heeds_in_flight = true },
	{ .name = "guided", .kind = SCHEDULE_GUIDED },
	{ .name = "steal", .kind = SCHEDULE_STEAL, .steals = true },
	{ 0 },
};

const struct schedule *schedule_find(const char *name)
{
	for (const struct schedule *schedule = registry_schedules; name && schedule->name; schedule++)
		if (strcmp(schedule->name, name) == 0)
			return schedule;
	return NULL;
}
