/* The log: a line for each thing that a worker does, after multiprocessing.log_to_stderr.
 *
 * A line is written by one write() of at most PIPE_BUF bytes to a descriptor opened for appending, so that lines of
 * different workers never break each other. Without --log the functions return at once (`log` is NULL). Any thread or
 * process of a cell may call log_line() and log_started(). */
#ifndef BENCH_RUN_WIRE_LOG_H
#define BENCH_RUN_WIRE_LOG_H

#include "base/why.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum log_level { LOG_NONE, LOG_INFO, LOG_DEBUG };

struct log {
	enum log_level level;
	int fd;           /* stays open across exec() */
	const char *cell; /* the cell's id */
};

/* Opens the log that `--log TEXT` names: "info", "debug:FILE"; without a file it goes to standard error. `text` NULL:
 * there is no log. Called by the supervisor, before anything runs. Returns 0, or -errno with `why`. */
int log_open(struct log *log, const char *text, const struct why *why);
void log_close(struct log *log);

/* "2026-01-31T12:00:00.123456Z resize/pool/shm/dynamic:6/2 worker 1 pid 4711 tid 4711 item 5 begins". `pid` 0: the
 * calling process and thread; another pid is written as tid, too. */
__attribute__((format(printf, 5, 6))) void log_line(const struct log *log, enum log_level level, unsigned worker,
						    pid_t pid, const char *format, ...);

/* Logs that the calling worker has started, and which processors it is bound to. */
void log_started(const struct log *log, unsigned worker);

#endif
