/* `bench experiment transports` measures between two processes how long a message takes there and back, and how many
 * bytes a second go in one direction, for every transport, size and place. Each is compared with a bare loop over the
 * same channel of the kernel, in turns. */
#include "experiments/transports/internal.h"

#include "base/clock.h"
#include "command/option_specs.h"
#include "command/verb.h"
#include "model/registry.h"
#include "run/supervise/placement.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define SIZE_MAX_BYTES (UINT64_C(1) << 30)
#define PLACES_MAX 4
#define TURNS_BESIDE 3 /* what starting processes and finding the number of iterations takes, in turns */

struct transports_request {
	struct words transports;
	struct numbers sizes; /* bytes */
	uint64_t budget_ns, timeout_ns;
	struct notebook_request notebook;
};

#define FIELD(name) .field = offsetof(struct transports_request, name)

static const struct option_spec specs[] = {
	{ "--transport", "T,...", "which ones", .preset = "all",
	  .heading = "What is measured:",
	  .type = &option_names, .names = &transport_names, FIELD(transports) },
	{ "--size", "BYTES,...", "of a message; else ten sizes from 1 byte to 64 MiB",
	  .type = &option_numbers, .least = 1, .most = SIZE_MAX_BYTES, FIELD(sizes) },

	{ "--budget", "TIME", "for all measuring, such as 2m; else no limit",
	  .heading = "How long:",
	  .type = &option_duration, FIELD(budget_ns) },
	{ "--quick", NULL, "three sizes, and fewer turns",
	  .type = &option_flag, FIELD(notebook.quick) },
	{ "--timeout", "TIME", "for one line of the table", .preset = "60s",
	  .type = &option_duration, FIELD(timeout_ns) },

	{ "--output", "DIR", "for transports.json; else below results/experiments",
	  .heading = "Results:",
	  .type = &option_text, FIELD(notebook.output) },
	{ "--json", NULL, "print it instead of the table",
	  .type = &option_flag, FIELD(notebook.json) },
	{ "--quiet", NULL, "no progress",
	  .type = &option_flag, FIELD(notebook.quiet) },
	{ .rest = common_options },
};

static int choose_sizes(struct transports_request *r)
{
	static const uint64_t quick[] = { 1, 4096, 1 << 20 };
	static const uint64_t all[] = { 1, 64, 1024, 4096, 16384, 65536, 262144, 1 << 20, 8 << 20, 64 << 20 };
	bool few = r->notebook.quick;
	const uint64_t *sizes = few ? quick : all;
	size_t count = few ? sizeof(quick) / sizeof(quick[0]) : sizeof(all) / sizeof(all[0]);
	int err = 0;

	for (size_t i = 0; r->sizes.count == i && i < count && !err; i++)
		err = numbers_add(&r->sizes, sizes[i]);
	return err;
}

static void fill(struct endpoints *place, const char *name, hwloc_const_bitmap_t parent, hwloc_const_bitmap_t worker)
{
	*place = (struct endpoints){ .name = name };
	for (int end = 0; end < 2; end++) {
		hwloc_const_bitmap_t set = end == END_PARENT ? parent : worker;

		for (int cpu = hwloc_bitmap_first(set); cpu >= 0; cpu = hwloc_bitmap_next(set, cpu))
			if ((unsigned)cpu < CPUS_WORDS * 64)
				place->ends[end].bits[cpu / 64] |= UINT64_C(1) << cpu % 64;
	}
	place->one_processor = hwloc_bitmap_weight(parent) == 1 && hwloc_bitmap_isequal(parent, worker);
}

/* Returns the first processing unit of the n-th object inside `within`; NULL: there is none. */
static hwloc_obj_t unit_of(hwloc_topology_t t, hwloc_const_cpuset_t within, hwloc_obj_type_t type, unsigned n)
{
	hwloc_obj_t object = hwloc_get_obj_inside_cpuset_by_type(t, within, type, n);

	return object ? hwloc_get_obj_inside_cpuset_by_type(t, object->cpuset, HWLOC_OBJ_PU, 0) : NULL;
}

