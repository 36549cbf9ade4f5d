#include "base/streams.h"

#include "base/why.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

void streams_begin(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY); /* so that writing to a closed stdout stays an error */
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int streams_end(int status)
{
	errno = EIO; /* the reason of an earlier write's failure is not known any more */
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "bench: cannot write to standard output: %s\n", error_text((char[ERROR_TEXT]){ 0 }, errno));
	return 2;
}
