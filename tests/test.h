/* What a test in C begins with: cmocka, what its header needs, and the C library. */
#ifndef BENCH_TESTS_TEST_H
#define BENCH_TESTS_TEST_H

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#endif
