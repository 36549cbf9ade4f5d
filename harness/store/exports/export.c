#include "store/exports/export.h"

#include "base/file.h"
#include "model/registry.h"
#include "store/exports/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *export_name(const void *of, size_t index)
{
	const struct export *const *exports = of;

	return exports[index] ? exports[index]->name : NULL;
}

static const char *export_summary(const void *of, size_t index)
{
	return ((const struct export *const *)of)[index]->summary;
}

const struct vocabulary export_names = {
	.kind = "export format",
	.name = export_name,
	.of = registry_exports,
	.summary = export_summary,
};

static int refuse_gate(const char *name, const struct why *why)
{
	char takers[200] = "";

	for (const struct export *const *e = registry_exports; *e; e++)
		if ((*e)->write_gate)
			snprintf(takers + strlen(takers), sizeof(takers) - strlen(takers), "%s%s",
				 takers[0] ? ", " : "", (*e)->name);
	return why_refuse(why, "%s has no place for the verdicts of a gate (those that have: %s)", name, takers);
}

const struct export *export_find(const char *name, bool gate, const struct why *why)
{
	const struct export *const *found = registry_exports;

	while (*found && strcmp((*found)->name, name) != 0)
		found++;
	if (!*found)
		vocabulary_check(&export_names, name, why);
	else if (gate && !(*found)->write_gate)
		refuse_gate(name, why);
	else
		return *found;
	return NULL;
}

static int refuse(const char *file, int err, const struct why *why)
{
	why_refuse(why, "cannot write '%s': %s", file, strerror(-err));
	return err;
}

int export_check(const char *file, const struct why *why)
{
	int err = file_check(file);

	return err ? refuse(file, err, why) : 0;
}

struct filling {
	const struct export *export;
	const json_t *result;
};

static void fill(struct writer *out, const void *what)
{
	const struct filling *task = what;

	export_fill(task->export, task->result, out);
}

static bool is_gate(const json_t *result)
{
	return json_says(result, "kind", "gate");
}

void export_fill(const struct export *export, const json_t *result, struct writer *out)
{
	(is_gate(result) ? export->write_gate : export->write_run)(out, result);
}

void export_left_out(const struct export *export, const json_t *run,
		     void (*tell)(void *context, const char *name, const char *status, const char *reason),
		     void *context)
{
	struct export_cell cell;
	const json_t *json;
	size_t i;

	json_array_foreach(json_object_get(run, "cells"), i, json) {
		export_cell_read(&cell, json);
		if (export->measured_only && !cell.measured)
			tell(context, cell.name, cell.status, cell.reason);
	}
}

int export_write(const struct export *export, const json_t *result, const char *file, const struct why *why)
{
	const struct filling task = { export, result };
	int err = file_put_at(file, fill, &task);

	return err ? refuse(file, err, why) : 0;
}

/* The format of a word FORMAT=FILE; NULL with the reason. */
static const struct export *format_of(const char *word, bool gate, const struct why *why)
{
	char *name = strndup(word, strcspn(word, "="));
	const struct export *export = name ? export_find(name, gate, why) : NULL;

	free(name);
	return export;
}

static const char *file_of(const char *word)
{
	return strchr(word, '=') + 1;
}

int export_words_check(const struct words *words, bool gate, const struct why *why)
{
	int err = 0;

	for (size_t i = 0; i < words->count && !err; i++) {
		const char *file = file_of(words->word[i]);

		err = format_of(words->word[i], gate, why) ? export_check(file, why) : -EINVAL;
		for (size_t k = 0; k < i && !err; k++)
			if (strcmp(file_of(words->word[k]), file) == 0)
				err = why_refuse(why, "--export: two formats for one file, '%s'", file);
	}
	return err;
}

int export_words_write(const struct words *words, const json_t *result, const struct why *why)
{
	int err = 0;

	for (size_t i = 0; i < words->count; i++) {
		const struct export *export = format_of(words->word[i], is_gate(result), why);
		int own = export ? export_write(export, result, file_of(words->word[i]), why) : -EINVAL;

		err = own ? own : err;
	}
	return err;
}
