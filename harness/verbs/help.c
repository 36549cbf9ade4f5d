/* `bench help [VERB...]`: as `bench VERB... --help`. */
#include "verbs/verbs.h"

#define WORDS_MOST 2

struct help_request {
	struct words verbs;
};

static const struct option_spec specs[] = {
	{ "verb", "VERB...", "such as history add; else the program itself",
	  .type = &option_words, .most = WORDS_MOST, .field = offsetof(struct help_request, verbs) },
	{ .rest = common_options },
};

static int run(void *request, char **argv)
{
	const struct words *verbs = &((const struct help_request *)request)->verbs;
	char *words[WORDS_MOST + 3] = { argv[0] };

	for (size_t i = 0; i < verbs->count; i++)
		words[1 + i] = verbs->word[i];
	words[1 + verbs->count] = (char *)"--help";
	return verb_call(&program, words);
}

const struct verb verb_help = {
	.name = "help",
	.summary = "explain the program or a verb, with options and examples",
	.about = "Explains the program, or the verb that is named.\n",
	.examples = "  ./bench help gate\n"
		    "      as ./bench gate --help\n"
		    "  ./bench help history show\n"
		    "      a verb of a verb\n",
	.options = specs,
	.request_size = sizeof(struct help_request),
	.run = run,
};
