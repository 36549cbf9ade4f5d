#include "gate/sides/content.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libgen.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const not_content[] = { ".note.gnu.build-id", ".gnu_debuglink", ".gnu_debugaltlink" };

static int add(EVP_MD_CTX *hash, const void *data, size_t size)
{
	return EVP_DigestUpdate(hash, data, size) ? 0 : -ENOMEM;
}

static int add_text(EVP_MD_CTX *hash, const char *text)
{
	return add(hash, text, strlen(text) + 1);
}

static int add_bytes(EVP_MD_CTX *hash, int file)
{
	char buffer[65536];
	ssize_t size;
	int err = 0;

	while (!err && (size = read(file, buffer, sizeof(buffer))) != 0) {
		if (size < 0 && errno != EINTR)
			err = -errno;
		else if (size > 0)
			err = add(hash, buffer, (size_t)size);
	}
	return err;
}

/* ---- ELF ---- */

static bool is_content(const char *section)
{
	for (size_t i = 0; i < sizeof(not_content) / sizeof(*not_content); i++)
		if (strcmp(section, not_content[i]) == 0)
			return false;
	return true;
}

static int add_section(EVP_MD_CTX *hash, Elf_Scn *section, const GElf_Shdr *header, const char *name)
{
	const uint64_t facts[] = { header->sh_type, header->sh_flags, header->sh_addr, header->sh_size };
	int err = add_text(hash, name);
	Elf_Data *data = NULL;

	err = err ? err : add(hash, facts, sizeof(facts));
	while (!err && header->sh_type != SHT_NOBITS && (data = elf_rawdata(section, data)))
		err = add(hash, data->d_buf, data->d_size);
	return err;
}

/* Returns whether the loader looks for libraries in a folder that is named relative to the file's own. */
static bool looks_beside(Elf *elf, Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Dyn entry;

	for (int i = 0; data && gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL; i++) {
		bool is_path = entry.d_tag == DT_RPATH || entry.d_tag == DT_RUNPATH;
		const char *path = is_path ? elf_strptr(elf, header->sh_link, entry.d_un.d_val) : NULL;

		if (path && strstr(path, "ORIGIN"))
			return true;
	}
	return false;
}

static int add_folder_of(EVP_MD_CTX *hash, const char *path)
{
	char real[PATH_MAX];

	return realpath(path, real) ? add_text(hash, dirname(real)) : -errno;
}

