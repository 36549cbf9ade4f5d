#include "report/kit/gnuplot.h"

#include "base/child.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEADLINE_S 20
#define MESSAGES "messages.txt"

/* Reads the last line that is not empty, without control characters. */
static void last_message(int folder, char *line, size_t size)
{
	int fd = openat(folder, MESSAGES, O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char text[256];

	snprintf(line, size, "it said nothing");
	while (file && fgets(text, sizeof(text), file)) {
		text[strcspn(text, "\n")] = '\0';
		text_clean(text, "");
		if (text[strspn(text, " ")])
			snprintf(line, size, "%s", text + strspn(text, " "));
	}
	if (file)
		fclose(file);
}

int gnuplot_run(int folder, const char *script, const struct why *why)
{
	char *argv[] = { "gnuplot", "--default-settings", (char *)script, NULL }, message[200];
	int messages = file_create(folder, MESSAGES);
	struct child_setup setup = {
		.argv = argv,
		.output = messages,
		.errors = messages,
		.folder = folder,
		.kept = true,
	};
	struct child child;
	int err = messages < 0 ? messages : child_start(&child, &setup), status;

	if (messages >= 0)
		close(messages);
	if (err) {
		why_say(why, "cannot run gnuplot: %s", strerror(-err));
		return err;
	}
	err = child_wait(&child, clock_ns() + DEADLINE_S * UINT64_C(1000000000), -1);
	status = child_end(&child, NULL);
	if (err == -ETIMEDOUT) {
		why_say(why, "gnuplot did not end within %d s and was killed", DEADLINE_S);
	} else if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_NOT_FOUND) {
		why_say(why, "cannot draw: gnuplot is not installed (package gnuplot-nox)");
		err = -ENOPKG;
	} else if (WIFSIGNALED(status)) {
		why_say(why, "gnuplot %s", child_ended_text(message, status));
		err = -EIO;
	} else if (status) {
		last_message(folder, message, sizeof(message));
		why_say(why, "gnuplot failed: %s", message);
		err = -EIO;
	}
	return err;
}
