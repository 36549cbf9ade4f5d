#include "experiments/transports/internal.h"

#include "base/child.h"
#include "base/clock.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Starts a process that measures the row. */
static int start_case(struct transports *t, struct transport_row *row, struct child *child)
{
	pid_t pid;

	fflush(NULL);
	pid = child_fork_kept(child);
	if (pid == 0) {
		sigprocmask(SIG_SETMASK, &t->book.before_mask, NULL);
		close(t->book.folders.janitor.socket); /* or the janitor would not see the main process end */
		measure_row(row, &t->effort);
		_exit(0);
	}
	return pid < 0 ? pid : 0;
}

static void give_up(struct transport_row *row, enum row_status status, const char *why)
{
	row->status = status;
	snprintf(row->why, sizeof(row->why), "%s", why);
}

/* Waits for the process, ends it and what it has started, and says what became of the row if it did not. */
static int end_case(struct transports *t, struct transport_row *row, struct child *child)
{
	uint64_t timeout_ns = clock_ns() + t->timeout_ns;
	bool budget_first = t->end_ns && t->end_ns < timeout_ns;
	int ended = child_wait(child, budget_first ? t->end_ns : timeout_ns, t->book.signals);
	int status = child_end(child, NULL);
	char text[CHILD_TEXT + 16], how[CHILD_TEXT];

	if (ended > 0) {
		t->book.signal = ended;
		give_up(row, ROW_NOT_MEASURED, "");
		return -EINTR;
	}
	snprintf(text, sizeof(text), "its process %s", child_ended_text(how, status));
	if (ended == -ETIMEDOUT)
		give_up(row, budget_first ? ROW_NOT_MEASURED : ROW_FAILED,
			budget_first ? "" : "it did not end in time");
	else if (row->status == ROW_NOT_MEASURED)
		give_up(row, ROW_FAILED, text);
	return 0;
}

static int measure_case(struct transports *t, struct transport_row *row)
{
	struct child child = { 0 };
	int err = start_case(t, row, &child);

	if (!err)
		return end_case(t, row, &child);
	child_end(&child, NULL);
	return err;
}

static void show(struct transports *t, size_t done)
{
	const struct transport_row *row = &t->rows[done];
	uint64_t spent_ns = clock_ns() - t->started_ns;
	uint64_t total_ns = done ? spent_ns / done * t->count : 0, most_ns = t->end_ns ? t->end_ns - t->started_ns : 0;
	char what[160];

	snprintf(what, sizeof(what), "%s, %llu B, %s", row->transport->name, (unsigned long long)row->size,
		 row->place->name);
	progress_show(&t->book.progress, spent_ns, most_ns && most_ns < total_ns ? most_ns : total_ns, what);
}

int measure_all(struct transports *t, const struct why *why)
{
	int err = 0;

	for (size_t i = 0; i < t->count && !err; i++) {
		if (t->end_ns && clock_ns() >= t->end_ns)
			break;
		show(t, i);
		err = measure_case(t, &t->rows[i]);
		err = err ? err : notebook_keep(&t->book, false, why);
	}
	if (err && err != -EINTR && !why->text[0])
		why_say(why, "a process could not be started: %s", strerror(-err));
	return err;
}
