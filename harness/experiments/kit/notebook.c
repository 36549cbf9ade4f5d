#include "experiments/kit/notebook.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/interrupts.h"
#include "base/root.h"
#include "report/kit/page_print.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEEP_NS 1000000000u

static void file_name(const struct notebook *n, char *name, size_t size)
{
	snprintf(name, size, "%s.json", n->experiment);
}

static int make_folder(struct notebook *n, const struct why *why)
{
	char root[PATH_MAX], folder[PATH_MAX + 32], name[80], file[80], path[PATH_MAX + 80];
	int err;

	folders_stamp(name, sizeof(name), n->started, sizeof(n->started));
	snprintf(name + strlen(name), sizeof(name) - strlen(name), "%s", n->experiment);
	snprintf(folder, sizeof(folder), "%s/results/experiments", project_root(root));
	err = folders_make(&n->folders, n->request->output, folder, name, false, why);
	if (err)
		return err;
	file_name(n, file, sizeof(file));
	snprintf(path, sizeof(path), "%s/%s", n->folders.output, file);
	if (access(path, F_OK))
		return 0;
	why_say(why, "'%s' holds a result of this experiment already: choose another --output", n->request->output);
	return -EEXIST;
}

int notebook_open(struct notebook *n, const struct why *why)
{
	int err = make_folder(n, why);

	progress_begin_lines(&n->progress, stderr, n->request->quiet);
	signal(SIGPIPE, SIG_IGN);
	notebook_hold(n);
	if (err && !why->text[0])
		why_say(why, "%s", strerror(-err));
	return err;
}

void notebook_hold(struct notebook *n)
{
	n->signals = interrupts_catch(&n->before_mask);
	n->holds = true;
}

int notebook_let(struct notebook *n)
{
	int number = n->holds ? interrupts_take(n->signals) : 0;

	n->signal = number ? number : n->signal;
	if (n->holds)
		interrupts_let(n->signals, &n->before_mask);
	n->holds = false;
	return n->signal;
}

static json_t *pack(const struct notebook *n)
{
	json_t *result = n->pack(n->result);
	char name[SIGNAL_TEXT];

	json_object_set_new(result, "started", json_string(n->started));
	json_object_set_new(result, "interrupted", n->signal ? json_string(signal_text(name, n->signal)) : json_null());
	return result;
}

static void fill(struct writer *writer, const void *notebook)
{
	json_t *result = pack(notebook);

	if (!result || json_dumpf(result, writer->file, JSON_INDENT(1) | JSON_REAL_PRECISION(6)))
		writer_fail(writer, result ? -EIO : -ENOMEM);
	writer_text(writer, "\n");
	json_decref(result);
}

int notebook_keep(struct notebook *n, bool last, const struct why *why)
{
	char name[80];

	if (!last && n->kept_ns && clock_ns() - n->kept_ns < KEEP_NS)
		return 0;
	n->kept_ns = clock_ns();
	file_name(n, name, sizeof(name));
	return file_put(n->folders.output, name, fill, n, last, why);
}

static void print_conclusion(const struct notebook *n, FILE *out)
{
	struct terminal terminal = terminal_of(out);
	char *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);

	if (!memory)
		return;
	n->conclude(n->result, terminal.micro, memory);
	fclose(memory);
	conclusion_print(out, &terminal, text);
	free(text);
}

int notebook_show(struct notebook *n, const struct why *why)
{
	int err = notebook_keep(n, true, why);
	json_t *result;

	progress_end(&n->progress);
	if (n->request->json) {
		result = pack(n);
		json_dumpf(result, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
		printf("\n");
		json_decref(result);
	} else {
		n->print(n->result, stdout);
		print_conclusion(n, stdout);
		if (!err)
			printf("%s\n", n->folders.output);
	}
	return err;
}

void notebook_close(struct notebook *n)
{
	progress_end(&n->progress);
	folders_release(&n->folders);
	if (notebook_let(n))
		interrupt_end(n->signal);
}
