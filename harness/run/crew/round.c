#include "run/crew/round.h"

#include <stdio.h>

void round_tell(struct round *round, const char *name, const char *unit, double value)
{
	struct measure *m = &round->measures[round->measure_count];

	if (round->measure_count == MEASURES_MAX)
		return;
	round->measure_count++;
	*m = (struct measure){ .value = value };
	snprintf(m->name, sizeof(m->name), "%s", name);
	snprintf(m->unit, sizeof(m->unit), "%s", unit);
}
