#include "run/worker/marks.h"

/* The statements differ, so that no compiler merges the two functions. */

__attribute__((noinline, used)) void instructions_begin(void)
{
	__asm__ volatile("# begin");
}

__attribute__((noinline, used)) void instructions_end(void)
{
	__asm__ volatile("# end");
}
