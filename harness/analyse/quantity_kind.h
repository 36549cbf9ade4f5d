/* The kinds of quantities; the kind decides in which units people read a value (report/kit/units.h). */
#ifndef BENCH_ANALYSE_QUANTITY_KIND_H
#define BENCH_ANALYSE_QUANTITY_KIND_H

enum quantity_kind {
	KIND_TIME,      /* ns; shown in ns, µs, ms or s */
	KIND_TIME_ITEM, /* ns; always shown in µs */
	KIND_RATE,      /* shown as it is, in thousands or in millions */
	KIND_RATIO,     /* shown as it is */
	KIND_SHARE,     /* 0 to 1; shown in % */
	KIND_BYTES,     /* shown in B, KiB, MiB or GiB */
	KIND_COUNT,     /* shown as it is, in thousands, in millions or more */
};

#define QUANTITY_KINDS (KIND_COUNT + 1)

#endif
