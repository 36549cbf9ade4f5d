#include "store/exports/export.h"

#include "base/file.h"
#include "model/registry.h"
#include "store/exports/internal.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const struct export *export_find(const char *name)
{
	const struct export *const *found = registry_exports;

	while (*found && strcmp((*found)->name, name) != 0)
		found++;
	return *found;
}

static int refuse_gate(const char *name, const struct why *why)
{
	char takers[200] = "";

	for (const struct export *const *e = registry_exports; *e; e++)
		if ((*e)->write_gate)
			snprintf(takers + strlen(takers), sizeof(takers) - strlen(takers), "%s%s",
				 takers[0] ? ", " : "", (*e)->name);
	return why_refuse(why, "%s has no place for the verdicts of a gate (those that have: %s)", name, takers);
}

int export_takes(const struct export *export, bool gate, const struct why *why)
{
	return gate && !export->write_gate ? refuse_gate(export->name, why) : 0;
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
