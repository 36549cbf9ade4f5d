#include "base/janitor.h"

#include <errno.h>
#include <ftw.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TRIES 20 /* tries, 100 ms apart: a dying process may still write into the folder */
#define LETTERS 6 /* that mkdtemp(3) chooses */

/* What the janitor tells its caller of the folder. */
struct making {
	int error; /* errno; 0: it is there */
	char letters[LETTERS];
};

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

int remove_tree(const char *folder)
{
	return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) ? -errno : 0;
}

static _Noreturn void keep_clean(struct aide *janitor, char *folder, bool parent)
{
	struct making made = { .error = mkdtemp(folder) ? 0 : errno };

	aide_withdraw(janitor, "janitor");
	memcpy(made.letters, folder + strlen(folder) - LETTERS, LETTERS);
	aide_tell(janitor, &made, sizeof(made));
	aide_wait(janitor);
	for (int i = 0; !made.error && i < TRIES && remove_tree(folder) && access(folder, F_OK) == 0; i++)
		nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
	if (parent)
		rmdir(dirname(folder)); /* fails, as it should, unless it is empty */
	_exit(0);
}

int janitor_start(struct aide *janitor, char *folder, bool parent)
{
	struct making made;
	pid_t pid = aide_fork(janitor);
	int err;

	if (pid < 0)
		return pid;
	if (pid == 0)
		keep_clean(janitor, folder, parent);
	err = aide_hear(janitor, &made, sizeof(made));
	err = err ? err : -made.error;
	if (err)
		aide_release(janitor);
	else
		memcpy(folder + strlen(folder) - LETTERS, made.letters, LETTERS);
	return err;
}

void janitor_finish(struct aide *janitor)
{
	aide_release(janitor);
}
