#include "report/run/facts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool is_first(const struct rows *rows, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strcmp(rows->row[i].workload, rows->row[index].workload) == 0)
			return false;
	return true;
}

void facts_workloads(FILE *out, const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		if (is_first(rows, i))
			fprintf(out, "%s%s", i ? ", " : "", rows->row[i].workload);
}

void facts_items(FILE *out, const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		uint64_t items = json_count(rows->row[i].cell, "items");
		uint64_t all = json_count(rows->row[i].cell, "items_of");

		if (!is_first(rows, i))
			continue;
		fprintf(out, "%s%s: %" PRIu64, i ? "; " : "", rows->row[i].workload, items);
		if (all > items)
			fprintf(out, " of %" PRIu64, all);
		fprintf(out, " item%s", (all > items ? all : items) == 1 ? "" : "s");
	}
}

void facts_machine(FILE *out, const struct rows *rows)
{
	const json_t *machine = json_object_get(rows->run, "machine"), *topology = json_object_get(machine, "topology");
	const char *model = json_text(machine, "cpu_model"), *kernel = json_text(machine, "kernel");
	uint64_t processors = json_count(topology, "usable_processors");
	const json_t *quota = json_object_get(topology, "quota_processors");

	fputs(model ? model : "unknown processor", out);
	if (json_is_number(quota) && json_number_value(quota) < (double)processors)
		fprintf(out, ", %.4g processors' time (a control group's quota)", json_number_value(quota));
	else if (processors)
		fprintf(out, ", %" PRIu64 " processor%s", processors, processors == 1 ? "" : "s");
	if (kernel)
		fprintf(out, ", Linux %s", kernel);
}

static void write_quoted(FILE *out, const char *word)
{
	static const char harmless[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+@%";
	bool control = false;

	for (const char *at = word; *at; at++)
		control |= (unsigned char)*at < 0x20 || *at == 0x7f;
	if (word[0] && word[strspn(word, harmless)] == '\0') {
		fputs(word, out);
		return;
	}
	fputs(control ? "$'" : "'", out);
	for (; *word; word++) {
		if ((unsigned char)*word < 0x20 || *word == 0x7f)
			fprintf(out, "\\x%02x", (unsigned)*word);
		else if (control && (*word == '\'' || *word == '\\'))
			fprintf(out, "\\%c", *word);
		else if (*word == '\'')
			fputs("'\\''", out);
		else
			putc(*word, out);
	}
	putc('\'', out);
}

void facts_command(FILE *out, const struct rows *rows)
{
	const json_t *command = json_object_get(rows->run, "command"), *word;
	size_t i;

	json_array_foreach(command, i, word) {
		fputs(i ? " " : "", out);
		write_quoted(out, json_is_string(word) ? json_string_value(word) : "");
	}
}

static void write_params(FILE *out, const struct row *row, const char **separator)
{
	json_t *params = json_object_get(row->cell, "params");
	const char *input = json_text(row->cell, "input"), *key;
	const json_t *value;

	json_object_foreach(params, key, value) {
		fprintf(out, "%s%s=", *separator, key);
		write_quoted(out, json_is_string(value) ? json_string_value(value) : "");
		*separator = ", ";
	}
	if (!input)
		return;
	fprintf(out, "%sinput=", *separator);
	write_quoted(out, input);
	*separator = ", ";
}

void facts_params(FILE *out, const struct rows *rows)
{
	const char *separator = "";

	for (size_t i = 0; i < rows->count; i++)
		if (is_first(rows, i))
			write_params(out, &rows->row[i], &separator);
}

void facts_interrupted(FILE *out, const struct rows *rows)
{
	const char *signal = json_text(rows->run, "interrupted");

	if (signal)
		fprintf(out, "interrupted by %s: not all was measured", signal);
}

char *fact_text(fact_writer *write, const struct rows *rows)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	write(out, rows);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
