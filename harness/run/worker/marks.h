/* Where the instructions of a round begin and end, for `bench gate --instructions`.
 *
 * Two functions that do nothing. Valgrind's callgrind is told their names: it forgets what it has counted when the
 * first is entered and writes its counts down when the second is. So a build of any age can be counted that has both,
 * and one that is never counted needs nothing of Valgrind's. */
#ifndef BENCH_RUN_WORKER_MARKS_H
#define BENCH_RUN_WORKER_MARKS_H

#define MARK_BEGIN "instructions_begin"
#define MARK_END "instructions_end"

/* By each worker, in rounds whose instructions are counted: after it has begun its books, before it ends them. */
void instructions_begin(void);
void instructions_end(void);

#endif
