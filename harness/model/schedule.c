#include "model/schedule.h"

#include <string.h>

const struct schedule registry_schedules[] = {
	{ .name = "static", .summary = "each worker has its chunks beforehand, dealt round", .kind = SCHEDULE_STATIC },
	{ .name = "dynamic", .summary = "whoever is free takes the next chunk", .kind = SCHEDULE_DYNAMIC,
	  .heeds_in_flight = true },
	{ .name = "guided", .summary = "as dynamic, with chunks that shrink towards the end", .kind = SCHEDULE_GUIDED },
	{ .name = "steal", .summary = "each worker has a share, and takes from others when it is done",
	  .kind = SCHEDULE_STEAL, .steals = true },
	{ 0 },
};

const struct schedule *schedule_find(const char *name)
{
	for (const struct schedule *schedule = registry_schedules; name && schedule->name; schedule++)
		if (strcmp(schedule->name, name) == 0)
			return schedule;
	return NULL;
}
