/* What the kernel reports about processes and about the machine in /proc and in control groups. Any process may call
 * these; a value that cannot be read is 0 unless stated otherwise. */
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

/* Opens the calling thread's schedstat. Returns the descriptor; -1: the kernel has none. */
int proc_schedstat_open(void);

/* How long the thread of that descriptor was runnable but did not run, ns. A call takes 400 to 700 ns. The kernel adds
 * the time when the thread runs next, so the number is right when that thread itself reads it. */
uint64_t proc_run_queue_ns(int schedstat_fd);

/* The peak of the proportional set size of a process: its size now, plus what its resident set has lost since its
 * high-water mark, all of which is taken to have been private. A process that has ended has none. */
struct peak_memory {
	uint64_t private_bytes; /* mapped by no other process; 0: not known */
	uint64_t shared_bytes;  /* its share of what others map, too */
};

struct peak_memory proc_peak_memory(pid_t pid);

/* Both together, of the calling process or of another one. */
uint64_t proc_peak_pss(void);
uint64_t proc_peak_pss_of(pid_t pid);

/* How long the machine's processors have been busy since boot, summed over processors, without stolen time, which is
 * counted apart. In steps of 10 ms. */
struct machine_times {
	uint64_t busy_ns, stolen_ns;
};

struct machine_times proc_machine_times(void);

/* Fills in the stolen time of each of the first `count` processors since boot. */
void proc_stolen(uint64_t *stolen_ns, size_t count);

/* CPU time that the calling process (RUSAGE_SELF) or its children that have ended (RUSAGE_CHILDREN) have used;
 * rusage_ns(): CPU time that a `struct rusage` reports. */
uint64_t proc_used_ns(int who);
uint64_t rusage_ns(const struct rusage *used);

/* CPU time of the first thread of a process, which need not be a child. */
uint64_t proc_cpu_ns(pid_t pid);

/* The letter for the state of a process ('R', 'S', 'T', ...); '?' if it cannot be read. */
char proc_state(pid_t pid);

/* Whether there is a hypervisor below this kernel. 1: yes; 0: none is seen; -1: only x86 tells. */
int proc_hypervisor(void);

/* Whether the kernel has a PMU (counters of the processor): 1 or 0; -1: not known. */
int proc_pmu(void);

/* Returns a process of the process group that is stopped, as by SIGSTOP; 0: none is. Reads all of /proc. */
pid_t proc_stopped_of_group(pid_t group);

/* Whether the process has ended by a signal, or is just ending by one: a process has ended only when all its threads
 * have, and each of those may first let something happen that others see. */
bool proc_was_killed(pid_t pid);

/* Writes the name of a process's program, at most 15 bytes; "a process" if it cannot be read. Returns `name`. */
const char *proc_name(pid_t pid, char *name, size_t size);

/* How many processors' time control groups, v1 and v2, allow, such as 0.5: the least of this process's own groups and
 * all above them. 0: no limit. `root` is "" on a real system, a folder in tests. */
double proc_quota(const char *root);

/* Bytes of memory that are still to be had: what the machine has available, or less where control groups, v1 and v2,
 * allow less. `root` as above. */
uint64_t proc_available_memory(const char *root);

/* How often the control groups of this process have been throttled so far; callers compare before and after. */
uint64_t proc_throttled(const char *root);

#endif
