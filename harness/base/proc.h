/* What the kernel tells of processes and of the machine, from /proc and control groups. Any process
 * may call these; values that cannot be read are 0, or as said. */
#ifndef BENCH_BASE_PROC_H
#define BENCH_BASE_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

/* Reads a small file below /proc or /sys into `text`, NUL-terminated. Returns its length or -errno. */
ssize_t proc_read(const char *path, char *text, size_t size);

/* The value of `key` ("Pss:") in a text of "key value" lines, or 0. */
uint64_t proc_value(const char *text, const char *key);

/* An open descriptor of the calling thread's schedstat, -1: the kernel has none. */
int proc_schedstat_open(void);

/* Time that the thread of that descriptor was runnable but did not run. 400 to 700 ns a call; credited
 * when the thread runs next, so it is right when read by that thread itself. */
uint64_t proc_run_queue_ns(int schedstat_fd);

/* Proportional set size of the calling process, or of another, at its peak: now, plus what its resident set has lost
 * since its high-water mark (taken as private). Bytes. */
uint64_t proc_peak_pss(void);
uint64_t proc_peak_pss_of(pid_t pid);

/* Time since boot that the machine's processors were busy, stolen time apart. Steps of 10 ms. */
struct machine_times {
	uint64_t busy_ns, stolen_ns;
};

struct machine_times proc_machine_times(void);

/* Stolen time of each of the first `count` processors. */
void proc_stolen(uint64_t *stolen_ns, size_t count);

/* CPU time that the calling process, or its children that have ended, used: RUSAGE_SELF, RUSAGE_CHILDREN; that is in
 * a `struct rusage`. */
uint64_t proc_used_ns(int who);
uint64_t rusage_ns(const struct rusage *used);

/* CPU time of a process's first thread, also of one that is no child. */
uint64_t proc_cpu_ns(pid_t pid);

/* State letter of a process ('R', 'S', 'T', ...), '?' if it cannot be read. */
char proc_state(pid_t pid);

/* Processors' worth of time that control groups allow, v1 and v2, rounded up; 0: no limit.
 * `root` is "" on a real system, a folder in tests. */
unsigned proc_quota(const char *root);

/* Times that a control group was throttled; compare before and after. */
uint64_t proc_throttled(const char *root);

#endif
