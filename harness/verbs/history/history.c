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
	.summary = "keep runs by commit, and show which commits changed times",
	.about = "Keeps runs by commit, machine and cell, and finds the commits that changed\n"
		 "times.\n"
		 "This is no gate: a machine's times differ from day to day by more than most\n"
		 "changes make, so stored times do not decide whether a change may be merged.\n"
		 "See bench gate.\n",
	.examples = "  ./bench history add results/runs/*\n"
		    "      every run that was kept\n"
		    "  ./bench history show --output page\n"
		    "      where times changed, with pictures in the folder page\n",
	.verbs = verbs,
};
