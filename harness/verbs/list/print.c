#include "verbs/list/internal.h"

#include "base/json.h"
#include "base/terminal.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define BESIDE 19 /* where texts begin beside names */

static void print_beside(int used, int at, const char *text)
{
	text_beside(stdout, text, (unsigned)used, (unsigned)at, terminal_of(stdout).width);
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

void list_print(const json_t *lists)
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
