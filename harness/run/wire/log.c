#include "run/wire/log.h"

#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int log_open(struct log *log, const char *text, const struct why *why)
{
	const char *file = text ? strchr(text, ':') : NULL;

	*log = (struct log){ .fd = STDERR_FILENO };
	if (!text)
		return 0;
	log->level = strncmp(text, "debug", 5) == 0 ? LOG_DEBUG : LOG_INFO;
	if (!file)
		return 0;
	log->fd = file_append(file + 1, true);
	if (log->fd >= 0)
		return fcntl(log->fd, F_SETFD, 0); /* it stays open across exec() */
	why_say(why, "cannot open '%s': %s", file + 1, strerror(-log->fd));
	return log->fd;
}

void log_close(struct log *log)
{
	if (log->level != LOG_NONE && log->fd > STDERR_FILENO)
		close(log->fd);
	*log = (struct log){ .fd = -1 };
}

static int begin_line(char *line, size_t size, const struct log *log, unsigned worker, pid_t pid)
{
	struct timespec now;
	struct tm utc;
	size_t used;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	used = strftime(line, size, "%Y-%m-%dT%H:%M:%S", &utc);
	return (int)used + snprintf(line + used, size - used, ".%06ldZ %.200s worker %u pid %d tid %d ",
				    now.tv_nsec / 1000, log->cell, worker, (int)(pid ? pid : getpid()),
				    (int)(pid ? pid : gettid()));
}

void log_line(const struct log *log, enum log_level level, unsigned worker, pid_t pid, const char *format, ...)
{
	char line[1024];
	va_list list;
	size_t used;

	if (!log || log->level < level)
		return;
	used = (size_t)begin_line(line, sizeof(line), log, worker, pid);
	va_start(list, format);
	vsnprintf(line + used, sizeof(line) - 1 - used, format, list);
	va_end(list);
	text_clean(line, "");
	used = strlen(line);
	line[used++] = '\n';
	while (write(log->fd, line, used) < 0 && errno == EINTR)
		;
}

void log_started(const struct log *log, unsigned worker)
{
	char list[256] = "";
	cpu_set_t set;
	size_t used = 0;

	if (!log)
		return;
	log_line(log, LOG_INFO, worker, 0, "started, its parent is %d", (int)getppid());
	if (sched_getaffinity(0, sizeof(set), &set))
		return;
	for (int cpu = 0; cpu < CPU_SETSIZE && used < sizeof(list) - 8; cpu++)
		if (CPU_ISSET(cpu, &set))
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%d", used ? "," : "", cpu);
	log_line(log, LOG_INFO, worker, 0, "bound to %s", list);
}
