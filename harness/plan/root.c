#include "plan/root.h"

#include <stdlib.h>

#ifndef BENCH_ROOT
#define BENCH_ROOT "."
#endif

const char *project_root(void)
{
	const char *root = getenv("BENCH_ROOT");

	return root && root[0] ? root : BENCH_ROOT;
}
