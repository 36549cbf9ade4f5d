#include "run/launch/threads.h"

#include "run/worker/worker.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct thread_start {
	struct crew *crew;
	unsigned w;
	enum worker_task task;
};

static void *live(void *argument)
{
	struct thread_start start = *(struct thread_start *)argument;

	free(argument);
	worker_live(start.crew, start.w, start.task);
	return NULL;
}

int threads_prepare(struct crew *crew)
{
	crew->own = calloc(crew->cell->workers, sizeof(pthread_t));
	return crew->own ? 0 : -ENOMEM;
}

int threads_launch(struct crew *crew, unsigned w, enum worker_task task)
{
	struct thread_start *start = malloc(sizeof(*start));
	pthread_t *thread = (pthread_t *)crew->own + w;
	int err;

	if (!start)
		return -ENOMEM;
	*start = (struct thread_start){ crew, w, task };
	err = pthread_create(thread, NULL, live, start);
	if (!err)
		return 0;
	free(start);
	*thread = 0;
	return -err;
}

bool threads_has(const struct crew *crew, unsigned w)
{
	return ((const pthread_t *)crew->own)[w] != 0;
}

void threads_join(struct crew *crew, unsigned w)
{
	pthread_t *thread = (pthread_t *)crew->own + w;

	if (*thread)
		pthread_join(*thread, NULL);
	*thread = 0;
}

void threads_stop(struct crew *crew)
{
	free(crew->own);
	crew->own = NULL;
}
