/* The options of struct calling, each declared once: ids, plans, the checks of a command line, `bench list` and the
 * specification of a cell loop over this table. A new option is a member of struct calling, an entry in calling.c, and
 * its line in command/option_specs.c. */
#ifndef BENCH_MODEL_CALLING_H
#define BENCH_MODEL_CALLING_H

#include "base/keys.h"
#include "model/mode.h"

struct calling_option {
	const char *name;   /* as ids and run.json write it: "in_flight" */
	const char *option; /* as users type it: "--in-flight", "--on-death retry" */
	enum takes takes;   /* a mode that heeds the option has this bit */
	bool is_duration;   /* its value is a time in ns */
	struct key key;     /* the member of struct calling; 0 or false: the option was not given */
};

extern const struct calling_option calling_options[]; /* in the order in which ids name them; ended by a name of NULL */

/* The value that `calling` has for the option; 0: it was not given. */
uint64_t calling_value(const struct calling *calling, const struct calling_option *option);

/* Clears the call and the options of `calling` that a mode with these bits of enum takes does not heed. */
void calling_collapse(struct calling *calling, unsigned takes);

/* Writes the part of a cell's id that says how the mode is called: "item", "imap+recycle=100"; "" if all is preset. */
void calling_text(char *text, size_t size, const struct cell *cell);

#endif
