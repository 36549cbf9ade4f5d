/* Sums over CSV records of sales, of which some may be malformed. Pure.
 *
 * The columns are id,region,units,price:
 *   id      a whole number up to 10^18
 *   region  1 to 31 bytes, by which sales are grouped
 *   units   a whole number up to 1000000000
 *   price   a number up to 1000000000 with at most two decimals
 * A field may stand in double quotes, then with commas in it and each quote doubled (RFC 4180). A record
 * is one line, ended by LF or CRLF; unlike there a quoted field holds no line break, so that a stray
 * quote spoils one record and not all that follow. Lines without anything in them are no records, nor is
 * a first line that has the names of the columns, nor a byte order mark before it. */
#ifndef BENCH_WORKLOADS_PARTS_RECORDS_H
#define BENCH_WORKLOADS_PARTS_RECORDS_H

#include "workloads/workload.h"

#define RECORDS_HEADER "id,region,units,price"
#define RECORDS_LINE 4096       /* bytes of a line, its end not counted */
#define RECORDS_REGION 32       /* bytes of a region's name, with the NUL */
#define RECORDS_GROUPS 32       /* more regions are added up in one */
#define RECORDS_MOST 1000000000 /* units, and price */
#define RECORDS_MOST_ID 1000000000000000000

/* What is wrong with a record: the first of these that is found. */
enum flaw {
	FLAW_LENGTH, /* the line is longer than RECORDS_LINE */
	FLAW_QUOTE,  /* a quote in a field that is not quoted, behind one that is, or without another */
	FLAW_FIELDS, /* more or fewer than four */
	FLAW_NUMBER, /* not a number, or one too large */
	FLAW_REGION, /* empty or too long */
	FLAW_COUNT,
	FLAW_NONE = FLAW_COUNT,
};

/* Sums do not overflow within a file of 256 MiB: it has at most 2^25 records. */
struct records_group {
	char region[RECORDS_REGION]; /* the rest is NULs */
	uint64_t records;
	uint64_t units;
	uint64_t cents; /* sum of the prices */
};

struct records_sums {
	uint64_t valid;
	uint64_t malformed[FLAW_COUNT];
	uint64_t groups;                                /* of `group`, that have a name */
	struct records_group group[RECORDS_GROUPS + 1]; /* in order of first appearance, all others in the last */
};

/* Adds up a file of any bytes. */
void records_sum(struct bytes file, struct records_sums *sums);

#endif
