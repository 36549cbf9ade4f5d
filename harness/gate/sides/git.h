/* What a gate asks git about checkouts of this project. Called by the main process, before anything is measured. */
#ifndef BENCH_GATE_SIDES_GIT_H
#define BENCH_GATE_SIDES_GIT_H

#include "base/why.h"
#include "model/gate.h"

#define GIT_COMMIT 64 /* room for the hash of a commit */

/* Unsets the environment variables that name a repository, such as GIT_DIR, which git sets for its hooks: the gate asks
 * about folders that it names itself. */
void git_forget_repository(void);

/* Describes a revision as "1a2b3c4 area: change", and HEAD with changes that are not committed as "..., changed"; does
 * nothing for a folder that is no checkout of git. */
void git_describe(struct side_label *label, const char *root, const char *revision);

/* Finds the commit that `revision` names. Returns 0, or -EINVAL with the reason, which is git's own if there is one. */
int git_resolve(char commit[GIT_COMMIT], const char *root, const char *revision, const struct why *why);

/* Writes the sources of a commit into a new folder. What is not in git's store, submodules and files of Git LFS, stays
 * out, and the label says so. What git says goes to the file `log`. Returns 0, or -EINVAL with the reason. */
int git_unpack(struct side_label *label, const char *root, const char *commit, const char *folder, const char *log,
	       const struct why *why);

#endif
