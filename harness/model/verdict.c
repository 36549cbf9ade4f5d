#include "model/verdict.h"

const char *verdict_word(enum verdict verdict)
{
	static const char *const words[] = {
		[VERDICT_PASS] = "pass",
		[VERDICT_REGRESSED] = "regressed",
		[VERDICT_CANNOT_TELL] = "cannot tell",
		[VERDICT_UNCHANGED] = "unchanged",
	};

	return words[verdict];
}

