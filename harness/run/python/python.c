#include "run/python/python.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/proc.h"
#include "base/root.h"
#include "run/crew/latencies.h"
#include "run/python/interpreter.h"
#include "run/wire/spec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROBE_TIMES 8 /* how many times as long as C Python takes to read the CPU clock and the run queue */
#define FOLDER_SIZE 4096
#define LOOKS 200        /* for a worker that has caused an exception and is still ending */
#define LOOK_NS 10000000 /* time between two looks */
#define SUCCESSOR_LOOKS 100 /* of 2 ms each */

/* ---- Start ---- */

static json_t *parameters(const struct crew *crew)
{
	const struct param *param = crew->workload->params;
	json_t *object = json_object();

	for (size_t i = 0; param && param[i].name; i++)
		json_object_set_new(object, param[i].name, spec_string(crew->cell->values[i]));
	return object;
}

/* Returns the numbers of each worker's processors. */
static json_t *processors(const struct crew *crew)
{
	json_t *list = crew->bind ? json_array() : json_null();

	for (unsigned w = 0; crew->bind && w < crew->cell->workers; w++) {
		json_t *set = json_array();

		for (unsigned i = 0; i < CPUS_WORDS * 64; i++)
			if (crew->bind[w].bits[i / 64] >> i % 64 & 1)
				json_array_append_new(set, json_integer(i));
		json_array_append_new(list, set);
	}
	return list;
}

static json_t *job(const struct crew *crew, const char *program)
{
	const struct cell *c = crew->cell;

	return json_pack("{s:s, s:o, s:s, s:o, s:b, s:I, s:I, s:o, s:I, s:I, s:o, s:o, s:o}", "workload", c->workload,
			 "parameters", parameters(crew), "mode", program, "call", spec_string(c->calling.call),
			 "per_item", c->per_item, "recycle", (json_int_t)c->calling.recycle, "items",
			 (json_int_t)(c->picked ? c->items_of : crew->state.items), "picked", spec_picked(c), "workers",
			 (json_int_t)c->workers, "chunk", (json_int_t)(c->chunk ? c->chunk : 1), "run",
			 spec_string(crew->spec->run), "scratch", spec_string(crew->spec->scratch), "bind",
			 processors(crew));
}

/* Takes the processes that the workload's program has started, such as a Manager. */
static void take_servers(struct crew *crew, const json_t *pids)
{
	for (size_t i = 0; i < json_array_size(pids) && crew->server_count < SERVERS_MAX; i++)
		crew->servers[crew->server_count++] = (pid_t)json_integer_value(json_array_get(pids, i));
}

/* Variables that can keep every python3 from beginning. */
static const char *const misleading[] = { "PYTHONHOME", "PYTHONPATH" };

/* Why a python3 has ended before it could say anything: a wrapper that finds none, or what the user has set. */
static void explain_end(const struct crew *crew, const char *path, const struct why *unusable)
{
	why_say(unusable, "'%s' exited with status %d before it could begin", path, (int)crew->failure.exit_status);
	for (size_t i = 0; i < sizeof(misleading) / sizeof(*misleading); i++)
		if (getenv(misleading[i]))
			why_add(unusable, ", with %s='%s'", misleading[i], getenv(misleading[i]));
}

static void take_facts(struct crew *crew, const json_t *answer)
{
	struct python *p = crew->own;
	struct runtime *r = &crew->runtime;

	crew->start_ns = json_count(answer, "crew_ns");
	crew->helper = p->child.pid;
	take_servers(crew, json_object_get(answer, "servers"));
	p->own_answers = json_is_false(json_object_get(answer, "exact"));
	snprintf(r->name, sizeof(r->name), "%s", json_text_or(answer, "name", ""));
	snprintf(r->version, sizeof(r->version), "%s", json_text_or(answer, "version", ""));
	snprintf(r->start_method, sizeof(r->start_method), "%s", json_text_or(answer, "start_method", ""));
}

/* Takes what a python3 has answered. Returns as try_python(). */
static int take_answer(struct crew *crew, const json_t *answer, const char *path, const struct why *unusable)
{
	const char *missing = json_text(answer, "missing"), *old = json_text(answer, "old");
	const char *refused = json_text(answer, "refused"), *error = json_text(answer, "error");

	if (missing)
		why_say(unusable, "'%s' lacks a module: install %s", path, missing);
	if (old)
		why_say(unusable, "'%s' is Python %s", path, old);
	if (missing || old)
		return 0;
	if (refused)
		return crew_fail(crew, FAILURE_UNAVAILABLE, -1, "%s", refused);
	if (error && json_count(answer, "errno"))
		return crew_fail_by(crew, (int)json_count(answer, "errno"), "python3 cannot make its crew");
	if (error)
		return crew_fail(crew, FAILURE_ERROR, -1, "python3: %s", error);
	take_facts(crew, answer);
	return 1;
}

