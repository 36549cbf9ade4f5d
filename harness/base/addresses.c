#include "base/addresses.h"

#include <errno.h>
#include <sys/personality.h>

#define ASK 0xffffffff /* changes nothing */

int addresses_fix(int *before)
{
	*before = personality(ASK);
	return *before < 0 || personality((unsigned long)*before | ADDR_NO_RANDOMIZE) < 0 ? -errno : 0;
}

void addresses_restore(int before)
{
	personality((unsigned long)before);
}

bool addresses_can_be_fixed(void)
{
	int before, err = addresses_fix(&before);

	if (!err)
		addresses_restore(before);
	return !err;
}

bool addresses_are_fixed(void)
{
	int now = personality(ASK);

	return now >= 0 && now & ADDR_NO_RANDOMIZE;
}
