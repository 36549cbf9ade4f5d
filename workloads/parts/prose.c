#include "workloads/parts/prose.h"

#include "workloads/parts/noise.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#define WORDS_LOG2 13 /* the language has 2^13 - 1 words */
#define WORDS ((1u << WORDS_LOG2) - 1)
#define TOPICS 24 /* rare words that one text uses again and again */
#define WORD_BYTES 15

struct word {
	uint8_t size;
	char letters[WORD_BYTES];
};

struct writer {
	const struct word *words;
	const struct word *topics[TOPICS];
	uint64_t random;
	char *next, *end;
};

static void put(struct writer *w, const char *letters, size_t size)
{
	size_t room = (size_t)(w->end - w->next);

	size = size < room ? size : room;
	memcpy(w->next, letters, size);
	w->next += size;
}

static void spell(struct word *word, size_t syllables, uint64_t *random)
{
	static const char onsets[] = "tnsrhdlcmwfgpbvk", nuclei[] = "eaoiueai", codas[] = "nsrtdlnt";

	for (word->size = 0; syllables; syllables--) {
		if (noise_below(random, 8) != 0)
			word->letters[word->size++] = onsets[noise_below(random, sizeof(onsets) - 1)];
		word->letters[word->size++] = nuclei[noise_below(random, sizeof(nuclei) - 1)];
		if (noise_below(random, 2) == 0)
			word->letters[word->size++] = codas[noise_below(random, sizeof(codas) - 1)];
	}
}

/* Makes the words of the language, which is the same for all texts. Frequent words are short, as in any language. */
static struct word *make_words(void)
{
	struct word *words = malloc(WORDS * sizeof(*words));
	uint64_t random = 1;

	for (uint32_t i = 0; words && i < WORDS; i++)
		spell(words + i, i < 32 ? 1 : 2 + noise_below(&random, i < 1024 ? 2 : 3), &random);
	return words;
}

/* Picks the r-th word with a probability of about 1/r: all ranges of ranks from 2^i to 2^(i+1) - 1 are equally
 * probable. */
static const struct word *pick(struct writer *w)
{
	uint64_t first = (uint64_t)1 << noise_below(&w->random, WORDS_LOG2);

	if (noise_below(&w->random, 6) == 0)
		return w->topics[noise_below(&w->random, TOPICS)];
	return w->words + first - 1 + noise_below(&w->random, first);
}

static void put_word(struct writer *w, bool capital)
{
	struct word word = *pick(w);

	if (capital)
		word.letters[0] = (char)(word.letters[0] - 'a' + 'A');
	put(w, word.letters, word.size);
}

static void put_number(struct writer *w)
{
	char digits[4];
	size_t size = 1 + noise_below(&w->random, sizeof(digits));

	for (size_t i = 0; i < size; i++)
		digits[i] = (char)('0' + noise_below(&w->random, 10));
	put(w, digits, size);
}

static void put_sentence(struct writer *w)
{
	uint64_t length = 4 + noise_below(&w->random, 20);

	for (uint64_t i = 0; i < length; i++) {
		if (i && noise_below(&w->random, 12) == 0)
			put(w, ",", 1);
		if (i)
			put(w, " ", 1);
		if (i && noise_below(&w->random, 64) == 0)
			put_number(w);
		else
			put_word(w, i == 0);
	}
	put(w, ". ", 2);
}

int prose_write(uint32_t number, char *text, size_t size)
{
	struct word *words = make_words();
	struct writer w = { .words = words, .random = number + 1, .next = text, .end = text + size };

	if (!words)
		return -ENOMEM;
	for (size_t i = 0; i < TOPICS; i++)
		w.topics[i] = words + noise_below(&w.random, WORDS);
	while (w.next < w.end) {
		uint64_t sentences = 2 + noise_below(&w.random, 6);

		while (sentences--)
			put_sentence(&w);
		put(&w, "\n\n", 2);
	}
	free(words);
	return 0;
}