/* Tries one python3. Returns 1: it has made the crew; 0: it cannot be used, and `unusable` says why; -ECHILD after
 * crew_fail(). */
static int try_python(struct crew *crew, const char *path, const char *folder, const char *program,
		      const struct why *unusable)
{
	json_t *answer;
	int err = python_spawn(crew->own, path, folder), made;

	if (err)
		return crew_fail_by(crew, err, "cannot start '%s'", path);
	answer = python_say(crew, job(crew, program)) ? NULL : python_hear(crew);
	if (answer) {
		made = take_answer(crew, answer, path, unusable);
	} else if (crew->failure.kind == FAILURE_EXIT) {
		explain_end(crew, path, unusable);
		crew->failed = false;
		made = 0;
	} else {
		made = -ECHILD;
	}
	json_decref(answer);
	if (made != 1)
		python_kill(crew->own);
	return made;
}

/* Finds the first python3 in PATH that can be used, and makes the crew. */
static int find_python(struct crew *crew, const char *folder, const char *program)
{
	const char *at = getenv("PATH");
	char unusable[400] = "there is none: install python3", path[FOLDER_SIZE];

	for (; at && *at; at += *at == ':') {
		size_t length = strcspn(at, ":");
		int made;

		snprintf(path, sizeof(path), "%.*s/python3", (int)length, length ? at : ".");
		at += length;
		if (access(path, X_OK))
			continue;
		made = try_python(crew, path, folder, program, WHY(unusable));
		if (made)
			return made < 0 ? made : 0;
	}
	return crew_fail(crew, FAILURE_UNAVAILABLE, -1, "no python3 in PATH can be used: %s", unusable);
}

static int has_counterpart(struct crew *crew, const char *folder)
{
	char path[FOLDER_SIZE + 300];

	snprintf(path, sizeof(path), "%s/workloads/%s.py", folder, crew->workload->name);
	if (access(path, R_OK) == 0)
		return 0;
	return crew_fail(crew, FAILURE_UNAVAILABLE, -1, "workload '%s' has no counterpart in Python's standard library",
			 crew->workload->name);
}

static int make_memory(struct crew *crew)
{
	unsigned workers = crew->cell->workers;
	struct python *p = crew->own = calloc(1, sizeof(*p));
	int err = p ? board_open(&p->board, workers, crew->state.items) : -ENOMEM;

	if (err)
		return err;
	p->pidfds = malloc(workers * sizeof(*p->pidfds));
	p->watched = calloc(workers, sizeof(*p->watched));
	if (!p->pidfds || !p->watched)
		return -ENOMEM;
	for (unsigned w = 0; w < workers; w++)
		p->pidfds[w] = -1;
	board_clear(&p->board, workers, crew->state.items);
	return 0;
}

int python_start(struct crew *crew, const char *program)
{
	char folder[FOLDER_SIZE], root[PATH_MAX];
	int err;

	snprintf(folder, sizeof(folder), "%s/harness/run/python", project_root(root));
	err = has_counterpart(crew, folder);
	err = err ? err : make_memory(crew);
	return err ? err : find_python(crew, folder, program);
}

/* ---- A round ---- */

/* Takes one item's output: checks it and adds it to the digest. */
static int take_output(struct crew *crew, uint64_t item, const void *data, size_t size)
{
	struct arena *a = crew->arena;
	uint64_t digest = digest_item(arena_item(a, item), data, size);
	int err = 0;

	arena_slot(a, 0)->digest += digest; /* the sum is the same whichever worker has it */
	if (item - a->digest_first < a->digest_count)
		arena_digests(a)[item - a->digest_first] = digest;
	if (a->warmup && crew->workload->check)
		err = crew->workload->check(crew->state.data, item, (struct bytes){ data, size });
	if (!err)
		return 0;
	crew_fail(crew, FAILURE_WRONG_ANSWER, -1, "%s %llu: wrong answer from Python", crew->workload->item,
		  (unsigned long long)arena_item(a, item));
	crew->failure.item = (int64_t)arena_item(a, item);
	return -ECHILD;
}

