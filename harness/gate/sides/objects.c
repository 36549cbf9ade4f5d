#include "gate/sides/objects.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PREFIX "workload_"

/* Returns libelf's handle of the file; NULL: it is no ELF file. */
static Elf *open_elf(int fd)
{
	Elf *elf = elf_version(EV_CURRENT) == EV_NONE ? NULL : elf_begin(fd, ELF_C_READ, NULL);

	if (elf && elf_kind(elf) == ELF_K_ELF)
		return elf;
	elf_end(elf);
	return NULL;
}

/* Counts the workloads of a table of dynamic symbols, and names the first one in *name. Returns `count` and those. */
static size_t scan(Elf *elf, Elf_Scn *section, const GElf_Shdr *head, char **name, size_t count)
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
		if (count++ == 0)
			*name = strdup(text + strlen(PREFIX));
	}
	return count;
}

char *object_workload(const char *path, const struct why *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf *elf = fd < 0 ? NULL : open_elf(fd);
	Elf_Scn *section = NULL;
	GElf_Shdr head;
	char *name = NULL;
	size_t count = 0;

	while (elf && (section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &head) && head.sh_type == SHT_DYNSYM)
			count = scan(elf, section, &head, &name, count);
	elf_end(elf);
	if (fd < 0)
		why_refuse(why, "cannot open '%s': %s", path, strerror(errno));
	else
		close(fd);
	if (fd >= 0 && count != 1)
		why_refuse(why,
			   count ? "'%s' has several workloads: a side has one"
				 : "'%s' has no workload: it defines no 'const struct workload workload_NAME'",
			   path);
	if (count == 1)
		return name;
	free(name);
	return NULL;
}
