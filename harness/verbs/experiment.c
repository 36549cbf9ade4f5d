/* `bench experiment NAME ...`: the experiments are verbs of this one. */
#include "command/verb.h"
#include "model/registry.h"

const struct verb verb_experiment = {
	.name = "experiment",
	.summary = "measure one part alone, such as the transports",
	.about = "Measures a part of the machine, or of bench itself, outside of the runs.\n"
		 "Exit status: 0 done, 2 wrong usage or environment, 3 a part of it failed.\n",
	.examples = "  ./bench experiment transports --quick\n"
		    "      every transport, with three sizes of messages\n"
		    "  ./bench experiment grain --mode pool,thread_pool --quick\n"
		    "      how short items may be for two modes, roughly\n",
	.verbs_kind = "experiment",
	.verbs = registry_experiments,
};
