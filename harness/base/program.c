#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
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

static void become(char *const *argv, int output, int errors, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(errors, STDERR_FILENO);
	execvp(argv[0], argv);
	dprintf(STDERR_FILENO, "cannot start '%s': %s\n", argv[0], strerror(errno));
	_exit(127);
}

int program_prepare(char *const *argv, const char *log, const struct why *why)
{
	int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666), status = 0, err = fd < 0 ? errno : 0;
	pid_t parent = getpid(), pid = err ? -1 : fork();

	if (pid == 0)
		become(argv, fd, fd, parent);
	if (pid < 0 && !err)
		err = errno;
	if (fd >= 0)
		close(fd);
	if (err)
		return why_refuse(why, "cannot run '%s': %s", argv[0], strerror(err));
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status)
		return why_refuse(why, "'%s' failed: see '%s'", argv[0], log);
	return 0;
}

FILE *program_open(char *const *argv, pid_t *pid)
{
	int pipes[2], nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	pid_t parent = getpid();
	FILE *output = NULL;

	*pid = -1;
	if (nowhere >= 0 && pipe2(pipes, O_CLOEXEC) == 0) {
		*pid = fork();
		if (*pid == 0)
			become(argv, pipes[1], nowhere, parent);
		close(pipes[1]);
		output = fdopen(pipes[0], "r");
		if (!output)
			close(pipes[0]);
	}
	if (nowhere >= 0)
		close(nowhere);
	return output;
}

bool program_close(FILE *output, pid_t pid)
{
	int status = -1;

	if (output)
		fclose(output);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

void program_line(char *const *argv, char *line, size_t size)
{
	char rest[512];
	pid_t pid;
	FILE *output = program_open(argv, &pid);

	line[0] = '\0';
	if (output && !fgets(line, (int)size, output))
		line[0] = '\0';
	while (output && fread(rest, 1, sizeof(rest), output))
		; /* else it would die of writing to a closed pipe */
	line[program_close(output, pid) ? strcspn(line, "\n") : 0] = '\0';
}
