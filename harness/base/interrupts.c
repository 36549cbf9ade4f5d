#include "base/interrupts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

void signals_begin(void)
{
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
}

sigset_t interrupts(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction now;
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (sigaction(numbers[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			sigaddset(&set, numbers[i]);
	return set;
}

void interrupts_hold(sigset_t *before)
{
	sigset_t set = interrupts();

	sigprocmask(SIG_BLOCK, &set, before);
}

int interrupts_catch(sigset_t *before)
{
	sigset_t set = interrupts();
	int fd;

	interrupts_hold(before);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

int interrupts_take(int fd)
{
	struct signalfd_siginfo info;

	return read(fd, &info, sizeof(info)) == sizeof(info) ? (int)info.ssi_signo : 0;
}

void interrupts_let(int fd, const sigset_t *before)
{
	if (fd >= 0)
		close(fd);
	sigprocmask(SIG_SETMASK, before, NULL);
}

void interrupt_end(int number)
{
	sigset_t set;

	fflush(NULL);
	signal(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
	_exit(128 + number);
}

const char *signal_text(char text[SIGNAL_TEXT], int number)
{
	const char *name = sigabbrev_np(number);

	if (name)
		snprintf(text, SIGNAL_TEXT, "SIG%s", name);
	else
		snprintf(text, SIGNAL_TEXT, "signal %d", number);
	return text;
}
