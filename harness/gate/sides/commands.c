#include "gate/sides/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Copies one word from *at to *to, unquoted, and moves both behind it. Returns false if a quote is not closed. */
static bool take_command_word(const char **at, char **to)
{
	char quote = '\0';

	for (; **at && (quote || !strchr(" \t\n", **at)); (*at)++) {
		if (quote != '\'' && **at == '\\' && (*at)[1] && (!quote || strchr("\\\"$`", (*at)[1])))
			*(*to)++ = *++*at;
		else if (quote ? **at == quote : **at == '\'' || **at == '"')
			quote = quote ? '\0' : **at;
		else
			*(*to)++ = **at;
	}
	*(*to)++ = '\0';
	return quote == '\0';
}

/* Returns whether the word, which stands unquoted (its `raw` length is its own), means something to a shell and hardly
 * anything to a program. */
static bool is_for_a_shell(const char *word, size_t raw)
{
	static const char *const signs[] = { "|", "||", "&", "&&", ";", "<", ">", ">>", "2>", "2>&1", NULL };

	for (size_t i = 0; signs[i]; i++)
		if (strcmp(word, signs[i]) == 0 && raw == strlen(word))
			return true;
	return false;
}

/* One allocation has the list of words, then the words. At most every second letter begins a word. */
static char **split(const char *command, const struct why *why)
{
	size_t length = strlen(command), most = length / 2 + 2, count = 0;
	char **argv = calloc(1, most * sizeof(*argv) + length + most), *to = (char *)(argv + most);
	const char *at = command;

	for (; argv && *(at += strspn(at, " \t\n")); count++) {
		const char *from = at;
		bool closed;

		argv[count] = to;
		closed = take_command_word(&at, &to);
		if (closed && !is_for_a_shell(argv[count], (size_t)(at - from)))
			continue;
		if (closed)
			why_refuse(why, "only a shell understands the %s in command '%s': give --shell, or quote it",
				   argv[count], command);
		else
			why_refuse(why, "a quote is not closed in command '%s'", command);
		free(argv);
		return NULL;
	}
	if (argv && count)
		return argv;
	free(argv);
	why_refuse(why, "command '%s' has no word", command);
	return NULL;
}

/* ---- By a shell ---- */

/* In which quotes a shell is at some place of a command: those around the whole, and those of each "(" that is open. */
struct quoting {
	char quotes[32]; /* '\'', '"', or '\0': in none */
	size_t depth;
};

/* Notes one letter that is not escaped; `before` is the letter before it. */
static void note_letter(struct quoting *q, char before, char letter)
{
	char *quote = &q->quotes[q->depth];
	bool opens = letter == '(' && (!*quote || (*quote == '"' && before == '$'));

	if (opens && q->depth + 1 < sizeof(q->quotes))
		q->quotes[++q->depth] = '\0';
	else if (letter == ')' && !*quote && q->depth)
		q->depth--;
	else if (letter == *quote)
		*quote = '\0';
	else if (!*quote && (letter == '\'' || letter == '"'))
		*quote = letter;
}

/* Writes the command with the shell's parameter $1 in each place, as one word whatever it holds. */
static void write_for_shell(FILE *out, const char *command)
{
	struct quoting q = { .depth = 0 };

	for (const char *at = command; *at; at++) {
		char quote = q.quotes[q.depth];

		if (strncmp(at, COMMAND_PLACE, strlen(COMMAND_PLACE)) == 0) {
			fputs(quote == '\'' ? "'\"$1\"'" : quote ? "${1}" : "\"$1\"", out);
			at += strlen(COMMAND_PLACE) - 1;
			continue;
		}
		fputc(*at, out);
		if (*at == '\\' && quote != '\'' && at[1])
			fputc(*++at, out);
		else
			note_letter(&q, at > command ? at[-1] : '\0', *at);
	}
}

/* ---- Words in one allocation ---- */

/* Returns a copy of `count` words, one after the other in `text`, which is freed. NULL without memory. */
static char **take_words(char *text, size_t size, size_t count)
{
	char **argv = text ? calloc(1, (count + 1) * sizeof(*argv) + size) : NULL;
	char *at = (char *)(argv + count + 1);

	if (argv)
		memcpy(at, text, size);
	for (size_t i = 0; argv && i < count; at += strlen(at) + 1)
		argv[i++] = at;
	free(text);
	return argv;
}

static char **shell_words(const char *command)
{
	bool has_place = strstr(command, COMMAND_PLACE);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fprintf(out, "/bin/sh%c-c%c", 0, 0);
	write_for_shell(out, command);
	fputc('\0', out);
	if (has_place)
		fprintf(out, "/bin/sh%c" COMMAND_PLACE "%c", 0, 0);
	fclose(out);
	return take_words(text, size, has_place ? 5 : 3);
}

char **command_split(const char *command, bool shell, const struct why *why)
{
	return shell ? shell_words(command) : split(command, why);
}

void command_free(char **argv)
{
	free(argv);
}

/* ---- Files ---- */

bool command_has_place(char *const *argv)
{
	while (*argv && !strstr(*argv, COMMAND_PLACE))
		argv++;
	return *argv;
}

static void write_word(FILE *out, const char *word, const char *file)
{
	for (const char *place; (place = strstr(word, COMMAND_PLACE)); word = place + strlen(COMMAND_PLACE))
		fprintf(out, "%.*s%s", (int)(place - word), word, file);
	fprintf(out, "%s%c", word, 0);
}

char **command_fill(char *const *argv, const char *file)
{
	size_t count = 0, size = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (; argv[count]; count++)
		write_word(out, argv[count], file);
	fclose(out);
	return take_words(text, size, count);
}
