#include "gate/sides/git.h"

#include "base/program.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARGV(...) ((char *[]){ __VA_ARGS__, NULL })
#define GIT(root, ...) ARGV("git", "-C", (char *)(root), __VA_ARGS__)

void git_forget_repository(void)
{
	struct child child;
	FILE *output = program_open(ARGV("git", "rev-parse", "--local-env-vars"), &child);
	char name[128];

	while (output && fgets(name, sizeof(name), output)) {
		name[strcspn(name, "\n")] = '\0';
		unsetenv(name);
	}
	program_close(output, &child);
}

/* ---- Describing ---- */

static void add_detail(struct side_label *label, const char *text)
{
	size_t length = strlen(label->detail);

	snprintf(label->detail + length, sizeof(label->detail) - length, ", %s", text);
}

void git_describe(struct side_label *label, const char *root, const char *revision)
{
	char prefix[PATH_MAX], changed[8];

	program_line(GIT(root, "rev-parse", "--show-prefix"), prefix, sizeof(prefix));
	if (prefix[0]) /* the folder lies inside another project's repository */
		return;
	program_line(GIT(root, "log", "-1", "--format=%h %s", (char *)revision, "--"), label->detail,
		     sizeof(label->detail));
	if (strcmp(revision, "HEAD") || !label->detail[0])
		return;
	program_line(GIT(root, "--no-optional-locks", "status", "--porcelain", "-uno"), changed, sizeof(changed));
	if (changed[0])
		add_detail(label, "changed");
}

/* ---- Finding ---- */

int git_resolve(char commit[GIT_COMMIT], const char *root, const char *revision, const struct why *why)
{
	char wanted[512], shallow[8];
	int error = program_ask(GIT(root, "rev-parse", "--is-shallow-repository"), shallow, sizeof(shallow), why);

	if (error)
		return error;
	snprintf(wanted, sizeof(wanted), "%s^{commit}", revision);
	program_line(GIT(root, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted), commit, GIT_COMMIT);
	if (commit[0])
		return 0;
	if (strcmp(shallow, "true"))
		return why_refuse(why, "git knows no such revision");
	return why_refuse(why, "it is a shallow clone: `git fetch --unshallow` gets the rest, in CI `fetch-depth: 0`");
}

/* ---- Checking out ---- */

#define SUBMODULE "git -C \"$1\" ls-tree -r \"$2\" | grep '^160000 '"
#define POINTER "grep -rls '^version https://git-lfs.github.com/spec/' \"$1\""

int git_unpack(struct side_label *label, const char *root, const char *commit, const char *folder, const char *log,
	       const struct why *why)
{
	char *at = (char *)root, *what = (char *)commit, *into = (char *)folder, found[8];
	int error = program_prepare(ARGV("sh", "-c", "mkdir \"$3\" && git -C \"$1\" archive \"$2\" | tar -x -C \"$3\"",
					 "sh", at, what, into),
				    NULL, log, why);

	if (error)
		return error;
	program_line(ARGV("sh", "-c", SUBMODULE, "sh", at, what), found, sizeof(found));
	if (found[0])
		add_detail(label, "without its submodules");
	program_line(ARGV("sh", "-c", POINTER, "sh", into), found, sizeof(found));
	if (found[0])
		add_detail(label, "without its files of Git LFS");
	return 0;
}
