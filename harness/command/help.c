#include "command/help.h"

#include "base/text.h"

#include <string.h>

#define WIDTH 79
#define TEXT_AT 24      /* the column where texts begin beside options */
#define TEXT_AT_VERB 14 /* and beside verbs */

static void print_beside(FILE *out, int used, unsigned at, const char *text)
{
	text_beside(out, text, (unsigned)used, at, WIDTH);
}

/* "[OPTION...] RUN..." */
static void print_table_usage(FILE *out, const struct option_spec *spec)
{
	bool shown[2] = { false };

	for (const struct option_spec *s = spec; s && s->name; s++)
		shown[option_is_operand(s)] |= s->help != NULL;
	if (shown[false])
		fputs(" [OPTION...]", out);
	for (; shown[true] && spec->name; spec++)
		if (option_is_operand(spec) && spec->help)
			fprintf(out, spec->least ? " %s" : " [%s]", spec->argument);
}

/* Prints the usage of a verb, and of the verbs that may follow it. */
static void print_usage(FILE *out, const struct verb *verb, const char *path, const char *lead)
{
	for (const char *line = verb->usage; line; lead = "       ") {
		int length = (int)strcspn(line, "\n");

		fprintf(out, "%s%s %.*s\n", lead, path, length, line);
		line = line[length] ? line + length + 1 : NULL;
	}
	if (verb->usage)
		return;
	for (const struct verb *const *inner = verb->verbs; inner && *inner; inner++, lead = "       ") {
		char inner_path[80];

		snprintf(inner_path, sizeof(inner_path), "%s %s", path, (*inner)->name);
		print_usage(out, *inner, inner_path, lead);
	}
	if (verb->verbs)
		return;
	fprintf(out, "%s%s", lead, path);
	print_table_usage(out, verb->options);
	fputc('\n', out);
}

static void print_verbs(FILE *out, const struct verb *const *verbs, const char *path)
{
	fprintf(out, "\nVerbs, each of which has help of its own, as %s %s --help:\n", path, verbs[0]->name);
	for (; *verbs; verbs++)
		print_beside(out, fprintf(out, "  %s", (*verbs)->name), TEXT_AT_VERB, (*verbs)->summary);
}

/* The words that an operand is chosen from. */
static void print_names(FILE *out, const struct vocabulary *names)
{
	const char *name;

	for (size_t i = 0; (name = names->name(names->of, i)); i++)
		print_beside(out, fprintf(out, "    %s", name), TEXT_AT + 2, names->summary(names->of, i));
}

/* "static, dynamic, guided or steal" */
static void join_names(char *text, size_t size, const struct vocabulary *names)
{
	const char *name;

	text[0] = '\0';
	for (size_t i = 0; (name = names->name(names->of, i)); i++) {
		const char *between = i == 0 ? "" : names->name(names->of, i + 1) ? ", " : " or ";

		snprintf(text + strlen(text), size - strlen(text), "%s%s", between, name);
	}
}

static void print_option(FILE *out, const struct option_spec *spec)
{
	const char *name = option_is_operand(spec) ? "" : spec->name, *argument = spec->argument ? spec->argument : "";
	int used = fprintf(out, "  %s%s%s", name, *name && *argument ? " " : "", argument);
	char names[128], text[256];

	if (!*spec->help)
		join_names(names, sizeof(names), spec->names);
	snprintf(text, sizeof(text), "%s%s%s%s", *spec->help ? spec->help : names, spec->preset ? " (" : "",
		 spec->preset ? spec->preset : "", spec->preset ? ")" : "");
	print_beside(out, used, TEXT_AT, text);
	if (option_is_operand(spec) && spec->names && spec->names->summary)
		print_names(out, spec->names);
}

static void print_options(FILE *out, const struct option_spec *spec)
{
	const char *heading = "";

	for (; spec && spec->name; spec++) {
		if (!spec->help)
			continue;
		heading = spec->heading ? spec->heading : heading;
		if (heading)
			fprintf(out, "\n%s%s", heading, *heading ? "\n" : "");
		heading = NULL;
		print_option(out, spec);
	}
}

void help_print(FILE *out, const struct verb *verb, const char *path)
{
	print_usage(out, verb, path, "usage: ");
	if (verb->about)
		fputs(verb->about, out);
	if (verb->verbs)
		print_verbs(out, verb->verbs, path);
	print_options(out, verb->options);
	if (verb->examples)
		fprintf(out, "\nExamples:\n%s", verb->examples);
}
