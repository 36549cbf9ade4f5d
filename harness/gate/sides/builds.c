#include "gate/sides/builds.h"

#include "base/json.h"
#include "base/program.h"
#include "base/root.h"
#include "base/text.h"
#include "gate/sides/git.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROGRAM "harness/bench" /* in a build folder */

/* Where a baseline is built. */
struct site {
	const char *folder, *log;
	char temporary[PATH_MAX + 16]; /* "TMPDIR=...", a folder of its own: a build runs what Python finds in there */
};

/* The build options that change the code; others, such as where to install, do not. */
static const char *const code_options[] = { "buildtype",   "optimization", "debug",         "b_lto",
					    "b_ndebug",    "b_sanitize",   "b_pie",         "c_args",
					    "c_link_args", "cpp_args",     "cpp_link_args", NULL };

static bool is_file(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static bool is_program(const char *path)
{
	return is_file(path) && access(path, X_OK) == 0;
}

int build_own(struct build *build, struct side_label *label, const struct why *why)
{
	char root[PATH_MAX];

	build->program = realpath("/proc/self/exe", NULL);
	build->root = realpath(project_root(root), NULL);
	if (!build->program)
		return why_failed(why, errno, "cannot read '/proc/self/exe' (is /proc mounted?)");
	if (!build->root)
		return why_failed(why, errno, "cannot open '%s'", project_root(root));
	if (!label)
		return 0;
	*label = (struct side_label){ .kind = "program", .name = "this build" };
	git_describe(label, build->root, "HEAD");
	return 0;
}

/* ---- A folder or a program ---- */

static int build_in_folder(struct build *build, const char *folder, const struct site *site, const struct why *why)
{
	char *launcher = text_format("%s/bench", folder), *program = text_format("%s/" PROGRAM, folder);
	int error = 0;

	if (launcher && is_program(launcher)) {
		char *argv[] = { launcher, "--version", NULL }, *environment[] = { (char *)site->temporary, NULL };

		free(program);
		program = text_format("%s/build/" PROGRAM, folder);
		error = program_prepare(argv, environment, site->log, why);
	}
	if (!error && program && is_program(program))
		build->program = realpath(program, NULL);
	else if (!error)
		error = why_refuse(
			why,
			"'%s' is neither a checkout of bench nor a build of it: there is no 'bench' and no '" PROGRAM
			"' in it",
			folder);
	free(launcher);
	free(program);
	return error;
}

static int build_there(struct build *build, struct side_label *label, const char *name, bool folder,
		       const struct build *own, const struct site *site, const struct why *why)
{
	char *path = realpath(name, NULL);
	int error = path ? 0 : why_refuse(why, "cannot open '%s': %s", name, strerror(errno));

	label->kind = folder ? "folder" : "program";
	if (!error && folder) {
		error = build_in_folder(build, path, site, why);
	} else if (!error) {
		build->program = strdup(path);
		if (!is_program(path))
			error = why_refuse(why, "'%s' is neither a folder nor a program", name);
	}
	free(path);
	if (error)
		return error;
	path = build->program ? strdup(build->program) : NULL;
	build->root = path ? checkout_above(path) : NULL;
	if (build->root) {
		git_describe(label, build->root, "HEAD");
		return 0;
	}
	free(path);
	build->root = strdup(own->root); /* a program without a checkout runs the Python programs of `own` */
	return build->program && build->root ? 0 : -ENOMEM;
}

/* ---- A revision ---- */

/* Returns what meson knows about the build folder of `own`; NULL: `own` lies in none, or meson fails. */
static json_t *introspect(const struct build *own, const char *what)
{
	size_t length = strlen(own->program), end = strlen("/" PROGRAM);
	char *folder = length > end && strcmp(own->program + length - end, "/" PROGRAM) == 0
			       ? text_format("%.*s", (int)(length - end), own->program)
			       : NULL;
	char *argv[] = { "meson", "introspect", (char *)what, folder, NULL };
	json_t *known = NULL;
	struct child child;
	FILE *output = folder ? program_open(argv, &child) : NULL;

	if (output)
		known = json_loadf(output, 0, NULL);
	if (folder)
		program_close(output, &child);
	free(folder);
	return known;
}

/* Returns an environment variable such as "CC=ccache gcc", made of the words of a compiler's command; NULL: there are
 * no words. */
static char *setting_of(const char *variable, const json_t *compiler)
{
	const json_t *word;
	char line[1024] = "";
	size_t i;

	json_array_foreach(compiler, i, word)
		snprintf(line + strlen(line), sizeof(line) - strlen(line), "%s%s", i ? " " : "",
			 json_string_value(word));
	return line[0] ? text_format("%s=%s", variable, line) : NULL;
}

/* Returns the compiler of the first sources in a language. */
static const json_t *compiler_of(const json_t *targets, const char *language)
{
	const json_t *target, *sources = NULL;
	size_t i;

	json_array_foreach(targets, i, target)
		if ((sources = json_find(json_object_get(target, "target_sources"), "language", language)))
			break;
	return json_object_get(sources, "compiler");
}

/* Sets the environment variables that name the compilers of `own`. Returns how many there are. */
static size_t own_compilers(const struct build *own, char **settings)
{
	json_t *targets = introspect(own, "--targets");
	size_t count = 0;

	settings[count] = setting_of("CC", compiler_of(targets, "c"));
	count += settings[count] != NULL;
	settings[count] = setting_of("CXX", compiler_of(targets, "cpp"));
	count += settings[count] != NULL;
	json_decref(targets);
	return count;
}

/* Sets "-Dbuildtype=release" and the like, for each option of `code_options`, to what the build folder of `own` has.
 * Returns how many there are. */
static size_t own_options(const struct build *own, char **options, size_t most)
{
	json_t *list = introspect(own, "--buildoptions"), *option;
	size_t i, count = 0;

	json_array_foreach(list, i, option) {
		const char *name = json_text(option, "name");
		const json_t *value = json_object_get(option, "value");
		char *text;

		for (size_t k = 0; name && code_options[k] && count < most; k++) {
			if (strcmp(name, code_options[k]))
				continue;
			text = json_dumps(value, JSON_ENCODE_ANY);
			if (text)
				options[count++] = json_is_string(value)
							   ? text_format("-D%s=%s", name, json_string_value(value))
							   : text_format("-D%s=%s", name, text);
			free(text);
		}
	}
	json_decref(list);
	return count;
}

static int configure(const struct build *own, char *source, char *into, const struct site *site, const struct why *why)
{
	char *environment[1 + 2 + 1] = { (char *)site->temporary };
	char *argv[4 + 16 + 1] = { "meson", "setup", into, source };
	size_t compilers = own_compilers(own, environment + 1), options = own_options(own, argv + 4, 16);
	int error = program_prepare(argv, environment, site->log, why);

	for (size_t i = 0; i < compilers; i++)
		free(environment[1 + i]);
	for (size_t i = 0; i < options; i++)
		free(argv[4 + i]);
	return error;
}

/* Configures and builds the program from sources. */
static int compile(const struct build *own, char *source, char *into, const struct site *site, const struct why *why)
{
	char *argv[] = { "ninja", "-C", into, PROGRAM, NULL }, *environment[] = { (char *)site->temporary, NULL };
	int error = configure(own, source, into, site, why);

	return error ? error : program_prepare(argv, environment, site->log, why);
}

/* Checks out the sources of a commit, then builds its program. */
static int make(struct build *build, struct side_label *label, const char *commit, const struct build *own,
		const struct site *site, const struct why *why)
{
	char *source = text_format("%s/source", site->folder), *into = text_format("%s/build", site->folder);
	int error = source && into ? 0 : -ENOMEM;

	error = error ? error : git_unpack(label, own->root, commit, source, site->log, why);
	error = error ? error : compile(own, source, into, site, why);
	if (!error) {
		build->program = text_format("%s/" PROGRAM, into);
		build->root = source;
		source = NULL;
	}
	free(source);
	free(into);
	return error;
}

static int build_revision(struct build *build, struct side_label *label, const char *name, const struct build *own,
			  const struct site *site, const struct why *why)
{
	char commit[GIT_COMMIT], reason[512] = "";
	const struct why *detail = WHY(reason);

	if (git_resolve(commit, own->root, name, detail))
		return why_refuse(why, "baseline '%s' is neither a folder nor a revision of git in '%s': %s", name,
				  own->root, reason);
	label->kind = "revision";
	git_describe(label, own->root, commit);
	if (make(build, label, commit, own, site, detail))
		return why_refuse(why, "baseline '%s' does not build: %s", name, reason);
	return 0;
}

int build_named(struct build *build, struct side_label *label, const char *name, const struct build *own,
		const char *folder, const char *log, const struct why *why)
{
	struct site site = { folder, log, "" };
	struct stat status;

	snprintf(site.temporary, sizeof(site.temporary), "TMPDIR=%s/tmp", folder);
	if (mkdir(strchr(site.temporary, '/'), 0700))
		return why_refuse(why, "cannot make '%s/tmp': %s", folder, strerror(errno));
	*label = (struct side_label){ 0 };
	snprintf(label->name, sizeof(label->name), "%s", name);
	if (stat(name, &status) == 0)
		return build_there(build, label, name, S_ISDIR(status.st_mode), own, &site, why);
	return build_revision(build, label, name, own, &site, why);
}

void build_release(struct build *build)
{
	free(build->program);
	free(build->root);
	*build = (struct build){ 0 };
}
