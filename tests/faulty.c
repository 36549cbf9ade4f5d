/* A workload that fails as its params say, to test what the supervisor makes of that. */
#include "workloads/parts/values.h"
#include "workloads/workload.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* The first faults are in the answers; with KILL and those after it a worker ends, or does not go on; CELL and FREEZE
 * kill or stop the cell process; the last two are in open(): it refuses, or the cell process sends what is no frame. */
enum fault {
	NONE, ERROR, WRONG, REFUSE, DIFFER, LONG, KILL, CRASH, QUIT, LEAVE, STOP, HANG, ALARM, LOCK, ROBUST, CELL,
	FREEZE, OPEN, NOISE, COUNT
};

static const char *const names[COUNT] = { "none", "error", "wrong", "refuse", "differ", "long",   "kill",
					  "crash", "exit",  "leave", "stop",  "hang",   "alarm",  "lock",
					  "robust", "cell", "freeze", "open", "noise" };

#define OPENINGS "openings" /* a file of the run: a line for each cell process that has opened the workload, its pid */
#define OPENING 16	    /* bytes of a line */

/* What all workers share, also those that were started as new programs. */
struct common {
	pid_t opened_by;
	pthread_mutex_t lock;
	_Atomic uint32_t times[]; /* how often each item has failed */
};

struct faulty {
	enum fault fault;
	uint64_t at, every, times, after_us;
	bool spares_opener;
	uint64_t from, opening; /* nothing goes wrong before opening number `from` */
	uint64_t input_bytes, output_bytes;
	uint64_t us;
	struct common *common;
	char *input;
};

static const struct param params[] = {
	{ "fault", "none", NULL,
	  "none|error|wrong|refuse|differ|long|kill|crash|exit|leave|stop|hang|alarm|lock|robust|cell|freeze|open|"
	  "noise",
	  "what goes wrong" },
	{ "at", "5", NULL, "an item", "at which item" },
	{ "in", "0", "bytes", "0 to 100000000", "size of an input payload" },
	{ "out", "8", "bytes", "8 to 100000000", "size of an output payload" },
	{ "us", "100", "us", "0 to 1000000", "how long an item sleeps, times FAULTY_SLOWER of the environment" },
	{ "every", "0", NULL, "0 or a number of items", "at each item so far behind that one, too" },
	{ "times", "0", NULL, "0 to 1000000", "how often each, by whichever worker; 0: always" },
	{ "after", "1000", "us", "1 to 1000000", "alarm: how long after the item the worker is killed" },
	{ "who", "all", NULL, "all|workers", "who goes wrong: anyone, or all but the process that opened it" },
	{ "from", "0", NULL, "a number", "nothing goes wrong before so many cell processes have opened it" },
	{ 0 },
};

static int read_params(const struct workload_options *options, struct workload_state *state, struct faulty *f)
{
	const char *const *v = options->values;

	while (f->fault < COUNT - 1 && strcmp(names[f->fault], v[0]))
		f->fault++;
	f->spares_opener = strcmp(v[8], "workers") == 0;
	return value_whole(state, "at", v[1], 0, UINT32_MAX, &f->at) ||
			       value_whole(state, "in", v[2], 0, 100000000, &f->input_bytes) ||
			       value_whole(state, "out", v[3], 8, 100000000, &f->output_bytes) ||
			       value_whole(state, "us", v[4], 0, 1000000, &f->us) ||
			       value_whole(state, "every", v[5], 0, UINT32_MAX, &f->every) ||
			       value_whole(state, "times", v[6], 0, 1000000, &f->times) ||
			       value_whole(state, "after", v[7], 1, 1000000, &f->after_us) ||
			       value_whole(state, "from", v[9], 0, 1000000, &f->from)
		       ? -EINVAL
		       : 0;
}

static int share(const struct workload_options *options, uint64_t items, struct faulty *f)
{
	pthread_mutexattr_t attr;

	f->common = options->shared(options->context, sizeof(*f->common) + items * sizeof(f->common->times[0]));
	if (!f->common || options->again)
		return f->common ? 0 : -ENOMEM;
	f->common->opened_by = getpid();
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	if (f->fault == ROBUST)
		pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&f->common->lock, &attr);
	pthread_mutexattr_destroy(&attr);
	return 0;
}

/* Counts the openings of this run; CPython's counterpart reads the file, too. */
static void count_opening(const struct workload_options *options, struct faulty *f)
{
	char path[4096], line[OPENING + 1];
	struct stat status = { 0 };
	int fd;

	snprintf(path, sizeof(path), "%s/" OPENINGS, options->run);
	snprintf(line, sizeof(line), "%*d\n", OPENING - 1, (int)getpid());
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd < 0)
		return;
	if ((options->again || write(fd, line, OPENING) == OPENING) && fstat(fd, &status) == 0)
		f->opening = (uint64_t)status.st_size / OPENING;
	close(fd);
}

/* Sends bytes that are no frame wherever a supervisor may listen. */
static void make_noise(void)
{
	static const char noise[] = "this is no frame, and what follows it is none either";

	for (int fd = 3; fd < 256; fd++)
		send(fd, noise, sizeof(noise), MSG_NOSIGNAL);
}

