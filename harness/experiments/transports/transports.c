/* `bench experiment transports` measures between two processes how long a message takes there and back, and how many
 * bytes a second go in one direction, for every transport, size and place. Each is compared with a bare loop over the
 * same channel of the kernel, in turns. */
#include "experiments/transports/internal.h"

#include "command/option_specs.h"
#include "command/verb.h"
#include "model/registry.h"
#include "run/supervise/placement.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#define SIZE_MAX_BYTES (UINT64_C(1) << 30)
#define PLACES_MAX 4

struct transports_request {
	struct words transports;
	struct numbers sizes; /* bytes */
	bool quick, json;
};

#define FIELD(name) .field = offsetof(struct transports_request, name)

static const struct option_spec specs[] = {
	{ "--transport", "T,...", "which ones", .preset = "all",
	  .type = &option_names, .names = &transport_names, FIELD(transports) },
	{ "--size", "BYTES,...", "of a message; else ten sizes from 1 byte to 64 MiB",
	  .type = &option_numbers, .least = 1, .most = SIZE_MAX_BYTES, FIELD(sizes) },
	{ "--quick", NULL, "three sizes, and fewer turns",
	  .type = &option_flag, FIELD(quick) },
	{ "--json", NULL, "as JSON",
	  .type = &option_flag, FIELD(json) },
	{ .rest = common_options },
};

static int choose_sizes(struct transports_request *r)
{
	static const uint64_t quick[] = { 1, 4096, 1 << 20 };
	static const uint64_t all[] = { 1, 64, 1024, 4096, 16384, 65536, 262144, 1 << 20, 8 << 20, 64 << 20 };
	const uint64_t *sizes = r->quick ? quick : all;
	size_t count = r->quick ? sizeof(quick) / sizeof(quick[0]) : sizeof(all) / sizeof(all[0]);
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

/* Measures all cases into `rows` and counts them. Returns 0, or -errno after a message. */
static int measure_all(const struct transports_request *r, const struct endpoints *places, size_t place_count,
		       struct transport_row *rows, size_t *count)
{
	const struct transport_effort effort =
		r->quick ? (struct transport_effort){ 0.005, 3 } : (struct transport_effort){ 0.02, 5 };

	for (size_t p = 0; p < place_count; p++)
		for (size_t t = 0; t < r->transports.count; t++)
			for (size_t s = 0; s < r->sizes.count; s++) {
				struct transport_row *row = &rows[(*count)++];
				int err;

				*row = (struct transport_row){
					.transport = registry_transport(r->transports.word[t]),
					.place = places[p].name,
					.size = r->sizes.number[s],
				};
				err = measure_row(row, &places[p], &effort);
				if (!err || err == -ENOTSUP)
					continue;
				fprintf(stderr, "bench: experiment transports: '%s', %llu bytes, %s: %s\n",
					row->transport->name, (unsigned long long)row->size, row->place,
					strerror(-err));
				return err;
			}
	return 0;
}

static int print(const struct transports_request *r, const struct transport_row *rows, size_t count)
{
	json_t *list;

	if (!r->json) {
		print_rows(rows, count, stdout);
		return 0;
	}
	list = pack_rows(rows, count);
	json_dumpf(list, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	printf("\n");
	json_decref(list);
	return 0;
}

static int measure_and_print(struct transports_request *r, const struct placement *placement)
{
	struct endpoints places[PLACES_MAX];
	size_t count = 0, place_count = find_places(placement, places);
	struct transport_row *rows = calloc(place_count * r->transports.count * r->sizes.count, sizeof(*rows));
	cpu_set_t before;
	int err;

	sched_getaffinity(0, sizeof(before), &before);
	err = rows ? measure_all(r, places, place_count, rows, &count) : -ENOMEM;
	sched_setaffinity(0, sizeof(before), &before);
	err = err ? err : print(r, rows, count);
	free(rows);
	return err;
}

static int run(void *request, char **argv)
{
	const struct why why = { (char[512]){ 0 }, 512 };
	struct transports_request *asked = request;
	struct placement placement = { 0 };
	int err = choose_sizes(asked);

	err = err ? err : placement_open(&placement, NULL, &why);
	if (err)
		fprintf(stderr, "bench: experiment transports: %s\n", why.text[0] ? why.text : strerror(-err));
	else
		err = measure_and_print(asked, &placement);
	placement_close(&placement);
	return err ? EXIT_USAGE : EXIT_DONE;
}

const struct verb experiment_transports = {
	.name = "transports",
	.summary = "round trips and throughput of every transport, beside bare loops",
	.about = "Measures how long a message takes there and back, and how much goes through in\n"
		 "one direction, between two processes: for every transport, size and place; and\n"
		 "beside each a bare loop over the same means, in turns.\n",
	.examples = "  ./bench experiment transports --transport shm,pipe --size 1,65536\n"
		    "      two transports, with short and with long messages\n",
	.options = specs,
	.request_size = sizeof(struct transports_request),
	.run = run,
};
