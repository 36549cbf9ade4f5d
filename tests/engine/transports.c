/* Transports: what goes in at one end of a channel comes out at the other, in pieces if it is more than the channel
 * holds, between processes, also after one of them was killed. The tests loop over the registry; transports that this
 * system does not have are left out, with a message. */
#include "model/registry.h"
#include "tests/test.h"

#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define BIG (5u << 20) /* bytes; more than any transport holds */
#define MANY 64        /* workers */

static unsigned char byte_at(size_t i)
{
	return (unsigned char)(i * 131 + i / 251);
}

/* Returns the transport's state; NULL: the system has no such transport. */
static void *open_channels(const struct transport *t, unsigned workers)
{
	void *channels = t->open(workers);

	if (!channels && errno == ENOTSUP)
		print_message("transport '%s' is not available for %u workers\n", t->name, workers);
	else
		assert_non_null(channels);
	return channels;
}

static void worker_sends(const struct transport *t, void *state, unsigned w, const unsigned char *data, size_t size)
{
	while (size) {
		ssize_t n = t->send(state, w, END_WORKER, data, size);

		if (n < 0)
			_exit(2);
		if (n == 0)
			t->wait(state, w, END_WORKER, NULL, 1000);
		data += n;
		size -= (size_t)n;
	}
}

/* The worker sends back what it gets, each byte plus one. */
static void echo(const struct transport *t, void *state, unsigned w, size_t left)
{
	unsigned char piece[70000];

	while (left) {
		ssize_t n = t->receive(state, w, END_WORKER, piece, sizeof(piece));

		if (n < 0)
			_exit(1);
		if (n == 0)
			t->wait(state, w, END_WORKER, NULL, 1000);
		for (ssize_t i = 0; i < n; i++)
			piece[i]++;
		worker_sends(t, state, w, piece, (size_t)n);
		left -= (size_t)n;
	}
	_exit(0);
}

/* What the parent must send to all workers and receive from them. */
struct exchange {
	size_t size, piece;         /* bytes to each worker; bytes of one call at most */
	unsigned char *data, *back; /* those of worker w begin at byte w; they must stay while they are sent */
	size_t sent[MANY], received[MANY];
	bool to_send[MANY];
};

static struct exchange *exchange_create(size_t size, size_t piece)
{
	struct exchange *x = calloc(1, sizeof(*x));

	assert_non_null(x);
	x->size = size;
	x->piece = piece;
	x->data = malloc(size + MANY);
	x->back = malloc(piece);
	assert_true(x->data && x->back);
	for (size_t i = 0; i < size + MANY; i++)
		x->data[i] = byte_at(i);
	return x;
}

static void exchange_destroy(struct exchange *x)
{
	free(x->data);
	free(x->back);
	free(x);
}

/* Sends and receives on one channel what can be moved now. Returns whether anything was. */
static bool serve(const struct transport *t, void *state, unsigned w, struct exchange *x)
{
	size_t want = x->size - x->sent[w] < x->piece ? x->size - x->sent[w] : x->piece;
	ssize_t n = want ? t->send(state, w, END_PARENT, x->data + w + x->sent[w], want) : 0;
	ssize_t m = t->receive(state, w, END_PARENT, x->back, x->piece);

	assert_true(n >= 0 && m >= 0);
	x->sent[w] += (size_t)n;
	for (ssize_t i = 0; i < m; i++)
		if (x->back[i] != (unsigned char)(x->data[w + x->received[w] + (size_t)i] + 1))
			fail_msg("%s: worker %u: byte %zu is wrong", t->name, w, x->received[w] + (size_t)i);
	x->received[w] += (size_t)m;
	return n > 0 || m > 0;
}

static pid_t start_echo(const struct transport *t, void *state, unsigned w, size_t size)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		echo(t, state, w, size);
	return child;
}

static void serve_all(const struct transport *t, void *state, unsigned workers, struct exchange *x)
{
	bool busy = true;

	while (busy) {
		bool moved = busy = false;

		for (unsigned w = 0; w < workers; w++) {
			moved |= serve(t, state, w, x);
			x->to_send[w] = x->sent[w] < x->size;
			busy |= x->received[w] < x->size;
		}
		if (busy && !moved)
			t->wait(state, 0, END_PARENT, x->to_send, 1000);
	}
}