static int open_wrong(const struct workload_options *options, struct workload_state *state, const struct faulty *f)
{
	if (options->again || f->opening < f->from)
		return 0;
	if (f->fault == NOISE)
		make_noise();
	return f->fault == OPEN ? refuse(state, -EIO, "it does not open, as it was told") : 0;
}

static int faulty_open(const struct workload_options *options, struct workload_state *state)
{
	struct faulty *f = calloc(1, sizeof(*f));
	int err;

	if (!f)
		return -ENOMEM;
	state->items = options->items ? options->items : 40;
	err = read_params(options, state, f);
	if (getenv("FAULTY_SLOWER"))
		f->us *= strtoul(getenv("FAULTY_SLOWER"), NULL, 10);
	err = err ? err : share(options, state->items, f);
	count_opening(options, f);
	err = err ? err : open_wrong(options, state, f);
	if (err) {
		free(f);
		return err;
	}
	f->input = malloc(f->input_bytes + 1);
	for (uint64_t i = 0; f->input && i < f->input_bytes; i++)
		f->input[i] = (char)(i * 31);
	state->data = f;
	state->output_max = f->output_bytes;
	return 0;
}

static int faulty_input(const void *data, uint64_t item, struct bytes *in)
{
	const struct faulty *f = data;

	(void)item;
	*in = (struct bytes){ f->input, f->input_bytes };
	return 0;
}

static bool is_chosen(const struct faulty *f, uint64_t item)
{
	return item == f->at || (f->every && item > f->at && (item - f->at) % f->every == 0);
}

static bool is_first_process(const struct faulty *f)
{
	return getpid() == f->common->opened_by;
}

/* Returns whether this item must fail now in this process, and counts it if it must. */
static bool is_its_turn(const struct faulty *f, uint64_t item)
{
	if (!is_chosen(f, item) || f->opening < f->from || (f->spares_opener && is_first_process(f)))
		return false;
	return f->times == 0 || atomic_fetch_add(&f->common->times[item], 1) < f->times;
}

/* Makes the kernel kill this process a little later, wherever it is then: in the middle of a message, at the gate. */
static void set_alarm(uint64_t us)
{
	struct itimerval alarm = { .it_value = { (time_t)(us / 1000000), (suseconds_t)(us % 1000000) } };

	signal(SIGALRM, SIG_DFL);
	setitimer(ITIMER_REAL, &alarm, NULL);
}

static int go_wrong(const struct faulty *f, struct buffer *out)
{
	switch (f->fault) {
	case KILL:
	case LOCK: /* while it has the lock */
	case ROBUST:
		raise(SIGKILL);
		return 0;
	case CRASH:
		raise(SIGSEGV);
		return 0;
	case QUIT:
		exit(7);
	case LEAVE:
		exit(0);
	case STOP:
		raise(SIGSTOP);
		return 0;
	case HANG:
		for (;;)
			pause();
	case ALARM:
		set_alarm(f->after_us);
		return 0;
	case CELL:
	case FREEZE:
		kill(f->common->opened_by, f->fault == CELL ? SIGKILL : SIGSTOP);
		pause();
		return 0;
	case ERROR:
		return -EIO;
	case WRONG: /* the same in every mode: only check() sees it */
		((char *)out->data)[0] ^= 1;
		return 0;
	case DIFFER: /* right in the process that opened it: only the comparison with the baseline sees it */
		((char *)out->data)[7] ^= !is_first_process(f);
		return 0;
	case LONG:
		out->size = out->capacity + 1;
		return 0;
	default:
		return 0;
	}
}

static void take_lock(const struct faulty *f)
{
	if (pthread_mutex_lock(&f->common->lock) == EOWNERDEAD)
		pthread_mutex_consistent(&f->common->lock);
}

static int faulty_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	const struct faulty *f = data;
	struct timespec pause_time = { .tv_nsec = (long)f->us % 1000000 * 1000 };
	bool locks = f->fault == LOCK || f->fault == ROBUST;
	int err = 0;

	if (in.size != f->input_bytes || (in.size && memcmp(in.data, f->input, in.size)))
		return -EBADE;
	if (locks)
		take_lock(f);
	nanosleep(&pause_time, NULL);
	memset(out->data, (int)(item % 251), f->output_bytes);
	memcpy((char *)out->data, &item, 4);
	((char *)out->data)[7] = 0;
	out->size = f->output_bytes;
	if (is_its_turn(f, item))
		err = go_wrong(f, out);
	if (locks)
		pthread_mutex_unlock(&f->common->lock);
	return err;
}

static int faulty_check(const void *data, uint64_t item, struct bytes out)
{
	const struct faulty *f = data;

	if (f->fault == REFUSE && item == f->at && f->opening >= f->from)
		return -EBADMSG;
	return out.size == f->output_bytes && !memcmp(out.data, &item, 4) ? 0 : -EBADMSG;
}

static void faulty_close(void *data)
{
	struct faulty *f = data;

	free(f->input);
	free(f);
}

const struct workload workload_faulty = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "faulty",
	.summary = "goes wrong as it is told",
	.item = "item",
	.params = params,
	.open = faulty_open,
	.input = faulty_input,
	.work = faulty_work,
	.check = faulty_check,
	.close = faulty_close,
};
