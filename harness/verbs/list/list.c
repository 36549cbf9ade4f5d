/* `bench list [KIND...] [--json]`: what this build can run, count, draw and export.
 * Everything is gathered as JSON first; the text is printed from that. */
#include "base/json.h"
#include "base/root.h"
#include "base/terminal.h"
#include "command/words.h"
#include "model/calling.h"
#include "model/registry.h"
#include "run/wire/frames.h"
#include "store/exports/export.h"
#include "verbs/verbs.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BESIDE 19     /* where texts begin beside names */
#define ROOM_LEAST 30 /* columns for a text, however narrow the terminal */

static json_t *list_params(const struct workload *workload)
{
	json_t *list = json_array();

	for (const struct param *p = workload->params; p && p->name; p++)
		json_array_append_new(list, json_pack("{ss ss ss? ss? ss}", "name", p->name, "preset", p->preset,
						      "unit", p->unit, "range", p->range, "help", p->help));
	return list;
}

static json_t *list_workloads(void)
{
	json_t *list = json_array();

	for (const struct workload *const *w = registry_workloads; *w; w++)
		json_array_append_new(list, json_pack("{ss ss ss so}", "name", (*w)->name, "summary", (*w)->summary,
						      "item", (*w)->item, "params", list_params(*w)));
	return list;
}

/* The options of a run that make a difference to a mode. */
static json_t *list_options(const struct mode *mode)
{
	const bool deals = mode->parallel && !(mode->takes & TAKES_FUTURES);
	const struct {
		bool taken;
		const char *name;
	} options[] = {
		{ mode->parallel, "--workers" },
		{ mode->processes, "--transport" },
		{ deals && !mode->only_schedule, "--schedule" },
		{ deals, "--chunk" },
		{ mode->crew_in_round, "--per" },
		{ mode->takes & TAKES_CALL, "--call" },
	};
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (options[i].taken)
			json_array_append_new(list, json_string(options[i].name));
	for (const struct calling_option *own = calling_options; own->name; own++)
		if (mode->takes & own->takes)
			json_array_append_new(list, json_stringn(own->option, strcspn(own->option, " ")));
	return list;
}

static json_t *list_modes(void)
{
	json_t *list = json_array();

	for (const struct mode *const *m = registry_modes; *m; m++)
		json_array_append_new(list, json_pack("{ss ss sb sb sb so}", "name", (*m)->name, "summary",
						      (*m)->summary, "parallel", (*m)->parallel, "processes",
						      (*m)->processes, "crew_in_round", (*m)->crew_in_round,
						      "options", list_options(*m)));
	return list;
}

static json_t *list_calls(void)
{
	json_t *list = json_array();

	for (const struct call *c = registry_calls; c->name; c++)
		json_array_append_new(list, json_pack("{ss ss sb sb sb sb sb}", "name", c->name, "summary", c->summary,
						      "submits", c->submits, "blocks", c->blocks, "ordered", c->ordered,
						      "streams", c->streams, "arguments", c->arguments));
	return list;
}

static json_t *list_transports(void)
{
	json_t *list = json_array();

	for (const struct transport *const *t = registry_transports; *t; t++)
		json_array_append_new(list,
				      json_pack("{ss ss si sb}", "name", (*t)->name, "summary", (*t)->summary, "copies",
						(int)(*t)->copies, "shared_ranges", (*t)->shared_ranges));
	return list;
}

static json_t *pack_counter(const struct counter_info *info, const char *source)
{
	static const char *const statuses[] = {
		[COUNTER_COUNTED] = "counted",
		[COUNTER_MULTIPLEXED] = "multiplexed",
		[COUNTER_NOT_AVAILABLE] = "not available",
	};

	return json_pack("{ss ss ss ss ss?}", "name", info->name, "source", source, "unit", info->unit, "status",
			 statuses[info->status], "reason", info->reason[0] ? info->reason : NULL);
}

static json_t *list_counters(void)
{
	struct counter_info infos[COUNTERS_MAX];
	json_t *list = json_array();

	for (const struct counter_source *const *s = registry_counter_sources; *s; s++) {
		size_t count = (*s)->list(infos, COUNTERS_MAX);

		for (size_t i = 0; i < count; i++)
			json_array_append_new(list, pack_counter(&infos[i], (*s)->name));
	}
	return list;
}

static json_t *list_experiments(void)
{
	json_t *list = json_array();

	for (const struct experiment *const *e = registry_experiments; *e; e++)
		json_array_append_new(list, json_pack("{ss ss}", "name", (*e)->name, "summary", (*e)->summary));
	return list;
}

/* A plot's first line is a comment that says what it shows. */
static json_t *pack_plot(const char *folder, const char *file)
{
	char line[256] = "", *path;
	FILE *in;

	if (asprintf(&path, "%s/%s", folder, file) < 0)
		return NULL;
	in = fopen(path, "re");
	free(path);
	if (in && fgets(line, sizeof(line), in))
		line[strcspn(line, "\n")] = '\0';
	if (in)
		fclose(in);
	return json_pack("{ss% ss}", "name", file, strlen(file) - strlen(".gp"), "summary", line + strspn(line, "# "));
}

static int is_plot(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && dot != entry->d_name && strcmp(dot, ".gp") == 0;
}

