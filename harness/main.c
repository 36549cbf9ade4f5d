/* The table of contents: what the program can be called for. The verbs are in verbs/. */
#include "base/container.h"
#include "base/interrupts.h"
#include "base/streams.h"
#include "command/verb.h"
#include "verbs/verbs.h"

#include <string.h>

static int call(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--cell") == 0)
		return call_cell(argc, argv);
	if (argc > 1 && strcmp(argv[1], "--worker") == 0)
		return call_worker(argc, argv);
	return verb_call(&program, argv);
}

int main(int argc, char **argv)
{
	signals_begin();
	container_enter();
	streams_begin();
	return streams_end(call(argc, argv));
}
