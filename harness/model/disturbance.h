/* Whether others used the machine while something was measured: the one rule, for the rounds of a cell process and the
 * blocks of a gate. The rule never looks at whether the measured time itself is long, since then slow rounds would be
 * dropped and times would look better than they are; it looks at the share of the time that others took, as the kernel
 * reports it.
 *
 * Rounds and blocks apply it to different times. A round adds up what other processes ran and what the hypervisor
 * stole, since each worker's account shows stolen time as a part of its own. A block looks at stolen time, and at
 * waiting for a processor, separately and tolerates less of them, since both lengthen the trials themselves, in which a
 * gate looks for a difference of one percent. */
#ifndef BENCH_MODEL_DISTURBANCE_H
#define BENCH_MODEL_DISTURBANCE_H

#define OTHER_LOAD_SHARE 0.04 /* share of the time that other load may take */
#define STOLEN_SHARE 0.01     /* share of the time that a gate lets stolen time, or waiting for a processor, take */

/* The kernel counts the machine's times (/proc/stat) in steps of 10 ms: less than two steps are no evidence. */
#define EVIDENCE_NS 20000000

/* The share of `elapsed_ns` that others took, divided by the share that is tolerated: above 1 the measurement is
 * disturbed. */
static inline double disturbance(double taken_ns, double elapsed_ns, double tolerated_share)
{
	return taken_ns > EVIDENCE_NS ? taken_ns / elapsed_ns / tolerated_share : 0;
}

#endif
