#include "gate/trials/steal.h"

#include "base/program.h"

#include <string.h>
#include <sys/utsname.h>

static bool has_line(const char *pattern, const char *file)
{
	char *count[] = { (char *)"zgrep", (char *)"-c", (char *)pattern, (char *)file, NULL }, number[32];

	program_line(count, number, sizeof(number));
	return number[0] != '\0'; /* zgrep fails if it counts 0, and then `number` is empty */
}

bool steal_is_excluded(void)
{
	const char *option = "^CONFIG_PARAVIRT_TIME_ACCOUNTING=y";
	struct utsname system;
	char file[sizeof("/boot/config-") + sizeof(system.release)] = "/boot/config-";

	uname(&system);
	strcat(file, system.release);
	if (has_line(option, "/proc/config.gz") || has_line(option, file))
		return true;
	/* Only x86 says whether there is a hypervisor. */
	return has_line("^flags", "/proc/cpuinfo") && !has_line("^flags.* hypervisor", "/proc/cpuinfo");
}
