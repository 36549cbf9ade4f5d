#include "report/kit/failure.h"

#include "base/interrupts.h"
#include "base/json.h"
#include "report/kit/remarks.h"
#include "report/kit/units.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void append_number(char *list, size_t size, const char *format, const json_t *failure, const char *key)
{
	const json_t *number = json_object_get(failure, key);
	char word[48];

	if (!json_is_integer(number))
		return;
	snprintf(word, sizeof(word), format, (intmax_t)json_integer_value(number));
	list_append(list, size, word);
}

/* "pid 4711, SIGKILL, item 17, after 1.200 s", as far as they are known. */
static void failure_details(char *list, size_t size, const json_t *failure)
{
	const json_t *number = json_object_get(failure, "signal");
	double after_ns = json_double(failure, "after_ns");
	char word[48];

	list[0] = '\0';
	append_number(list, size, "pid %jd", failure, "pid");
	if (json_is_integer(number))
		list_append(list, size, signal_text(word, (int)json_integer_value(number)));
	append_number(list, size, "exit status %jd", failure, "exit_status");
	append_number(list, size, "item %jd", failure, "item");
	if (isnan(after_ns))
		return;
	snprintf(word, sizeof(word), "after ");
	quantity_text(word + strlen(word), sizeof(word) - strlen(word), KIND_TIME, after_ns, "us");
	list_append(list, size, word);
}

void failure_text(char *text, size_t size, const json_t *failure)
{
	const char *kind = json_text(failure, "kind"), *message = json_text(failure, "message");
	char details[192];

	failure_details(details, sizeof(details), failure);
	snprintf(text, size, "%s: %.600s%s%s%s", kind ? kind : "failed", message ? message : "no message",
		 details[0] ? " (" : "", details, details[0] ? ")" : "");
	for (char *at = text; kind && at < text + strlen(kind) && *at; at++)
		if (*at == '_')
			*at = ' ';
}
