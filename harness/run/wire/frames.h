/* Frames: what the supervisor and a cell process say to each other over their socket.
 *
 * A frame is a head and `size` bytes. The head says in which of two versions the bytes are written, so that builds of
 * different age understand each other, and can tell what they do not:
 *
 *   FRAME_PLAIN   text, numbers or nothing, as the type says, in the machine's own order: both ends run on it
 *   FRAME_RECORD  a struct as fields with names (run/wire/fields.h), to which later builds may add
 *
 * Builds before FRAME_RECORD sent structs as they lay in memory, in plain frames (run/wire/version1.h). What goes down
 * is plain and stays as it is, so that nobody needs to know how old a build is in order to ask it. */
#ifndef BENCH_RUN_WIRE_FRAMES_H
#define BENCH_RUN_WIRE_FRAMES_H

#include <stddef.h>
#include <stdint.h>

#define FRAME_PLAIN 0x62460001u
#define FRAME_RECORD 0x62460002u
#define FRAME_PROTOCOL "frames2" /* that this build's cell processes speak, as `bench list` says; none: version 1 */

enum frame_type {
	/* down */
	FRAME_SPEC = 1, /* the invocation, as JSON (run/wire/spec.h) */
	FRAME_WEIGHTS,  /* double[COST_RANGES], or nothing: cost of an item of each range in the baseline, after SPEC */
	/* up */
	FRAME_PHASE,   /* uint32_t enum phase: it begins now */
	FRAME_SKIPPED, /* file, NUL, why, NUL: an input that is left out */
	FRAME_FACTS,   /* record: struct facts */
	FRAME_SAMPLE,  /* record: struct sample */
	FRAME_COSTS,   /* as FRAME_WEIGHTS: what this sequential cell found */
	FRAME_CREW,    /* record: struct crew_report */
	FRAME_FAILURE, /* record: struct failure */
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

/* Writes one plain frame, of two parts. Blocks. Returns 0 or -errno. */
int frame_send(int fd, enum frame_type type, const void *data, size_t size);
int frame_send2(int fd, enum frame_type type, const void *data, size_t size, const void *more, size_t more_size);

/* The same of the struct that belongs to this type. Returns 0 or -errno. */
int frame_send_record(int fd, enum frame_type type, const void *record);

/* Reads that struct from a frame, of builds of version 1, too. Members that the frame does not name stay as they are
 * (of a worker's sample 0); `workers` of a sample are as many as came, allocated, owned by the caller.
 * Returns 0; -EPROTO: it is none, and nothing is owned; or -ENOMEM. */
int frame_read_record(const struct frame_head *head, const void *data, void *record);

/* What has been received so far. Zeroed to begin with; release with frame_release(). */
struct frame_buffer {
	char *data;
	size_t size, capacity;
	size_t taken; /* bytes of the frame that was handed out last */
};

/* Reads what is there. Returns the bytes read, 0 at the end, -EAGAIN, or -errno. */
long frame_fill(struct frame_buffer *buffer, int fd);

/* The next whole frame: 1 with `*head` and `*data` set (valid until the next call), 0: not whole yet,
 * -EPROTO: not a frame of a version that is known. */
int frame_next(struct frame_buffer *buffer, struct frame_head *head, const void **data);

/* Reads until one frame is whole. Blocks. Returns 1, 0 at the end, or -errno. */
int frame_receive(struct frame_buffer *buffer, int fd, struct frame_head *head, const void **data);

void frame_release(struct frame_buffer *buffer);

#endif
