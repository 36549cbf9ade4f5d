/* Records of the workload `transform`: any bytes have sums, and each line is counted once. */
#include "tests/fuzz/fuzz.h"
#include "workloads/parts/records.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct records_sums sums;
	uint64_t lines = 1, counted, grouped = 0;

	records_sum((struct bytes){ data, size }, &sums);
	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	counted = sums.valid;
	for (size_t i = 0; i < FLAW_COUNT; i++)
		counted += sums.malformed[i];
	for (size_t i = 0; i <= RECORDS_GROUPS; i++)
		grouped += sums.group[i].records;
	if (counted > lines || grouped != sums.valid || sums.groups > RECORDS_GROUPS)
		abort();
	return 0;
}

void fuzz_seeds(seed_taker *add, void *context)
{
	static const char *const seeds[] = {
		RECORDS_HEADER "\n1,north,2,3.45\n2,\"south, lower\",\"10\",0.5\r\n",
		"\xef\xbb\xbf" RECORDS_HEADER "\r\n7,\"the \"\"old\"\" town\",0,1000000000\n\n8,x,1000000000,9.99",
		("4711,north,12\n,,,\n\"\n\"a\"b,c,1,1\n18446744073709551616,a,1,1\n"
		 "1,a name of thirty-one characters, 1,1"),
	};

	for (size_t i = 0; i < sizeof(seeds) / sizeof(*seeds); i++)
		add(context, seeds[i], strlen(seeds[i]));
}
