#include "run/supervise/placement.h"

#include "base/proc.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PLACES (CPUS_WORDS * 64) /* processors that a set holds */

/* The number of objects of a type that have processors which may be used: nodes that have only memory, and objects
 * outside the mask, have none. */
static unsigned count_of(hwloc_topology_t t, hwloc_obj_type_t type)
{
	int n = hwloc_get_nbobjs_inside_cpuset_by_type(t, hwloc_topology_get_topology_cpuset(t), type);

	return n > 0 ? (unsigned)n : 0;
}

/* How many processing units a synthetic description has: the product of its numbers, without those of attributes in
 * parentheses and of memory in brackets. At most PLACES + 1. */
static unsigned long count_units(const char *synthetic)
{
	unsigned long product = 1;
	int depth = 0;

	for (const char *at = synthetic; *at; at++) {
		bool begins = at == synthetic || !(isalnum((unsigned char)at[-1]) || at[-1] == '_');
		unsigned long number = depth == 0 && begins && isdigit((unsigned char)*at) ? strtoul(at, NULL, 10) : 1;

		depth += (*at == '(' || *at == '[') - (*at == ')' || *at == ']');
		product = number && product > PLACES / number ? PLACES + 1 : product * (number ? number : 1);
	}
	return product;
}

int placement_open(struct placement *p, const char *synthetic, const struct why *why)
{
	unsigned long flags = HWLOC_TOPOLOGY_FLAG_RESTRICT_TO_CPUBINDING | HWLOC_TOPOLOGY_FLAG_IS_THISSYSTEM;

	*p = (struct placement){ .synthetic = synthetic != NULL };
	unsetenv("HWLOC_SYNTHETIC"); /* such variables would replace this machine's topology */
	unsetenv("HWLOC_XMLFILE");
	if (synthetic && count_units(synthetic) > PLACES)
		return why_refuse(why, "--topology '%s' has more than %d processing units", synthetic, PLACES);
	if (hwloc_topology_init(&p->topology))
		return why_failed(why, errno, "hwloc cannot begin");
	if (synthetic && hwloc_topology_set_synthetic(p->topology, synthetic)) {
		why_say(why, "'%s' is not a synthetic topology (an example: 'package:2 core:32 pu:2')", synthetic);
		placement_close(p);
		return -EINVAL;
	}
	if (!synthetic) /* these flags would shrink a synthetic machine to this one */
		hwloc_topology_set_flags(p->topology, flags);
	if (hwloc_topology_load(p->topology)) {
		why_failed(why, errno, "hwloc cannot load the topology");
		placement_close(p);
		return -EINVAL;
	}
	p->units = count_of(p->topology, HWLOC_OBJ_PU);
	p->cores = count_of(p->topology, HWLOC_OBJ_CORE);
	p->cores = p->cores ? p->cores : p->units; /* on some machines hwloc shows no cores */
	p->nodes = count_of(p->topology, HWLOC_OBJ_NUMANODE);
	p->packages = count_of(p->topology, HWLOC_OBJ_PACKAGE);
	p->quota = synthetic ? 0 : proc_quota("");
	p->usable = p->quota > 0 && p->quota < p->units ? (unsigned)ceil(p->quota) : p->units;
	return 0;
}

void placement_close(struct placement *p)
{
	if (p->topology)
		hwloc_topology_destroy(p->topology);
	p->topology = NULL;
}

static void add(struct cpus *set, unsigned cpu)
{
	if (cpu < CPUS_WORDS * 64)
		set->bits[cpu / 64] |= UINT64_C(1) << cpu % 64;
}

static struct cpus from_bitmap(hwloc_const_bitmap_t bitmap)
{
	struct cpus set = { 0 };

	for (int cpu = hwloc_bitmap_first(bitmap); cpu >= 0; cpu = hwloc_bitmap_next(bitmap, cpu))
		add(&set, (unsigned)cpu);
	return set;
}

/* Worker i gets the i-th object of a type; further workers start over at the first. */
static void choose_objects(const struct placement *p, hwloc_obj_type_t type, unsigned workers, struct cpus *sets)
{
	hwloc_const_cpuset_t all = hwloc_topology_get_topology_cpuset(p->topology);
	unsigned count = count_of(p->topology, type);

	if (count == 0) {
		type = HWLOC_OBJ_PU;
		count = p->units;
	}
	for (unsigned w = 0; w < workers; w++)
		sets[w] = from_bitmap(hwloc_get_obj_inside_cpuset_by_type(p->topology, all, type, w % count)->cpuset);
}

