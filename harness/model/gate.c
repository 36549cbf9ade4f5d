#include "model/gate.h"

#include <stdlib.h>

void gate_pair_release(struct gate_pair *pair)
{
	for (size_t side = 0; side < SIDE_COUNT; side++)
		free(pair->times[side].round_ns);
	*pair = (struct gate_pair){ 0 };
}

static void release_cell(struct gate_cell *cell)
{
	for (size_t i = 0; i < cell->pair_count; i++)
		gate_pair_release(&cell->pairs[i]);
	free(cell->pairs);
	free(cell->blocks);
}

void gate_release(struct gate *gate)
{
	for (size_t i = 0; i < gate->cell_count; i++)
		release_cell(&gate->cells[i]);
	free(gate->cells);
	json_decref(gate->machine);
	json_decref(gate->versions);
	*gate = (struct gate){ 0 };
}
