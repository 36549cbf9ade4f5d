/* A run in memory: the cells of a plan and what has been measured about them so far.
 *
 * The supervisor (run/) fills it, statistics (analyse/) read it and store/ writes it to a file. Everything after that
 * reads the file instead. Single-threaded: only the supervisor process touches it. */
#ifndef BENCH_MODEL_RUN_H
#define BENCH_MODEL_RUN_H

#include "model/cell.h"
#include "model/sample.h"

#include <jansson.h>

enum cell_status { CELL_OK, CELL_FAILED, CELL_NOT_AVAILABLE, CELL_NOT_MEASURED };

enum failure_kind {
	FAILURE_SIGNAL,       /* the cell process or a worker crashed */
	FAILURE_EXIT,         /* ... or exited where it should not */
	FAILURE_TIMEOUT,      /* a phase did not end by its deadline */
	FAILURE_WRONG_ANSWER, /* check() refused an output, or the digests differ */
	FAILURE_LOST_WORKER,  /* a worker was killed from outside */
	FAILURE_ERROR,        /* an error that was reported: work() or a system call */
	FAILURE_UNAVAILABLE,  /* no failure: the cell cannot run on this system and becomes CELL_NOT_AVAILABLE */
};

struct failure {
	enum failure_kind kind;
	int32_t pid;         /* 0: not known */
	int32_t signal;      /* 0: none */
	int32_t exit_status; /* -1: none */
	int64_t item;        /* -1: not known */
	uint64_t after_ns;   /* since the invocation's start */
	char message[512];
};

/* What executed the items of a cell, where that is not this program itself. */
struct runtime {
	char name[24], version[24]; /* "CPython", "3.11.2"; "": this program itself */
	char start_method[16];      /* how it makes its workers: "fork"; "": they are threads */
};

/* Reasons to doubt a cell; bits of run_cell.doubts. Codes and advice: analyse/doubts.h. */
enum doubt {
	DOUBT_TOO_SHORT,
	DOUBT_UNBOUND,
	DOUBT_NOISY,
	DOUBT_DISTURBED,
	DOUBT_THROTTLED,
	DOUBT_SMT,
	DOUBT_OVERSUBSCRIBED,
	DOUBT_INPUTS_SKIPPED,
	DOUBT_NO_BASELINE,
	DOUBT_COUNTERS_NOT_AVAILABLE,
	DOUBT_UNEXPLAINED,
	DOUBT_SUPERLINEAR,
	DOUBT_INCOMPLETE,
	DOUBT_LOST_WORKERS,
	DOUBT_BAD_BASELINE,
	DOUBT_ABSURD_COUNTERS,
	DOUBT_FEW_ITEMS,
	DOUBT_COUNT,
};

/* An invocation: one fresh process that executed rounds of a cell. */
struct invocation {
	uint64_t start_ns, end_ns; /* time to make and to end the crew, outside of the rounds */
	uint64_t initializer_ns;   /* part of start_ns that --initializer took, mean over the workers */
	uint64_t rss_bytes;        /* sum of proportional set sizes at the peak; 0: not known */
	uint64_t open_ns;          /* from exec to the first round, less start_ns; serves to plan the next invocation */
	uint64_t generation;       /* in which it took turns with others of its workload, from 1; 0: it was alone */
	bool cut;                  /* ended before all its rounds were done */
};

struct run_cell {
	struct cell *cell; /* in the plan, which owns it */
	enum cell_status status;
	bool left_out;        /* before the first invocation, for lack of budget: it is not measured; `reason` is set */
	uint64_t foreseen_ns; /* what an invocation takes, as was found out before the first; 0: not known */
	char reason[256];     /* why its status is not available or not measured */
	struct failure failure;
	struct runtime runtime;
	uint32_t doubts; /* bits by enum doubt: the doubts that the run itself has found */
	struct invocation *invocations;
	size_t invocation_count;
	struct sample *samples; /* in time order */
	size_t sample_count, sample_capacity;
	struct counter_info counters[COUNTERS_MAX];
	size_t counter_count;
	double probe_effect_ns;     /* what the stamps cost per item, noise included; valid if probe_effect_known */
	double probe_effect_low_ns; /* the bound below it, as valid */
	bool probe_effect_known;
};

struct run {
	char *const *command; /* argv, NULL-terminated, [0] "./bench" */
	uint64_t seed;
	char started[32];    /* "2026-01-31T12:00:00Z" */
	uint64_t started_ns; /* CLOCK_MONOTONIC at that time */
	json_t *machine;     /* object, from run/supervise/machine.h; owned, NULL: not known */
	json_t *versions;    /* object; owned, NULL: not known */
	struct run_cell *cells;
	size_t cell_count;
	int interrupted;    /* the signal that ended it early; 0: none */
	uint64_t needed_ns; /* a budget in which all cells get intervals, as could be foreseen; 0: not known */
};

/* Frees what was measured, the list of cells (not what the plan owns of them), machine and versions. */
void run_release(struct run *run);

/* The sequential cell with the same workload, parameters and items; NULL: there is none in the plan. */
const struct run_cell *run_baseline(const struct run *run, const struct run_cell *of);

#endif
