#include "run/worker/marks.h"

/* The statements differ, so that no compiler makes one function of the two. */

__attribute__((noinline, used)) void instructions_begin(void)
{
	__asm__ volatile("# begin");
}

__attribute__((noinline, used)) void instructions_end(void)
{
	__asm__ volatile("# end");
}
