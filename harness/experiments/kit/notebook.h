/* The notebook of an experiment: its folder, which has the result as far as it has come; its progress on stderr; the
 * signals that end it. All functions are called in the main process, single-threaded. */
#ifndef BENCH_EXPERIMENTS_KIT_NOTEBOOK_H
#define BENCH_EXPERIMENTS_KIT_NOTEBOOK_H

#include "base/janitor.h"
#include "base/why.h"
#include "report/kit/progress.h"
#include "run/supervise/folders.h"

#include <jansson.h>
#include <signal.h>

/* What every experiment can be asked for besides its own options. */
struct notebook_request {
	bool quick, json, quiet;
	const char *output; /* the folder; NULL: a new one in results/experiments */
};

struct notebook {
	/* Set by the experiment: */
	const char *experiment; /* its name: the result of "grain" is in grain.json */
	const struct notebook_request *request;
	const void *result;                           /* what the next three show, at any time */
	json_t *(*pack)(const void *result);          /* returns an object; NULL: there is no memory for it */
	void (*print)(const void *result, FILE *out); /* as tables */
	void (*conclude)(const void *result, const char *micro, FILE *out); /* in sentences; `micro`: "µs" or "us" */
	/* Set by notebook_open(): */
	struct folders folders;
	struct progress progress;
	char started[24];     /* "2026-01-31T12:00:00Z" */
	uint64_t kept_ns;     /* when the result was last written, by CLOCK_MONOTONIC; 0: never */
	int signal;           /* number of the signal that ended the experiment; 0: none has */
	bool holds;           /* the signals are held */
	int signals;          /* then it is a descriptor of interrupts_catch() */
	sigset_t before_mask; /* and the mask that children should get */
};

/* Makes the folder, begins the progress and holds the signals that end a program: they come to `signals`. Returns 0, or
 * -errno with `why`: the folder cannot be written, or holds a result of this experiment already. notebook_close() must
 * follow in any case. */
int notebook_open(struct notebook *notebook, const struct why *why);

/* Between these two a callee may catch the signals itself. notebook_let() returns the number of a signal that has come
 * before, which is then in `signal`, too; 0: none has. */
int notebook_let(struct notebook *notebook);
void notebook_hold(struct notebook *notebook);

/* Writes the result in place of the one before, if that is more than a second old, or for the last time. Returns 0, or
 * -errno with `why`. */
int notebook_keep(struct notebook *notebook, bool last, const struct why *why);

/* Keeps and prints the result, also after a signal, and names its folder. Returns as notebook_keep(). */
int notebook_show(struct notebook *notebook, const struct why *why);

/* Releases everything; after a signal it ends the process by that signal. */
void notebook_close(struct notebook *notebook);

#endif
