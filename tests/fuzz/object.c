/* Shared objects: which workload one has is found without running it, whatever its bytes are. */
#include "model/object.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[1024] = "", *symbol = object_symbol(fuzz_file(data, size), WHY(why));

	if (!symbol && !why[0])
		abort();
	free(symbol);
	return 0;
}

void fuzz_seeds(seed_taker *add, void *context)
{
	static char content[1 << 20];
	FILE *stream = fopen(FUZZ_OBJECT, "rb");

	if (!stream)
		abort();
	add(context, content, fread(content, 1, sizeof(content), stream));
	fclose(stream);
}
