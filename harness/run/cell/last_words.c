#include "run/cell/last_words.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* It has file scope, since the handlers of signals and of atexit() have no argument for it. */
static struct arena *listener;

static void speak(void)
{
	if (listener)
		atomic_store(&listener->last_tid, gettid());
}

static void speak_and_die(int number)
{
	speak();
	raise(number); /* because of SA_RESETHAND it now kills the process, with the right status */
}

void last_words_prepare(struct arena *arena)
{
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGTRAP, SIGSYS };
	struct sigaction action = { .sa_handler = speak_and_die, .sa_flags = SA_RESETHAND | SA_NODEFER }, old;

	listener = arena;
	atexit(speak);
	for (size_t i = 0; i < sizeof(crashes) / sizeof(*crashes); i++)
		if (sigaction(crashes[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(crashes[i], &action, NULL);
}

void last_words_dismiss(void)
{
	listener = NULL;
}
