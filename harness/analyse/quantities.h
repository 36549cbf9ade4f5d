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

/* The order is that of the columns of tables. In run.json the quantities of a group stand behind all others. */
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
	struct rounds *timed;         /* those of the cell's rounds that count */
	struct rounds *baseline;      /* those of the sequential cell; empty: there is none */
	const struct body_cost *cost; /* what the items cost in the baseline */
	bool incomplete;              /* in some round not all items had a result: then there is no speedup */
	uint64_t seed;                /* of the bootstrap */
};

/* Computes a quantity and sets value[id]; the values of earlier quantities are known then. Returns 0 or -ENOMEM. */
typedef int quantity_estimator(struct interval *value, enum quantity_id id, const struct quantity_basis *basis);

/* A column of a table; if the heading is NULL, the table has no such column. */
struct quantity_column {
	const char *heading; /* its lines are "IPC\n/item"; a word may be divided: "effi-\nciency" */
	bool interval;       /* the interval is shown beside the value */
	bool joined;         /* it belongs to the column before it */
	int keep;            /* where room is short, the columns with the least number go first; 0: it always stays */
	const char *help;    /* one sentence for the reader */
};

struct quantity {
	const char *group, *key; /* in the summary: "crew_ns", "start"; group NULL: a key of the summary itself */
	const char *meaning;     /* for the schema */
	enum quantity_kind kind;
	bool by_worker; /* it is computed from single workers, of which run.json may not list all */
	bool plain;     /* run.json has only a number for it, not a median with its interval */
	quantity_estimator *estimate;
	/* The value of one round (round_value in analyse/rounds.h), from which `estimate` makes the value of the cell;
	 * `context` is the basis' `cost`. */
	double (*round_value)(const struct rounds *rounds, const struct sample *sample, const void *context);
	struct quantity_column times;  /* its column in the table of what each cell took */
	struct quantity_column crew;   /* its column in the table of what it costs to make and to end the crew */
	struct quantity_column change; /* its column in the table of a comparison: by how much it has changed, in % */
	const char *gauge;             /* its name in OpenMetrics, "wall" for bench_wall_seconds; NULL: not exported */
	const char *gauge_help;
};

extern const struct quantity quantities[QUANTITY_COUNT];

/* Computes all quantities. What is not known is INTERVAL_UNKNOWN; for a plain quantity only the median is known.
 * Returns 0 or -ENOMEM. */
int quantities_make(struct interval value[QUANTITY_COUNT], const struct quantity_basis *basis);

#endif
