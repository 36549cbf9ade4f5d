/* A table of the options and operands that a command line may hold. It alone describes them: the parser reads command
 * lines by it (command/parser.h), and help is printed from it (command/help.h). */
#ifndef BENCH_COMMAND_OPTION_H
#define BENCH_COMMAND_OPTION_H

#include "base/why.h"
#include "command/words.h"

struct option_type;

/* An option or an operand. An operand has a name without dashes and is known by its place among the words that are no
 * options. A table is an array of these that ends with an entry without a name. */
struct option_spec {
	const char *name;     /* "--workload", as typed; "run": an operand */
	const char *argument; /* "W,...", "RUN...": the value, as help shows it; NULL: the option takes none */
	const char *help;     /* one line, lower case, no full stop; "": help lists `names`; NULL: help leaves it out */
	const char *preset;   /* the value if none is given, as typed; NULL: `help` says what holds then */
	const char *heading;  /* of the group that this entry begins; NULL: the group goes on */

	const struct option_type *type; /* how the value is read */
	size_t field;                   /* where it goes: an offset in the struct that the table is for */
	const struct vocabulary *names; /* the words that the type accepts */
	size_t given;                   /* offset of a bool that is set if the command line has the option; 0: none */
	uint64_t least, most; /* the numbers that the type accepts; how many operands must, and may, be given */

	/* In the last entry only: another table, whose options are accepted, too, but not shown by help. If a name is
	 * in both tables, the entry of this one counts. The other table's struct is the beginning of this one's. */
	const struct option_spec *rest;
};

/* One option or operand that stands on a command line. */
struct option_use {
	const struct option_spec *spec;
	const char *value; /* only an operand's may be empty; NULL: the option takes none */
	void *request;     /* the struct that the table is for */
	const struct why *why;
};

struct option_type {
	/* Checks the value and puts it into the request. Returns 0, -EINVAL with the reason, or -ENOMEM. */
	int (*take)(const struct option_use *use);
	/* Frees what take() put into the request, and zeroes it; `use` has no value. NULL: the request owns nothing. */
	void (*release)(const struct option_use *use);
};

/* The types, each with the type of its field in C. If an option is given twice, the last value counts. */
extern const struct option_type option_flag;     /* bool */
extern const struct option_type option_text;     /* const char * */
extern const struct option_type option_word;     /* const char *, one of `names` */
extern const struct option_type option_words;    /* struct words: each use adds a word, of `names` if there are any */
extern const struct option_type option_names;    /* struct words: "A,B", words of `names`, or "all" */
extern const struct option_type option_number;   /* uint64_t */
extern const struct option_type option_number32; /* uint32_t */
extern const struct option_type option_numbers;  /* struct numbers */
extern const struct option_type option_duration; /* uint64_t, ns */
extern const struct option_type option_share;    /* double: "1%" is 0.01 */
extern const struct option_type option_export;   /* struct words: each use adds FORMAT=FILE */
extern const struct option_type option_nothing;  /* no field: the option is accepted and ignored */
extern const struct option_type option_refused;  /* no field: an option of a run that is refused here */

/* For types that a table defines itself: the field that is written, and release() of lists. */
void *option_field(const struct option_use *use);
void option_release_words(const struct option_use *use);
void option_release_numbers(const struct option_use *use);

/* The options that every verb takes: the rest of every table that has no other. */
extern const struct option_spec common_options[];

/* Returns `spec`, or at the end of a table the first entry of its rest; NULL: there are no more. */
const struct option_spec *option_at(const struct option_spec *spec);

bool option_is_operand(const struct option_spec *spec);

#endif