static int add_sections(EVP_MD_CTX *hash, Elf *elf, const char *path)
{
	size_t names;
	Elf_Scn *section = NULL;
	int err = elf_getshdrstrndx(elf, &names) ? -EINVAL : 0;

	while (!err && (section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		const char *name = gelf_getshdr(section, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;

		if (!name)
			return -EINVAL;
		if (header.sh_flags & SHF_ALLOC && is_content(name))
			err = add_section(hash, section, &header, name);
		if (!err && header.sh_type == SHT_DYNAMIC && looks_beside(elf, section, &header))
			err = add_folder_of(hash, path);
	}
	return err;
}

/* Adds what tells the loader what to do, such as whether the stack is executable. */
static int add_headers(EVP_MD_CTX *hash, Elf *elf, const GElf_Ehdr *header)
{
	const uint64_t facts[] = { header->e_type, header->e_machine, header->e_entry };
	int err = add(hash, facts, sizeof(facts));
	GElf_Phdr segment;

	for (int i = 0; !err && gelf_getphdr(elf, i, &segment); i++) {
		const uint64_t how[] = { segment.p_type, segment.p_flags, segment.p_align };

		err = add(hash, how, sizeof(how));
	}
	return err;
}

/* Returns 0, -errno, or 1 if the file is no ELF file that can be loaded or has no sections. */
static int add_loaded(EVP_MD_CTX *hash, int file, const char *path)
{
	GElf_Ehdr header;
	size_t sections = 0;
	Elf *elf;
	int err = 1;

	elf_version(EV_CURRENT);
	elf = elf_begin(file, ELF_C_READ, NULL);
	if (elf && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header) &&
	    (header.e_type == ET_EXEC || header.e_type == ET_DYN) && elf_getshdrnum(elf, &sections) == 0 && sections) {
		err = add_headers(hash, elf, &header);
		err = err ? err : add_sections(hash, elf, path);
	}
	elf_end(elf);
	return err;
}

/* ---- Files and folders ---- */

static int add_any(EVP_MD_CTX *hash, const char *path, bool *loadable);

static int add_file(EVP_MD_CTX *hash, const char *path, bool *loadable)
{
	int file = open(path, O_RDONLY | O_CLOEXEC), err;

	if (file < 0)
		return -errno;
	err = add_loaded(hash, file, path);
	*loadable = err == 0;
	if (err > 0)
		err = lseek(file, 0, SEEK_SET) < 0 ? -errno : add_bytes(hash, file);
	close(file);
	return err;
}

static int add_link(EVP_MD_CTX *hash, const char *path)
{
	char target[PATH_MAX] = "";

	return readlink(path, target, sizeof(target) - 1) < 0 ? -errno : add_text(hash, target);
}

static int is_entry(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") && strcmp(entry->d_name, "__pycache__");
}

/* Compares names as bytes, since alphasort() would sort by the user's language. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int add_folder(EVP_MD_CTX *hash, const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_entry, by_name), err = count < 0 ? -errno : 0;
	bool ignored;

	for (int i = 0; i < count; i++) {
		char below[PATH_MAX];

		if (snprintf(below, sizeof(below), "%s/%s", path, entries[i]->d_name) >= (int)sizeof(below))
			err = err ? err : -ENAMETOOLONG;
		err = err ? err : add_text(hash, entries[i]->d_name);
		err = err ? err : add_any(hash, below, &ignored);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return err ? err : add_text(hash, "/"); /* which is no name: the folder ends here */
}

static int add_any(EVP_MD_CTX *hash, const char *path, bool *loadable)
{
	struct stat status;
	uint64_t type;
	int err;

	if (lstat(path, &status))
		return -errno;
	type = status.st_mode & S_IFMT;
	err = add(hash, &type, sizeof(type));
	if (err)
		return err;
	switch (type) {
	case S_IFREG:
		return add_file(hash, path, loadable);
	case S_IFDIR:
		return add_folder(hash, path);
	case S_IFLNK:
		return add_link(hash, path);
	default:
		return -EINVAL;
	}
}

int content_read(struct content *content, const char *path)
{
	EVP_MD_CTX *hash = EVP_MD_CTX_new();
	char real[PATH_MAX];
	int err = hash && EVP_DigestInit_ex(hash, EVP_sha256(), NULL) ? 0 : -ENOMEM;

	*content = (struct content){ 0 };
	if (!err && !realpath(path, real))
		err = -errno;
	err = err ? err : add_any(hash, real, &content->loadable);
	if (!err && !EVP_DigestFinal_ex(hash, content->digest, NULL))
		err = -ENOMEM;
	EVP_MD_CTX_free(hash);
	return err;
}

int content_same(const char *a, const char *b)
{
	struct content of_a, of_b;
	int err = content_read(&of_a, a);

	err = err ? err : content_read(&of_b, b);
	return err ? err : memcmp(of_a.digest, of_b.digest, sizeof(of_a.digest)) == 0;
}

static bool same_word(const char *a, const char *b)
{
	struct content of_a;

	if (strcmp(a, b) == 0)
		return true;
	return strchr(a, '/') && strchr(b, '/') && content_read(&of_a, a) == 0 && of_a.loadable &&
	       content_same(a, b) == 1;
}

bool content_same_commands(char *const *a, char *const *b)
{
	for (; *a && *b; a++, b++)
		if (!same_word(*a, *b))
			return false;
	return !*a && !*b;
}
