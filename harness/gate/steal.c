#include "gate/steal.h"

#include "gate/commands.h"

#include <string.h>
#include <sys/utsname.h>

static bool has_line(const char *pattern, const char *file)
{
	char *search[] = { (char *)"zgrep", (char *)"-m1", (char *)pattern, (char *)file, NULL }, line[16384];

	command_line_of(search, line, sizeof(line));
	return line[0] != '\0';
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
	/* only x86 says whether there is a hypervisor */
	return has_line("^flags", "/proc/cpuinfo") && !has_line("^flags.* hypervisor", "/proc/cpuinfo");
}