/* Receives what follows then: the sizes of all outputs, then their bytes. */
static int receive_outputs(struct crew *crew)
{
	uint64_t items = crew->state.items, *sizes = malloc(items * sizeof(*sizes)), most = 0;
	void *output = NULL;
	int err = sizes ? python_receive(crew, sizes, items * sizeof(*sizes)) : -ENOMEM;

	for (uint64_t item = 0; item < items && !err; item++)
		most = sizes[item] > most ? sizes[item] : most;
	if (!err && !(output = malloc(most + 1)))
		err = -ENOMEM;
	for (uint64_t item = 0; item < items && !err; item++) {
		err = python_receive(crew, output, sizes[item]);
		err = err ? err : take_output(crew, item, output, sizes[item]);
	}
	free(output);
	free(sizes);
	return err;
}

static int take_outputs(struct crew *crew, const json_t *answer)
{
	int err = 0;

	if (json_count(answer, "count") != crew->state.items)
		return crew_fail(crew, FAILURE_WRONG_ANSWER, -1, "Python has %llu results of %llu items",
				 (unsigned long long)json_count(answer, "count"),
				 (unsigned long long)crew->state.items);
	if (json_flag(answer, "outputs"))
		return receive_outputs(crew);
	for (uint64_t item = 0; item < crew->state.items && !err; item++)
		err = take_output(crew, item, NULL, 0);
	return err;
}

/* Takes the measures of the workload's program. */
static void take_measures(struct round *round, json_t *measures)
{
	const char *name;
	json_t *value;

	json_object_foreach(measures, name, value) {
		size_t length = strlen(name);
		bool time = length > 3 && !strcmp(name + length - 3, "_ns");

		round_tell(round, name, time ? "ns" : "1", json_number_value(value));
	}
}

/* Takes when results were there; a program that does not say when the first one was has all at the end. */
static void take_first(const struct crew *crew, struct round *round, uint64_t first_ns)
{
	uint64_t wall_ns = round->end_ns - round->start_ns;

	if (!first_ns && !(crew->mode->takes & TAKES_CALL))
		return;
	round_tell(round, "first_result_ns", "ns", (double)(first_ns ? first_ns - round->start_ns : wall_ns));
	round_tell(round, "last_result_ns", "ns", (double)wall_ns);
}

/* Receives what follows the line of the answer: how long items took from submit to result. */
static int take_latencies(struct crew *crew, struct round *round, uint64_t count)
{
	uint64_t values_ns[LATENCIES_MOST];
	int err;

	if (count > LATENCIES_MOST)
		return crew_fail(crew, FAILURE_ERROR, -1, "Python has more latencies than items are stamped");
	err = python_receive(crew, values_ns, count * sizeof(*values_ns));
	if (!err)
		latencies_tell(values_ns, count, round);
	return err;
}

static int take_times(struct crew *crew, struct round *round, const json_t *answer, uint64_t asked_ns)
{
	uint64_t start_ns = json_count(answer, "start_ns"), end_ns = json_count(answer, "end_ns");

	if (start_ns < asked_ns || end_ns <= start_ns || end_ns > clock_ns())
		return crew_fail(crew, FAILURE_ERROR, -1, "Python's times are not within those of its round");
	round->start_ns = crew->arena->start_ns = start_ns;
	round->end_ns = end_ns;
	take_measures(round, json_object_get(answer, "measures"));
	take_first(crew, round, json_count(answer, "first_ns"));
	return take_latencies(crew, round, json_count(answer, "latencies"));
}

static enum stamping stamping_of(const struct crew *crew, const struct round *round)
{
	uint64_t every = crew->arena->stamp_every;

	if (round->warmup)
		return STAMPING_MARKED;
	return every == 1 ? STAMPING_ALL : every > crew->state.items ? STAMPING_NONE : STAMPING_SAMPLED;
}

static void add_marks(const struct crew *crew)
{
	const struct python *p = crew->own;

	for (uint64_t item = 0; crew->arena->warmup && item < crew->state.items; item++)
		atomic_fetch_add(&arena_marks(crew->arena)[item], p->board.marks[item]);
}

/* Waits until a pool that replaces its workers has done so, but not for long. Returns the pid of who is there. */
static pid_t await_successor(const struct crew *crew, const struct board_slot *slot, pid_t pid)
{
	for (unsigned i = 0; crew->cell->calling.recycle && i < SUCCESSOR_LOOKS && !atomic_load(&slot->alive); i++)
		nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
	return crew->cell->calling.recycle ? (pid_t)atomic_load(&slot->pid) : pid;
}

