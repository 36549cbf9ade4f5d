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

static int write_all(int fd, const void *data, size_t size)
{
	while (size) {
		ssize_t n = send(fd, data, size, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data = (const char *)data + n;
		size -= (size_t)n;
	}
	return 0;
}

int frame_send2(int fd, enum frame_type type, const void *data, size_t size, const void *more, size_t more_size)
{
	struct frame_head head = { FRAME_PLAIN, type, size + more_size };
	int err = write_all(fd, &head, sizeof(head));

	err = err ? err : write_all(fd, data, size);
	return err ? err : write_all(fd, more, more_size);
}

int frame_send(int fd, enum frame_type type, const void *data, size_t size)
{
	return frame_send2(fd, type, data, size, NULL, 0);
}

/* Writes head and data at once, so that the reader is not woken for the head alone. */
int frame_send_record(int fd, enum frame_type type, const void *record)
{
	const struct wire_field *fields = record_fields(type);
	struct frame_head head = { FRAME_RECORD, type, fields_encode(fields, record, NULL) };
	char *frame = malloc(sizeof(head) + head.size);
	int err;

	if (!frame)
		return -ENOMEM;
	memcpy(frame, &head, sizeof(head));
	fields_encode(fields, record, frame + sizeof(head));
	err = write_all(fd, frame, sizeof(head) + head.size);
	free(frame);
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
