#include "gate/sides/commands.h"

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

char **command_split(const char *command, bool shell, const struct why *why)
{
	char **argv = shell ? calloc(4, sizeof(*argv)) : split(command, why);

	if (argv && shell) {
		argv[0] = (char *)"/bin/sh";
		argv[1] = (char *)"-c";
		argv[2] = (char *)command;
	}
	return argv;
}

void command_free(char **argv)
{
	free(argv);
}
