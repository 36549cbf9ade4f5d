#include "run/launch/threads.h"

#include <errno.h>
#include <stdlib.h>

struct start {
	struct crew *crew;
	unsigned w;
	void (*body)(struct crew *crew, unsigned w);
};

static void *run(void *argument)
{
	struct start start = *(struct start *)argument;

	free(argument);
	start.body(start.crew, start.w);
	return NULL;
}

int threads_create(struct crew *crew, unsigned w, void (*body)(struct crew *crew, unsigned w))
{
	struct start *start = malloc(sizeof(*start));
	int err;

	if (!start)
		return -ENOMEM;
	*start = (struct start){ crew, w, body };
	err = pthread_create(&crew->threads[w], NULL, run, start);
	if (!err)
		return 0;
	free(start);
	crew->threads[w] = 0;
	return -err;
}

void threads_join(struct crew *crew, unsigned w)
{
	if (crew->threads[w])
		pthread_join(crew->threads[w], NULL);
	crew->threads[w] = 0;
}
