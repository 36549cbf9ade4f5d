/* What a user types: names, lists, numbers and times, and the messages for those that are wrong.
 *
 * Pure functions of their arguments. Those that return int return 0 or a negative errno: -EINVAL for
 * what is wrong with the text, -ENOMEM. */
#ifndef BENCH_COMMAND_WORDS_H
#define BENCH_COMMAND_WORDS_H

#include "base/why.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A list of words, as `--mode pool,threads` gives; owned. */
struct words {
	char **word;
	size_t count;
	char *typed; /* what words_parse() has read: "all" stays "all"; NULL: words were added one by one */
};

struct numbers {
	uint64_t *number;
	size_t count;
};

/* A closed set of names, such as the modes of this build. */
struct vocabulary {
	const char *kind;                                     /* "mode": what messages call one of them */
	const char *(*name)(const void *of, size_t index);    /* NULL: there are no more */
	const void *of;                                       /* handed to name() */
	const char *hint;                                     /* "see bench help"; NULL: messages list them */
	const char *(*summary)(const void *of, size_t index); /* one line for help; NULL: the names say enough */
};

/* A name() for a vocabulary whose `of` is an array of strings that ends with NULL. */
const char *vocabulary_string(const void *of, size_t index);
#define VOCABULARY_STRINGS(strings) .name = vocabulary_string, .of = (strings)

/* Returns 0, or -EINVAL with "unknown mode 'pol': did you mean 'pool'? (there are: sequential, pool)". */
int vocabulary_check(const struct vocabulary *vocabulary, const char *word, const struct why *why);

/* Appends "(there are: sequential, pool)" to the reason. */
void vocabulary_list(const struct vocabulary *vocabulary, const struct why *why);

/* Returns the name nearest to `word` by word_distance(), of equally near ones the first. The beginning of a name, as in
 * `--mode proc`, is one letter away from it. NULL: every name differs in more than one letter and in more than
 * two thirds of the letters. */
const char *vocabulary_nearest(const struct vocabulary *vocabulary, const char *word);

/* Returns how many letters must be inserted, removed, replaced or swapped with a neighbour to make one word the other:
 * the optimal string alignment distance (Damerau 1964). UINT_MAX: a word has more than 64 bytes. */
unsigned word_distance(const char *a, const char *b);

bool words_have(const struct words *words, const char *word);

/* Both add a copy of a word; words_add() does so only if the word is not there yet. */
int words_append(struct words *words, const char *word);
int words_add(struct words *words, const char *word);

/* Reads "pool,threads" in place of what was there; "all" stands for the whole vocabulary. */
int words_parse(struct words *words, const char *text, const struct vocabulary *vocabulary, const struct why *why);
void words_release(struct words *words);

/* Reads a whole number from `least` to `most`: decimal digits and nothing else. */
int number_parse(uint64_t *number, const char *text, uint64_t least, uint64_t most);

/* Reads "1,2,4" or "1-8,16", at most 1024 numbers, in place of what was there; keeps their order,
 * leaves out repeated ones. */
int numbers_parse(struct numbers *numbers, const char *text, uint64_t least, uint64_t most);
int numbers_add(struct numbers *numbers, uint64_t number);
void numbers_release(struct numbers *numbers);

/* Reads "500ms", "30s", "1.5m", "1h" or plain seconds: above 0, at most a year. */
int duration_parse(uint64_t *duration_ns, const char *text);

/* Reads "1%" or "0.01": above 0, at most 100%. */
int share_parse(double *share, const char *text);

#endif
