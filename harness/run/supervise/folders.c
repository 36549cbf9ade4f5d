#include "run/supervise/folders.h"

#include "base/file.h"
#include "base/janitor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Makes a folder and those above it. Returns 0 or -errno; *made: whether the folder itself was made. */
static int make_path(const char *path, bool *made)
{
	char *copy = strdup(path);
	int err = copy ? 0 : -ENOMEM;

	for (char *at = copy; at && !err; ) {
		at = strchr(at + 1, '/');
		if (at)
			*at = '\0';
		err = folder_make(copy, 0777);
		*made = err > 0;
		err = err < 0 && !(at && err == -ELOOP) ? err : 0; /* those above may be links of others */
		if (at)
			*at = '/';
	}
	free(copy);
	return err;
}

static int make_new(struct folders *f, const char *runs, const char *name, const struct why *why)
{
	bool made;
	int err = make_path(runs, &made);

	for (int i = 1; !err; i++) {
		free(f->output);
		f->output = NULL;
		if ((i == 1 ? asprintf(&f->output, "%s/%s", runs, name)
			    : asprintf(&f->output, "%s/%s-%d", runs, name, i)) < 0)
			return -ENOMEM;
		if (mkdir(f->output, 0777) == 0) {
			f->made_output = true;
			return 0;
		}
		err = errno == EEXIST ? 0 : -errno;
	}
	why_failed(why, err, "cannot make '%s'", f->output ? f->output : runs);
	why_add(why, " (choose another folder: --output DIR)");
	return err;
}

/* Two that write to one folder at once would mix their results. Where a folder cannot be locked they may. */
static int lock_output(struct folders *f, const char *wanted, const struct why *why)
{
	f->lock = open(f->output, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->lock < 0 || flock(f->lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
		return 0;
	why_say(why, "another bench writes to '%s': choose another --output", wanted);
	return -EBUSY;
}

static int make_wanted(struct folders *f, const char *wanted, const struct why *why)
{
	int err = make_path(wanted, &f->made_output);
	char file[4096];

	if (err)
		return why_failed(why, err, "cannot make '%s'", wanted);
	f->output = realpath(wanted, NULL);
	if (!f->output)
		return why_failed(why, errno, "cannot open '%s'", wanted);
	err = lock_output(f, wanted, why);
	if (err)
		return err;
	snprintf(file, sizeof(file), "%s/run.json", f->output);
	if (access(file, F_OK) == 0) {
		why_say(why, "'%s' holds a run already: choose another --output", wanted);
		return -EEXIST;
	}
	return 0;
}

static bool is_writable_folder(const char *path)
{
	bool made;

	return make_path(path, &made) == 0 && access(path, W_OK | X_OK) == 0;
}

/* Chooses the user's cache folder; if it cannot be written, one in the run's scratch folder. */
static int choose_cache(struct folders *f)
{
	const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	int length = -1;

	if (base && base[0] == '/')
		length = asprintf(&f->cache, "%s/bench", base);
	else if (home && home[0] == '/')
		length = asprintf(&f->cache, "%s/.cache/bench", home);
	if (length >= 0 && is_writable_folder(f->cache))
		return 0;
	if (length >= 0)
		free(f->cache);
	f->cache = strdup(f->scratch);
	return f->cache ? 0 : -ENOMEM;
}

static int make_scratch(struct folders *f, const struct why *why)
{
	const char *temporary = getenv("TMPDIR");
	int err;

	if (asprintf(&f->scratch, "%s/%s-XXXXXX", f->output ? f->output : temporary ? temporary : "/tmp",
		     f->output ? ".scratch" : "bench") < 0)
		return -ENOMEM;
	err = janitor_start(&f->janitor, f->scratch, f->made_output);
	if (err == -EAGAIN)
		return why_failed(why, err, "cannot start the process that looks after temporary files");
	if (err)
		why_failed(why, err, "cannot write to '%s'", f->output ? f->output : temporary ? temporary : "/tmp");
	return err;
}

void folders_stamp(char *name, size_t size, char *started, size_t started_size)
{
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(name, size, "%Y%m%dT%H%M%SZ-", &utc);
	strftime(started, started_size, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

int folders_make(struct folders *f, const char *wanted, const char *runs, const char *name, bool dry,
		 const struct why *why)
{
	int err = 0;

	*f = (struct folders){ 0 };
	if (!dry)
		err = wanted ? make_wanted(f, wanted, why) : make_new(f, runs, name, why);
	err = err ? err : make_scratch(f, why);
	err = err ? err : choose_cache(f);
	if (err)
		folders_release(f);
	return err;
}

void folders_link_latest(const struct folders *f, const char *runs)
{
	size_t length = strlen(runs);
	char link[4096], temporary[4096];

	if (!f->output || strncmp(f->output, runs, length) || f->output[length] != '/')
		return;
	snprintf(link, sizeof(link), "%s/latest", runs);
	snprintf(temporary, sizeof(temporary), "%s/.latest-%d", runs, (int)getpid());
	if (symlink(f->output + length + 1, temporary) == 0 && rename(temporary, link))
		unlink(temporary);
}

void folders_release(struct folders *f)
{
	janitor_finish(&f->janitor);
	if (f->output && f->made_output)
		rmdir(f->output); /* that no janitor could be started for; fails, as it should, unless it is empty */
	if (f->lock > 0)
		close(f->lock);
	free(f->output);
	free(f->scratch);
	free(f->cache);
	*f = (struct folders){ 0 };
}
