#include "report/kit/remarks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct remark *remark_on(struct remarks *remarks, const char *subject, const char *text)
{
	struct remark remark = { .unnamed = 0 }, *grown;

	snprintf(remark.subject, sizeof(remark.subject), "%s", subject);
	snprintf(remark.text, sizeof(remark.text), "%s", text);
	for (size_t i = 0; i < remarks->count; i++)
		if (strcmp(remarks->remark[i].subject, remark.subject) == 0 &&
		    strcmp(remarks->remark[i].text, remark.text) == 0)
			return &remarks->remark[i];
	grown = reallocarray(remarks->remark, remarks->count + 1, sizeof(*grown));
	if (!grown)
		return NULL;
	remarks->remark = grown;
	grown[remarks->count] = remark;
	return &grown[remarks->count++];
}

bool list_append(char *list, size_t size, const char *word)
{
	size_t used = strlen(list);

	if (used + strlen(word) + 3 > size)
		return false;
	snprintf(list + used, size - used, "%s%s", used ? ", " : "", word);
	return true;
}

void remark_holds(struct remark *remark, const char *cell)
{
	remark->unnamed += remark->unnamed || !list_append(remark->cells, sizeof(remark->cells), cell);
	remark->cell_count++;
}

/* Appends "+4" to the last cell in the list, which differs only in its workers. Returns false if there is no room. */
static bool append_workers(char *text, size_t size, uint64_t workers)
{
	size_t used = strlen(text);

	if (used + 24 > size)
		return false;
	snprintf(text + used, size - used, "+%" PRIu64, workers);
	return true;
}

void remark_holds_for_workers(struct remark *remark, const char *cell, const char *alone, uint64_t workers)
{
	bool named;

	if (remark->unnamed)
		named = false;
	else if (strcmp(remark->last, alone) == 0)
		named = append_workers(remark->cells, sizeof(remark->cells), workers);
	else
		named = list_append(remark->cells, sizeof(remark->cells), cell);
	snprintf(remark->last, sizeof(remark->last), "%s", alone);
	remark->unnamed += !named;
	remark->cell_count++;
}

void remarks_release(struct remarks *remarks)
{
	free(remarks->remark);
	*remarks = (struct remarks){ 0 };
}
