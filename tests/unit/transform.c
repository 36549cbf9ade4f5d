/* The workload `transform`: what is a record, what may be wrong with it, and files of any bytes. */
#include "tests/unit/items.h"
#include "workloads/parts/records.h"

extern const struct workload workload_transform;
static const struct workload *const transform = &workload_transform;

static struct records_sums sums_of(const char *text)
{
	struct records_sums sums;

	records_sum((struct bytes){ text, strlen(text) }, &sums);
	return sums;
}

static uint64_t malformed_of(const struct records_sums *sums)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < FLAW_COUNT; i++)
		sum += sums->malformed[i];
	return sum;
}

static void adds_up_valid_records(void **state)
{
	static const struct {
		const char *line, *region;
		uint64_t units, cents;
	} cases[] = {
		{ "1,north,12,9.99", "north", 12, 999 },
		{ "0,a,0,0", "a", 0, 0 },
		{ "\"1\",\"north\",\"12\",\"9.99\"", "north", 12, 999 },
		{ "1,\"north, upper\",12,9.9", "north, upper", 12, 990 },
		{ "1,\"the \"\"old\"\" town\",12,9", "the \"old\" town", 12, 900 },
		{ "1,\"\"\"\",007,0.07", "\"", 7, 7 },
		{ "1, \t,1,1.00", " \t", 1, 100 },
		{ "1,\xff\xfe\x80,1,1", "\xff\xfe\x80", 1, 100 },
		{ "1,1234567890123456789012345678901,1,1", "1234567890123456789012345678901", 1, 100 },
		{ "1000000000000000000,max,1000000000,1000000000.00", "max", 1000000000, 100000000000 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct records_sums sums = sums_of(cases[i].line);

		if (sums.valid != 1)
			fail_msg("'%s' is a record", cases[i].line);
		assert_int_equal(malformed_of(&sums), 0);
		assert_int_equal(sums.groups, 1);
		assert_string_equal(sums.group[0].region, cases[i].region);
		assert_int_equal(sums.group[0].records, 1);
		assert_int_equal(sums.group[0].units, cases[i].units);
		assert_int_equal(sums.group[0].cents, cases[i].cents);
	}
}

static void tells_what_is_wrong(void **state)
{
	static const struct {
		const char *line;
		enum flaw flaw;
	} cases[] = {
		{ ",", FLAW_FIELDS },
		{ "1,a,1", FLAW_FIELDS },
		{ "1,a,1,1,", FLAW_FIELDS },
		{ "1,a,1,1,1,1,1,1,1,1", FLAW_FIELDS },
		{ " ", FLAW_FIELDS },
		{ "\"", FLAW_QUOTE },
		{ "\"\"\"", FLAW_QUOTE },
		{ "1,\"a,1,1", FLAW_QUOTE },
		{ "1,a\",1,1", FLAW_QUOTE },
		{ "1,\"a\"b,1,1", FLAW_QUOTE },
		{ "1,\"a\" ,1,1", FLAW_QUOTE },
		{ "1,a,1,\"1", FLAW_QUOTE },
		{ "1,a,1,1\"", FLAW_QUOTE },
		{ ",a,1,1", FLAW_NUMBER },
		{ "x,a,1,1", FLAW_NUMBER },
		{ "1,a,,1", FLAW_NUMBER },
		{ "1,a,1,", FLAW_NUMBER },
		{ "1,a,1.5,1", FLAW_NUMBER },
		{ "1,a,-1,1", FLAW_NUMBER },
		{ "1,a,+1,1", FLAW_NUMBER },
		{ "1,a, 1,1", FLAW_NUMBER },
		{ "1,a,1 ,1", FLAW_NUMBER },
		{ "1,a,1000000001,1", FLAW_NUMBER },
		{ "1,a,99999999999999999999999999,1", FLAW_NUMBER },
		{ "1000000000000000001,a,1,1", FLAW_NUMBER },
		{ "1,a,1,1000000000.01", FLAW_NUMBER },
		{ "1,a,1,.5", FLAW_NUMBER },
		{ "1,a,1,5.", FLAW_NUMBER },
		{ "1,a,1,5.123", FLAW_NUMBER },
		{ "1,a,1,5.1.2", FLAW_NUMBER },
		{ "1,a,1,5.-1", FLAW_NUMBER },
		{ "1,a,1,1e3", FLAW_NUMBER },
		{ "1,,1,1", FLAW_REGION },
		{ "1,\"\",1,1", FLAW_REGION },
		{ "1,12345678901234567890123456789012,1,1", FLAW_REGION },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct records_sums sums = sums_of(cases[i].line);

		if (sums.malformed[cases[i].flaw] != 1)
			fail_msg("'%s' has not flaw %d", cases[i].line, cases[i].flaw);
		assert_int_equal(malformed_of(&sums), 1);
		assert_int_equal(sums.valid, 0);
		assert_int_equal(sums.groups, 0);
	}
}

static void ends_lines_in_every_way(void **state)
{
	static const char *const texts[] = {
		"1,a,1,1\n2,b,2,2\n",
		"1,a,1,1\r\n2,b,2,2\r\n",
		"1,a,1,1\n2,b,2,2",
		"\n\r\n1,a,1,1\n\n\r\n2,b,2,2\r",
		"id,region,units,price\n1,a,1,1\n2,b,2,2\n",
		"id,region,units,price\r\n1,a,1,1\n2,b,2,2\n",
		"\xef\xbb\xbfid,region,units,price\r\n1,a,1,1\n2,b,2,2\n",
		"\xef\xbb\xbf\x31,a,1,1\n2,b,2,2\n", /* 0x31: 1 */
	};
	struct records_sums want = sums_of(texts[0]), header = sums_of("1,a,1,1\nid,region,units,price\n");

	assert_int_equal(want.valid, 2);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct records_sums sums = sums_of(texts[i]);

		assert_memory_equal(&sums, &want, sizeof(sums));
	}
	assert_int_equal(header.malformed[FLAW_NUMBER], 1);
}

