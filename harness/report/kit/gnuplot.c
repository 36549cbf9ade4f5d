#include "report/kit/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEADLINE_MS 20000
#define MESSAGES "messages.txt"
#define STATUS_NOT_FOUND 127 /* as a shell says it */

static _Noreturn void become_gnuplot(int folder, const char *script, pid_t parent)
{
	int input = open("/dev/null", O_RDONLY);
	int messages = openat(folder, MESSAGES, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent && input >= 0 && messages >= 0 && fchdir(folder) == 0 && dup2(input, 0) == 0 &&
	    dup2(messages, 1) == 1 && dup2(messages, 2) == 2)
		execlp("gnuplot", "gnuplot", "--default-settings", script, (char *)NULL);
	_exit(errno == ENOENT ? STATUS_NOT_FOUND : 126);
}

/* Waits until the child has ended or its time is over. Returns its status, or -errno. */
static int end_of(pid_t child)
{
	struct pollfd ended = { .fd = pidfd_open(child, 0), .events = POLLIN };
	int status = 0, ready;

	do {
		ready = ended.fd < 0 ? 1 : poll(&ended, 1, DEADLINE_MS);
	} while (ready < 0 && errno == EINTR);
	if (ready <= 0)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (ended.fd >= 0)
		close(ended.fd);
	return ready == 0 ? -ETIMEDOUT : status;
}

/* The last line that is not empty, without control characters. */
static void last_message(int folder, char *line, size_t size)
{
	int fd = openat(folder, MESSAGES, O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char text[256];

	snprintf(line, size, "it said nothing");
	while (file && fgets(text, sizeof(text), file)) {
		for (char *at = text; *at; at++)
			*at = (unsigned char)*at < ' ' ? ' ' : *at;
		if (text[strspn(text, " ")])
			snprintf(line, size, "%s", text + strspn(text, " "));
	}
	if (file)
		fclose(file);
}

int gnuplot_run(int folder, const char *script, const struct why *why)
{
	pid_t self = getpid(), child = fork();
	char message[200];
	int status;

	if (child == 0)
		become_gnuplot(folder, script, self);
	status = child < 0 ? -errno : end_of(child);
	if (status == -ETIMEDOUT) {
		why_say(why, "gnuplot did not end within %d s and was killed", DEADLINE_MS / 1000);
	} else if (status < 0) {
		why_say(why, "cannot run gnuplot: %s", strerror(-status));
	} else if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_NOT_FOUND) {
		why_say(why, "cannot draw: gnuplot is not installed (package gnuplot-nox)");
		status = -ENOENT;
	} else if (status != 0) {
		last_message(folder, message, sizeof(message));
		why_say(why, "gnuplot failed: %s", message);
		status = -EIO;
	}
	return status;
}
