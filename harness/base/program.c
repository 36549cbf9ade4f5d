#include "base/program.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static int start(struct child *child, char *const *argv, int output, int errors)
{
	struct child_setup setup = { .argv = argv, .output = output, .errors = errors, .death_signal = SIGTERM };

	return child_start(child, &setup);
}

/* Waits until the program ends by itself; returns its status. */
static int end_of(struct child *child)
{
	child_wait(child, 0, -1);
	return child_end(child, NULL);
}

int program_prepare(char *const *argv, const char *log, const struct why *why)
{
	int fd = file_append(log, false), err;
	struct child child;

	if (fd < 0)
		return why_refuse(why, "cannot write '%s': %s", log, strerror(-fd));
	err = start(&child, argv, fd, fd);
	close(fd);
	if (err)
		return why_refuse(why, "cannot run '%s': %s", argv[0], strerror(-err));
	if (end_of(&child))
		return why_refuse(why, "'%s' failed: see '%s'", argv[0], log);
	return 0;
}

FILE *program_open(char *const *argv, struct child *child)
{
	FILE *output;
	int pipes[2];

	*child = (struct child){ 0 };
	if (pipe2(pipes, O_CLOEXEC))
		return NULL;
	start(child, argv, pipes[1], 0);
	close(pipes[1]);
	output = fdopen(pipes[0], "r");
	if (!output)
		close(pipes[0]);
	return output;
}

bool program_close(FILE *output, struct child *child)
{
	if (output)
		fclose(output);
	return end_of(child) == 0;
}

void program_line(char *const *argv, char *line, size_t size)
{
	char rest[512];
	struct child child;
	FILE *output = program_open(argv, &child);

	line[0] = '\0';
	if (output && !fgets(line, (int)size, output))
		line[0] = '\0';
	while (output && fread(rest, 1, sizeof(rest), output))
		; /* reads the rest, since the program would die of writing to a closed pipe */
	line[program_close(output, &child) ? strcspn(line, "\n") : 0] = '\0';
}
