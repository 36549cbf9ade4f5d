#include "run/supervise/internal.h"

#include "base/interrupts.h"
#include "model/registry.h"

#include <stdio.h>

struct asking {
	struct supervisor *s;
	const char *workload;
	struct workload_probe *probe;
};

static void pass_skipped(void *context, const char *file, const char *why)
{
	struct asking *c = context;

	c->probe->skipped = true;
	if (c->s->observer.skipped)
		c->s->observer.skipped(c->s->observer.context, c->workload, file, why);
}

/* Runs an invocation that belongs to no run, with the folders of `s`; `context` is for inputs that are left out, NULL:
 * none can be. Returns 0, -EINTR with *signal set, or -errno with `why`; `result` is to be released in any case. */
static int invoke_once(struct supervisor *s, struct spec *spec, struct asking *context,
		       struct invocation_result *result, int *signal, const struct why *why)
{
	struct cell_launcher launcher = {
		.program = s->program, .environment = s->environment, .timeout_ns = s->timeout_ns, .said = s->said,
	};
	char scratch[4096], said[512];
	sigset_t mask;
	int err;

	snprintf(scratch, sizeof(scratch), "%s/cell", s->scratch);
	spec->cache = s->cache;
	spec->run = s->scratch;
	spec->scratch = scratch;
	spec->object = s->object;
	launcher.signal_fd = interrupts_catch(&mask);
	err = launcher.signal_fd < 0 ? launcher.signal_fd : 0;
	if (!err)
		invocation_run(&launcher, spec, NULL, context ? pass_skipped : NULL, context, result);
	interrupts_let(launcher.signal_fd, &mask);
	*signal = result->interrupted;
	if (result->interrupted)
		return -EINTR;
	if (err)
		return why_failed(why, err, "cannot catch signals");
	err = result->failed ? why_refuse(why, "%s", result->failure.message) : 0;
	if (result->failed && output_last_lines(s->said, said, sizeof(said))[0])
		why_add(why, "; it said: %s", said);
	return err;
}

int supervisor_describe(struct supervisor *s, struct description *description, int *signal,
			const struct why *why)
{
	struct invocation_result r = { 0 };
	struct spec spec = { .describe = true, .counters = { .sources = registry_counter_sources } };
	char reason[1024] = "";
	int err = invoke_once(s, &spec, NULL, &r, signal, WHY(reason));

	if (err && r.failure.kind == FAILURE_ERROR) /* it names the object */
		why_say(why, "%s", reason);
	else if (err)
		why_say(why, "cannot load '%s': %s", s->object, reason);
	if (!err && !r.description.name[0])
		err = why_refuse(why, "'%s' was loaded, and nothing was said of it", s->object);
	if (!err) {
		*description = r.description;
		r.description.params = NULL;
	}
	invocation_release(&r);
	return err;
}

int supervisor_probe(struct supervisor *s, const struct cell *cell, struct workload_probe *probe, int *signal,
		     const struct why *why)
{
	struct asking context = { s, cell->workload, probe };
	struct invocation_result r = { 0 };
	struct spec spec = {
		.cell = *cell, .probe_only = !probe->rounds, .rounds = probe->rounds,
		.items_asked = s->items_asked, .counters = { .sources = registry_counter_sources },
	};
	int err = invoke_once(s, &spec, &context, &r, signal, why);

	if (!err && !r.has_facts)
		err = why_refuse(why, "it does not say how many items there are");
	probe->items = r.facts.items;
	probe->wall_ns = r.sample_count ? r.samples[r.sample_count - 1].wall_ns : 0;
	invocation_release(&r);
	return err;
}
