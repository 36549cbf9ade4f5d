#include "verbs/export_words.h"

#include "command/option_specs.h"
#include "store/exports/export.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The format of a word FORMAT=FILE; NULL with the reason. */
static const struct export *format_of(const char *word, const struct why *why)
{
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	return vocabulary_check(&export_names, name, why) ? NULL : export_find(name);
}

static const char *file_of(const char *word)
{
	return strchr(word, '=') + 1;
}

int export_words_check(const struct words *words, bool gate, const struct why *why)
{
	int err = 0;

	for (size_t i = 0; i < words->count && !err; i++) {
		const char *file = file_of(words->word[i]);
		const struct export *export = format_of(words->word[i], why);

		err = export ? export_takes(export, gate, why) : -EINVAL;
		err = err ? err : export_check(file, why);
		for (size_t k = 0; k < i && !err; k++)
			if (strcmp(file_of(words->word[k]), file) == 0)
				err = why_refuse(why, "--export: two formats for one file, '%s'", file);
	}
	return err;
}

int export_words_write(const struct words *words, const json_t *result, const struct why *why)
{
	int err = 0;

	for (size_t i = 0; i < words->count; i++) {
		const struct export *export = format_of(words->word[i], why);
		int own = export ? export_write(export, result, file_of(words->word[i]), why) : -EINVAL;

		err = own ? own : err;
	}
	return err;
}
