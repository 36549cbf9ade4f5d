/* Computes sums over the records of CSV files, as a program does with what other programs export. Some records
 * are malformed; parts/records.h describes the columns and what may be wrong. */
#include "workloads/parts/contents.h"
#include "workloads/parts/files.h"
#include "workloads/parts/noise.h"
#include "workloads/parts/records.h"
#include "workloads/parts/values.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_RECORDS 16384

static const struct param params[] = {
	{ "io", "file", NULL, "file|memory", "read the files, or take their content as payloads" },
	{ 0 },
};

/* Regions as they stand in a file, and as a reader must read them. */
static const struct {
	const char *written, *read;
} regions[] = {
	{ "north", "north" },
	{ "south", "south" },
	{ "east", "east" },
	{ "west", "west" },
	{ "\"north, upper\"", "north, upper" },
	{ "\"the \"\"old\"\" town\"", "the \"old\" town" },
	{ "\"plain\"", "plain" },
	{ "Saint-\xc3\x89tienne", "Saint-\xc3\x89tienne" },
	{ "harbour", "harbour" },
	{ "\"a name of thirty-one characters\"", "a name of thirty-one characters" },
	{ " blanks count ", " blanks count " },
	{ "\"\"\"\"", "\"" },
};

#define REGIONS (sizeof(regions) / sizeof(*regions))

static const struct {
	const char *line;
	enum flaw flaw;
} malformed[] = {
	{ "4711,north,12", FLAW_FIELDS },
	{ "4711,north,12,9.99,", FLAW_FIELDS },
	{ "4711,north, upper,12,9.99", FLAW_FIELDS },
	{ "4711", FLAW_FIELDS },
	{ "4711,\"north,12,9.99", FLAW_QUOTE },
	{ "4711,\"north\" upper,12,9.99", FLAW_QUOTE },
	{ "4711,the \"old\" town,12,9.99", FLAW_QUOTE },
	{ ",north,12,9.99", FLAW_NUMBER },
	{ "4711,north,twelve,9.99", FLAW_NUMBER },
	{ "4711,north,-12,9.99", FLAW_NUMBER },
	{ "4711,north,12,9.999", FLAW_NUMBER },
	{ "4711,north,12,1e3", FLAW_NUMBER },
	{ "4711,north,1000000001,9.99", FLAW_NUMBER },
	{ "4711,,12,9.99", FLAW_REGION },
	{ "4711,a name of thirty-two characters.,12,9.99", FLAW_REGION },
};

#define MALFORMED (sizeof(malformed) / sizeof(*malformed))

struct writer {
	FILE *stream;
	const char *line_end;
	uint64_t random;
	struct records_sums known;
};

/* Writes as many decimals as the price needs. */
static void write_price(FILE *stream, uint64_t cents)
{
	fprintf(stream, "%" PRIu64, cents / 100);
	if (cents % 10)
		fprintf(stream, ".%02" PRIu64, cents % 100);
	else if (cents % 100)
		fprintf(stream, ".%" PRIu64, cents % 100 / 10);
}

static void write_valid(struct writer *w, uint32_t id, size_t region)
{
	struct records_group *group = w->known.group + region;
	uint64_t units = noise_below(&w->random, 1000), cents = noise_below(&w->random, 100000);

	fprintf(w->stream, units % 10 ? "%u,%s,%" PRIu64 "," : "%u,%s,\"%" PRIu64 "\",", id, regions[region].written,
		units);
	write_price(w->stream, cents);
	fputs(w->line_end, w->stream);
	w->known.valid++;
	group->records++;
	group->units += units;
	group->cents += cents;
}

static void write_malformed(struct writer *w)
{
	size_t i = noise_below(&w->random, MALFORMED + 1);

	if (i < MALFORMED) {
		fprintf(w->stream, "%s%s", malformed[i].line, w->line_end);
		w->known.malformed[malformed[i].flaw]++;
	} else {
		fprintf(w->stream, "4711,north,12,%0*d%s", RECORDS_LINE, 9, w->line_end);
		w->known.malformed[FLAW_LENGTH]++;
	}
}

/* Names the regions in the order in which the first records have them. */
static void name_regions(struct records_sums *known)
{
	known->groups = REGIONS;
	for (size_t i = 0; i < REGIONS; i++)
		memcpy(known->group[i].region, regions[i].read, strlen(regions[i].read));
}

