/* A cell process: one invocation of one cell, from open to close.
 *
 * Started by the supervisor as `PROGRAM --cell FD`, FD being its end of a socket (run/wire/frames.h). It is
 * the unit of replication: layout, page placement and allocator state are fresh in each. */
#ifndef BENCH_RUN_CELL_CELL_H
#define BENCH_RUN_CELL_CELL_H

/* Does what the specification on `fd` says, and reports there. Returns an exit status: 0 also after a
 * failure that could be reported. */
int cell_main(int fd);

#endif
