#include "model/keys.h"

#include "model/run.h"

#define OF_SAMPLE(member) offsetof(struct sample, member)
#define OF_INVOCATION(member) offsetof(struct invocation, member)

const struct key sample_keys[] = {
	{ "invocation", KEY_UINT32, OF_SAMPLE(invocation), "index into the cell's invocations" },
	{ "round", KEY_UINT32, OF_SAMPLE(round), "within the invocation" },
	{ "warmup", KEY_FLAG, OF_SAMPLE(warmup), "stored, not counted" },
	{ "probed", KEY_FLAG, OF_SAMPLE(probed), "counters were opened inside it: its times do not count" },
	{ "disturbed", KEY_FLAG, OF_SAMPLE(disturbed), "other load took the processors" },
	{ "throttled", KEY_FLAG, OF_SAMPLE(throttled), "a cgroup's quota stopped the workers" },
	{ "started_ns", KEY_UINT64, OF_SAMPLE(started_ns), "since the run's start" },
	{ "wall_ns", KEY_UINT64, OF_SAMPLE(wall_ns), "from the start of the round until all results are there" },
	{ "cpu_ns", KEY_UINT64, OF_SAMPLE(cpu_ns), "cell process and workers" },
	{ "body_cpu_ns", KEY_UINT64, OF_SAMPLE(total.body_cpu_ns), "CPU time inside work()" },
	{ "body_wait_ns", KEY_UINT64, OF_SAMPLE(total.body_wait_ns), "waiting inside work()" },
	{ "bytes_moved", KEY_UINT64, OF_SAMPLE(bytes_moved), "payload bytes that crossed between processes" },
	{ "items", KEY_UINT64, OF_SAMPLE(items), "that were executed" },
	{ "digest", KEY_DIGEST, OF_SAMPLE(digest), "over (item, output), whatever their order" },
	{ "own_answers", KEY_FLAG, OF_SAMPLE(own_answers),
	  "the answers were checked, but are another program's: their digest need not be the baseline's" },
	{ 0 },
};

const struct key invocation_keys[] = {
	{ "start_ns", KEY_UINT64, OF_INVOCATION(start_ns), "making the crew" },
	{ "end_ns", KEY_UINT64, OF_INVOCATION(end_ns), "ending it" },
	{ "initializer_ns", KEY_UINT64, OF_INVOCATION(initializer_ns),
	  "of start_ns: --initializer, mean of the workers" },
	{ "rss_bytes", KEY_KNOWN_UINT64, OF_INVOCATION(rss_bytes), "peak of the sum of proportional set sizes" },
	{ "open_ns", KEY_UINT64, OF_INVOCATION(open_ns), "from exec to the first round, less start_ns" },
	{ "generation", KEY_KNOWN_UINT64, OF_INVOCATION(generation),
	  "in which it took turns with invocations of other cells, from 1; null: it was alone" },
	{ "cut", KEY_FLAG, OF_INVOCATION(cut), "ended before all its rounds were done" },
	{ 0 },
};