static json_t *list_plots(void)
{
	struct dirent **entries;
	char folder[PATH_MAX + 8], root[PATH_MAX];
	json_t *list;
	int count;

	snprintf(folder, sizeof(folder), "%s/plots", project_root(root));
	count = scandir(folder, &entries, is_plot, alphasort);
	if (count < 0) {
		fprintf(stderr, "bench: cannot open '%s': %s\n", folder, strerror(errno));
		return NULL;
	}
	list = json_array();
	for (int i = 0; i < count; i++) {
		json_array_append_new(list, pack_plot(folder, entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
	return list;
}

static json_t *list_exports(void)
{
	json_t *list = json_array();

	for (const struct export *const *e = registry_exports; *e; e++)
		json_array_append_new(list, json_pack("{ss ss ss sb}", "name", (*e)->name, "summary", (*e)->summary,
						      "suffix", (*e)->suffix, "gates", (*e)->write_gate != NULL));
	return list;
}

/* What other builds may ask of this one's cell processes. */
static json_t *list_protocols(void)
{
	return json_pack("[{ss ss}]", "name", FRAME_PROTOCOL, "summary",
			 "cell processes name what they tell, so that builds of any age can read it");
}

static const struct listed_kind {
	const char *name;
	json_t *(*list)(void); /* an array; NULL after saying why not */
} kinds[] = {
	{ "workloads", list_workloads },
	{ "modes", list_modes },
	{ "calls", list_calls },
	{ "transports", list_transports },
	{ "counters", list_counters },
	{ "experiments", list_experiments },
	{ "plots", list_plots },
	{ "exports", list_exports },
	{ "protocols", list_protocols },
	{ "--json", NULL }, /* no kind, but what may be said as well */
	{ 0 },
};

static const char *kind_name(const void *of, size_t index)
{
	return ((const struct listed_kind *)of)[index].name;
}

/* Prints a text from column `at` on, where `used` columns of the line are taken, and lets it go on below. */
static void print_beside(int used, int at, const char *text)
{
	const int room = (int)terminal_of(stdout).width, width = room > at + ROOM_LEAST ? room : at + ROOM_LEAST;
	int column = used < at ? at : used + 2;
	bool first = true;

	printf("%*s", column - used, "");
	for (; *text; first = false) {
		int size = (int)strcspn(text, " ");

		if (!first && column + 1 + size > width)
			column = printf("\n%*s", at, "") - 1;
		else if (!first)
			column += printf(" ");
		column += printf("%.*s", size, text);
		text += size + (text[size] == ' ');
	}
	putchar('\n');
}

static void print_param(const json_t *param)
{
	const char *unit = json_text_or(param, "unit", ""), *range = json_text_or(param, "range", "");
	int length = printf("      -p %s=%s", json_text_or(param, "name", ""), json_text_or(param, "preset", ""));
	char text[512];

	snprintf(text, sizeof(text), "%s%s%s%s%s%s", json_text_or(param, "help", ""), *unit || *range ? " (" : "", unit,
		 *unit && *range ? ", " : "", range, *unit || *range ? ")" : "");
	print_beside(length, 32, text);
}

/* "takes --workers, --transport" */
static void print_options(const json_t *options)
{
	char text[512] = "takes ";
	const json_t *option;
	size_t i;

	json_array_foreach(options, i, option)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? ", " : "",
			 json_string_value(option));
	if (json_array_size(options))
		print_beside(0, BESIDE, text);
}

static void print_entry(const json_t *entry)
{
	const char *status = json_text_or(entry, "status", ""), *reason = json_text_or(entry, "reason", "");
	const json_t *param, *copies = json_object_get(entry, "copies");
	char text[512];
	size_t i;

	snprintf(text, sizeof(text), "%s", json_text_or(entry, "summary", ""));
	if (*status)
		snprintf(text, sizeof(text), "%-8s %s%s%s", json_text_or(entry, "unit", ""), status,
			 *reason ? ": " : "", reason);
	else if (copies)
		snprintf(text, sizeof(text), "%s; %" JSON_INTEGER_FORMAT " cop%s of a payload",
			 json_text_or(entry, "summary", ""), json_integer_value(copies),
			 json_integer_value(copies) == 1 ? "y" : "ies");
	print_beside(printf("  %s", json_text_or(entry, "name", "")), *status ? 33 : BESIDE, text);
	print_options(json_object_get(entry, "options"));
	json_array_foreach(json_object_get(entry, "params"), i, param)
		print_param(param);
}

static void print_text(const json_t *lists)
{
	const char *name, *separator = "";
	const json_t *list, *entry;
	size_t i;

	json_object_foreach((json_t *)lists, name, list) {
		printf("%s%s:%s\n", separator, name, json_array_size(list) ? "" : " none");
		json_array_foreach(list, i, entry)
			print_entry(entry);
		separator = "\n";
	}
}

/* The lists that the arguments name, or all; NULL after saying why not. */
static json_t *gather(char **arguments, bool all)
{
	json_t *lists = json_object(), *list;

	for (const struct listed_kind *kind = kinds; kind->list; kind++) {
		if (!all && !has_word(arguments, kind->name))
			continue;
		list = kind->list();
		if (!list) {
			json_decref(lists);
			return NULL;
		}
		json_object_set_new(lists, kind->name, list);
	}
	return lists;
}

int verb_list(int argc, char **argv)
{
	const struct vocabulary names = { "argument", kind_name, kinds, NULL };
	const struct why why = { (char[512]){ 0 }, 512 };
	bool as_json = has_word(argv, "--json");
	json_t *lists;

	for (int i = 1; i < argc; i++) {
		if (vocabulary_check(&names, argv[i], &why) == 0)
			continue;
		fprintf(stderr, "bench: %s\n", why.text);
		return EXIT_USAGE;
	}
	lists = gather(argv + 1, argc == 1 + as_json);
	if (!lists)
		return EXIT_USAGE;
	if (as_json)
		json_dumpf(lists, stdout, JSON_INDENT(2)), putchar('\n');
	else
		print_text(lists);
	json_decref(lists);
	return EXIT_DONE;
}
