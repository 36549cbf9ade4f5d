/* Sums over CSV records of sales, some of which may be malformed. Pure functions.
 *
 * The columns are id,region,units,price:
 *   id      a whole number up to 10^18
 *   region  1 to 31 bytes, by which sales are grouped
 *   units   a whole number up to 1000000000
 *   price   a number up to 1000000000 with at most two decimals
 * A field may stand in double quotes; then it may have commas in it, and each quote in it is doubled (RFC 4180).
 * A record is one line, ended by LF or CRLF. Unlike in RFC 4180 a quoted field has no line breaks in it, so that
 * a stray quote spoils one record and not all that follow. Empty lines are no records; nor is a first line that
 * has the names of the columns, nor a byte order mark before it. */
#ifndef BENCH_WORKLOADS_PARTS_RECORDS_H
#define BENCH_WORKLOADS_PARTS_RECORDS_H

#include "workloads/workload.h"

#define RECORDS_HEADER "id,region,units,price"
#define RECORDS_LINE 4096       /* bytes of a line, without its end */
#define RECORDS_REGION 32       /* bytes of a region's name, with the NUL */
#define RECORDS_GROUPS 32       /* regions with a group of their own; one more group has all others */
#define RECORDS_MOST 1000000000 /* the largest units and the largest price */
#define RECORDS_MOST_ID 1000000000000000000

/* What is wrong with a record. If several things are, the one that stands first here counts. */
enum flaw {
	FLAW_LENGTH, /* the line is longer than RECORDS_LINE */
	FLAW_QUOTE,  /* a quote stands in a field that is not quoted, or behind the end of one, or is never closed */
	FLAW_FIELDS, /* there are more or fewer than four fields */
	FLAW_NUMBER, /* a number is malformed or too large */
	FLAW_REGION, /* the region is empty or too long */
	FLAW_COUNT,
	FLAW_NONE = FLAW_COUNT,
};

/* Sums do not overflow within a file of 256 MiB: it has at most 2^25 records. */
struct records_group {
	char region[RECORDS_REGION]; /* padded with NULs */
	uint64_t records;
	uint64_t units;
	uint64_t cents; /* sum of the prices */
};

struct records_sums {
	uint64_t valid;
	uint64_t malformed[FLAW_COUNT];
	uint64_t groups;                                /* how many entries of `group` have a name */
	struct records_group group[RECORDS_GROUPS + 1]; /* in order of first appearance; the last has all others */
};

/* Computes the sums of a file, which may have any bytes in it. */
void records_sum(struct bytes file, struct records_sums *sums);

#endif
