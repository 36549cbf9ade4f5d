#include "store/history/commit_order.h"

#include "base/program.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Arguments and answers of git: hashes, in git's order. */
struct hashes {
	char (*hash)[COMMIT_TEXT];
	size_t count;
};

static int append(struct hashes *hashes, const char *hash)
{
	if (!(hashes->count & (hashes->count - 1))) {
		size_t room = hashes->count ? 2 * hashes->count : 1;
		char (*grown)[COMMIT_TEXT] = reallocarray(hashes->hash, room, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		hashes->hash = grown;
	}
	snprintf(hashes->hash[hashes->count++], COMMIT_TEXT, "%s", hash);
	return 0;
}

static int read_answer(struct hashes *answer, char *const *arguments)
{
	struct child child;
	FILE *output = program_open(arguments, &child);
	char line[COMMIT_TEXT];
	int err = 0;

	while (output && !err && fgets(line, sizeof(line), output)) {
		line[strcspn(line, "\n")] = '\0';
		err = append(answer, line);
	}
	if (!program_close(output, &child))
		answer->count = 0;
	return err;
}

/* Asks git a question about hashes; `rest` are more arguments. Both lists end with NULL. A git that fails answers
 * nothing. */
static int ask(struct hashes *answer, const char *const *question, const struct hashes *about, const char *const *rest)
{
	size_t count = 0, most = about->count + 16;
	const char **arguments = calloc(most, sizeof(*arguments));
	int err;

	*answer = (struct hashes){ 0 };
	if (!arguments)
		return -ENOMEM;
	while (*question)
		arguments[count++] = *question++;
	for (size_t i = 0; i < about->count; i++)
		arguments[count++] = about->hash[i];
	while (*rest)
		arguments[count++] = *rest++;
	err = read_answer(answer, (char *const *)arguments);
	free(arguments);
	return err;
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NO_WORDS ((const char *const[]){ NULL })

/* Lists all commits between those of `known`, parents first. Without a common ancestor it lists all their history. */
static int list_between(struct hashes *between, const struct hashes *known)
{
	char parents[COMMIT_TEXT + 4];
	struct hashes base;
	int err = ask(&base, WORDS("git", "merge-base", "--octopus"), known, NO_WORDS);

	snprintf(parents, sizeof(parents), "%s^@", base.count ? base.hash[0] : "");
	if (!err)
		err = ask(between, WORDS("git", "rev-list", "--topo-order", "--reverse"), known,
			  base.count ? WORDS("--not", parents) : NO_WORDS);
	free(base.hash);
	return err;
}

static int by_hash(const void *left, const void *right)
{
	return strcmp(((const struct commit_place *)left)->hash, ((const struct commit_place *)right)->hash);
}

/* Sets the places of the commits that begin so; abbreviations of one commit stand side by side. */
static void set_place(struct commit_order *order, const char *hash, size_t place)
{
	size_t low = 0, high = order->count;

	while (low < high) { /* the last one that is not behind the full hash is an abbreviation of it, if any is */
		size_t middle = (low + high) / 2;

		if (strcmp(order->commit[middle].hash, hash) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low-- && strncmp(order->commit[low].hash, hash, strlen(order->commit[low].hash)) == 0)
		order->commit[low].place = place;
}

static int find_places(struct commit_order *order)
{
	struct hashes given = { 0 }, known = { 0 }, between = { 0 };
	int err = 0;

	for (size_t i = 0; i < order->count && !err; i++)
		err = append(&given, order->commit[i].hash);
	if (!err && given.count)
		err = ask(&known, WORDS("git", "rev-list", "--no-walk", "--ignore-missing"), &given, NO_WORDS);
	if (!err && known.count)
		err = list_between(&between, &known);
	for (size_t i = 0; i < between.count; i++)
		set_place(order, between.hash[i], i + 1);
	free(given.hash);
	free(known.hash);
	free(between.hash);
	return err;
}

int commit_order_make(struct commit_order *order, const char *const *commits, size_t count)
{
	size_t distinct = 0;

	*order = (struct commit_order){ .commit = calloc(count + 1, sizeof(*order->commit)) };
	if (!order->commit)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		if (commits[i] && commit_is_hash(commits[i]))
			snprintf(order->commit[order->count++].hash, COMMIT_TEXT, "%s", commits[i]);
	qsort(order->commit, order->count, sizeof(*order->commit), by_hash);
	for (size_t i = 0; i < order->count; i++)
		if (!i || by_hash(&order->commit[i], &order->commit[distinct - 1]) != 0)
			order->commit[distinct++] = order->commit[i];
	order->count = distinct;
	return find_places(order);
}

void commit_order_release(struct commit_order *order)
{
	free(order->commit);
	*order = (struct commit_order){ 0 };
}

size_t commit_order_place(const struct commit_order *order, const char *commit)
{
	struct commit_place wanted;
	const struct commit_place *found;

	if (!commit)
		return 0;
	snprintf(wanted.hash, sizeof(wanted.hash), "%s", commit);
	found = bsearch(&wanted, order->commit, order->count, sizeof(wanted), by_hash);
	return found ? found->place : 0;
}
