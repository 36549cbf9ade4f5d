/* Transports: what goes in at one end of a channel comes out at the other, in pieces where it is more
 * than the channel holds, between processes. Loops over the registry. */
#include "plan/registry.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define BIG (5u << 20) /* bytes; more than any transport holds */
#define WORKERS 3

static unsigned char byte_at(unsigned w, size_t i)
{
	return (unsigned char)(i * 131 + w * 7 + i / 251);
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
		for (ssize_t sent = 0, m; sent < n; sent += m) {
			m = t->send(state, w, END_WORKER, piece + sent, (size_t)(n - sent));
			if (m < 0)
				_exit(2);
			if (m == 0)
				t->wait(state, w, END_WORKER, NULL, 1000);
		}
		left -= (size_t)n;
	}
	_exit(0);
}

/* Sends and receives on one channel what can be moved now. Returns whether anything was. */
static bool serve(const struct transport *t, void *state, unsigned w, size_t size, size_t *sent, size_t *received)
{
	unsigned char piece[4096];
	size_t want = size - *sent < sizeof(piece) ? size - *sent : sizeof(piece);
	ssize_t n = 0, m;

	for (size_t i = 0; i < want; i++)
		piece[i] = byte_at(w, *sent + i);
	if (want)
		n = t->send(state, w, END_PARENT, piece, want);
	assert_true(n >= 0);
	*sent += (size_t)n;
	m = t->receive(state, w, END_PARENT, piece, sizeof(piece));
	assert_true(m >= 0);
	for (ssize_t i = 0; i < m; i++)
		assert_int_equal(piece[i], (unsigned char)(byte_at(w, *received + (size_t)i) + 1));
	*received += (size_t)m;
	return n > 0 || m > 0;
}

static void pass_through(const struct transport *t, size_t size)
{
	void *state = t->open(WORKERS);
	size_t sent[WORKERS] = { 0 }, received[WORKERS] = { 0 };
	bool busy = true, to_send[WORKERS];
	int status;

	assert_non_null(state);
	for (unsigned w = 0; w < WORKERS; w++)
		if (fork() == 0)
			echo(t, state, w, size);
	while (busy) {
		bool moved = busy = false;

		for (unsigned w = 0; w < WORKERS; w++) {
			moved |= serve(t, state, w, size, &sent[w], &received[w]);
			to_send[w] = sent[w] < size;
			busy |= received[w] < size;
		}
		if (busy && !moved)
			t->wait(state, 0, END_PARENT, to_send, 1000);
	}
	for (unsigned w = 0; w < WORKERS; w++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	t->close(state);
}

static void bytes_pass(void **state)
{
	(void)state;
	for (size_t i = 0; registry_transports[i]; i++) {
		pass_through(registry_transports[i], 1);
		pass_through(registry_transports[i], 65536);
		pass_through(registry_transports[i], BIG);
	}
}

static void nothing_there(void **state)
{
	char byte;

	(void)state;
	for (size_t i = 0; registry_transports[i]; i++) {
		const struct transport *t = registry_transports[i];
		void *channels = t->open(1);

		assert_int_equal(t->receive(channels, 0, END_PARENT, &byte, 1), 0);
		t->wait(channels, 0, END_PARENT, NULL, 1); /* comes back without anything to do */
		t->close(channels);
		t->close(NULL);
	}
}

/* A parent that sends to a worker which does not read must not be blocked. */
static void full_channel(void **state)
{
	static char block[65536];

	(void)state;
	for (size_t i = 0; registry_transports[i]; i++) {
		const struct transport *t = registry_transports[i];
		void *channels = t->open(1);
		ssize_t n;

		while ((n = t->send(channels, 0, END_PARENT, block, sizeof(block))) > 0)
			;
		assert_int_equal(n, 0);
		t->close(channels);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_pass),
		cmocka_unit_test(nothing_there),
		cmocka_unit_test(full_channel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
