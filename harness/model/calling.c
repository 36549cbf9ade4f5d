#include "model/calling.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MEMBER(name_, type_, member) { .name = (name_), .type = (type_), .offset = offsetof(struct calling, member) }

const struct calling_option calling_options[] = {
	{ "in_flight", "--in-flight", TAKES_IN_FLIGHT, .key = MEMBER("in_flight", KEY_UINT64, in_flight) },
	{ "recycle", "--recycle", TAKES_RECYCLE, .key = MEMBER("recycle", KEY_UINT64, recycle) },
	{ "initializer", "--initializer", TAKES_INITIALIZER, .is_duration = true,
	  .key = MEMBER("initializer_ns", KEY_UINT64, initializer_ns) },
	{ "item_timeout", "--item-timeout", TAKES_FUTURES, .is_duration = true,
	  .key = MEMBER("item_timeout_ns", KEY_UINT64, item_timeout_ns) },
	{ "cancel_after", "--cancel-after", TAKES_FUTURES,
	  .key = MEMBER("cancel_after", KEY_UINT64, cancel_after) },
	{ "retry", "--on-death retry", TAKES_FUTURES, .key = MEMBER("retry", KEY_FLAG, retry) },
	{ 0 },
};

uint64_t calling_value(const struct calling *calling, const struct calling_option *option)
{
	const char *member = (const char *)calling + option->key.offset;

	return option->key.type == KEY_FLAG ? *(const bool *)member : *(const uint64_t *)member;
}

void calling_collapse(struct calling *calling, unsigned takes)
{
	if (!(takes & TAKES_CALL))
		calling->call = NULL;
	for (const struct calling_option *option = calling_options; option->name; option++)
		if (!(takes & option->takes))
			key_read(&option->key, NULL, calling);
}

__attribute__((format(printf, 3, 4))) static void add_word(char *text, size_t size, const char *format, ...)
{
	size_t used = strlen(text);
	va_list list;

	if (used && used + 1 < size)
		text[used++] = '+';
	va_start(list, format);
	vsnprintf(text + used, size - used, format, list);
	va_end(list);
}

/* "recycle=100", "initializer=20ms": in the largest unit that needs no decimals. */
static void add_value(char *text, size_t size, const struct calling_option *option, uint64_t value)
{
	static const struct {
		const char *name;
		uint64_t size;
	} units[] = { { "s", 1000000000 }, { "ms", 1000000 }, { "us", 1000 }, { "ns", 1 }, { "", 1 } };
	size_t i = option->is_duration ? 0 : 4;

	while (value % units[i].size)
		i++;
	add_word(text, size, "%s=%" PRIu64 "%s", option->name, value / units[i].size, units[i].name);
}

void calling_text(char *text, size_t size, const struct cell *cell)
{
	const struct calling *calling = &cell->calling;

	text[0] = '\0';
	if (cell->per_item)
		add_word(text, size, "item");
	if (!call_is_preset(calling->call))
		add_word(text, size, "%s", calling->call);
	for (const struct calling_option *option = calling_options; option->name; option++) {
		uint64_t value = calling_value(calling, option);

		if (value && option->key.type == KEY_FLAG)
			add_word(text, size, "%s", option->name);
		else if (value)
			add_value(text, size, option, value);
	}
}
