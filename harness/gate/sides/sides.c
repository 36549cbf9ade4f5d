#include "gate/sides/sides.h"

#include "base/json.h"
#include "base/program.h"
#include "gate/sides/builds.h"
#include "gate/sides/commands.h"
#include "gate/sides/content.h"
#include "gate/sides/git.h"
#include "gate/sides/objects.h"
#include "run/wire/frames.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What opening a side needs. */
struct opening {
	const struct gate_options *options;
	struct supervisor *supervisor;
	int *signal;
	const struct why *why;
};

/* Makes the link scratch/LETTER/NAME. Returns its path, which the caller frees, or NULL with errno set. */
static char *link_to(const char *target, const char *scratch, char letter, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%c/%s", scratch, letter, name) < 0)
		return NULL;
	if (symlink(target, path) == 0)
		return path;
	free(path);
	return NULL;
}

/* Makes the side run its cells by the program of `build`. */
static int use_build(struct side *side, const struct build *build, const char *scratch, char letter)
{
	char *root = link_to(build->root, scratch, letter, "root");

	side->program[0] = link_to(build->program, scratch, letter, "program");
	if (!root || asprintf(&side->root, "BENCH_ROOT=%s", root) < 0)
		side->root = NULL;
	free(root);
	side->files[0] = strdup(build->program);
	if (asprintf(&side->files[1], "%s/harness/run/python", build->root) < 0)
		side->files[1] = NULL;
	if (!side->label.text[0])
		snprintf(side->label.text, sizeof(side->label.text), "%s", build->program);
	return side->program[0] && side->root && side->files[0] && side->files[1] ? 0 : -ENOMEM;
}

static int open_builds(struct side sides[2], const char *baseline, const char *scratch, const char *log,
		       const struct why *why)
{
	struct build own = { 0 }, other = { 0 };
	char folder[PATH_MAX];
	int error;

	git_forget_repository();
	error = build_own(&own, &sides[1].label, why);
	snprintf(folder, sizeof(folder), "%s/a", scratch);
	error = error ? error : build_named(&other, &sides[0].label, baseline, &own, folder, log, why);
	error = error ? error : use_build(&sides[0], &other, scratch, 'a');
	error = error ? error : use_build(&sides[1], &own, scratch, 'b');
	build_release(&own);
	build_release(&other);
	return error;
}

/* Lets the program of the side's cell processes describe the object. */
static int describe_object(struct side *side, const char *path, const struct opening *o)
{
	struct supervisor s = *o->supervisor;
	char *environment[] = { side->root, NULL };

	s.program = side->program;
	s.environment = environment;
	s.object = path;
	return object_describe(&s, &side->workload, o->signal, o->why);
}

static int open_object(struct side *side, const char *path, const struct opening *o, char letter)
{
	const char *scratch = o->supervisor->scratch;
	struct build own = { 0 };
	char *real = realpath(path, NULL);
	int error = real ? 0 : why_refuse(o->why, "cannot open '%s': %s", path, strerror(errno));

	side->label.kind = "object";
	snprintf(side->label.text, sizeof(side->label.text), "%s", real ? real : path);
	error = error ? error : build_own(&own, NULL, o->why);
	error = error ? error : use_build(side, &own, scratch, letter);
	error = error ? error : describe_object(side, real, o);
	if (!error) {
		side->object = link_to(real, scratch, letter, "object.so");
		free(side->files[0]);
		side->files[0] = strdup(real);
		error = side->object && side->files[0] ? 0 : -ENOMEM;
	}
	build_release(&own);
	free(real);
	return error;
}

/* Splits a command, whose first word must be a program that can run; *program gets its path, if not NULL. */
static int split_command(char ***argv, const char *command, const struct gate_options *o, char **program,
			 const struct why *why)
{
	char *found;

	*argv = command_split(command, o->shell, why);
	if (!*argv)
		return -EINVAL;
	if (command_has_place(*argv) && !o->run.input)
		return why_refuse(why, "command '%s' has a " COMMAND_PLACE " for files: give their folder by --input",
				  command);
	found = program_find((*argv)[0]);
	if (!found)
		return why_refuse(why, "cannot run '%s': %s", (*argv)[0],
				  strchr((*argv)[0], '/') && access((*argv)[0], F_OK) == 0 ? "it is not executable"
											  : "there is no such program");
	if (program)
		*program = found;
	else
		free(found);
	return 0;
}

/* Splits the command of side `i` that runs around each of its runs. */
static int split_around(char ***argv, const struct words *given, int i, const struct opening *o)
{
	if (!given->count)
		return 0;
	return split_command(argv, given->word[i % (int)given->count], o->options, NULL, o->why);
}

static int open_command(struct side *side, int i, const char *command, const struct opening *o)
{
	const struct gate_options *options = o->options;
	int error;

	side->label.kind = "command";
	snprintf(side->label.text, sizeof(side->label.text), "%s", command);
	error = split_command(&side->argv, command, options, &side->files[0], o->why);
	error = error ? error : split_around(&side->prepare, &options->prepare, i, o);
	return error ? error : split_around(&side->conclude, &options->conclude, i, o);
}

