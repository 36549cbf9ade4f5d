/* `bench list`: list.c gathers what there is as JSON, print.c prints the JSON as text. */
#ifndef BENCH_VERBS_LIST_INTERNAL_H
#define BENCH_VERBS_LIST_INTERNAL_H

#include <jansson.h>

/* Prints to stdout the lists of an object: each value is an array of objects, its key is the heading. */
void list_print(const json_t *lists);

#endif
