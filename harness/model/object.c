#include "model/object.h"

#include "model/registry.h"

#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PREFIX "workload_"

/* The symbols of workloads in an object: how many there are, and the first one. */
struct found {
	size_t count;
	char *symbol;  /* owned */
	uint64_t size; /* bytes */
};

/* ---- The symbol ---- */

/* Returns libelf's handle of the file; NULL: it is no ELF file. */
static Elf *open_elf(int fd)
{
	Elf *elf = elf_version(EV_CURRENT) == EV_NONE ? NULL : elf_begin(fd, ELF_C_READ, NULL);

	if (elf && elf_kind(elf) == ELF_K_ELF)
		return elf;
	elf_end(elf);
	return NULL;
}

/* Looks for workloads in a table of dynamic symbols. */
static void scan(Elf *elf, Elf_Scn *section, const GElf_Shdr *head, struct found *found)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t symbols = data && head->sh_entsize ? head->sh_size / head->sh_entsize : 0;

	for (size_t i = 0; i < symbols; i++) {
		GElf_Sym symbol;
		const char *text =
			gelf_getsym(data, (int)i, &symbol) ? elf_strptr(elf, head->sh_link, symbol.st_name) : NULL;

		if (!text || strncmp(text, PREFIX, strlen(PREFIX)) || symbol.st_shndx == SHN_UNDEF ||
		    GELF_ST_TYPE(symbol.st_info) != STT_OBJECT)
			continue;
		if (found->count++)
			continue;
		found->symbol = strdup(text);
		found->size = symbol.st_size;
	}
}

/* Returns 0, or -EINVAL with the reason. */
static int find(struct found *found, const char *path, const struct why *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf *elf = fd < 0 ? NULL : open_elf(fd);
	Elf_Scn *section = NULL;
	GElf_Shdr head;

	if (fd < 0)
		return why_refuse(why, "cannot open '%s': %s", path, strerror(errno));
	while (elf && (section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &head) && head.sh_type == SHT_DYNSYM)
			scan(elf, section, &head, found);
	elf_end(elf);
	close(fd);
	if (found->count != 1 || !found->symbol)
		return why_refuse(why,
				  found->count
					  ? "'%s' has several workloads: a side has one"
					  : "'%s' has no workload: it defines no 'const struct workload workload_NAME'",
				  path);
	if (found->size < sizeof(struct workload))
		return why_refuse(why, "'%s' was made for another version of workload.h: '%s' has %ju bytes, not %zu",
				  path, found->symbol, (uintmax_t)found->size, sizeof(struct workload));
	return 0;
}

char *object_symbol(const char *path, const struct why *why)
{
	struct found found = { 0 };

	if (find(&found, path, why) == 0)
		return found.symbol;
	free(found.symbol);
	return NULL;
}

/* ---- The contract ---- */

/* Names become part of cells' ids. */
static bool is_name(const char *text)
{
	size_t length = text ? strnlen(text, OBJECT_TEXT) : 0;

	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) && text[i] != '_')
			return false;
	return length > 0 && length < OBJECT_TEXT;
}

static const char *flaw_of_params(const struct param *params)
{
	size_t count = 0;

	for (; params && params[count].name; count++) {
		const char *preset = params[count].preset;

		if (count == OBJECT_PARAMS)
			return "the list of its params has no end";
		if (!is_name(params[count].name))
			return "the name of a param is not made of letters, digits and _";
		if (!preset || strnlen(preset, OBJECT_TEXT) == OBJECT_TEXT)
			return "a param has no preset, or one that is too long";
	}
	return NULL;
}

/* Returns how the workload breaks its contract; NULL: it does not, as far as can be seen without calling it. */
static const char *flaw(const struct workload *workload, const char *name)
{
	if (!is_name(name))
		return "the name is not made of letters, digits and _";
	if (!workload->name || strcmp(workload->name, name))
		return "its name is not that of the symbol";
	if (!workload->item)
		return "it does not say what an item is";
	if (!workload->open || !workload->work)
		return "it lacks open() or work()";
	return flaw_of_params(workload->params);
}

/* Returns 0, or -EINVAL with the reason. */
static int check(const struct workload *workload, const char *path, const char *symbol, const struct why *why)
{
	const char *wrong;

	if (!workload)
		return why_refuse(why, "'%s' has no symbol '%s'", path, symbol);
	if (workload->abi != BENCH_WORKLOAD_ABI)
		return why_refuse(why, "'%s' was made for another version of workload.h: '%s' has ABI %u, not %u", path,
				  symbol, workload->abi, BENCH_WORKLOAD_ABI);
	wrong = flaw(workload, symbol + strlen(PREFIX));
	return wrong ? why_refuse(why, "'%s' has a '%s' that is not as workload.h asks: %s", path, symbol, wrong) : 0;
}

static const struct workload *load(const char *path, const char *symbol, const struct why *why)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	const struct workload *workload = library ? dlsym(library, symbol) : NULL;

	if (!library)
		why_say(why, "cannot load '%s': %s", path, dlerror());
	else if (check(workload, path, symbol, why) == 0)
		return workload;
	if (library)
		dlclose(library);
	return NULL;
}

const struct workload *object_load(const char *path, const struct why *why)
{
	char *symbol = object_symbol(path, why);
	const struct workload *workload = symbol ? load(path, symbol, why) : NULL;

	if (workload)
		registry_add(workload);
	free(symbol);
	return workload;
}