static int check_commands(const struct side sides[2], const struct opening *o)
{
	bool has_place = command_has_place(sides[0].argv);

	if (has_place != command_has_place(sides[1].argv))
		return why_refuse(o->why, "only side %c has a " COMMAND_PLACE " for files: both need it",
				  has_place ? 'A' : 'B');
	if (o->options->run.input && !has_place)
		return why_refuse(o->why, "option '--input': the commands have no " COMMAND_PLACE
					  " where its files would stand");
	return 0;
}

static int check_objects(const struct side sides[2], const struct opening *o)
{
	const struct gate_options *options = o->options;

	if (options->prepare.count || options->conclude.count)
		return why_refuse(o->why, "option '%s' is for commands, and '%s' is a shared object",
				  options->prepare.count ? "--prepare" : "--conclude", options->a);
	if (!object_same_params(sides[0].workload, sides[1].workload))
		return why_refuse(o->why, "the workload of '%s' has other params than that of '%s'", options->b,
				  options->a);
	return 0;
}

static bool names_object(const char *text, bool shell)
{
	size_t length = strlen(text);

	return !shell && length > 3 && strcmp(text + length - 3, ".so") == 0 && !strpbrk(text, " \t");
}

static int open_given(struct side sides[2], const struct opening *o)
{
	const struct gate_options *options = o->options;
	const char *given[2] = { options->a, options->b };
	bool object = names_object(given[0], options->shell);
	int error = 0;

	if (object != names_object(given[1], options->shell))
		return why_refuse(o->why, "'%s' is a shared object and '%s' is none: give two objects or two commands",
				  given[!object], given[object]);
	for (int i = 0; i < 2 && !error; i++) {
		snprintf(sides[i].label.name, sizeof(sides[i].label.name), "%s", given[i]);
		error = object ? open_object(&sides[i], given[i], o, "ab"[i])
			       : open_command(&sides[i], i, given[i], o);
	}
	if (error)
		return error;
	return object ? check_objects(sides, o) : check_commands(sides, o);
}

int sides_open(struct side sides[2], const struct gate_options *options, struct supervisor *s, const char *log,
	       int *signal, const struct why *why)
{
	const struct opening opening = { options, s, signal, why };
	const char *scratch = s->scratch;
	const char *titles[2] = { options->name_a, options->name_b };
	char folder[PATH_MAX];
	int error = 0;

	memset(sides, 0, 2 * sizeof(*sides));
	for (int i = 0; i < 2 && !error; i++) {
		snprintf(folder, sizeof(folder), "%s/%c", scratch, "ab"[i]);
		error = mkdir(folder, 0700) ? why_refuse(why, "cannot make '%s': %s", folder, strerror(errno)) : 0;
	}
	if (!error)
		error = options->baseline ? open_builds(sides, options->baseline, scratch, log, why)
					  : open_given(sides, &opening);
	for (int i = 0; i < 2; i++)
		snprintf(sides[i].label.title, sizeof(sides[i].label.title), "%s", titles[i] ? titles[i] : "");
	if (error == -ENOMEM)
		why_refuse(why, "cannot prepare the sides: %s", strerror(errno ? errno : ENOMEM));
	return error;
}

void sides_close(struct side sides[2])
{
	for (int i = 0; i < 2; i++) {
		command_free(sides[i].argv);
		command_free(sides[i].prepare);
		command_free(sides[i].conclude);
		free(sides[i].program[0]);
		free(sides[i].root);
		free(sides[i].object);
		for (size_t k = 0; sides[i].files[k]; k++)
			free(sides[i].files[k]);
	}
	memset(sides, 0, 2 * sizeof(*sides));
}

bool sides_are_commands(const struct side sides[2])
{
	return sides[0].argv != NULL;
}

bool sides_take_files(const struct side sides[2])
{
	return sides_are_commands(sides) && command_has_place(sides[0].argv);
}

bool sides_same(const struct side sides[2])
{
	bool same = true;

	if (sides_are_commands(sides))
		return content_same_commands(sides[0].argv, sides[1].argv);
	for (size_t i = 0; sides[0].files[i] && same; i++)
		same = content_same(sides[0].files[i], sides[1].files[i]) == 1;
	return same;
}

/* Returns what the side's build lists; NULL: it cannot. */
static json_t *list_of(const struct side *side)
{
	char *argv[] = { side->program[0], (char *)"list", (char *)"--json", NULL };
	json_t *inventory = NULL;
	struct child child;
	FILE *output = program_open(argv, &child);

	if (output)
		inventory = json_loadf(output, 0, NULL);
	if (program_close(output, &child) && json_is_object(inventory))
		return inventory;
	json_decref(inventory);
	return NULL;
}

json_t *side_inventory(const struct side *side)
{
	return side->object || side->argv ? NULL : list_of(side);
}

bool side_takes_turns(const struct side *side)
{
	json_t *list = side->argv ? NULL : list_of(side);
	const json_t *protocol = json_find(json_object_get(list, "protocols"), "name", FRAME_PROTOCOL);
	bool takes = json_integer_value(json_object_get(protocol, "turns")) == FRAME_TURNS;

	json_decref(list);
	return takes;
}
