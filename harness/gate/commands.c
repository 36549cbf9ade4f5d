#include "gate/commands.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- Splitting ---- */

/* One word from *at to *to, unquoted, both moved behind it. False: a quote is not closed. */
static bool take_command_word(const char **at, char **to)
{
	char quote = '\0';

	for (; **at && (quote || !strchr(" \t\n", **at)); (*at)++) {
		if (quote != '\'' && **at == '\\' && (*at)[1] && (!quote || strchr("\\\"$`", (*at)[1])))
			*(*to)++ = *++*at;
		else if (quote ? **at == quote : **at == '\'' || **at == '"')
			quote = quote ? '\0' : **at;
		else
			*(*to)++ = **at;
	}
	*(*to)++ = '\0';
	return quote == '\0';
}

/* What a shell would understand, and a program is hardly meant to be given; unquoted. */
static bool is_for_a_shell(const char *word, size_t raw)
{
	static const char *const signs[] = { "|", "||", "&", "&&", ";", "<", ">", ">>", "2>", "2>&1", NULL };

	for (size_t i = 0; signs[i]; i++)
		if (strcmp(word, signs[i]) == 0 && raw == strlen(word))
			return true;
	return false;
}

/* At most half of the letters begin a word; the words stand behind the list of them. */
static char **split(const char *command, const struct why *why)
{
	size_t length = strlen(command), most = length / 2 + 2, count = 0;
	char **argv = calloc(1, most * sizeof(*argv) + length + most), *to = (char *)(argv + most);
	const char *at = command;

	for (; argv && *(at += strspn(at, " \t\n")); count++) {
		const char *from = at;
		bool closed;

		argv[count] = to;
		closed = take_command_word(&at, &to);
		if (closed && !is_for_a_shell(argv[count], (size_t)(at - from)))
			continue;
		if (closed)
			why_refuse(why, "only a shell understands the %s in command '%s': give --shell, or quote it",
				   argv[count], command);
		else
			why_refuse(why, "a quote is not closed in command '%s'", command);
		free(argv);
		return NULL;
	}
	if (argv && count)
		return argv;
	free(argv);
	why_refuse(why, "command '%s' has no word", command);
	return NULL;
}

char **command_split(const char *command, bool shell, const struct why *why)
{
	char **argv = shell ? calloc(4, sizeof(*argv)) : split(command, why);

	if (argv && shell) {
		argv[0] = (char *)"/bin/sh";
		argv[1] = (char *)"-c";
		argv[2] = (char *)command;
	}
	return argv;
}

void command_free(char **argv)
{
	free(argv);
}

/* ---- Running ---- */

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

int command_prepare(char *const *argv, const char *log, const struct why *why)
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

FILE *command_open(char *const *argv, pid_t *pid)
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

bool command_close(FILE *output, pid_t pid)
{
	int status = -1;

	if (output)
		fclose(output);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

void command_line_of(char *const *argv, char *line, size_t size)
{
	pid_t pid;
	FILE *output = command_open(argv, &pid);

	line[0] = '\0';
	if (output && !fgets(line, (int)size, output))
		line[0] = '\0';
	line[command_close(output, pid) ? strcspn(line, "\n") : 0] = '\0';
}
