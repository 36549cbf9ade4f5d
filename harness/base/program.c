#include "base/program.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int program_own(char *path, size_t size, const struct why *why)
{
	ssize_t length = readlink("/proc/self/exe", path, size - 1);

	if (length < 0)
		return why_failed(why, errno, "cannot read '/proc/self/exe' (is /proc mounted?)");
	path[length] = '\0';
	return 0;
}

char *program_find(const char *word)
{
	const char *path = getenv("PATH");
	char *list = strdup(path ? path : "/bin:/usr/bin"), *rest = list, *folder, name[PATH_MAX], *found = NULL;

	if (strchr(word, '/') && access(word, X_OK) == 0)
		found = realpath(word, NULL);
	while (!strchr(word, '/') && list && !found && (folder = strsep(&rest, ":"))) {
		snprintf(name, sizeof(name), "%s/%s", folder[0] ? folder : ".", word);
		found = access(name, X_OK) == 0 ? realpath(name, NULL) : NULL;
	}
	free(list);
	return found;
}

static int start(struct child *child, char *const *argv, char *const *environment, int output, int errors)
{
	struct child_setup setup = {
		.argv = argv,
		.environment = environment,
		.output = output,
		.errors = errors,
		.kept = true,
		.death_signal = SIGTERM,
	};

	return child_start(child, &setup);
}

/* Waits until the program ends by itself; returns its status. */
static int end_of(struct child *child)
{
	child_wait(child, 0, -1);
	return child_end(child, NULL);
}

int program_prepare(char *const *argv, char *const *environment, const char *log, const struct why *why)
{
	int fd = file_append(log, false), err;
	struct child child;

	if (fd < 0)
		return why_failed(why, fd, "cannot write '%s'", log);
	err = start(&child, argv, environment, fd, fd);
	close(fd);
	if (err)
		return why_failed(why, err, "cannot run '%s'", argv[0]);
	if (end_of(&child))
		return why_refuse(why, "'%s' failed: see '%s'", argv[0], log);
	return 0;
}

/* As program_open(); `errors`: where its stderr goes, 0: nowhere. */
static FILE *open_output(char *const *argv, struct child *child, int errors)
{
	FILE *output;
	int pipes[2];

	*child = (struct child){ 0 };
	if (pipe2(pipes, O_CLOEXEC))
		return NULL;
	start(child, argv, NULL, pipes[1], errors);
	close(pipes[1]);
	output = fdopen(pipes[0], "r");
	if (!output)
		close(pipes[0]);
	return output;
}

FILE *program_open(char *const *argv, struct child *child)
{
	return open_output(argv, child, 0);
}

bool program_close(FILE *output, struct child *child)
{
	if (output)
		fclose(output);
	return end_of(child) == 0;
}

/* Keeps the first line that the program prints, "" if it fails. Returns whether it ended with status 0. */
static bool keep_line(char *const *argv, char *line, size_t size, int errors)
{
	char rest[512];
	struct child child;
	FILE *output = open_output(argv, &child, errors);
	bool good;

	line[0] = '\0';
	if (output && !fgets(line, (int)size, output))
		line[0] = '\0';
	while (output && fread(rest, 1, sizeof(rest), output))
		; /* reads the rest, since the program would die of writing to a closed pipe */
	good = program_close(output, &child);
	line[good ? strcspn(line, "\n") : 0] = '\0';
	return good;
}

void program_line(char *const *argv, char *line, size_t size)
{
	keep_line(argv, line, size, 0);
}

/* Makes words of several lines one line, without the word by which programs begin what they say last. */
static int refuse_as_said(const struct why *why, char *said)
{
	static const char *const leads[] = { "fatal: ", "error: ", "bench: " };
	char *word, *rest = said;

	for (size_t i = 0; i < sizeof(leads) / sizeof(*leads); i++)
		if (strncmp(rest, leads[i], strlen(leads[i])) == 0)
			rest += strlen(leads[i]);
	why->text[0] = '\0';
	while ((word = strsep(&rest, " \t\n")))
		if (word[0])
			why_add(why, "%s%s", why->text[0] ? " " : "", word);
	return -EINVAL;
}

int program_ask(char *const *argv, char *line, size_t size, const struct why *why)
{
	char said[1024] = "";
	int errors = memfd_create("stderr", MFD_CLOEXEC);
	bool good = keep_line(argv, line, size, errors < 0 ? 0 : errors);

	if (errors < 0 || pread(errors, said, sizeof(said) - 1, 0) < 0)
		said[0] = '\0';
	if (errors >= 0)
		close(errors);
	return good ? 0 : refuse_as_said(why, said);
}
