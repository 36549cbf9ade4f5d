/* Whether a control holds. Called by the main process. */
#ifndef BENCH_GATE_TRIALS_CONTROL_H
#define BENCH_GATE_TRIALS_CONTROL_H

#include "model/gate.h"

/* Judges a control, whose `shift` comes from the measurements of `cell`, by the gate's tolerance and margin. It holds
 * unless at this look, or at an earlier one, the verdict was `forbidden`: each look judges cells. */
void control_judge(struct control *control, const struct gate *gate, const struct gate_cell *cell,
		   const struct shift *shift, enum verdict forbidden);

#endif
