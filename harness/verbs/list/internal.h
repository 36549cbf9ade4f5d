/* `bench list`: list.c gathers what there is as JSON, print.c shows that as text. */
#ifndef BENCH_VERBS_LIST_INTERNAL_H
#define BENCH_VERBS_LIST_INTERNAL_H

#include <jansson.h>

/* Prints lists, each an array of objects, under their keys; to stdout. */
void list_print(const json_t *lists);

#endif
