#include "gate/trials/control.h"

#include "analyse/verdict.h"

void control_judge(struct control *control, const struct gate *gate, const struct gate_cell *cell,
		   const struct shift *shift, enum verdict forbidden)
{
	bool held = !control->done || control->holds;

	control->done = true;
	control->cell = cell->id;
	control->slowdown = *shift;
	control->verdict = verdict_of(shift, gate->tolerance, gate->margin);
	control->holds = held && control->verdict != forbidden;
}