static void pass_through(const struct transport *t, unsigned workers, size_t size, size_t piece)
{
	struct exchange *x = exchange_create(size, piece);
	void *state = open_channels(t, workers);
	int status;

	for (unsigned w = 0; state && w < workers; w++)
		start_echo(t, state, w, size);
	if (state)
		serve_all(t, state, workers, x);
	for (unsigned w = 0; state && w < workers; w++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	t->close(state);
	exchange_destroy(x);
}

static void bytes_pass(void **state)
{
	for (size_t i = 0; registry_transports[i]; i++) {
		pass_through(registry_transports[i], 1, 1, 4096);
		pass_through(registry_transports[i], 3, 300, 24);
		pass_through(registry_transports[i], 3, 65536, 4096);
		pass_through(registry_transports[i], 3, 300001, 100003);
		pass_through(registry_transports[i], 1, BIG, BIG);
	}
}

static void many_workers(void **state)
{
	for (size_t i = 0; registry_transports[i]; i++)
		pass_through(registry_transports[i], MANY, 3000, 1000);
}

static void nothing_there(void **state)
{
	char byte;

	for (size_t i = 0; registry_transports[i]; i++) {
		const struct transport *t = registry_transports[i];
		void *channels = open_channels(t, 1);

		t->close(NULL);
		if (!channels)
			continue;
		assert_int_equal(t->receive(channels, 0, END_PARENT, &byte, 1), 0);
		assert_false(t->wait(channels, 0, END_PARENT, NULL, 1)); /* comes back without anything to do */
		assert_false(t->wait(channels, 0, END_WORKER, NULL, 0));
		t->close(channels);
	}
}

/* A worker receives the first bytes of a piece by themselves, as it does with the head of a message. */
static void short_receive(void **state)
{
	char sent[100], got[100] = "";

	for (size_t i = 0; i < sizeof(sent); i++)
		sent[i] = (char)i;
	for (size_t i = 0; registry_transports[i]; i++) {
		const struct transport *t = registry_transports[i];
		void *channels = open_channels(t, 1);

		if (!channels)
			continue;
		assert_int_equal(t->send(channels, 0, END_WORKER, sent, sizeof(sent)), sizeof(sent));
		assert_int_equal(t->receive(channels, 0, END_PARENT, got, 24), 24);
		assert_true(t->wait(channels, 0, END_PARENT, NULL, 0));
		assert_int_equal(t->receive(channels, 0, END_PARENT, got + 24, 1000), sizeof(sent) - 24);
		assert_memory_equal(sent, got, sizeof(sent));
		assert_false(t->wait(channels, 0, END_PARENT, NULL, 0));
		t->close(channels);
	}
}

/* Does what the parent does when a worker has died: nothing of its messages may be left for the next worker. */
static void empty(const struct transport *t, void *channels)
{
	static char block[65536];

	while (t->wait(channels, 0, END_WORKER, NULL, 0))
		if (t->receive(channels, 0, END_WORKER, block, sizeof(block)) < 0)
			break;
	while (t->wait(channels, 0, END_PARENT, NULL, 0))
		if (t->receive(channels, 0, END_PARENT, block, sizeof(block)) < 0)
			break;
	assert_false(t->wait(channels, 0, END_WORKER, NULL, 0));
	assert_false(t->wait(channels, 0, END_PARENT, NULL, 0));
}

/* A parent that sends to a worker which does not read must not be blocked. */
static void full_channel(void **state)
{
	static char block[65536];

	for (size_t i = 0; registry_transports[i]; i++) {
		const struct transport *t = registry_transports[i];
		void *channels = open_channels(t, 1);
		ssize_t n;

		if (!channels)
			continue;
		while ((n = t->send(channels, 0, END_PARENT, block, sizeof(block))) > 0)
			;
		assert_int_equal(n, 0);
		empty(t, channels);
		t->close(channels);
	}
}

/* What a worker does that reads the beginning of a message, then sends until it is killed. */
static void talk(const struct transport *t, void *channels, size_t piece)
{
	unsigned char *data = calloc(1, piece);

	if (!data)
		_exit(3);
	while (t->receive(channels, 0, END_WORKER, data, 10) == 0)
		t->wait(channels, 0, END_WORKER, NULL, 1000);
	for (;;)
		worker_sends(t, channels, 0, data, piece);
}

/* A successor on the same channel receives and sends what it should. */
static void succeed(const struct transport *t, void *channels)
{
	struct exchange *x = exchange_create(600000, 600000);
	pid_t child = start_echo(t, channels, 0, x->size);
	int status;

	serve_all(t, channels, 1, x);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	exchange_destroy(x);
}

static void kill_and_succeed(const struct transport *t, size_t piece)
{
	void *channels = open_channels(t, 1);
	unsigned char *data = calloc(1, piece);
	pid_t child;
	ssize_t n = 0;

	assert_non_null(data);
	child = channels ? fork() : 0;
	if (child == 0 && channels)
		talk(t, channels, piece);
	if (channels) {
		while (n == 0) { /* until some of its half message has come */
			(void)!t->send(channels, 0, END_PARENT, data, piece);
			n = t->receive(channels, 0, END_PARENT, data, 10);
		}
		assert_true(n > 0);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		empty(t, channels);
		succeed(t, channels);
	}
	t->close(channels);
	free(data);
}

static void killed_worker(void **state)
{
	for (size_t i = 0; registry_transports[i]; i++) {
		kill_and_succeed(registry_transports[i], 100);
		kill_and_succeed(registry_transports[i], BIG);
	}
}

static void view_it(const struct transport *t, void *channels, size_t size)
{
	const unsigned char *view;

	while (!t->wait(channels, 0, END_WORKER, NULL, 1000))
		;
	view = t->view(channels, 0, END_WORKER, size);
	if (!view)
		_exit(errno ? 1 : 2);
	for (size_t i = 0; i < size; i++)
		if (view[i] != byte_at(i))
			_exit(3);
	_exit(0);
}

/* A large payload can be viewed in place; a short one, and one that is asked for with another size, must be
 * received. */
static void views(void **state)
{
	size_t size = 1 << 20;
	unsigned char *data = malloc(size), byte;
	int status;

	assert_non_null(data);
	for (size_t i = 0; i < size; i++)
		data[i] = byte_at(i);
	for (size_t i = 0; registry_transports[i]; i++) {
		const struct transport *t = registry_transports[i];
		void *channels = t->view ? open_channels(t, 1) : NULL;

		if (!channels)
			continue;
		assert_int_equal(t->send(channels, 0, END_PARENT, data, size), size);
		if (fork() == 0)
			view_it(t, channels, size);
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
		assert_int_equal(t->send(channels, 0, END_WORKER, data, size), size);
		assert_null(t->view(channels, 0, END_PARENT, size - 1));
		assert_int_equal(errno, 0);
		assert_int_equal(t->receive(channels, 0, END_PARENT, &byte, 1), 1);
		assert_int_equal(byte, byte_at(0));
		empty(t, channels);
		t->close(channels);
	}
	free(data);
}

static unsigned count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned count = 0;

	assert_non_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static unsigned count_shared_mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];
	unsigned count = 0;

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps))
		count += strstr(line, "memfd:") != NULL;
	fclose(maps);
	return count;
}

/* Nothing is left of all that the tests before this one have done. */
static void nothing_is_left(void **state)
{
	unsigned descriptors = count_descriptors(), mappings = count_shared_mappings();

	assert_int_equal(mappings, 0);
	for (size_t i = 0; registry_transports[i]; i++) {
		pass_through(registry_transports[i], 2, 600000, 600000);
		assert_int_equal(count_descriptors(), descriptors);
		assert_int_equal(count_shared_mappings(), 0);
	}
	assert_int_equal(access("/dev/mqueue/bench", F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_pass),    cmocka_unit_test(many_workers),  cmocka_unit_test(nothing_there),
		cmocka_unit_test(short_receive), cmocka_unit_test(full_channel),  cmocka_unit_test(killed_worker),
		cmocka_unit_test(views),         cmocka_unit_test(nothing_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
