#include "report/kit/plot_data.h"

#include "base/file.h"
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Writes text so that gnuplot reads it back as it is: in a field of a data file it takes '"' as the beginning of a
 * text, and an octal number after a backslash, of any length, as the character that it stands for. */
static void write_field(FILE *names, const char *text)
{
	bool octal = false;

	for (; *text; text++) {
		octal = *text == '"' || *text == '\\' || (octal && isdigit((unsigned char)*text));
		if (octal)
			fprintf(names, "\\%03o", *text);
		else
			fprintf(names, strncmp(text, "]]>", 3) ? "%c" : "%c ", *text); /* which XML cannot have */
	}
}

void plot_name_write(FILE *names, const char *kind, const char *name)
{
	char *text = strdup(name);

	if (!text)
		return;
	text_clean_all(text);
	fprintf(names, "%s\t", kind);
	write_field(names, text);
	fprintf(names, "\t%zu\n", text_width(text));
	free(text);
}

/* Closes the file. Returns 0, or -errno: the file is not complete. */
static int complete(FILE *file)
{
	bool failed = ferror(file);

	return fclose(file) != 0 ? -errno : failed ? -EIO : 0;
}

int plot_data_write(int folder, const struct plot_data *data)
{
	FILE *file[PLOT_FILES_MAX] = { NULL };
	int err = 0, end;

	for (int i = 0; i < PLOT_FILES_MAX && data->files[i] && !err; i++) {
		file[i] = file_stream(file_create(folder, data->files[i]));
		err = file[i] ? 0 : -errno;
	}
	if (!err)
		err = data->write(file, data->from);
	for (int i = 0; i < PLOT_FILES_MAX; i++) {
		end = file[i] ? complete(file[i]) : 0;
		err = err ? err : end;
	}
	return err;
}
