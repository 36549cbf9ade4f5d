#include "report/compare/internal.h"

#include <errno.h>
#include <string.h>

/* Keys of `machine` in the run file. A value of null is not known, and differs from no other. */
static const struct {
	const char *subject, *key;
} machine_keys[] = {
	{ "other machine", "host" },
	{ "other processor", "cpu_model" },
	{ "other architecture", "architecture" },
	{ "other topology", "topology" },
	{ "other kernel", "kernel" },
	{ "other virtualisation", "virtualisation" },
	{ "other governor", "governor" },
	{ "other SMT setting", "smt" },
	{ "other clock source", "clocksource" },
	{ "other huge pages", "transparent_huge_pages" },
	{ "other mitigations", "mitigations" },
};

static int compare_values(struct remarks *differences, const char *subject, const json_t *a, const json_t *b,
			  size_t side)
{
	char text[512];

	if (!values_differ(a, b))
		return 0;
	values_text(text, sizeof(text), a, b, side);
	return remark_on(differences, subject, text) ? 0 : -ENOMEM;
}

static int compare_versions(struct remarks *differences, const json_t *a, const json_t *b, size_t side)
{
	char subject[80];
	int err = 0;

	for (void *at = json_object_iter((json_t *)a); at && !err; at = json_object_iter_next((json_t *)a, at)) {
		const char *key = json_object_iter_key(at);

		snprintf(subject, sizeof(subject), "other %.60s", key);
		for (char *c = subject; *c; c++)
			*c = (char)(*c == '_' ? ' ' : *c);
		err = compare_values(differences, subject, json_object_iter_value(at), json_object_get(b, key), side);
	}
	return err;
}

static int remark_interruption(struct remarks *differences, const json_t *run, size_t side)
{
	const char *signal = json_text(run, "interrupted");
	char text[128];

	if (!signal)
		return 0;
	snprintf(text, sizeof(text), "%c by %.60s: not all was measured", side_letter(side), signal);
	return remark_on(differences, "interrupted", text) ? 0 : -ENOMEM;
}

int compare_runs(struct remarks *differences, const struct compared *compared, size_t side)
{
	const json_t *a = compared->side[0].run, *b = compared->side[side].run;
	const json_t *ours = json_object_get(a, "machine"), *theirs = json_object_get(b, "machine");
	int err = remark_interruption(differences, a, 0);

	err = err ? err : remark_interruption(differences, b, side);
	for (size_t i = 0; i < sizeof(machine_keys) / sizeof(machine_keys[0]) && !err; i++)
		err = compare_values(differences, machine_keys[i].subject, json_object_get(ours, machine_keys[i].key),
				     json_object_get(theirs, machine_keys[i].key), side);
	return err ? err
		   : compare_versions(differences, json_object_get(a, "versions"), json_object_get(b, "versions"),
				      side);
}
