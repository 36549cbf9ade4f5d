#include "workloads/parts/records.h"

#include <stdbool.h>
#include <string.h>

enum { ID, REGION, UNITS, PRICE, COLUMNS };

/* The fields that have been found in a line. */
struct fields {
	struct bytes field[COLUMNS];
	size_t count; /* may be more than COLUMNS */
	char text[RECORDS_LINE]; /* content of the quoted fields, without the quotes */
	size_t used;
};

struct record {
	struct fields fields; /* has the region's text, if that is quoted */
	struct bytes region;
	uint64_t units, cents;
};

static void add(struct fields *f, const char *from, size_t size)
{
	if (f->count < COLUMNS)
		f->field[f->count] = (struct bytes){ from, size };
	f->count++;
}

/* Takes a field up to its comma or the end. Returns where it ends; NULL: there is a quote in it. */
static const char *take_plain(struct fields *f, const char *at, const char *end)
{
	const char *from = at;

	for (; at < end && *at != ','; at++) {
		if (*at == '"')
			return NULL;
	}
	add(f, from, (size_t)(at - from));
	return at;
}

/* Takes a field that begins with a quote. Returns where it ends; NULL: its quotes are wrong. */
static const char *take_quoted(struct fields *f, const char *at, const char *end)
{
	char *text = f->text + f->used; /* there is room: all fields together are shorter than the line */
	bool closed = false;
	size_t size = 0;

	for (at++; at < end; at++) {
		if (*at == '"') {
			at++;
			closed = at == end || *at != '"';
			if (closed)
				break;
		}
		text[size++] = *at;
	}
	if (!closed || (at < end && *at != ','))
		return NULL;
	f->used += size;
	add(f, text, size);
	return at;
}

static enum flaw split(const char *at, const char *end, struct fields *f)
{
	f->count = f->used = 0;
	for (;; at++) { /* at++ skips the comma */
		at = at < end && *at == '"' ? take_quoted(f, at, end) : take_plain(f, at, end);
		if (!at)
			return FLAW_QUOTE;
		if (at == end)
			return f->count == COLUMNS ? FLAW_NONE : FLAW_FIELDS;
	}
}

/* Reads at least one digit. Returns what follows the digits; NULL: there is none, or the number is over `most`. */
static const char *read_digits(const char *at, const char *end, uint64_t most, uint64_t *value)
{
	const char *from = at;

	*value = 0;
	for (; at < end && *at >= '0' && *at <= '9'; at++) {
		*value = 10 * *value + (uint64_t)(*at - '0');
		if (*value > most)
			return NULL;
	}
	return at > from ? at : NULL;
}

static bool read_whole(struct bytes field, uint64_t most, uint64_t *value)
{
	const char *from = field.data, *end = from + field.size;

	return read_digits(from, end, most, value) == end;
}

static bool read_price(struct bytes field, uint64_t *cents)
{
	const char *from = field.data, *end = from + field.size, *point;
	uint64_t units, decimals = 0;

	point = read_digits(from, end, RECORDS_MOST, &units);
	if (!point || (point < end && (*point != '.' || end - point > 3)))
		return false;
	if (point < end && read_digits(point + 1, end, 99, &decimals) != end)
		return false;
	if (end - point == 2)
		decimals *= 10;
	*cents = 100 * units + decimals;
	return *cents <= (uint64_t)100 * RECORDS_MOST;
}

static enum flaw read_record(const char *line, const char *end, struct record *record)
{
	const struct bytes *field = record->fields.field;
	enum flaw flaw = end - line > RECORDS_LINE ? FLAW_LENGTH : split(line, end, &record->fields);
	uint64_t id;

	if (flaw != FLAW_NONE)
		return flaw;
	record->region = field[REGION];
	if (!read_whole(field[ID], RECORDS_MOST_ID, &id) || !read_whole(field[UNITS], RECORDS_MOST, &record->units) ||
	    !read_price(field[PRICE], &record->cents))
		return FLAW_NUMBER;
	if (record->region.size == 0 || record->region.size >= RECORDS_REGION)
		return FLAW_REGION;
	return FLAW_NONE;
}

static struct records_group *find_group(struct records_sums *sums, struct bytes region)
{
	char name[RECORDS_REGION] = "";
	struct records_group *group = sums->group;

	memcpy(name, region.data, region.size);
	for (; group < sums->group + sums->groups; group++) {
		if (memcmp(group->region, name, sizeof(name)) == 0)
			return group;
	}
	if (sums->groups < RECORDS_GROUPS) {
		memcpy(group->region, name, sizeof(name));
		sums->groups++;
	}
	return group;
}

static void add_line(struct records_sums *sums, const char *line, const char *end)
{
	struct record record;
	enum flaw flaw = read_record(line, end, &record);
	struct records_group *group;

	if (flaw != FLAW_NONE) {
		sums->malformed[flaw]++;
		return;
	}
	sums->valid++;
	group = find_group(sums, record.region);
	group->records++;
	group->units += record.units;
	group->cents += record.cents;
}

static bool is_header(const char *line, const char *end)
{
	size_t size = (size_t)(end - line);

	return size == strlen(RECORDS_HEADER) && memcmp(line, RECORDS_HEADER, size) == 0;
}

void records_sum(struct bytes file, struct records_sums *sums)
{
	const char *at = file.data, *end = at + file.size;
	bool first = true;

	*sums = (struct records_sums){ 0 };
	if (file.size >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	while (at < end) {
		const char *feed = memchr(at, '\n', (size_t)(end - at)), *stop = feed ? feed : end;

		if (stop > at && stop[-1] == '\r')
			stop--;
		if (stop > at && !(first && is_header(at, stop)))
			add_line(sums, at, stop);
		first = false;
		at = feed ? feed + 1 : end;
	}
}
