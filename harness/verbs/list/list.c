/* `bench list [KIND...]`: what this build can run, count, draw and export.
 * Everything is gathered as JSON first; the text is printed from that. */
#include "verbs/list/internal.h"

#include "base/root.h"
#include "base/text.h"
#include "command/verb.h"
#include "model/calling.h"
#include "model/registry.h"
#include "model/schedule.h"
#include "run/wire/frames.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

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

static json_t *list_schedules(void)
{
	json_t *list = json_array();

	for (const struct schedule *s = registry_schedules; s->name; s++)
		json_array_append_new(list, json_pack("{ss ss sb sb}", "name", s->name, "summary", s->summary, "steals",
						      s->steals, "heeds_in_flight", s->heeds_in_flight));
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

	for (const struct verb *const *e = registry_experiments; *e; e++)
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
		text_print(stderr, "bench: cannot open '%s': %s\n", folder, strerror(errno));
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
	return json_pack("[{ss ss si}]", "name", FRAME_PROTOCOL, "summary",
			 "cell processes name what they tell, so that builds of any age can read it", "turns",
			 FRAME_TURNS);
}

static const struct listed_kind {
	const char *name, *summary;
	json_t *(*list)(void); /* an array; NULL after saying why not */
} kinds[] = {
	{ "workloads", "what can be computed, with parameters", list_workloads },
	{ "modes", "how items can be executed, with the options that count", list_modes },
	{ "calls", "how pools are called", list_calls },
	{ "schedules", "how items are dealt out", list_schedules },
	{ "transports", "how work and data cross between processes", list_transports },
	{ "counters", "what can be counted, and why other things cannot", list_counters },
	{ "experiments", "what can be measured apart from runs", list_experiments },
	{ "plots", "the pictures of a report", list_plots },
	{ "exports", "formats of other tools", list_exports },
	{ "protocols", "what other builds may ask of this one", list_protocols },
	{ 0 },
};

static const char *kind_name(const void *of, size_t index)
{
	return ((const struct listed_kind *)of)[index].name;
}

static const char *kind_summary(const void *of, size_t index)
{
	return ((const struct listed_kind *)of)[index].summary;
}

static const struct vocabulary kind_names = {
	.kind = "kind",
	.name = kind_name,
	.of = kinds,
	.summary = kind_summary,
};

struct list_request {
	struct words kinds; /* empty: all */
	bool json;
};

#define FIELD(name) .field = offsetof(struct list_request, name)

static const struct option_spec specs[] = {
	{ "kind", "KIND...", "which lists; else all:",
	  .type = &option_words, .names = &kind_names, .most = UINT64_MAX, FIELD(kinds) },
	{ "--json", NULL, "as JSON, with all that is known",
	  .type = &option_flag, FIELD(json) },
	{ .rest = common_options },
};

/* The lists that are asked for; NULL after saying why not. */
static json_t *gather(const struct words *asked)
{
	json_t *lists = json_object(), *list;

	for (const struct listed_kind *kind = kinds; kind->name; kind++) {
		if (asked->count && !words_have(asked, kind->name))
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

static int run(void *request, char **argv)
{
	const struct list_request *asked = request;
	json_t *lists = gather(&asked->kinds);

	if (!lists)
		return EXIT_USAGE;
	if (asked->json)
		json_dumpf(lists, stdout, JSON_INDENT(2)), putchar('\n');
	else
		list_print(lists);
	json_decref(lists);
	return EXIT_DONE;
}

const struct verb verb_list = {
	.name = "list",
	.summary = "list workloads, modes, transports, ... with their options",
	.about = "Lists what this build can run, count, draw and export.\n",
	.examples = "  ./bench list modes transports\n"
		    "      how items can be executed, and how their data cross\n",
	.options = specs,
	.request_size = sizeof(struct list_request),
	.run = run,
};
