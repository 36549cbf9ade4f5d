#include "run/crew/describe.h"

#include "model/registry.h"

void crew_describe(struct crew *crew, const struct spec *s)
{
	const struct cell *cell = &s->cell;

	crew->spec = s;
	crew->cell = cell;
	crew->mode = registry_mode(cell->mode);
	crew->transport = cell->transport ? registry_transport(cell->transport) : NULL;
	crew->call = crew->mode->takes & TAKES_FUTURES ? &call_as_completed :
		     crew->mode->processes		? call_find(cell->calling.call) :
							  NULL; /* another program makes the call */
	crew->bind = s->bind;
	crew->counters = &s->counters;
	crew->log = s->log.level == LOG_NONE ? NULL : &s->log;
}