/* Takes the memory of the workers at the end of the warm-up round. Those that have ended by then have left it on the
 * board. */
static void take_memory(const struct crew *crew)
{
	const struct python *p = crew->own;

	for (unsigned w = 0; w < crew->cell->workers; w++) {
		const struct board_slot *from = &p->board.slot[w];
		pid_t pid = (pid_t)atomic_load(&from->pid);
		uint64_t ended_bytes = (uint64_t)atomic_load(&from->private_bytes);
		struct peak_memory memory = { 0 };

		pid = await_successor(crew, from, pid);
		if (pid != p->child.pid && atomic_load(&from->alive))
			memory = proc_peak_memory(pid);
		if (ended_bytes > memory.private_bytes)
			memory.private_bytes = ended_bytes;
		arena_slot(crew->arena, w)->memory = memory;
	}
}

/* An exception came out of the crew's call. A worker may be its cause, which is then visible on the board, if not at
 * once: CPython sees a worker's pipe close before the worker has ended. */
static void fail_raised(struct crew *crew, const char *text)
{
	for (int i = 0; i < LOOKS; i++) {
		if (python_look(crew))
			return;
		nanosleep(&(struct timespec){ .tv_nsec = LOOK_NS }, NULL);
	}
	crew_fail(crew, FAILURE_ERROR, -1, "in Python: %s", text);
}

/* Lets Python execute a round. Returns its answer; NULL after crew_fail(). */
static json_t *ask(struct crew *crew, const struct round *round, enum stamping stamping)
{
	uint64_t every = PROBE_TIMES * crew->arena->cpu_every;
	json_int_t probe_every = stamping == STAMPING_SAMPLED ? INT64_MAX : (json_int_t)every;
	json_t *answer;
	const char *text;

	if (python_say(crew, json_pack("{s:i, s:I, s:b}", "way", stamping, "probe_every", probe_every, "latencies",
				       round->latencies > 0)))
		return NULL;
	answer = python_hear(crew);
	text = json_text(answer, "error");
	if (text)
		fail_raised(crew, text);
	text = json_text(answer, "refused");
	if (text)
		crew_fail(crew, FAILURE_WRONG_ANSWER, -1, "in Python: %s", text);
	if (!crew->failed)
		return answer;
	json_decref(answer);
	return NULL;
}

int python_round(struct crew *crew, struct round *round)
{
	struct python *p = crew->own;
	enum stamping stamping = stamping_of(crew, round);
	uint64_t own_ns = python_own_cpu_ns(p), workers_ns = python_workers_cpu_ns(crew), asked_ns;
	json_t *answer;
	int err;

	board_clear(&p->board, crew->cell->workers, crew->state.items);
	asked_ns = clock_ns();
	answer = ask(crew, round, stamping);
	if (!answer)
		return -ECHILD;
	round->cpu_ns = json_count(answer, "cpu_ns") + python_workers_cpu_ns(crew) - workers_ns;
	err = take_times(crew, round, answer, asked_ns);
	err = err ? err : take_outputs(crew, answer);
	if (!err) {
		add_marks(crew);
		board_account(&p->board, crew, round, stamping);
		round->after_cpu_ns = python_own_cpu_ns(p) - own_ns; /* in the round and after it, for outputs */
		round->after_cpu_ns -= json_count(answer, "main_cpu_ns");
		round->own_answers = p->own_answers;
		if (round->warmup)
			take_memory(crew);
	}
	json_decref(answer);
	return err;
}

/* ---- End ---- */

static void release(struct crew *crew)
{
	struct python *p = crew->own;

	for (unsigned w = 0; p->pidfds && w < crew->cell->workers; w++)
		if (p->pidfds[w] >= 0)
			close(p->pidfds[w]);
	python_kill(p);
	board_release(&p->board);
	free(p->pidfds);
	free(p->watched);
	free(p);
	crew->own = NULL;
}

void python_stop(struct crew *crew)
{
	struct python *p = crew->own;
	json_t *answer = NULL;

	p->ends = true;
	if (!crew->failed && !python_say(crew, json_pack("{s:b}", "stop", 1)))
		answer = python_hear(crew);
	if (answer) {
		crew->end_ns = json_count(answer, "crew_ns");
		python_reap(crew);
	}
	json_decref(answer);
	release(crew);
}
