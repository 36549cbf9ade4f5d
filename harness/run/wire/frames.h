/* Frames: what the supervisor and a cell process say to each other over their socket.
 *
 * A frame is a head and `size` bytes. The head says in which of two versions the bytes are written, so that builds of
 * different age understand each other, or can tell that they do not:
 *
 *   FRAME_PLAIN   text, numbers or nothing, as the type says, in the machine's own order: both ends run on it
 *   FRAME_RECORD  a struct as fields with names (run/wire/fields.h), to which later builds may add
 *
 * Builds before FRAME_RECORD sent structs as they lay in memory, in plain frames (run/wire/version1.h). Frames from the
 * supervisor down to a cell process are plain and never change, so that the supervisor need not know how old a build is
 * in order to ask it. */
#ifndef BENCH_RUN_WIRE_FRAMES_H
#define BENCH_RUN_WIRE_FRAMES_H

#include "model/object.h"
#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_PLAIN 0x62460001u
#define FRAME_RECORD 0x62460002u
#define FRAME_PROTOCOL "frames2" /* this build's protocol, as `bench list` shows; builds that show none: version 1 */
#define FRAME_TURNS 1            /* its number for turns, rings and nurseries; builds that show none know of none */

enum frame_type {
	/* from the supervisor down to a cell process */
	FRAME_SPEC = 1, /* the invocation, as JSON (run/wire/spec.h) */
	FRAME_WEIGHTS,  /* after SPEC: double[COST_RANGES], the baseline's cost of an item in each range; or nothing */
	/* from a cell process up to the supervisor */
	FRAME_PHASE,    /* uint32_t, an enum phase: this phase begins now */
	FRAME_SKIPPED,  /* an input that is left out, and why: two strings, each with its NUL */
	FRAME_FACTS,    /* record: struct facts */
	FRAME_SAMPLE,   /* record: struct sample */
	FRAME_COSTS,    /* data as in FRAME_WEIGHTS: the costs that this sequential cell has found */
	FRAME_CREW,     /* record: struct crew_report */
	FRAME_FAILURE,  /* record: struct failure */
	FRAME_END,      /* the last frame: all went well, unless FAILURE came before */
	FRAME_WORKLOAD, /* record: struct description */
	FRAME_RESTS,    /* plain, empty: a cell process that takes turns waits for its next one */
	/* down again */
	FRAME_TURN,  /* uint32_t: execute so many counted rounds, then rest; to a cell process that takes turns */
	FRAME_LEAVE, /* plain, empty: end regularly */
	/* up, from the nursery of a cell process (run/cell/nursery.h) */
	FRAME_BORN, /* uint32_t: the pid of the cell process that has this socket */
	FRAME_DIED, /* uint32_t: how it has ended, as wait(2) gives it; nothing comes after it */
};

/* What an invocation is doing; that it rests, the supervisor knows from FRAME_RESTS. */
enum phase { PHASE_OPEN, PHASE_START, PHASE_ROUND, PHASE_CHECK, PHASE_STOP, PHASE_REST };

/* Sent when the workload is open, and again when a crew is made that another program executes. */
struct facts {
	uint64_t items;
	struct runtime runtime;
	bool fixed_addresses; /* the system has not laid out the cell process's memory at random */
};

/* What the workload of a shared object says of itself. */
struct param_description {
	char name[OBJECT_TEXT], preset[OBJECT_TEXT];
};

struct description {
	char name[OBJECT_TEXT];
	bool reads_files;
	uint32_t param_count;
	struct param_description *params; /* owned by whoever has received it */
};

struct crew_report {
	uint64_t start_ns, end_ns; /* time to make and to end the crew */
	uint64_t initializer_ns;   /* part of start_ns that --initializer took, mean over the workers */
	uint64_t rss_bytes;
	double stamped_ns, unstamped_ns; /* median time of an item in rounds with stamps and without; 0: not measured */
	bool spins; /* of a cell that takes turns: it used processors while it should have rested */
};

struct frame_head {
	uint32_t version, type;
	uint64_t size;
};

/* Writes one plain frame; frame_send2() takes its data in two parts. Blocks. Returns 0 or -errno. */
int frame_send(int fd, enum frame_type type, const void *data, size_t size);
int frame_send2(int fd, enum frame_type type, const void *data, size_t size, const void *more, size_t more_size);

/* Writes a frame of the struct that belongs to this type. Blocks. Returns 0 or -errno. */
int frame_send_record(int fd, enum frame_type type, const void *record);

/* Reads the struct that belongs to the frame's type, also from builds of version 1. Members that the frame does not
 * name stay as they are (those of a worker's sample are 0). Where the struct points to elements, it gets as many as
 * came, allocated and owned by the caller. Returns 0; -EPROTO: the data are no such struct; or -ENOMEM. After an error
 * the caller owns nothing. */
int frame_read_record(const struct frame_head *head, const void *data, void *record);

/* What has been received so far. Zeroed to begin with; release with frame_release(). */
struct frame_buffer {
	char *data;
	size_t size, capacity;
	size_t taken; /* bytes of the frame that was returned last */
};

/* Reads what has come. Returns the bytes read, 0 at the end of the stream, -EAGAIN, or another -errno. */
long frame_fill(struct frame_buffer *buffer, int fd);

/* Returns 1 and sets `*head` and `*data` to the next frame (valid until the next call); 0: the next frame is not whole
 * yet; -EPROTO: it has no known version. */
int frame_next(struct frame_buffer *buffer, struct frame_head *head, const void **data);

/* Reads until a frame is whole. Blocks. Returns 1, 0 at the end of the stream, or -errno. */
int frame_receive(struct frame_buffer *buffer, int fd, struct frame_head *head, const void **data);

void frame_release(struct frame_buffer *buffer);

#endif
