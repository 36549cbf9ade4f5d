/* What children print, read through a pipe: a digest of all of it, and its last lines. One pipe serves one child after
 * another, or several at a time, whose lines are not told apart; it has both ends in this process, so what a child
 * leaves in it is there after the child has ended. Single-threaded. */
#ifndef BENCH_BASE_OUTPUT_H
#define BENCH_BASE_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

#define OUTPUT_BLOCK 65536 /* bytes that are digested at a time */
#define OUTPUT_KEPT 1024   /* bytes that are kept besides */

struct output {
	int child_fd;  /* for struct child_setup; 0: not open */
	int fd;        /* what a child writes can be read here; never blocks */
	unsigned uses; /* children that may write to it now */
	uint64_t size; /* bytes that the child has written, as far as they have been read */
	uint64_t digest;
	size_t fill; /* bytes of the block */
	char data[OUTPUT_KEPT + OUTPUT_BLOCK];
};

/* Opens the pipe. Returns 0 or -errno. Does nothing if it is open. */
int output_open(struct output *output);
void output_close(struct output *output);

/* Call it before a child starts. Unless another one may still write, what was read and what is in the pipe is
 * forgotten. */
void output_begin(struct output *output);

/* Reads some of what has come; output_end(), which is called when a child has ended, reads all that is in the pipe.
 * Processes that still write then are not waited for. Both do nothing for NULL. */
void output_read(struct output *output);
void output_end(struct output *output);

/* A digest of all that was read, however it came in pieces. */
uint64_t output_digest(const struct output *output);

#define OUTPUT_LINES 3

/* Writes the last lines that are not empty, at most OUTPUT_LINES, as one line of harmless text: `reading 'x' / out of
 * memory`. Sets `text` to "" if there are none, or if `output` is NULL. Returns `text`. */
const char *output_last_lines(const struct output *output, char *text, size_t size);

#endif
