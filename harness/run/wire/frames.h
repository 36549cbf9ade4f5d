/* Frames: what the supervisor and a cell process say to each other over their socket.
 *
 * A frame is a head and `size` bytes. The head names the version, so that a build can tell the frames
 * of another one. Values are structs of the machine's own layout: both ends run on it. */
#ifndef BENCH_RUN_WIRE_FRAMES_H
#define BENCH_RUN_WIRE_FRAMES_H

#include <stddef.h>
#include <stdint.h>

#define FRAME_VERSION 0x62460001u

enum frame_type {
	/* down */
	FRAME_SPEC = 1, /* the invocation, as JSON (run/wire/spec.h) */
	FRAME_WEIGHTS,  /* double[COST_RANGES]: cost of one item of each range in the baseline; follows SPEC */
	/* up */
	FRAME_PHASE,   /* uint32_t enum phase: it begins now */
	FRAME_SKIPPED, /* file, NUL, why, NUL: an input that is left out */
	FRAME_FACTS,   /* struct facts */
	FRAME_SAMPLE,  /* struct sample, then its workers' struct worker_sample */
	FRAME_COSTS,   /* as FRAME_WEIGHTS: what this sequential cell found */
	FRAME_CREW,    /* struct crew_report */
	FRAME_FAILURE, /* struct failure */
	FRAME_END,     /* all went well, or a FAILURE came before */
};

enum phase { PHASE_OPEN, PHASE_START, PHASE_ROUND, PHASE_CHECK, PHASE_STOP };

struct facts {
	uint64_t items;
};

struct crew_report {
	uint64_t start_ns, end_ns; /* to make and to end the crew */
	uint64_t initializer_ns;   /* of start_ns, mean of the workers */
	uint64_t rss_bytes;
	double stamped_ns, unstamped_ns; /* medians of an item in rounds with stamps and without; 0: not tried */
};

struct frame_head {
	uint32_t version, type;
	uint64_t size;
};

/* Writes one frame, of two parts. Blocks. Returns 0 or -errno. */
int frame_send(int fd, enum frame_type type, const void *data, size_t size);
int frame_send2(int fd, enum frame_type type, const void *data, size_t size, const void *more, size_t more_size);

/* What has been received so far. Zeroed to begin with; release with frame_release(). */
struct frame_buffer {
	char *data;
	size_t size, capacity;
	size_t taken; /* bytes of the frame that was handed out last */
};

/* Reads what is there. Returns the bytes read, 0 at the end, -EAGAIN, or -errno. */
long frame_fill(struct frame_buffer *buffer, int fd);

/* The next whole frame: 1 with `*head` and `*data` set (valid until the next call), 0: not whole yet,
 * -EPROTO: not a frame of this version. */
int frame_next(struct frame_buffer *buffer, struct frame_head *head, const void **data);

/* Reads until one frame is whole. Blocks. Returns 1, 0 at the end, or -errno. */
int frame_receive(struct frame_buffer *buffer, int fd, struct frame_head *head, const void **data);

void frame_release(struct frame_buffer *buffer);

#endif
