#include "report/kit/svg.h"

#include "base/file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Returns the length of the text at `at` that the id of a part follows; 0: no id follows. */
static size_t before_id(const char *at)
{
	static const char *const marks[] = { " id='", " id=\"", "href='#", "href=\"#", "url(#" };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (strncmp(at, marks[i], strlen(marks[i])) == 0)
			return strlen(marks[i]);
	return 0;
}

/* Returns the length of the title at `at`; 0: there is none. Browsers show titles over the picture, and gnuplot's are
 * its own name and the code of what is drawn. */
static size_t title_at(const char *at)
{
	static const char begin[] = "<title>", end[] = "</title>";
	const char *last = strncmp(at, begin, strlen(begin)) == 0 ? strstr(at, end) : NULL;

	return last ? (size_t)(last - at) + strlen(end) : 0;
}

int svg_inline(FILE *out, const char *folder, const char *name)
{
	char file[96];
	char *text, *at;
	bool inside = false; /* a tag: only there are ids */

	snprintf(file, sizeof(file), "%s.svg", name);
	text = file_text(folder, file);
	if (!text)
		return -errno;
	at = strstr(text, "<svg");
	while (at && *at) {
		size_t mark = inside ? before_id(at) : 0, title = title_at(at);

		if (title) {
			at += title;
			continue;
		}
		inside = *at == '<' || (inside && *at != '>');
		fwrite(at, 1, mark ? mark : 1, out);
		if (mark)
			fprintf(out, "%s-", name);
		at += mark ? mark : 1;
	}
	free(text);
	return 0;
}
