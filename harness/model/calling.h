/* The options of struct calling, each declared once: ids, plans, the checks of a command line, `bench list` and the
 * specification of a cell loop over them. A new one is a member of struct calling, an entry in calling.c, and what the
 * command line says of it in command/option_specs.c. */
#ifndef BENCH_MODEL_CALLING_H
#define BENCH_MODEL_CALLING_H

#include "base/keys.h"
#include "model/mode.h"

struct calling_option {
	const char *name;   /* in ids: "in_flight" */
	const char *option; /* as typed: "--in-flight", "--on-death retry" */
	enum takes takes;   /* what a mode has that heeds it */
	bool is_duration;   /* ns */
	struct key key;     /* the member; 0 and false: as if it were not there */
};

extern const struct calling_option calling_options[]; /* in the order of ids; ended by a name of NULL */

/* The value of the option; 0: none. */
uint64_t calling_value(const struct calling *calling, const struct calling_option *option);

/* Takes away what a mode that takes these does not heed, the call, too. */
void calling_collapse(struct calling *calling, unsigned takes);

/* The part of the id that says how a mode is called: "item", "imap+recycle=100". "" if all is preset. */
void calling_text(char *text, size_t size, const struct cell *cell);

#endif
