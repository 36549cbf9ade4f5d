#include "report/kit/progress.h"

#include "base/clock.h"
#include "base/terminal.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define PERIOD_NS 200000000u
#define LINES_NS UINT64_C(10000000000)
#define BAR 20
#define ERASE "\r\033[K"

void progress_begin(struct progress *progress, FILE *err, bool quiet)
{
	struct terminal terminal = terminal_of(err);

	*progress = (struct progress){ .err = !quiet && terminal.live ? err : NULL };
}

void progress_begin_lines(struct progress *progress, FILE *err, bool quiet)
{
	progress_begin(progress, err, quiet);
	progress->lines = !progress->err && !quiet;
	progress->err = quiet ? NULL : err;
}

/* Writes "16 s" or "2 min 5 s", rounded up, so that it is 0 only when the time is over. */
static void time_left(char *text, size_t size, uint64_t left_ns)
{
	unsigned long seconds = (unsigned long)((left_ns + 999999999u) / 1000000000u);

	if (seconds < 60)
		snprintf(text, size, "%lu s", seconds);
	else if (seconds < 3600)
		snprintf(text, size, "%lu min %lu s", seconds / 60, seconds % 60);
	else
		snprintf(text, size, "%lu h %lu min", seconds / 3600, seconds % 3600 / 60);
}

/* Cuts the line at the width, and makes its control characters harmless. */
static void write_line(char *line, size_t size, unsigned width, const char *text)
{
	FILE *out = fmemopen(line, size, "w");

	line[0] = '\0';
	if (!out)
		return;
	text_plain(out, text);
	fclose(out);
	line[size - 1] = '\0';
	line[text_cut(line, width)] = '\0';
}

void progress_line(char *line, size_t size, unsigned width, uint64_t done_ns, uint64_t total_ns, const char *running)
{
	uint64_t done = done_ns < total_ns ? done_ns : total_ns;
	double share = total_ns ? (double)done / (double)total_ns : 0;
	char left[32], text[512];
	int filled = (int)(share * BAR);

	time_left(left, sizeof(left), total_ns - done);
	if (total_ns)
		snprintf(text, sizeof(text), "[%.*s%*s] %3d %%, %s left, %s", filled, "####################",
			 BAR - filled, "", (int)(share * 100), left, running);
	else
		snprintf(text, sizeof(text), "%s", running);
	write_line(line, size, width, text);
}

void progress_show(struct progress *progress, uint64_t done_ns, uint64_t total_ns, const char *running)
{
	uint64_t now_ns = clock_ns();
	char line[512];

	if (!progress->err ||
	    (progress->shown_ns && now_ns - progress->shown_ns < (progress->lines ? LINES_NS : PERIOD_NS)))
		return;
	/* One column stays free, since a line that fills the last column makes some terminals begin a new line. */
	progress_line(line, sizeof(line), terminal_of(progress->err).width - 1, done_ns, total_ns, running);
	fprintf(progress->err, progress->lines ? "bench: %s\n" : ERASE "%s", line);
	fflush(progress->err);
	progress->shown_ns = now_ns;
}

void progress_erase(struct progress *progress)
{
	if (!progress->err || !progress->shown_ns || progress->lines)
		return;
	fputs(ERASE, progress->err);
	fflush(progress->err);
	progress->shown_ns = 0;
}

void progress_end(struct progress *progress)
{
	progress_erase(progress);
	progress->err = NULL;
}
