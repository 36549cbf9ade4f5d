#include "workloads/parts/generated.h"

#include "workloads/parts/files.h"
#include "workloads/parts/values.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <openssl/evp.h>

#define SUMS "SHA256SUMS"
#define DRAFT "draft" /* one name is enough, since the folder is locked */
#define MOST_BYTES ((size_t)64 << 20)

void generated_name(const struct generated *set, uint32_t number, char name[GENERATED_NAME])
{
	snprintf(name, GENERATED_NAME, "%s%02u%s", set->prefix, number, set->suffix);
}

static int sums_write(const struct generated *set, int folder, const struct digest *digests)
{
	struct buffer sums = { 0 };
	FILE *stream = open_memstream((char **)&sums.data, &sums.size);
	int error = -ENOMEM;

	if (!stream)
		return -ENOMEM;
	for (uint32_t i = 0; i < set->count; i++) {
		char name[GENERATED_NAME];

		generated_name(set, i, name);
		for (size_t k = 0; k < sizeof(digests[i].bytes); k++)
			fprintf(stream, "%02x", digests[i].bytes[k]);
		fprintf(stream, "  %s\n", name);
	}
	if (fclose(stream) == 0)
		error = file_replace(folder, SUMS, DRAFT, (struct bytes){ sums.data, sums.size });
	free(sums.data);
	return error;
}

static bool scan_line(FILE *stream, const char *name, struct digest *digest)
{
	char found[GENERATED_NAME];

	for (size_t k = 0; k < sizeof(digest->bytes); k++) {
		if (fscanf(stream, "%2hhx", &digest->bytes[k]) != 1)
			return false;
	}
	return fscanf(stream, " %63s", found) == 1 && strcmp(found, name) == 0;
}

int generated_recall(const struct generated *set, int folder, struct digest *digests)
{
	int fd = file_open(folder, SUMS), error = 0;
	FILE *stream;

	if (fd < 0)
		return fd;
	stream = fdopen(fd, "r");
	if (!stream) {
		close(fd);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < set->count && !error; i++) {
		char name[GENERATED_NAME];

		generated_name(set, i, name);
		if (!scan_line(stream, name, digests + i))
			error = -EBADMSG;
	}
	fclose(stream);
	return error;
}

static int digest_of(const struct buffer *file, struct digest *digest)
{
	return EVP_Digest(file->data, file->size, digest->bytes, NULL, EVP_sha256(), NULL) ? 0 : -ENOMEM;
}

static bool is_intact(int folder, const char *name, const struct digest *digest)
{
	struct buffer file;
	struct digest found;
	bool intact = file_read(folder, name, MOST_BYTES, &file) == 0 && digest_of(&file, &found) == 0 &&
		      memcmp(&found, digest, sizeof(found)) == 0;

	free(file.data);
	return intact;
}

static int make(const struct generated *set, uint32_t number, int folder, const char *name, struct digest *digest)
{
	struct buffer file = { 0 };
	int error = set->make(number, &file);

	if (!error)
		error = digest_of(&file, digest);
	if (!error)
		error = file_replace(folder, name, DRAFT, (struct bytes){ file.data, file.size });
	free(file.data);
	return error;
}

/* Call it while the folder is locked. */
static int complete(const struct generated *set, int folder, const char *path, struct digest *digests,
		    struct workload_state *state)
{
	bool known = generated_recall(set, folder, digests) == 0, changed = !known;
	int error = 0;

	for (uint32_t i = 0; i < set->count; i++) {
		char name[GENERATED_NAME];

		generated_name(set, i, name);
		if (known && is_intact(folder, name, digests + i))
			continue;
		changed = true;
		error = make(set, i, folder, name, digests + i);
		if (error)
			return refuse(state, error, "cannot make '%s/%s': %s", path, name, strerror(-error));
	}
	if (changed)
		error = sums_write(set, folder, digests);
	if (error)
		refuse(state, error, "cannot write '%s/" SUMS "': %s", path, strerror(-error));
	return error;
}

static int lock(int folder)
{
	while (flock(folder, LOCK_EX) != 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

int generated_prepare(const struct generated *set, int folder, const char *path, struct digest *digests,
		      struct workload_state *state)
{
	int error = lock(folder);

	if (error)
		return refuse(state, error, "cannot lock '%s': %s", path, strerror(-error));
	error = complete(set, folder, path, digests, state);
	flock(folder, LOCK_UN);
	return error;
}
