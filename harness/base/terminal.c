#include "base/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_ELSEWHERE 120
#define WIDTH_LEAST 20
#define WIDTH_MOST 1000

static unsigned width_of(int fd)
{
	const char *columns = getenv("COLUMNS");
	unsigned long asked = columns ? strtoul(columns, NULL, 10) : 0;
	struct winsize size;

	if (asked >= WIDTH_LEAST && asked <= WIDTH_MOST)
		return (unsigned)asked;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= WIDTH_LEAST)
		return size.ws_col;
	return WIDTH_ELSEWHERE;
}

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && value[0];
}

/* It asks the environment, so that the answer does not depend on whether the program has called setlocale(). */
static bool speaks_utf8(void)
{
	const char *locale = is_set("LC_ALL")     ? getenv("LC_ALL")
			     : is_set("LC_CTYPE") ? getenv("LC_CTYPE")
						  : getenv("LANG");

	return locale && (strcasestr(locale, "UTF-8") || strcasestr(locale, "UTF8"));
}

struct terminal terminal_of(FILE *out)
{
	int fd = fileno(out);
	const char *kind = getenv("TERM");
	bool live = isatty(fd) && kind && strcmp(kind, "dumb") != 0;

	return (struct terminal){
		.width = width_of(fd),
		.live = live,
		.colour = live && !is_set("NO_COLOR"),
		.micro = speaks_utf8() ? "µs" : "us",
	};
}
