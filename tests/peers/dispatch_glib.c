/* Measures what an empty task costs in GLib's GThreadPool: tasks are pushed one by one, then waited for. Prints
 * nanoseconds of wall time per task, a line for each round. Arguments: tasks, threads, rounds, and `queue`: each task
 * returns its result through a GAsyncQueue, as programs do that need results. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct batch {
	GMutex lock;
	GCond done;
	gint left;            /* tasks that have not ended */
	GAsyncQueue *results; /* NULL: there are none */
};

static void do_task(gpointer task, gpointer data)
{
	struct batch *b = data;

	if (b->results)
		g_async_queue_push(b->results, task);
	else if (g_atomic_int_dec_and_test(&b->left)) {
		g_mutex_lock(&b->lock);
		g_cond_signal(&b->done);
		g_mutex_unlock(&b->lock);
	}
}

static void wait_for_all(struct batch *b, gint tasks)
{
	for (gint i = 0; b->results && i < tasks; i++)
		g_async_queue_pop(b->results);
	if (b->results)
		return;
	g_mutex_lock(&b->lock);
	while (g_atomic_int_get(&b->left))
		g_cond_wait(&b->done, &b->lock);
	g_mutex_unlock(&b->lock);
}

static void run_round(GThreadPool *pool, struct batch *b, gint tasks)
{
	g_atomic_int_set(&b->left, tasks);
	for (gint i = 1; i <= tasks; i++) /* a task must not be NULL */
		g_thread_pool_push(pool, GINT_TO_POINTER(i), NULL);
	wait_for_all(b, tasks);
}

int main(int argc, char **argv)
{
	gint tasks = argc > 1 ? atoi(argv[1]) : 100000, threads = argc > 2 ? atoi(argv[2]) : 2;
	gint rounds = argc > 3 ? atoi(argv[3]) : 10;
	struct batch b = { .results = argc > 4 && strcmp(argv[4], "queue") == 0 ? g_async_queue_new() : NULL };
	GThreadPool *pool = g_thread_pool_new(do_task, &b, threads, TRUE, NULL);

	g_mutex_init(&b.lock);
	g_cond_init(&b.done);
	for (gint round = 0; round <= rounds; round++) { /* the first one warms up */
		gint64 from_us = g_get_monotonic_time();

		run_round(pool, &b, tasks);
		if (round > 0)
			printf("%.3f\n", (double)(g_get_monotonic_time() - from_us) * 1e3 / tasks);
	}
	g_thread_pool_free(pool, FALSE, TRUE);
	return 0;
}
