/* A driver's main() without libFuzzer: tries what was once found, the seeds, and then mutations of both, always the
 * same. `NAME COUNT`: so many mutations. Prints TAP. */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MOST 65536 /* bytes of a mutation */

extern __attribute__((weak)) size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

struct input {
	uint8_t *data;
	size_t size;
};

struct corpus {
	struct input *input;
	size_t count;
};

static uint32_t random_state = 1;

static uint32_t draw(size_t below)
{
	random_state = random_state * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)random_state * below >> 32);
}

static void keep(void *context, const void *data, size_t size)
{
	struct corpus *corpus = context;
	struct input *more = reallocarray(corpus->input, corpus->count + 1, sizeof(*more));

	if (!more || !(more[corpus->count].data = malloc(size + 1)))
		exit(2);
	memcpy(more[corpus->count].data, data, size);
	more[corpus->count].size = size;
	corpus->input = more;
	corpus->count++;
}

static void keep_file(struct corpus *corpus, const char *path)
{
	static uint8_t content[1 << 20];
	FILE *file = fopen(path, "rb");

	if (!file)
		exit(2);
	keep(corpus, content, fread(content, 1, sizeof(content), file));
	fclose(file);
}

/* What has made this driver's reader fail before. */
static void keep_found(struct corpus *corpus, const char *driver)
{
	const char *root = getenv("BENCH_ROOT");
	char folder[PATH_MAX - 256], path[PATH_MAX];
	struct dirent **entry;
	int count;

	snprintf(folder, sizeof(folder), "%s/tests/fuzz/found", root ? root : ".");
	count = scandir(folder, &entry, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		if (strncmp(entry[i]->d_name, driver, strlen(driver)) == 0 && entry[i]->d_name[strlen(driver)] == '-') {
			snprintf(path, sizeof(path), "%s/%s", folder, entry[i]->d_name);
			keep_file(corpus, path);
		}
		free(entry[i]);
	}
	if (count >= 0)
		free(entry);
}

/* Cuts, doubles, or overwrites some bytes. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most)
{
	static const uint8_t bytes[] = { 0, 1, 0x7f, 0x80, 0xff, '"', '\n', ',', '%' };
	size_t at = draw(size + 1), length = draw(size - at + 1);

	switch (draw(8)) {
	case 0:
		return at ? at : size;
	case 1:
		memmove(data + at, data + at + length, size - at - length);
		return size - length ? size - length : 1;
	case 2:
		length = size + length <= most ? length : most - size;
		memmove(data + at + length, data + at, size - at);
		return size + length;
	}
	for (unsigned changes = 1 + draw(4); changes; changes--) {
		at = draw(size);
		data[at] = draw(2) ? bytes[draw(sizeof(bytes))] : data[at] ^ (uint8_t)(1u << draw(8));
	}
	return size;
}

static void try_input(const struct input *input)
{
	uint8_t *exact = malloc(input->size ? input->size : 1); /* so that a sanitizer sees a byte too much */

	if (!exact)
		exit(2);
	memcpy(exact, input->data, input->size);
	LLVMFuzzerTestOneInput(exact, input->size);
	free(exact);
}

static size_t mutate(uint8_t data[INPUT_MOST], size_t size)
{
	if (LLVMFuzzerCustomMutator)
		return LLVMFuzzerCustomMutator(data, size, INPUT_MOST, draw(UINT32_MAX));
	return LLVMFuzzerMutate(data, size, INPUT_MOST);
}

static void try_mutations(const struct corpus *corpus, unsigned long count)
{
	static uint8_t data[INPUT_MOST];
	struct input mutation = { .data = data };

	for (unsigned long i = 0; i < count; i++) {
		const struct input *from = &corpus->input[draw(corpus->count)];

		mutation.size = from->size < sizeof(data) ? from->size : sizeof(data);
		memcpy(data, from->data, mutation.size);
		for (unsigned times = 1 + draw(3); times && mutation.size; times--)
			mutation.size = mutate(data, mutation.size);
		try_input(&mutation);
	}
}

int main(int argc, char **argv)
{
	unsigned long count = argc == 2 ? strtoul(argv[1], NULL, 10) : 1000;
	const char *name = strrchr(argv[0], '-');
	struct corpus corpus = { 0 };

	name = name ? name + 1 : argv[0];
	puts("1..1");
	fflush(stdout);
	fuzz_seeds(keep, &corpus);
	keep_found(&corpus, name);
	for (size_t i = 0; i < corpus.count; i++)
		try_input(&corpus.input[i]);
	try_mutations(&corpus, count);
	printf("ok 1 - %s: %zu inputs and %lu mutations\n", name, corpus.count, count);
	for (size_t i = 0; i < corpus.count; i++)
		free(corpus.input[i].data);
	free(corpus.input);
	return 0;
}
