#include "command/help.h"

#include "command/gate_options.h"
#include "command/option_specs.h"

#define NAME_WIDTH 22

static const char what[] =
	"bench runs a workload in every way that a program can be run in parallel on\n"
	"one machine (threads, processes, pools), measures each in fresh processes, and\n"
	"shows which is fastest and where the rest of the speedup went.\n"
	"\n"
	"  ./bench --workload W [--mode M] [OPTION...]   measure, draw, report\n"
	"  ./bench list [KIND] [--json]   workloads, modes, calls, transports, counters,\n"
	"                                 experiments, ...: what there is, with options\n"
	"  ./bench machine [--json]       topology, limits, counters that count, noise\n"
	"  ./bench report RUN...          draw and write the reports of runs again\n"
	"  ./bench compare RUN RUN...     what changed between runs, or modes of one\n"
	"  ./bench gate --baseline REV    is this build, a command or an object slower\n"
	"                                 than another? For CI; see gate --help\n"
	"  ./bench history add RUN...     keep runs by commit; history show: when times\n"
	"                                 changed, and which commit is to blame\n"
	"  ./bench export FORMAT RUN      write a run or a gate for other tools to read\n"
	"  ./bench experiment NAME        measure one part alone, such as the transports\n"
	"  ./bench test                   build, then run the whole test suite\n"
	"  ./bench help                   this page\n";

static const char examples[] =
	"\n"
	"Examples:\n"
	"  ./bench --workload resize --mode pool\n"
	"      a pool of processes against one process, on generated pictures\n"
	"  ./bench --workload resize --input photos -p size=640x480 --budget 2m\n"
	"      every mode, on your own pictures\n"
	"  ./bench --workload hash,sumsq --mode threads,processes --workers 1-8\n"
	"      threads against processes, on two workloads, one to eight of each\n"
	"  ./bench --workload null --mode pool --schedule all --chunk 1,64\n"
	"      what it costs to deal out an item, by every schedule\n"
	"  ./bench --workload resize --mode pool --chunk auto\n"
	"      which chunk is best, found by measuring\n"
	"  ./bench --workload counter -p lock=atomic,mutex --mode pool,python_pool\n"
	"      a shared counter, by two locks, in C and in CPython\n"
	"  ./bench --workload payload -p in=65536 --mode pool --call all\n"
	"      every way of calling a pool, with payloads of 64 KiB\n"
	"  ./bench --workload wait --mode processes --per item --dry-run\n"
	"      what would be measured, were a process made for each item\n"
	"\n"
	"Exit status: 0 done, 1 regressed, 2 wrong usage or environment, 3 some cell\n"
	"failed, 4 cannot tell.\n";

static void print_option(FILE *out, const struct option_spec *spec)
{
	int length;

	if (!spec->help)
		return;
	if (spec->heading)
		fprintf(out, "\n%s\n", spec->heading);
	length = fprintf(out, "  %s %s", spec->name, spec->argument ? spec->argument : "");
	fprintf(out, "%*s  %s", length < NAME_WIDTH ? NAME_WIDTH - length : 0, "", spec->help);
	if (spec->preset)
		fprintf(out, " (%s)", spec->preset);
	fputc('\n', out);
}

void help_print(FILE *out)
{
	fputs(what, out);
	for (const struct option_spec *spec = option_specs; spec->name; spec++)
		print_option(out, spec);
	fputs(examples, out);
}

void help_print_gate(FILE *out)
{
	fputs("usage: bench gate --baseline DIR|REVISION [OPTION...]\n"
	      "       bench gate --a CMD|FILE.so --b CMD|FILE.so [OPTION...]\n"
	      "Says whether B is slower than A by more than is tolerated: pass, regressed, cannot\n"
	      "tell, or unchanged (the same code). Both are run in turn, in randomised blocks of\n"
	      "fresh processes, until it is decided; the baseline is held against itself, too.\n",
	      out);
	for (const struct option_spec *spec = gate_option_specs; spec->name; spec++)
		print_option(out, spec);
	fputs("\n"
	      "Examples:\n"
	      "  ./bench gate --baseline HEAD~1\n"
	      "      has the last commit made bench slower?\n"
	      "  ./bench gate --a 'old/sort big.txt' --b 'new/sort big.txt' --tolerance 2%\n"
	      "      two commands of any project\n"
	      "  ./bench gate --a old.so --b new.so --mode sequential,threads\n"
	      "      two objects, each with a workload (workloads/workload.h)\n"
	      "  ./bench gate --baseline main --instructions\n"
	      "      immune to noise, for CI\n"
	      "\n"
	      "Exit status: 0 pass, 1 regressed, 2 wrong usage or environment, 3 a side failed,\n"
	      "4 cannot tell.\n",
	      out);
}
