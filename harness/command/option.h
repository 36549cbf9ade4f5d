/* What a command line may hold: a table of options and operands, each said once. Command lines are read by it
 * (command/parser.h) and help is printed from it (command/help.h). */
#ifndef BENCH_COMMAND_OPTION_H
#define BENCH_COMMAND_OPTION_H

#include "base/why.h"
#include "command/words.h"

struct option_type;

/* An option, for all command lines that may hold it; or an operand, which has a name without dashes and stands at its
 * place among the words that are no options. A table is an array of these that ends with an entry without a name. */
struct option_spec {
	const char *name;     /* "--workload", as typed; "run": an operand */
	const char *argument; /* "W,...", "RUN...": the value, as help shows it; NULL: the option takes none */
	const char *help;     /* one line, lower case, no full stop; "": the words of `names`; NULL: not shown */
	const char *preset;   /* the value when none is given, as typed; NULL: `help` says what then */
	const char *heading;  /* of the group that this one begins; NULL: it is inside one */

	const struct option_type *type; /* how the value is read */
	size_t field;                   /* where it goes: an offset in the struct that the table is for */
	const struct vocabulary *names; /* the words that the type accepts */
	uint64_t least, most; /* the numbers that it accepts; of an operand: how many must, and may, be given */

	/* In the last entry: the table goes on in this one, whose entries help does not show. Where a name is in both,
	 * the first counts. Its struct is the beginning of this one's. */
	const struct option_spec *rest;
};

/* One option or operand, met on a command line. */
struct option_use {
	const struct option_spec *spec;
	const char *value; /* never empty, but for operands; NULL where the option takes none */
	void *request;     /* the struct that the table is for */
	const struct why *why;
};

struct option_type {
	/* Checks the value and puts it into the request. Returns 0, -EINVAL with the reason, or -ENOMEM. */
	int (*take)(const struct option_use *use);
	/* Frees what it put there, and zeroes it; `use` has no value. NULL: it owns nothing. */
	void (*release)(const struct option_use *use);
};

/* The types, and what their field is. Of an option that is given twice the last value counts. */
extern const struct option_type option_flag;     /* bool */
extern const struct option_type option_text;     /* const char * */
extern const struct option_type option_word;     /* const char *, one of `names` */
extern const struct option_type option_words;    /* struct words: one for each use, one of `names` if there are any */
extern const struct option_type option_names;    /* struct words, of `names` */
extern const struct option_type option_number;   /* uint64_t */
extern const struct option_type option_number32; /* uint32_t */
extern const struct option_type option_numbers;  /* struct numbers */
extern const struct option_type option_duration; /* uint64_t, ns */
extern const struct option_type option_share;    /* double: "1%" is 0.01 */
extern const struct option_type option_export;   /* struct words: FORMAT=FILE, once for each use */
extern const struct option_type option_nothing;  /* none: it is taken and not heeded */
extern const struct option_type option_refused;  /* none: an option of a run that changes nothing here */

/* For types of a table's own. */
void *option_field(const struct option_use *use);
void option_release_words(const struct option_use *use);
void option_release_numbers(const struct option_use *use);

/* What every verb takes; tables end with it. */
extern const struct option_spec common_options[];

/* `spec`, or, at the end of a table, the first entry of the one in which it goes on; NULL: there is none. */
const struct option_spec *option_at(const struct option_spec *spec);

bool option_is_operand(const struct option_spec *spec);

#endif
