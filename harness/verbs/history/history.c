#include "verbs/history/internal.h"

#include "base/root.h"

#include <stdlib.h>
#include <string.h>

static const struct verb *const verbs[] = { &history_add_verb, &history_show_verb, NULL };

char *history_file(const char *database)
{
	char *preset, root[PATH_MAX];

	if (database)
		return strdup(database);
	return asprintf(&preset, "%s/" HISTORY_DATABASE, project_root(root)) < 0 ? NULL : preset;
}

const struct verb verb_history = {
	.name = "history",
	.summary = "keep runs by commit; show when times changed, and since which",
	.about = "Keeps runs by commit, machine and cell, and finds since which commit times are\n"
		 "different.\n"
		 "It is no gate: a machine differs from day to day by more than most changes do,\n"
		 "so whether a change may be merged is not decided by stored times. See bench\n"
		 "gate.\n",
	.verbs = verbs,
};