/* A quote that is not closed does not swallow the records that follow. */
static void loses_one_record_by_one_quote(void **state)
{
	struct records_sums sums = sums_of("1,a,1,1\n2,\"b,2,2\n3,a,3,3\n");

	assert_int_equal(sums.valid, 2);
	assert_int_equal(sums.malformed[FLAW_QUOTE], 1);
	assert_int_equal(sums.group[0].units, 4);
}

static void bounds_the_length_of_a_line(void **state)
{
	char line[RECORDS_LINE + 2];

	for (int size = RECORDS_LINE; size <= RECORDS_LINE + 1; size++) {
		struct records_sums sums;

		snprintf(line, sizeof(line), "1,a,%0*d,1", size - 6, 7);
		sums = sums_of(line);
		assert_int_equal(sums.valid, size == RECORDS_LINE);
		assert_int_equal(sums.malformed[FLAW_LENGTH], size > RECORDS_LINE);
		snprintf(line, sizeof(line), "\"%0*d\"", size - 2, 7);
		sums = sums_of(line);
		assert_int_equal(sums.malformed[FLAW_FIELDS], size == RECORDS_LINE);
	}
}

static void adds_up_the_rest(void **state)
{
	struct records_sums sums;
	char text[4096] = "";
	int used = 0;

	for (int i = 0; i < 2 * (RECORDS_GROUPS + 8); i++)
		used += snprintf(text + used, sizeof(text) - (size_t)used, "1,r%d,2,0.03\n", i % (RECORDS_GROUPS + 8));
	sums = sums_of(text);
	assert_int_equal(sums.groups, RECORDS_GROUPS);
	assert_string_equal(sums.group[RECORDS_GROUPS - 1].region, "r31");
	assert_string_equal(sums.group[RECORDS_GROUPS].region, "");
	assert_int_equal(sums.group[RECORDS_GROUPS].records, 16);
	assert_int_equal(sums.group[RECORDS_GROUPS].units, 32);
	assert_int_equal(sums.group[RECORDS_GROUPS].cents, 48);
}

static uint32_t next_random(uint32_t *random)
{
	*random = *random * 1664525 + 1013904223;
	return *random >> 16;
}

