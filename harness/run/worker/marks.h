/* Marks where the instructions of a round begin and end, for `bench gate --instructions`.
 *
 * They are two functions that do nothing. Valgrind's callgrind is told their names: it sets its counts to zero when the
 * first is entered and writes them down when the second is entered. So every build that has the two functions can be
 * counted, old ones too, and no build needs anything of Valgrind. */
#ifndef BENCH_RUN_WORKER_MARKS_H
#define BENCH_RUN_WORKER_MARKS_H

#define MARK_BEGIN "instructions_begin"
#define MARK_END "instructions_end"

/* Called by each worker in rounds whose instructions are counted: after it has begun the round's readings, and before
 * it ends them. */
void instructions_begin(void);
void instructions_end(void);

#endif
