#include "report/kit/fonts.h"

#include "base/program.h"

#include <errno.h>
#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define CHARACTERS 0x110000ul /* of Unicode */

/* Reads lists such as "20-7e a0 2190-21ff" for each font. */
static void read_fonts(bool *has)
{
	char *argv[] = { "fc-list", "--format", "%{charset} ", NULL };
	struct child child;
	FILE *output = program_open(argv, &child);
	unsigned long first, last;

	while (output && fscanf(output, "%lx", &first) == 1) {
		if (fscanf(output, "-%lx", &last) != 1)
			last = first;
		for (; first <= last && first < CHARACTERS; first++)
			has[first] = true;
	}
	program_close(output, &child);
}

/* Called with a locale of UTF-8. */
static void replace(char *text, const bool *has)
{
	char *to = text;
	wchar_t character;

	for (size_t bytes; *text; text += bytes) {
		bytes = mbrtowc(&character, text, strlen(text), &(mbstate_t){ 0 });
		bytes = bytes <= 4 ? bytes : 1;
		if (bytes == 1 || has[character])
			to = (char *)memmove(to, text, bytes) + bytes;
		else
			*to++ = '?';
	}
	*to = '\0';
}

int fonts_replace(char *text)
{
	bool *has, ascii = true;
	locale_t utf8, before;

	for (const char *at = text; *at; at++)
		ascii &= !(*at & 0x80);
	if (ascii)
		return 0;
	has = calloc(CHARACTERS, sizeof(*has));
	utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	if (has && utf8) {
		read_fonts(has);
		before = uselocale(utf8);
		replace(text, has);
		uselocale(before);
	}
	if (utf8)
		freelocale(utf8);
	free(has);
	return has && utf8 ? 0 : -ENOMEM;
}
