/* The quantities of a cell, each declared once: what it is called, how it is computed and how it is shown.
 *
 * The summary of run.json, its schema, the tables of a run and the exports follow from quantities.c. A new quantity is
 * a word in the enum, an entry there, and what `build/tests/unit-schema --write` makes of results/schema.json. */
#ifndef BENCH_ANALYSE_QUANTITIES_H
#define BENCH_ANALYSE_QUANTITIES_H

#include "analyse/quantity_kind.h"
#include "analyse/statistics.h"

struct body_cost;
struct rounds;
struct sample;

/* In the order of the tables' columns. In run.json those of a group stand behind all others. */
enum quantity_id {
	QUANTITY_WALL,
	QUANTITY_RATE,
	QUANTITY_CREW_START,
	QUANTITY_CREW_END,
	QUANTITY_SPEEDUP,
	QUANTITY_SPEEDUP_WITH_CREW,
	QUANTITY_EFFICIENCY,
	QUANTITY_IPC_SHARE,
	QUANTITY_IPC_ITEM,
	QUANTITY_CPU,
	QUANTITY_MEMORY,
	QUANTITY_LOAD_BALANCE,
	QUANTITY_COMMUNICATION,
	QUANTITY_PARALLEL,
	QUANTITY_COMPUTATIONAL,
	QUANTITY_GLOBAL,
	QUANTITY_COUNT,
};

/* What the quantities of a cell are computed from. */
struct quantity_basis {
	struct rounds *timed;         /* the cell's rounds that count */
	struct rounds *baseline;      /* the sequential cell's; empty: there is none */
	const struct body_cost *cost; /* of the baseline */
	bool incomplete;              /* in some round not all items had a result: no speedup */
	uint64_t seed;                /* of the bootstrap */
};

/* How a quantity is computed: sets value[id]; those before it are there. Returns 0 or -ENOMEM. */
typedef int quantity_estimator(struct interval *value, enum quantity_id id, const struct quantity_basis *basis);

/* A column of a table; without a heading there is none. */
struct quantity_column {
	const char *heading; /* its lines are "IPC\n/item"; a word may be divided: "effi-\nciency" */
	bool interval;       /* the interval stands beside it */
	bool joined;         /* belongs to the column before it */
	int keep;            /* where there is too little room the least goes first; 0: it always stays */
	const char *help;    /* one sentence for the reader */
};

struct quantity {
	const char *group, *key; /* in the summary: "crew_ns", "start"; group NULL: a key of the summary itself */
	const char *meaning;     /* for the schema */
	enum quantity_kind kind;
	bool plain; /* run.json has a number instead of a median with its interval */
	quantity_estimator *estimate;
	/* A round_value of analyse/rounds.h, of which `estimate` makes the cell's; context: the basis' cost. */
	double (*round_value)(const struct rounds *rounds, const struct sample *sample, const void *context);
	struct quantity_column times;  /* in the table of what each cell took */
	struct quantity_column crew;   /* in the table of what it costs to make and to end the crew */
	struct quantity_column change; /* in the table of a comparison: by how much it changed, in % */
	const char *gauge;             /* for OpenMetrics: "wall" of bench_wall_seconds; NULL: not exported */
	const char *gauge_help;
};

extern const struct quantity quantities[QUANTITY_COUNT];

/* Computes all; what is not known is INTERVAL_UNKNOWN, and of a plain one only the median is known.
 * Returns 0 or -ENOMEM. */
int quantities_make(struct interval value[QUANTITY_COUNT], const struct quantity_basis *basis);

#endif
