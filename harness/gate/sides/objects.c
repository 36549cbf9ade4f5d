#include "gate/sides/objects.h"

#include "model/registry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A workload as it is described; the registry keeps it. */
struct described {
	struct workload workload;
	struct param params[OBJECT_PARAMS + 1];
	struct description said; /* holds the strings */
};

static void take_description(struct described *d)
{
	d->workload = (struct workload){
		.abi = BENCH_WORKLOAD_ABI,
		.name = d->said.name,
		.files = d->said.reads_files ? "files" : NULL,
		.params = d->params,
	};
	for (uint32_t i = 0; i < d->said.param_count && i < OBJECT_PARAMS; i++)
		d->params[i] = (struct param){ .name = d->said.params[i].name, .preset = d->said.params[i].preset };
}

int object_describe(struct supervisor *supervisor, const struct workload **workload, int *signal, const struct why *why)
{
	struct described *d = calloc(1, sizeof(*d));
	int err = d ? supervisor_describe(supervisor, &d->said, signal, why) : -ENOMEM;

	if (err) {
		free(d);
		return err;
	}
	take_description(d);
	registry_add(&d->workload);
	*workload = &d->workload;
	return 0;
}

static const char *param_name(const struct workload *workload, size_t i)
{
	return workload->params ? workload->params[i].name : NULL;
}

bool object_same_params(const struct workload *a, const struct workload *b)
{
	size_t i = 0;

	while (param_name(a, i) && param_name(b, i) && strcmp(param_name(a, i), param_name(b, i)) == 0)
		i++;
	return !param_name(a, i) && !param_name(b, i);
}
