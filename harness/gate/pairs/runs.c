#include "gate/pairs/commands.h"

const struct pairing pairing_runs = {
	.name = "runs",
	.open = command_pairs_open,
	.run = command_pairs_run,
};
