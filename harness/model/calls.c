#include "model/mode.h"

#include <string.h>

const struct call registry_calls[] = {
	{ "map", "one blocking call, results in order, ranges by chunks", .ordered = true },
	{ "imap", "results in order, each as soon as those before it are there", .ordered = true, .streams = true,
	  .one_by_one = true },
	{ "imap_unordered", "results as they come", .streams = true, .one_by_one = true },
	{ "apply", "one blocking call an item", .submits = true, .blocks = true, .ordered = true, .streams = true },
	{ "apply_async", "all items submitted one by one, their results collected", .submits = true, .ordered = true },
	{ "starmap", "as map, with each item's arguments packed, sent and unpacked", .ordered = true,
	  .arguments = true },
	{ 0 },
};

const struct call call_as_completed = { .name = "as_completed", .submits = true, .streams = true };

bool call_is_preset(const char *name)
{
	return !name || strcmp(name, registry_calls[0].name) == 0;
}

const struct call *call_find(const char *name)
{
	for (const struct call *call = registry_calls; name && call->name; call++)
		if (strcmp(call->name, name) == 0)
			return call;
	return NULL;
}
