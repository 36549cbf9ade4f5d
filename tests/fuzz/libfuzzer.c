/* Writes a driver's seeds into its corpus, the first folder on the command line, before libFuzzer reads that. */
#include "tests/fuzz/fuzz.h"

#include <limits.h>
#include <stdio.h>

struct corpus {
	const char *folder;
	unsigned count;
};

int LLVMFuzzerInitialize(int *argc, char ***argv);

static void write_seed(void *context, const void *data, size_t size)
{
	struct corpus *corpus = context;
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/seed-%u", corpus->folder, corpus->count++);
	file = fopen(path, "wb");
	if (!file)
		return;
	fwrite(data, 1, size, file);
	fclose(file);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct corpus corpus = { .folder = "." };
	int i = 1;

	while (i < *argc && (*argv)[i][0] == '-')
		i++;
	if (i == *argc)
		return 0;
	corpus.folder = (*argv)[i];
	fuzz_seeds(write_seed, &corpus);
	return 0;
}
