#include "run/wire/frames.h"

#include "run/wire/fields.h"
#include "run/wire/records.h"
#include "run/wire/version1.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define FRAME_MAX (64u << 20) /* bytes; no frame has more */

/* Takes what has been written off the parts. */
static void take_off(struct iovec *part, size_t written)
{
	for (; written; part++) {
		size_t n = written < part->iov_len ? written : part->iov_len;

		part->iov_base = (char *)part->iov_base + n;
		part->iov_len -= n;
		written -= n;
	}
}

static size_t left_of(const struct iovec *parts, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++)
		size += parts[i].iov_len;
	return size;
}

/* Writes all parts at once, so that the reader is not woken for the head alone, nor left with it if the writer is
 * killed. */
static int write_parts(int fd, struct iovec *parts, size_t count)
{
	const struct msghdr message = { .msg_iov = parts, .msg_iovlen = count };

	while (left_of(parts, count)) {
		ssize_t n = sendmsg(fd, &message, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return -errno;
		take_off(parts, n > 0 ? (size_t)n : 0);
	}
	return 0;
}

static int send_frame(int fd, struct frame_head head, const void *data, const void *more, size_t more_size)
{
	struct iovec parts[] = {
		{ &head, sizeof(head) },
		{ (void *)data, head.size - more_size },
		{ (void *)more, more_size },
	};

	return write_parts(fd, parts, 3);
}

int frame_send2(int fd, enum frame_type type, const void *data, size_t size, const void *more, size_t more_size)
{
	return send_frame(fd, (struct frame_head){ FRAME_PLAIN, type, size + more_size }, data, more, more_size);
}

int frame_send(int fd, enum frame_type type, const void *data, size_t size)
{
	return frame_send2(fd, type, data, size, NULL, 0);
}

int frame_send_record(int fd, enum frame_type type, const void *record)
{
	const struct wire_field *fields = record_fields(type);
	size_t size = fields_encode(fields, record, NULL);
	char *data = malloc(size);
	int err;

	if (!data)
		return -ENOMEM;
	fields_encode(fields, record, data);
	err = send_frame(fd, (struct frame_head){ FRAME_RECORD, type, size }, data, NULL, 0);
	free(data);
	return err;
}

int frame_read_record(const struct frame_head *head, const void *data, void *record)
{
	const struct wire_field *fields = record_fields((enum frame_type)head->type);
	char *converted = NULL;
	size_t size = head->size;
	int err = fields ? 0 : -EPROTO;

	if (!err && head->version == FRAME_PLAIN)
		err = version1_convert(head, data, &converted, &size);
	err = err ? err : fields_decode(fields, record, converted ? converted : data, size);
	free(converted);
	if (err && fields)
		fields_release(fields, record);
	return err;
}

long frame_fill(struct frame_buffer *b, int fd)
{
	ssize_t n;

	if (b->capacity - b->size < 65536) {
		char *larger = realloc(b->data, b->capacity * 2 + 65536);

		if (!larger)
			return -ENOMEM;
		b->data = larger;
		b->capacity = b->capacity * 2 + 65536;
	}
	n = read(fd, b->data + b->size, b->capacity - b->size);
	if (n < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	b->size += (size_t)n;
	return n;
}

int frame_next(struct frame_buffer *b, struct frame_head *head, const void **data)
{
	memmove(b->data, b->data + b->taken, b->size - b->taken);
	b->size -= b->taken;
	b->taken = 0;
	if (b->size < sizeof(*head))
		return 0;
	memcpy(head, b->data, sizeof(*head));
	if ((head->version != FRAME_PLAIN && head->version != FRAME_RECORD) || head->size > FRAME_MAX)
		return -EPROTO;
	if (b->size < sizeof(*head) + head->size)
		return 0;
	b->taken = sizeof(*head) + head->size;
	*data = b->data + sizeof(*head);
	return 1;
}

int frame_receive(struct frame_buffer *b, int fd, struct frame_head *head, const void **data)
{
	for (;;) {
		int whole = b->data ? frame_next(b, head, data) : 0;
		long n;

		if (whole)
			return whole;
		n = frame_fill(b, fd);
		if (n == 0 || (n < 0 && n != -EAGAIN))
			return (int)n;
	}
}

void frame_release(struct frame_buffer *b)
{
	free(b->data);
	*b = (struct frame_buffer){ 0 };
}
