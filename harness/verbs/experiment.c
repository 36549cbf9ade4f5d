/* `bench experiment NAME [ARGUMENT...]`: calls an experiment by its name. */
#include "command/words.h"
#include "model/registry.h"
#include "verbs/verbs.h"

#include <stdio.h>
#include <string.h>

static const char *experiment_name(const void *of, size_t index)
{
	const struct experiment *const *experiments = of;

	return experiments[index] ? experiments[index]->name : NULL;
}

static int refuse_name(const char *name)
{
	const struct vocabulary names = { "experiment", experiment_name, registry_experiments, NULL };
	const struct why why = { (char[256]){ 0 }, 256 };

	vocabulary_check(&names, name, &why);
	fprintf(stderr, "bench: %s\n", why.text);
	return EXIT_USAGE;
}

static int status_of(int result)
{
	return result < 0 ? EXIT_USAGE : result ? EXIT_CELL_FAILED : EXIT_DONE;
}

int verb_experiment(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "bench: experiment: which one? There are:\n");
		for (const struct experiment *const *e = registry_experiments; *e; e++)
			fprintf(stderr, "  %-12s %s\n", (*e)->name, (*e)->summary);
		return EXIT_USAGE;
	}
	for (const struct experiment *const *e = registry_experiments; *e; e++)
		if (!strcmp((*e)->name, argv[1]))
			return status_of((*e)->run(argc - 1, argv + 1));
	return refuse_name(argv[1]);
}
