#include "run/supervise/machine.h"

#include "base/proc.h"
#include "base/program.h"
#include "run/cell/timer.h"

#include <gnu/libc-version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#define CACHE_MOST (UINT64_C(64) << 20) /* bytes of a cache for each core; twice what the largest processors have */

/* The first line of a small file as a string, or null. */
static json_t *file_line(const char *path)
{
	char text[512];

	if (proc_read(path, text, sizeof(text)) <= 0)
		return json_null();
	text[strcspn(text, "\n")] = '\0';
	return json_string(text);
}

/* The value of a "key : value" line of /proc/cpuinfo, or null. */
static json_t *cpuinfo(const char *key)
{
	char line[4096];
	json_t *value = NULL;
	FILE *f = fopen("/proc/cpuinfo", "re");

	while (f && !value && fgets(line, sizeof(line), f)) {
		char *colon = strchr(line, ':');

		if (strncmp(line, key, strlen(key)) || !colon)
			continue;
		line[strcspn(line, "\n")] = '\0';
		value = json_string(colon + 1 + strspn(colon + 1, " \t"));
	}
	if (f)
		fclose(f);
	return value ? value : json_null();
}

/* The hypervisor below this kernel: the name that the firmware gives the machine, if there is a hypervisor. */
static json_t *virtualisation(void)
{
	int guest = proc_hypervisor();
	json_t *vendor;

	if (guest <= 0)
		return guest ? json_null() : json_string("none seen");
	vendor = file_line("/sys/class/dmi/id/sys_vendor");
	if (json_is_string(vendor))
		return vendor;
	json_decref(vendor);
	return json_string("hypervisor");
}

/* "y", "n", or NULL: the kernel does not show its configuration. */
static const char *kernel_option(const char *option)
{
	char *argv[] = { "gzip", "-dc", "/proc/config.gz", NULL }, line[256];
	const char *value = NULL;
	bool shown = false;
	struct child child;
	FILE *f = program_open(argv, &child);

	while (f && fgets(line, sizeof(line), f)) {
		shown = true;
		if (!strncmp(line, option, strlen(option)) && line[strlen(option)] == '=')
			value = "y";
	}
	program_close(f, &child);
	return value ? value : shown ? "n" : NULL;
}

/* On arm64 the kernel gives numbers instead of a name. */
static json_t *cpu_model(void)
{
	json_t *model = cpuinfo("model name"), *maker, *part;

	if (json_is_string(model))
		return model;
	json_decref(model);
	maker = cpuinfo("CPU implementer");
	part = cpuinfo("CPU part");
	model = json_is_string(maker) && json_is_string(part)
			? json_sprintf("implementer %s part %s", json_string_value(maker), json_string_value(part))
			: json_null();
	json_decref(maker);
	json_decref(part);
	return model;
}

static json_t *mitigations(void)
{
	static const char *const names[] = { "meltdown", "spectre_v1", "spectre_v2", "mds", "l1tf", "retbleed",
					     "spec_store_bypass", "gather_data_sampling" };
	json_t *object = json_object();

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char path[128];

		snprintf(path, sizeof(path), "/sys/devices/system/cpu/vulnerabilities/%s", names[i]);
		json_object_set_new(object, names[i], file_line(path));
	}
	return object;
}

/* Some hypervisors show each guest the cache of a whole host, or more than any has. */
static const char *doubt_cache(const struct placement *p, hwloc_uint64_t bytes)
{
	bool doubtful = !p->synthetic && p->cores && bytes / p->cores > CACHE_MOST && proc_hypervisor() > 0;

	return doubtful ? "the hypervisor says so: no processor has as much a core" : NULL;
}

static json_t *caches(const struct placement *p)
{
	json_t *list = json_array();
	hwloc_obj_t object = NULL;

	for (int depth = 0; depth < hwloc_topology_get_depth(p->topology); depth++) {
		hwloc_obj_type_t type = hwloc_get_depth_type(p->topology, depth);
		hwloc_uint64_t size, count;

		if (!hwloc_obj_type_is_cache(type))
			continue;
		object = hwloc_get_obj_by_depth(p->topology, depth, 0);
		size = object->attr->cache.size; /* 0: the machine does not say */
		count = (hwloc_uint64_t)hwloc_get_nbobjs_by_depth(p->topology, depth);
		json_array_append_new(list,
				      json_pack("{s:s, s:o, s:I, s:s*}", "type", hwloc_obj_type_string(type),
						"size_bytes", size ? json_integer((json_int_t)size) : json_null(),
						"count", (json_int_t)count, "doubt", doubt_cache(p, size * count)));
	}
	return list;
}

static json_t *topology(const struct placement *p)
{
	return json_pack("{s:b, s:i, s:i, s:i, s:i, s:o, s:i, s:o}", "synthetic", p->synthetic, "packages", p->packages,
			 "numa_nodes", p->nodes, "cores", p->cores, "processing_units", p->units, "caches", caches(p),
			 "usable_processors", p->usable, "quota_processors",
			 p->quota > 0 ? json_real(p->quota) : json_null());
}

json_t *machine_describe(const struct placement *p)
{
	struct machine_times times = proc_machine_times();
	const char *paravirt = kernel_option("CONFIG_PARAVIRT_TIME_ACCOUNTING");
	double load[3] = { 0 };
	struct utsname name;

	uname(&name);
	getloadavg(load, 3);
	return json_pack("{s:o, s:s, s:s, s:s, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:s?, s:o, s:I, s:o, s:o, s:o}",
			 "topology", topology(p), "host", name.nodename, "kernel", name.release, "architecture",
			 name.machine, "cpu_model", cpu_model(), "cpu_mhz", cpuinfo("cpu MHz"), "memory_bytes",
			 (json_int_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE), "governor",
			 file_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"), "clocksource",
			 file_line("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
			 "virtualisation", virtualisation(), "smt", file_line("/sys/devices/system/cpu/smt/active"),
			 "paravirt_time_accounting", paravirt, "load", json_pack("[f,f,f]", load[0], load[1], load[2]),
			 "stolen_ns_since_boot", (json_int_t)times.stolen_ns, "perf_event_paranoid",
			 file_line("/proc/sys/kernel/perf_event_paranoid"), "transparent_huge_pages",
			 file_line("/sys/kernel/mm/transparent_hugepage/enabled"), "mitigations", mitigations());
}

json_t *machine_versions(void)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "bench", BENCH_VERSION, "compiler", BENCH_COMPILER, "libc",
			 gnu_get_libc_version(), "google_benchmark", timer_version(), "hwloc", HWLOC_VERSION, "jansson",
			 JANSSON_VERSION);
}
