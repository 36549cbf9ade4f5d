#include "model/cell.h"

#include "model/calling.h"
#include "model/registry.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALLING_TEXT 256

/* Bytes that mean something in an id, and control characters, are written as %XX. */
static void print_encoded(FILE *out, const char *value)
{
	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;

		if (c <= ' ' || c >= 0x7f || strchr("%,/?", c))
			fprintf(out, "%%%02X", c);
		else
			fputc(c, out);
	}
}

static void print_values(FILE *out, const struct cell *cell)
{
	const struct workload *workload = registry_workload(cell->workload);
	const struct param *params = workload ? workload->params : NULL;
	char separator = '?';

	for (size_t i = 0; params && params[i].name; i++) {
		if (strcmp(cell->values[i], params[i].preset) == 0)
			continue;
		fprintf(out, "%c%s=", separator, params[i].name);
		print_encoded(out, cell->values[i]);
		separator = ',';
	}
}

char *cell_id(const struct cell *cell)
{
	char *id = NULL, option[CALLING_TEXT];
	size_t size;
	FILE *out = open_memstream(&id, &size);

	if (!out)
		return NULL;
	fputs(cell->workload, out);
	print_values(out, cell);
	calling_text(option, sizeof(option), cell);
	fprintf(out, "/%s%s%s/%s/", cell->mode, option[0] ? ":" : "", option, cell->transport ? cell->transport : "-");
	if (cell->schedule)
		fprintf(out, "%s:%" PRIu64, cell->schedule, cell->chunk);
	else
		fputc('-', out);
	fprintf(out, "/%" PRIu32, cell->workers);
	if (strcmp(cell->bind, BIND_PRESET) != 0)
		fprintf(out, "@%s", cell->bind);
	if (fclose(out) == 0)
		return id;
	free(id);
	return NULL;
}

static uint64_t default_chunk(uint64_t items, uint64_t workers)
{
	uint64_t chunks = 4 * workers; /* as CPython's Pool does: enough to balance the load, few enough to deal out */

	return items / chunks + (items % chunks != 0);
}

uint64_t cell_preset_chunk(const struct cell *cell)
{
	const struct call *call = call_find(cell->calling.call);

	if (!cell->schedule)
		return 0;
	return call && call->one_by_one ? 1 : default_chunk(cell->items, cell->workers);
}

void cell_pick(struct cell *cell, uint64_t items, const uint64_t *picked, bool own_chunk)
{
	cell->items_of = cell->items;
	cell->items = items;
	cell->picked = picked;
	if (own_chunk)
		cell->chunk = cell_preset_chunk(cell);
}
