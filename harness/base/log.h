/* The log: what every worker does, a line each, written whole, as multiprocessing.log_to_stderr would like to be.
 *
 * A line is one write() of at most PIPE_BUF bytes to a descriptor opened for appending: lines of different workers
 * never break each other. Without --log there is no struct log, and what calls here returns at once. Any thread or
 * process of a cell may call these. */
#ifndef BENCH_BASE_LOG_H
#define BENCH_BASE_LOG_H

#include "base/why.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum log_level { LOG_NONE, LOG_INFO, LOG_DEBUG };

struct log {
	enum log_level level;
	int fd;           /* outlives exec */
	const char *cell; /* its id */
};

/* Opens what `--log TEXT` names: "info", "debug:FILE"; without a file standard error. NULL: no log. The supervisor,
 * before anything runs. Returns 0, or -errno with `why`. */
int log_open(struct log *log, const char *text, const struct why *why);
void log_close(struct log *log);

/* "2026-01-31T12:00:00.123456Z resize/pool/shm/dynamic:6/2 worker 1 pid 4711 tid 4711 item 5 begins".
 * `pid` 0: the caller's own, with its thread. */
__attribute__((format(printf, 5, 6))) void log_line(const struct log *log, enum log_level level, unsigned worker,
						    pid_t pid, const char *format, ...);

/* That the calling worker has begun, and which processors it is bound to. */
void log_started(const struct log *log, unsigned worker);

#endif
