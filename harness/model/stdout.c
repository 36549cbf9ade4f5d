#include "model/stdout.h"

#include <stddef.h>
#include <string.h>

const struct stdout_target stdout_targets[] = {
	{ "null", "is thrown away (/dev/null)", .piped = false },
	{ "pipe", "is read through a pipe", .piped = true },
	{ 0 },
};

const struct stdout_target *stdout_target_find(const char *name)
{
	for (const struct stdout_target *target = stdout_targets; name && target->name; target++)
		if (strcmp(target->name, name) == 0)
			return target;
	return NULL;
}
