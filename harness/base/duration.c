#include "base/duration.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define NS_PER_S 1000000000
#define NS_PER_MS 1000000

struct unit_names {
	const char *blank, *minutes, *hours;
};

static const char *duration(char text[DURATION_TEXT], uint64_t ns, const struct unit_names *names)
{
	uint64_t ms = ns / NS_PER_MS;

	if (ms % 1000)
		snprintf(text, DURATION_TEXT, "%" PRIu64 "%sms", ms, names->blank);
	else if (ms % 60000 || ms == 0)
		snprintf(text, DURATION_TEXT, "%" PRIu64 "%ss", ms / 1000, names->blank);
	else if (ms % 3600000)
		snprintf(text, DURATION_TEXT, "%" PRIu64 "%s%s", ms / 60000, names->blank, names->minutes);
	else
		snprintf(text, DURATION_TEXT, "%" PRIu64 "%s%s", ms / 3600000, names->blank, names->hours);
	return text;
}

const char *duration_text(char text[DURATION_TEXT], uint64_t ns)
{
	return duration(text, ns, &(struct unit_names){ " ", "min", "h" });
}

const char *duration_option(char text[DURATION_TEXT], uint64_t ns)
{
	return duration(text, ns, &(struct unit_names){ "", "m", "h" });
}

uint64_t duration_round_up(double ns)
{
	static const struct {
		uint64_t until_s, step_s;
	} steps[] = { { 60, 10 }, { 240, 30 }, { 1200, 60 }, { UINT64_MAX, 600 } };
	uint64_t seconds = (uint64_t)ceil(ns / NS_PER_S);
	size_t i = 0;

	while (seconds > steps[i].until_s)
		i++;
	seconds += seconds == 0; /* 0 would be no limit */
	return (seconds + steps[i].step_s - 1) / steps[i].step_s * steps[i].step_s * NS_PER_S;
}