static int choose_list(const struct placement *p, const char *list, unsigned workers, struct cpus *sets,
		       const struct why *why)
{
	unsigned cpus[1024], count = 0;

	for (const char *at = list; *at; at += *at == ',') {
		char *end;
		unsigned long first = strtoul(at, &end, 10), last = *end == '-' ? strtoul(end + 1, &end, 10) : first;

		for (unsigned long cpu = first; cpu <= last && count < 1024; cpu++) {
			if (cpu >= CPUS_WORDS * 64 ||
			    !hwloc_bitmap_isset(hwloc_topology_get_topology_cpuset(p->topology), (unsigned)cpu)) {
				why_say(why, "--bind %s: processor %lu may not be used here", list, cpu);
				return -EINVAL;
			}
			cpus[count++] = (unsigned)cpu;
		}
		if (end == at || (*end && *end != ',')) {
			why_say(why, "--bind %s: not a list of processors", list);
			return -EINVAL;
		}
		at = end;
	}
	for (unsigned w = 0; w < workers && count; w++) {
		sets[w] = (struct cpus){ 0 };
		add(&sets[w], cpus[w % count]);
	}
	return count ? 0 : -EINVAL;
}

int placement_choose(const struct placement *p, const char *bind, unsigned workers, struct cpus *sets,
		     const struct why *why)
{
	if (!strcmp(bind, "core"))
		choose_objects(p, HWLOC_OBJ_CORE, workers, sets);
	else if (!strcmp(bind, "pu"))
		choose_objects(p, HWLOC_OBJ_PU, workers, sets);
	else if (!strcmp(bind, "numa"))
		choose_objects(p, HWLOC_OBJ_NUMANODE, workers, sets);
	else if (!strcmp(bind, "none"))
		for (unsigned w = 0; w < workers; w++)
			sets[w] = from_bitmap(hwloc_topology_get_topology_cpuset(p->topology));
	else
		return choose_list(p, bind, workers, sets, why);
	return 0;
}

static hwloc_bitmap_t to_bitmap(const struct cpus *set)
{
	hwloc_bitmap_t bitmap = hwloc_bitmap_alloc();

	for (unsigned cpu = 0; cpu < CPUS_WORDS * 64; cpu++)
		if (set->bits[cpu / 64] >> cpu % 64 & 1)
			hwloc_bitmap_set(bitmap, cpu);
	return bitmap;
}

bool placement_uses_smt(const struct placement *p, const struct cpus *sets, unsigned workers)
{
	bool shared = workers > p->cores && p->cores < p->units;

	for (unsigned c = 0; c < count_of(p->topology, HWLOC_OBJ_CORE) && !shared; c++) {
		hwloc_obj_t core = hwloc_get_obj_by_type(p->topology, HWLOC_OBJ_CORE, c);
		unsigned inside = 0;

		for (unsigned w = 0; w < workers && hwloc_bitmap_weight(core->cpuset) > 1; w++) {
			hwloc_bitmap_t set = to_bitmap(&sets[w]);

			inside += hwloc_bitmap_isincluded(set, core->cpuset) != 0;
			hwloc_bitmap_free(set);
		}
		shared = inside > 1;
	}
	return shared;
}

unsigned placement_at_once(const struct placement *p, unsigned workers)
{
	return workers < p->usable ? workers : p->usable;
}

bool placement_oversubscribes(const struct placement *p, const struct cpus *sets, unsigned workers)
{
	struct cpus all = { 0 };
	unsigned count = 0;

	for (unsigned w = 0; w < workers; w++)
		for (unsigned i = 0; i < CPUS_WORDS; i++)
			all.bits[i] |= sets[w].bits[i];
	for (unsigned i = 0; i < CPUS_WORDS; i++)
		count += (unsigned)__builtin_popcountll(all.bits[i]);
	return workers > count || workers > p->usable;
}

/* The smallest object of `type` that holds all of the set, or NULL. */
static hwloc_obj_t covering(const struct placement *p, hwloc_const_bitmap_t set, hwloc_obj_type_t type)
{
	hwloc_obj_t object = hwloc_get_obj_covering_cpuset(p->topology, set);

	if (object && object->type != type)
		object = hwloc_get_ancestor_obj_by_type(p->topology, type, object);
	return object;
}

void placement_describe(const struct placement *p, const struct cpus *set, char *text, size_t size)
{
	hwloc_bitmap_t bitmap = to_bitmap(set);
	hwloc_obj_t package, core;
	char units[128], where[64] = "";

	hwloc_bitmap_list_snprintf(units, sizeof(units), bitmap);
	package = covering(p, bitmap, HWLOC_OBJ_PACKAGE);
	core = covering(p, bitmap, HWLOC_OBJ_CORE);
	if (package && core)
		snprintf(where, sizeof(where), "package %u, core %u, ", package->logical_index, core->logical_index);
	else if (package)
		snprintf(where, sizeof(where), "package %u, ", package->logical_index);
	snprintf(text, size, "%s%s %s", where, hwloc_bitmap_weight(bitmap) == 1 ? "processor" : "processors", units);
	hwloc_bitmap_free(bitmap);
}