/* Finds the places of this machine: one core, two cores of a package, two packages, anywhere. */
static size_t find_places(const struct placement *placement, struct endpoints places[PLACES_MAX])
{
	hwloc_topology_t t = placement->topology;
	hwloc_const_cpuset_t all = hwloc_topology_get_topology_cpuset(t);
	hwloc_obj_t package = hwloc_get_obj_inside_cpuset_by_type(t, all, HWLOC_OBJ_PACKAGE, 0);
	hwloc_const_cpuset_t within = package ? package->cpuset : all;
	hwloc_obj_t first = unit_of(t, within, HWLOC_OBJ_PU, 0), core = unit_of(t, within, HWLOC_OBJ_CORE, 1);
	hwloc_obj_t elsewhere = unit_of(t, all, HWLOC_OBJ_PACKAGE, 1);
	size_t count = 0;

	fill(&places[count++], "one core", first->cpuset, first->cpuset);
	if (!core && placement->cores == placement->units) /* some machines show no cores */
		core = unit_of(t, within, HWLOC_OBJ_PU, 1);
	if (core)
		fill(&places[count++], "two cores", first->cpuset, core->cpuset);
	if (elsewhere)
		fill(&places[count++], "two packages", first->cpuset, elsewhere->cpuset);
	fill(&places[count++], "unbound", all, all);
	return count;
}

/* Lists all cases in memory that the processes which measure them share. */
static int list_rows(struct transports *t, const struct transports_request *r, const struct endpoints *places,
		     size_t place_count)
{
	size_t most = place_count * r->transports.count * r->sizes.count;

	t->rows = mmap(NULL, most * sizeof(*t->rows), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (t->rows == MAP_FAILED) {
		t->rows = NULL;
		return -ENOMEM;
	}
	for (size_t p = 0; p < place_count; p++)
		for (size_t i = 0; i < r->transports.count; i++)
			for (size_t s = 0; s < r->sizes.count; s++)
				t->rows[t->count++] = (struct transport_row){
					.transport = registry_transport(r->transports.word[i]),
					.place = &places[p],
					.size = r->sizes.number[s],
					.bare = bare_for_latency(r->transports.word[i])->name,
					.bare_stream = bare_for_throughput(r->transports.word[i])->name,
				};
	return 0;
}

/* Makes turns shorter if the budget asks for it. A row has two measures of two ways, each with a turn more, which finds
 * out how long it takes. */
static void choose_effort(struct transports *t, const struct transports_request *r)
{
	t->effort = r->notebook.quick ? (struct transport_effort){ 0.005, 3 } : (struct transport_effort){ 0.02, 5 };
	t->timeout_ns = r->timeout_ns;
	t->started_ns = clock_ns();
	if (r->budget_ns) {
		double turns = (double)t->count * 2 * 2 * (t->effort.turns + TURNS_BESIDE);
		double turn_s = (double)r->budget_ns / 1e9 / turns;

		t->effort.turn_s = turn_s < t->effort.turn_s ? turn_s : t->effort.turn_s;
		t->end_ns = t->started_ns + r->budget_ns;
	}
}

/* Returns an exit status. */
static int measure_and_show(struct transports *t, const struct why *why)
{
	int err = measure_all(t, why), failed = 0;

	if (!err || err == -EINTR)
		err = notebook_show(&t->book, why);
	for (size_t i = 0; i < t->count; i++)
		failed += t->rows[i].status == ROW_FAILED;
	if (err)
		return verb_complain(why->text[0] ? why->text : strerror(-err));
	return failed ? EXIT_CELL_FAILED : EXIT_DONE;
}

static int run(void *request, char **argv)
{
	const struct why why = { (char[1024]){ 0 }, 1024 };
	struct transports_request *asked = request;
	struct transports t = {
		.book = {
			.experiment = "transports",
			.request = &asked->notebook,
			.result = &t,
			.pack = pack_rows,
			.print = print_rows,
			.conclude = conclude_rows,
		},
	};
	struct placement placement = { 0 };
	struct endpoints places[PLACES_MAX];
	int err = choose_sizes(asked), status;

	(void)argv;
	err = err ? err : placement_open(&placement, NULL, &why);
	err = err ? err : list_rows(&t, asked, places, find_places(&placement, places));
	err = err ? err : notebook_open(&t.book, &why);
	choose_effort(&t, asked);
	status = err ? verb_complain(why.text[0] ? why.text : strerror(-err)) : measure_and_show(&t, &why);
	if (t.rows)
		munmap(t.rows, t.count * sizeof(*t.rows));
	placement_close(&placement);
	notebook_close(&t.book);
	return status;
}

const struct verb experiment_transports = {
	.name = "transports",
	.summary = "round trips and throughput of every transport, beside bare loops",
	.about = "Measures how long a message takes there and back, and how much goes through in\n"
		 "one direction, between two processes: for every transport, size and place; and\n"
		 "beside each a bare loop over the same means, in turns. What is measured so far\n"
		 "stands in transports.json at any time.\n",
	.examples = "  ./bench experiment transports --transport shm,pipe --size 1,65536\n"
		    "      two transports, with short and with long messages\n",
	.options = specs,
	.request_size = sizeof(struct transports_request),
	.run = run,
};
