#include "store/commits.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Starts git with its output going to the pipe and nothing else seen. */
static pid_t start(const int pipe_ends[2], const char *const *arguments)
{
	posix_spawn_file_actions_t actions;
	pid_t child = -1;

	if (posix_spawn_file_actions_init(&actions))
		return -1;
	if (posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0) ||
	    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], 1) ||
	    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0) ||
	    posix_spawnp(&child, "git", &actions, NULL, (char *const *)arguments, environ))
		child = -1;
	posix_spawn_file_actions_destroy(&actions);
	return child;
}

/* The first line that git says, "" if it says nothing. False: it failed. */
static bool ask(char *line, size_t size, const char *const *arguments)
{
	int pipe_ends[2], status = -1;
	char rest[512];
	FILE *said;
	pid_t child;

	line[0] = '\0';
	if (pipe2(pipe_ends, O_CLOEXEC))
		return false;
	child = start(pipe_ends, arguments);
	close(pipe_ends[1]);
	said = fdopen(pipe_ends[0], "r");
	if (said && !fgets(line, (int)size, said))
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	while (said && fread(rest, 1, sizeof(rest), said))
		; /* else git would die of writing to a closed pipe */
	if (said)
		fclose(said);
	else
		close(pipe_ends[0]);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

#define ASK(line, size, ...) ask(line, size, (const char *const[]){ "git", __VA_ARGS__, NULL })

bool commit_resolve(char hash[COMMIT_TEXT], const char *revision)
{
	char wanted[512];

	snprintf(wanted, sizeof(wanted), "%s^{commit}", revision);
	return ASK(hash, COMMIT_TEXT, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted) && hash[0];
}

bool commit_head(struct commit *head)
{
	char line[128];

	*head = (struct commit){ .dirty = false };
	if (!commit_resolve(head->hash, "HEAD") || !ASK(line, sizeof(line), "show", "-s", "--format=%ct", head->hash))
		return false;
	head->committed_s = strtoll(line, NULL, 10);
	head->dirty = ASK(line, sizeof(line), "--no-optional-locks", "status", "--porcelain", "-uno") && line[0];
	return true;
}

/* Others, which a run file may bring, are not shown to git. */
static bool is_hash(const char *text)
{
	size_t digits = strspn(text, "0123456789abcdef");

	return digits >= 7 && digits < COMMIT_TEXT && text[digits] == '\0';
}

unsigned long commit_distance(const char *from, const char *to)
{
	char range[2 * COMMIT_TEXT + 2], line[32];

	if (!is_hash(from) || !is_hash(to))
		return 0;
	snprintf(range, sizeof(range), "%s..%s", from, to);
	return ASK(line, sizeof(line), "rev-list", "--count", range) ? strtoul(line, NULL, 10) : 0;
}

void commit_subject(char *subject, size_t size, const char *hash)
{
	if (!is_hash(hash) || !ASK(subject, size, "log", "-1", "--format=%s", hash))
		subject[0] = '\0';
}
