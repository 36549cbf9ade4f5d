/* Whether others used the machine while something was measured: the one rule, for the rounds of a cell process and the
 * blocks of a gate. It never looks at whether the measured time itself is long, which would make times look better than
 * they are; it looks at the share of it that others took, as the kernel says.
 *
 * They ask it differently. A round counts what other processes ran and what the hypervisor stole as one, since a run
 * keeps stolen time apart in each worker's account. A block counts stolen time, and waiting for a processor, by itself
 * and tolerates less of it, since both are taken from the trials alone, where a gate looks for a percent. */
#ifndef BENCH_MODEL_DISTURBANCE_H
#define BENCH_MODEL_DISTURBANCE_H

#define OTHER_LOAD_SHARE 0.04 /* that is tolerated of other load */
#define STOLEN_SHARE 0.01     /* that a gate tolerates of stolen time, and of waiting for a processor */

/* Two steps of what the kernel tells of the machine (/proc/stat): less is no evidence. */
#define EVIDENCE_NS 20000000

/* What others took of `elapsed_ns`, in units of what is tolerated: above 1 it is disturbed. */
static inline double disturbance(double taken_ns, double elapsed_ns, double tolerated_share)
{
	return taken_ns > EVIDENCE_NS ? taken_ns / elapsed_ns / tolerated_share : 0;
}

#endif
