/* A cell process: one invocation of one cell, from open to close.
 *
 * The supervisor starts it as `PROGRAM --cell FD`, where FD is its end of a socket (run/wire/frames.h). It is the unit
 * of replication: memory layout, page placement and allocator state are fresh in each. Several with one layout of
 * memory are forked by run/cell/nursery.h. */
#ifndef BENCH_RUN_CELL_CELL_H
#define BENCH_RUN_CELL_CELL_H

/* Executes the specification that it receives on `fd`, and reports there. Returns an exit status: 0 also after a
 * failure that could be reported. */
int cell_main(int fd);

#endif
