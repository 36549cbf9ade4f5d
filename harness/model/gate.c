#include "model/gate.h"

#include <stdlib.h>

void gate_release(struct gate *gate)
{
	for (size_t i = 0; i < gate->cell_count; i++)
		free(gate->cells[i].blocks);
	free(gate->cells);
	json_decref(gate->machine);
	json_decref(gate->versions);
	*gate = (struct gate){ 0 };
}
