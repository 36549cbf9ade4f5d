#include "store/history/commits.h"

#include "base/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Sets `line` to the first line that git prints; "" if it prints nothing or fails. Returns whether there is a line. */
static bool ask(char *line, size_t size, const char *const *arguments)
{
	program_line((char *const *)arguments, line, size);
	return line[0] != '\0';
}

#define ASK(line, size, ...) ask(line, size, (const char *const[]){ "git", __VA_ARGS__, NULL })

bool commit_resolve(char hash[COMMIT_TEXT], const char *revision)
{
	char wanted[512];

	snprintf(wanted, sizeof(wanted), "%s^{commit}", revision);
	return ASK(hash, COMMIT_TEXT, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted);
}

bool commit_head(struct commit *head, const struct why *why)
{
	char *resolve[] = { "git", "rev-parse", "--verify", "HEAD^{commit}", NULL }, line[128];

	*head = (struct commit){ .dirty = false };
	if (program_ask(resolve, head->hash, COMMIT_TEXT, why) ||
	    !ASK(line, sizeof(line), "show", "-s", "--format=%ct", head->hash))
		return false;
	head->committed_s = strtoll(line, NULL, 10);
	head->dirty = ASK(line, sizeof(line), "--no-optional-locks", "status", "--porcelain", "-uno");
	return true;
}

bool commit_is_hash(const char *text)
{
	size_t digits = strspn(text, "0123456789abcdef");

	return digits >= 7 && digits < COMMIT_TEXT && text[digits] == '\0';
}

unsigned long commit_distance(const char *from, const char *to)
{
	char range[2 * COMMIT_TEXT + 2], line[32];

	if (!commit_is_hash(from) || !commit_is_hash(to))
		return 0;
	snprintf(range, sizeof(range), "%s..%s", from, to);
	return ASK(line, sizeof(line), "rev-list", "--count", range) ? strtoul(line, NULL, 10) : 0;
}

void commit_subject(char *subject, size_t size, const char *hash)
{
	if (!commit_is_hash(hash) || !ASK(subject, size, "log", "-1", "--format=%s", hash))
		subject[0] = '\0';
}
