/* What is read from /proc and control groups, with files of known content. */
#include "base/proc.h"

#include "base/janitor.h"
#include "tests/test.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char root[] = "/tmp/bench-proc-XXXXXX";

static void write_file(const char *path, const char *text)
{
	char full[512];
	FILE *f;

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *at = strchr(full + strlen(root) + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		mkdir(full, 0755);
		*at = '/';
	}
	f = fopen(full, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int make_root(void **state)
{
	strcpy(root, "/tmp/bench-proc-XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
	return remove_tree(root);
}

static void no_groups_no_limit(void **state)
{
	assert_int_equal(proc_quota(root), 0);
}

static void quota_v2(void **state)
{
	write_file("/proc/self/cgroup", "0::/app/web\n");
	write_file("/sys/fs/cgroup/app/web/cpu.max", "max 100000\n");
	assert_int_equal(proc_quota(root), 0);
	write_file("/sys/fs/cgroup/app/cpu.max", "250000 100000\n");
	assert_float_equal(proc_quota(root), 2.5, 1e-9); /* the group above counts */
	write_file("/sys/fs/cgroup/app/web/cpu.max", "300000 100000\n");
	assert_float_equal(proc_quota(root), 2.5, 1e-9);
	write_file("/sys/fs/cgroup/app/web/cpu.max", "50000 100000\n");
	assert_float_equal(proc_quota(root), 0.5, 1e-9);
	write_file("/sys/fs/cgroup/cpu.max", "25000 100000\n"); /* of a container, whose root this is */
	assert_float_equal(proc_quota(root), 0.25, 1e-9);
}

static void quota_v1(void **state)
{
	write_file("/proc/self/cgroup", "9:name=systemd:/\n2:cpuacct,cpu:/box\n0::/\n");
	write_file("/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "-1\n");
	write_file("/sys/fs/cgroup/cpu/box/cpu.cfs_period_us", "100000\n");
	assert_int_equal(proc_quota(root), 0);
	write_file("/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "150000\n");
	assert_float_equal(proc_quota(root), 1.5, 1e-9);
	write_file("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n");
	write_file("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
	assert_float_equal(proc_quota(root), 0.5, 1e-9);
}

static void available_memory(void **state)
{
	write_file("/proc/meminfo", "MemTotal: 9000 kB\nMemFree: 10 kB\nMemAvailable: 4000 kB\n");
	assert_int_equal(proc_available_memory(root), 4000 * 1024);
	write_file("/proc/self/cgroup", "5:memory:/box\n0::/app\n");
	write_file("/sys/fs/cgroup/app/memory.max", "max\n");
	assert_int_equal(proc_available_memory(root), 4000 * 1024);
	write_file("/sys/fs/cgroup/app/memory.max", "3000000\n");
	write_file("/sys/fs/cgroup/app/memory.current", "1500000\n");
	write_file("/sys/fs/cgroup/app/memory.stat", "anon 900000\ninactive_file 500000\n");
	assert_int_equal(proc_available_memory(root), 2000000);
	write_file("/sys/fs/cgroup/memory/box/memory.limit_in_bytes", "1000000\n");
	write_file("/sys/fs/cgroup/memory/box/memory.usage_in_bytes", "1000500\n");
	assert_int_equal(proc_available_memory(root), 0);
}

static void throttling(void **state)
{
	write_file("/proc/self/cgroup", "0::/app\n");
	write_file("/sys/fs/cgroup/app/cpu.stat", "usage_usec 5\nnr_periods 9\nnr_throttled 4\nthrottled_usec 7\n");
	assert_int_equal(proc_throttled(root), 4);
}

static void values_of_keys(void **state)
{
	const char *text = "Rss: 12 kB\nPss: 34 kB\nPss_Dirty: 5 kB\n";

	assert_int_equal(proc_value(text, "Pss:"), 34);
	assert_int_equal(proc_value(text, "Rss:"), 12);
	assert_int_equal(proc_value(text, "Swap:"), 0);
}

static void state_letters(void **state)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	kill(pid, SIGSTOP);
	waitpid(pid, NULL, WUNTRACED);
	assert_int_equal(proc_state(pid), 'T');
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_int_equal(proc_state(pid), '?');
}

static void own_memory(void **state)
{
	uint64_t before = proc_peak_pss();
	size_t size = 16u << 20;
	char *block = malloc(size);

	if (before == 0)
		return; /* this kernel has no smaps_rollup */
	memset(block, 1, size);
	__asm__ volatile("" : : "r"(block) : "memory");
	assert_true(proc_peak_pss() >= before + size / 2);
	free(block);
	assert_true(proc_peak_pss() >= before + size / 2); /* the peak stays */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(no_groups_no_limit, make_root, remove_root),
		cmocka_unit_test_setup_teardown(quota_v2, make_root, remove_root),
		cmocka_unit_test_setup_teardown(quota_v1, make_root, remove_root),
		cmocka_unit_test_setup_teardown(available_memory, make_root, remove_root),
		cmocka_unit_test_setup_teardown(throttling, make_root, remove_root),
		cmocka_unit_test(values_of_keys),
		cmocka_unit_test(state_letters),
		cmocka_unit_test(own_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