/* Three records in a hundred are malformed; every other file ends its lines by CRLF. */
static void write_records(struct writer *w)
{
	fprintf(w->stream, RECORDS_HEADER "%s", w->line_end);
	for (uint32_t id = 0; id < FILE_RECORDS; id++) {
		if (id < REGIONS)
			write_valid(w, id, id);
		else if (noise_below(&w->random, 100) < 3)
			write_malformed(w);
		else
			write_valid(w, id, noise_below(&w->random, REGIONS));
	}
	name_regions(&w->known);
}

/* Makes a file, and sets *known to what its sums must be. */
static int make_known(uint32_t number, struct buffer *file, struct records_sums *known)
{
	struct writer w = { .line_end = number % 2 ? "\r\n" : "\n", .random = number + 1 };

	w.stream = open_memstream((char **)&file->data, &file->size);
	if (!w.stream)
		return -ENOMEM;
	write_records(&w);
	if (fclose(w.stream) != 0)
		return -ENOMEM;
	*known = w.known;
	return 0;
}

static int make(uint32_t number, struct buffer *file)
{
	struct records_sums known;

	return make_known(number, file, &known);
}

static uint64_t malformed_of(const struct records_sums *sums)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < FLAW_COUNT; i++)
		sum += sums->malformed[i];
	return sum;
}

static int probe(int fd, char why[INPUT_WHY])
{
	struct records_sums sums;
	struct buffer file;
	int error = file_read_from(fd, CONTENTS_MOST, &file);

	if (error) {
		snprintf(why, INPUT_WHY, "%s", strerror(-error));
	} else {
		records_sum((struct bytes){ file.data, file.size }, &sums);
		if (sums.valid == 0) {
			snprintf(why, INPUT_WHY, "none of its %" PRIu64 " lines is a record of " RECORDS_HEADER,
				 malformed_of(&sums));
			error = -ENODATA;
		}
	}
	free(file.data);
	return error;
}

static const char *const endings[] = { ".csv", NULL };

static const struct input_kind tables = {
	.what = "CSV file of " RECORDS_HEADER,
	.endings = endings,
	.probe = probe,
	.generated = { .folder = "transform-v1", .prefix = "sales-", .suffix = ".csv", .count = 64, .make = make },
};

static void transform_close(void *data)
{
	if (data)
		contents_close(data);
	free(data);
}

static int transform_open(const struct workload_options *options, struct workload_state *state)
{
	struct contents *c = malloc(sizeof(*c));
	int error;

	if (!c)
		return refuse(state, -ENOMEM, "no memory");
	error = contents_open(c, &tables, options->values[0], options, state);
	if (error) {
		free(c);
		return error;
	}
	*state = (struct workload_state){
		.data = c,
		.items = options->items ? options->items : c->input.count,
		.output_max = sizeof(struct records_sums),
	};
	return 0;
}

static int transform_input(const void *data, uint64_t item, struct bytes *in)
{
	*in = contents_input(data, item);
	return 0;
}

static int transform_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	struct buffer file;
	struct bytes content;
	int error = contents_get(data, item, in, &file, &content);

	if (!error) {
		records_sum(content, out->data);
		out->size = sizeof(struct records_sums);
	}
	free(file.data);
	return error;
}

/* Only for generated files the sums are known. */
static int transform_check(const void *data, uint64_t item, struct bytes out)
{
	const struct input *input = &((const struct contents *)data)->input;
	struct records_sums known;
	struct buffer file = { 0 };
	int error;

	if (out.size != sizeof(known))
		return -EBADMSG;
	if (!input->digests)
		return 0;
	error = make_known((uint32_t)(item % input->count), &file, &known);
	free(file.data);
	if (!error && memcmp(out.data, &known, sizeof(known)) != 0)
		error = -EBADMSG;
	return error;
}

const struct workload workload_transform = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "transform",
	.summary = "sums over CSV records, some of them malformed: reads, parses, gives back little",
	.item = "file",
	.files = "CSV files",
	.params = params,
	.open = transform_open,
	.input = transform_input,
	.work = transform_work,
	.check = transform_check,
	.close = transform_close,
};
