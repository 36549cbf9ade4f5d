#include "command/words.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MAX 64      /* bytes; longer ones are nobody's slip of a finger */
#define NUMBERS_MAX 1024 /* of a list: a slip in a range must not fill the memory */
#define YEAR_NS (365 * 24 * 3600e9)

static unsigned least_of(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned word_distance(const char *a, const char *b)
{
	unsigned char d[WORD_MAX + 1][WORD_MAX + 1]; /* d[i][j]: between the first i letters and the first j */
	size_t rows = strlen(a), columns = strlen(b);

	if (rows > WORD_MAX || columns > WORD_MAX)
		return UINT_MAX;
	for (size_t i = 0; i <= rows; i++) {
		for (size_t j = 0; j <= columns; j++) {
			unsigned least = i ? d[i - 1][j] + 1u : j ? UINT_MAX : 0;

			if (j)
				least = least_of(least, d[i][j - 1] + 1);
			if (i && j)
				least = least_of(least, d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				least = least_of(least, d[i - 2][j - 2] + 1);
			d[i][j] = (unsigned char)least;
		}
	}
	return d[rows][columns];
}

const char *vocabulary_string(const void *of, size_t index)
{
	return ((const char *const *)of)[index];
}

/* The beginning of a name, as in `--mode proc`, counts as one slip. */
static unsigned slips(const char *word, const char *name)
{
	size_t length = strlen(word);

	return length > 2 && strncmp(word, name, length) == 0 ? 1 : word_distance(word, name);
}

const char *vocabulary_nearest(const struct vocabulary *vocabulary, const char *word)
{
	const char *name, *nearest = NULL;
	unsigned least = UINT_MAX;

	for (size_t i = 0; (name = vocabulary->name(vocabulary->of, i)); i++) {
		size_t longer = strlen(name) > strlen(word) ? strlen(name) : strlen(word);
		unsigned distance = slips(word, name);

		if (distance < least && (distance == 1 || distance <= longer * 2 / 3)) {
			least = distance;
			nearest = name;
		}
	}
	return nearest;
}

void vocabulary_list(const struct vocabulary *vocabulary, const struct why *why)
{
	const char *name;
	size_t i;

	for (i = 0; (name = vocabulary->name(vocabulary->of, i)); i++)
		why_add(why, "%s%s", i ? ", " : " (there are: ", name);
	why_add(why, i ? ")" : " (there are none)");
}

int vocabulary_check(const struct vocabulary *vocabulary, const char *word, const struct why *why)
{
	const char *name, *nearest = vocabulary_nearest(vocabulary, word);

	for (size_t i = 0; (name = vocabulary->name(vocabulary->of, i)); i++)
		if (strcmp(name, word) == 0)
			return 0;
	why_refuse(why, "unknown %s '%.*s'", vocabulary->kind, WORD_MAX, word);
	if (nearest)
		why_add(why, ": did you mean '%s'?", nearest);
	if (vocabulary->hint)
		why_add(why, " (%s)", vocabulary->hint);
	else
		vocabulary_list(vocabulary, why);
	return -EINVAL;
}

bool words_have(const struct words *words, const char *word)
{
	size_t i = 0;

	while (i < words->count && strcmp(words->word[i], word) != 0)
		i++;
	return i < words->count;
}

int words_append(struct words *words, const char *word)
{
	char **grown = realloc(words->word, (words->count + 1) * sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	words->word = grown;
	grown[words->count] = strdup(word);
	if (!grown[words->count])
		return -ENOMEM;
	words->count++;
	return 0;
}

int words_add(struct words *words, const char *word)
{
	return words_have(words, word) ? 0 : words_append(words, word);
}

static int add_all(struct words *words, const struct vocabulary *vocabulary)
{
	const char *name;
	int error = 0;

	for (size_t i = 0; !error && (name = vocabulary->name(vocabulary->of, i)); i++)
		error = words_add(words, name);
	return error;
}

int words_parse(struct words *words, const char *text, const struct vocabulary *vocabulary, const struct why *why)
{
	char *copy = strdup(text), *rest = copy, *word;
	int error;

	words_release(words);
	words->typed = strdup(text);
	error = copy && words->typed ? 0 : -ENOMEM;
	while (!error && (word = strsep(&rest, ","))) {
		if (strcmp(word, "all") == 0) {
			error = add_all(words, vocabulary);
		} else {
			error = vocabulary_check(vocabulary, word, why);
			error = error ? error : words_add(words, word);
		}
	}
	free(copy);
	return error;
}

void words_release(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->word[i]);
	free(words->word);
	free(words->typed);
	*words = (struct words){ 0 };
}

/* Reads the digits at *text and moves it past them. strtoull() alone also takes blanks and signs. */
static bool take_digits(const char **text, uint64_t *number)
{
	char *end;

	if (!isdigit((unsigned char)**text))
		return false;
	errno = 0;
	*number = strtoull(*text, &end, 10);
	*text = end;
	return errno == 0;
}

int number_parse(uint64_t *number, const char *text, uint64_t least, uint64_t most)
{
	uint64_t n;

	if (!take_digits(&text, &n) || *text != '\0' || n < least || n > most)
		return -EINVAL;
	*number = n;
	return 0;
}

int numbers_add(struct numbers *numbers, uint64_t number)
{
	uint64_t *grown;

	for (size_t i = 0; i < numbers->count; i++)
		if (numbers->number[i] == number)
			return 0;
	if (numbers->count == NUMBERS_MAX)
		return -EINVAL;
	grown = realloc(numbers->number, (numbers->count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	grown[numbers->count++] = number;
	numbers->number = grown;
	return 0;
}

/* Reads "4" or "1-8" at *text and moves it past that. */
static int take_range(struct numbers *numbers, const char **text, uint64_t least, uint64_t most)
{
	uint64_t first, last;
	int error = 0;

	if (!take_digits(text, &first))
		return -EINVAL;
	last = first;
	if (**text == '-') {
		++*text;
		if (!take_digits(text, &last))
			return -EINVAL;
	}
	if (first < least || last > most || first > last)
		return -EINVAL;
	for (uint64_t n = first; n <= last && !error; n++)
		error = numbers_add(numbers, n);
	return error;
}

int numbers_parse(struct numbers *numbers, const char *text, uint64_t least, uint64_t most)
{
	int error;

	numbers_release(numbers);
	for (;;) {
		error = take_range(numbers, &text, least, most);
		if (error || *text == '\0')
			return error;
		if (*text++ != ',')
			return -EINVAL;
	}
}

void numbers_release(struct numbers *numbers)
{
	free(numbers->number);
	*numbers = (struct numbers){ 0 };
}

int duration_parse(uint64_t *duration_ns, const char *text)
{
	static const struct {
		const char *name;
		double ns;
	} units[] = { { "", 1e9 }, { "ms", 1e6 }, { "s", 1e9 }, { "m", 60e9 }, { "h", 3600e9 } };
	size_t digits = strspn(text, "0123456789.");
	char *end;
	double number = strtod(text, &end);

	if (end != text + digits) /* strtod() also takes blanks, signs, exponents, "0x10" and "inf" */
		return -EINVAL;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		double ns = number * units[i].ns;

		if (strcmp(end, units[i].name) != 0)
			continue;
		if (ns < 1 || ns > YEAR_NS)
			return -EINVAL;
		*duration_ns = (uint64_t)(ns + 0.5);
		return 0;
	}
	return -EINVAL;
}

int share_parse(double *share, const char *text)
{
	size_t digits = strspn(text, "0123456789.");
	char *end;
	double number = strtod(text, &end);

	if (digits == 0 || end != text + digits || (*end && strcmp(end, "%") != 0))
		return -EINVAL;
	number /= *end ? 100 : 1;
	if (!(number > 0 && number <= 1))
		return -EINVAL;
	*share = number;
	return 0;
}
