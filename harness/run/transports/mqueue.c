/* Two POSIX message queues for each worker. The kernel copies a payload in and out, in pieces of 8 KiB at most.
 *
 * All queues of a user together have a limit (RLIMIT_MSGQUEUE, 800 KiB), which ten queues of the usual size reach: the
 * more workers there are, the smaller their messages. Where even small ones do not fit, or where the system allows too
 * few queues, the transport is not available.
 *
 * A message must be received whole: if the receiver asks for less than a message may have, the message goes through
 * shared memory, which is one more short copy. The names of the queues are removed as soon as they are open. */
#include "base/clock.h"
#include "model/transport.h"
#include "run/transports/descriptors.h"
#include "run/transports/shared.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MESSAGE_MAX 8192 /* bytes; this and MESSAGES are the usual limits of users without privileges */
#define MESSAGE_MIN 256
#define MESSAGES 10 /* number of messages in a queue */

/* The rest of a message that was received at one end of a channel and not asked for yet. Only `left` says whether there
 * is any, so that a worker that is killed between two stores leaves nothing half done. */
struct mqueue_rest {
	size_t size, left; /* the rest is the last `left` of `size` bytes */
	char data[MESSAGE_MAX];
};

/* The queue of one direction. It has two descriptors, since only the parent's must not block. */
struct queue {
	mqd_t parent, worker; /* descriptors; above 0: it is open */
};

struct mqueue_channel {
	struct queue towards[2]; /* by the enum transport_end that receives */
	struct mqueue_rest rest[2];
};

struct queues {
	unsigned workers;
	size_t message;      /* most bytes of one message */
	struct pollfd *poll; /* for the parent: every worker's queue to read from, then every one to write to */
	struct mqueue_channel channel[];
};

static void close_all(struct queues *q)
{
	for (unsigned w = 0; w < q->workers; w++)
		for (int end = 0; end < 2; end++) {
			descriptors_close(&q->channel[w].towards[end].parent);
			descriptors_close(&q->channel[w].towards[end].worker);
		}
}

/* Opens the queue twice, and removes its name. */
static int open_queue(struct queue *q, size_t message)
{
	struct mq_attr attr = { .mq_maxmsg = MESSAGES, .mq_msgsize = (long)message };
	char name[64];
	int err;

	snprintf(name, sizeof(name), "/bench-%d-%llx", (int)getpid(), (unsigned long long)clock_ns());
	q->worker = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
	if (q->worker < 0)
		return -1;
	q->parent = mq_open(name, O_RDWR | O_NONBLOCK);
	err = errno;
	mq_unlink(name);
	errno = err;
	return q->parent < 0 || fcntl(q->worker, F_SETFD, 0) ? -1 : 0; /* unlike others they are closed by exec */
}

/* Opens all queues; if that fails, closes them and returns false with errno set. */
static bool open_all(struct queues *q)
{
	for (unsigned w = 0; w < q->workers; w++)
		for (int end = 0; end < 2; end++)
			if (open_queue(&q->channel[w].towards[end], q->message)) {
				close_all(q);
				return false;
			}
	return true;
}

/* Whether the error says that a limit was reached: of all queues of the user, of one message, or of the messages in a
 * queue. */
static bool is_too_large(int err)
{
	return err == EMFILE || err == EINVAL || err == ENOMEM;
}

static void mqueue_close(void *state)
{
	if (state)
		close_all(state);
	shared_release(state);
}

static void *mqueue_open(unsigned workers)
{
	size_t head = sizeof(struct queues) + workers * sizeof(struct mqueue_channel);
	struct queues *q = shared_memory(head + 2 * workers * sizeof(struct pollfd));
	bool opened;

	if (!q)
		return NULL;
	q->workers = workers;
	q->poll = (struct pollfd *)((char *)q + head);
	descriptors_raise_limit();
	q->message = MESSAGE_MAX;
	while (!(opened = open_all(q)) && is_too_large(errno) && q->message > MESSAGE_MIN)
		q->message /= 2;
	if (opened)
		return q;
	mqueue_close(q);
	errno = ENOTSUP; /* whatever went wrong, it is a limit of the system, or the system has no queues */
	return NULL;
}

static mqd_t descriptor_of(const struct queues *q, unsigned w, enum transport_end end, enum transport_end towards)
{
	const struct queue *queue = &q->channel[w].towards[towards];

	return end == END_PARENT ? queue->parent : queue->worker;
}

static ssize_t mqueue_send(void *state, unsigned w, enum transport_end end, const void *data, size_t size)
{
	const struct queues *q = state;
	mqd_t queue = descriptor_of(q, w, end, end == END_PARENT ? END_WORKER : END_PARENT);

	size = size < q->message ? size : q->message;
	if (size == 0)
		return 0;
	return mq_send(queue, data, size, 0) ? descriptors_moved(-1) : (ssize_t)size;
}

static ssize_t mqueue_receive(void *state, unsigned w, enum transport_end end, void *data, size_t size)
{
	struct queues *q = state;
	struct mqueue_rest *rest = &q->channel[w].rest[end];
	mqd_t queue = descriptor_of(q, w, end, end);

	if (size == 0)
		return 0;
	if (rest->left == 0) {
		ssize_t n = mq_receive(queue, size < q->message ? rest->data : data, q->message, NULL);

		if (n <= 0 || size >= q->message)
			return descriptors_moved(n);
		rest->size = (size_t)n;
		rest->left = rest->size;
	}
	size = size < rest->left ? size : rest->left;
	memcpy(data, rest->data + (rest->size - rest->left), size);
	rest->left -= size;
	return (ssize_t)size;
}

static bool mqueue_wait(void *state, unsigned w, enum transport_end end, const bool *to_send, int timeout_ms)
{
	struct queues *q = state;
	bool rests = end == END_WORKER && q->channel[w].rest[end].left;

	if (end == END_WORKER)
		return rests || descriptors_readable(descriptor_of(q, w, end, end), timeout_ms);
	for (unsigned i = 0; i < q->workers; i++) {
		q->poll[i].fd = descriptor_of(q, i, END_PARENT, END_PARENT);
		q->poll[q->workers + i].fd = descriptor_of(q, i, END_PARENT, END_WORKER);
		rests |= q->channel[i].rest[END_PARENT].left != 0;
	}
	return rests || descriptors_wait(q->poll, q->workers, to_send, timeout_ms);
}

const struct transport transport_mqueue = {
	.name = "mqueue",
	.summary = "two POSIX message queues for each worker",
	.copies = 2,
	.piece_bytes = MESSAGE_MAX,
	.open = mqueue_open,
	.send = mqueue_send,
	.receive = mqueue_receive,
	.wait = mqueue_wait,
	.close = mqueue_close,
};