/* Asserts that each line that is not empty counts as a valid record or as a malformed one. */
static void assert_all_counted(const char *text, size_t size)
{
	struct records_sums sums;
	uint64_t lines = 0, records = 0;

	for (size_t i = 0, from = 0; i <= size; i++) {
		if (i < size && text[i] != '\n')
			continue;
		lines += i - from > 1 || (i - from == 1 && text[from] != '\r');
		from = i + 1;
	}
	records_sum((struct bytes){ text, size }, &sums);
	for (size_t i = 0; i <= RECORDS_GROUPS; i++)
		records += sums.group[i].records;
	assert_int_equal(sums.valid + malformed_of(&sums), lines);
	assert_int_equal(records, sums.valid);
}

/* Texts have bytes that matter to the reader, then any bytes. The memory ends where the text does. */
static void reads_any_bytes(void **state)
{
	static const char dear[] = "\",\",\"\r\n\n0123456789.a,,1";
	uint32_t random = 1;

	for (int times = 0; times < 4000; times++) {
		size_t size = next_random(&random) % 600;
		char *text = malloc(size + !size);

		assert_non_null(text);
		for (size_t i = 0; i < size; i++) {
			uint32_t any = next_random(&random);

			text[i] = times % 4 ? dear[any % (sizeof(dear) - 1)] : (char)any;
		}
		assert_all_counted(text, size);
		free(text);
	}
}

/* Texts have valid records, some bytes of which are changed. */
static void reads_damaged_records(void **state)
{
	static const char line[] = "12,\"north, \"\"upper\"\"\",345,67.89\r\n7,a,1,2\n";
	const size_t size = 10 * (sizeof(line) - 1);
	uint32_t random = 1;

	for (int times = 0; times < 4000; times++) {
		char *text = malloc(size);

		assert_non_null(text);
		for (size_t i = 0; i < size; i++)
			text[i] = line[i % (sizeof(line) - 1)];
		for (int i = 0; i < times % 20; i++)
			text[next_random(&random) % size] = (char)next_random(&random);
		assert_all_counted(text, size);
		free(text);
	}
}

static void takes_the_users_files(void **state)
{
	struct sandbox box;
	struct buffer file, memory;
	const struct records_sums *sums;

	sandbox_init(&box);
	sandbox_presets(&box, transform);
	box.options.input = box.pics;
	sandbox_write(box.pics, "empty.csv", "", 0);
	sandbox_refused(&box, transform, -ENOENT, "no CSV file of id,region,units,price in '");
	assert_string_equal(box.last_why, "none of its 0 lines is a record of id,region,units,price");
	sandbox_write(box.pics, "none.csv", "some text\nmore of it\n", 21);
	sandbox_write(box.pics, "one.CSV", "junk\n1,a,2,3.00\n", 16);
	sandbox_write(box.pics, "other.txt", "1,a,2,3.00\n", 11);
	file = item_once(&box, transform, 0);
	assert_int_equal(box.skipped, 3);
	assert_string_equal(box.last_file, "none.csv");
	assert_string_equal(box.last_why, "none of its 2 lines is a record of id,region,units,price");
	sums = file.data;
	assert_int_equal(sums->valid, 1);
	assert_int_equal(sums->malformed[FLAW_FIELDS], 1);
	sandbox_set(&box, transform, "io", "memory");
	memory = item_once(&box, transform, 0);
	items_equal(&file, &memory);
	free(file.data);
	free(memory.data);
	sandbox_release(&box);
}

/* The generated files have every flaw, so that each is compared with what the generator knows. */
static void generates_every_flaw(void **state)
{
	struct sandbox box;
	struct buffer out;
	const struct records_sums *sums;

	sandbox_init(&box);
	sandbox_presets(&box, transform);
	out = item_once(&box, transform, 1);
	sums = out.data;
	for (size_t i = 0; i < FLAW_COUNT; i++)
		assert_in_range(sums->malformed[i], 1, sums->valid / 50);
	assert_int_equal(sums->valid + malformed_of(sums), 16384);
	free(out.data);
	sandbox_release(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds_up_valid_records),
		cmocka_unit_test(tells_what_is_wrong),
		cmocka_unit_test(ends_lines_in_every_way),
		cmocka_unit_test(loses_one_record_by_one_quote),
		cmocka_unit_test(bounds_the_length_of_a_line),
		cmocka_unit_test(adds_up_the_rest),
		cmocka_unit_test(reads_any_bytes),
		cmocka_unit_test(reads_damaged_records),
		cmocka_unit_test(takes_the_users_files),
		cmocka_unit_test(generates_every_flaw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
