"""Objects that are not as workloads/workload.h asks, or go wrong while they are loaded, opened or run: `bench gate` loads
none of them itself, so each ends with a line that names it, and neither crashes nor hangs the gate, nor passes."""
import functools
import random
import shutil
import signal
from pathlib import Path

from gating import FEW, compiled, gate, quick_object, refused
from tap import ROOT, Skip, bench, case, case_of, main, nothing_left, start

HOSTILE_C = r"""
#include <workloads/workload.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fault(const char *name)
{
	const char *chosen = getenv("FAULT");

	return chosen && strcmp(chosen, name) == 0;
}

/* Does what the fault "WHERE crashes" and the like say. */
static void go_wrong(const char *where)
{
	const char *chosen = getenv("FAULT");

	if (!chosen || strncmp(chosen, where, strlen(where)))
		return;
	chosen += strlen(where);
	if (strcmp(chosen, " prints") == 0) {
		printf("\033[31mon stdout\n");
		fflush(stdout);
		fprintf(stderr, "\033[2Jon stderr\n");
	}
	if (strcmp(chosen, " says why") == 0) {
		fprintf(stderr, "first\n\nsecond\n\033[31mthird\001\001\n");
		exit(7);
	}
	if (strcmp(chosen, " exits") == 0)
		exit(0);
	if (strcmp(chosen, " crashes") == 0)
		raise(SIGSEGV);
	if (strcmp(chosen, " stops") == 0)
		raise(SIGSTOP);
	if (strcmp(chosen, " kills its group") == 0)
		kill(0, SIGKILL);
	for (int i = 0; i < 100 && strcmp(chosen, " closes all") == 0; i++)
		close(i);
	while (strcmp(chosen, " hangs") == 0)
		pause();
}

__attribute__((constructor)) static void load(void)
{
	go_wrong("load");
}

__attribute__((destructor)) static void unload(void)
{
	go_wrong("unload");
}

static int hostile_open(const struct workload_options *options, struct workload_state *state)
{
	go_wrong("open");
	state->items = fault("no items") ? 0 : fault("many items") ? UINT64_MAX : options->items;
	state->output_max = sizeof(int);
	return fault("a wrong number") ? 5 : 0;
}

static int hostile_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	(void)data, (void)item, (void)in;
	go_wrong("work");
	*(int *)out->data = fault("another answer") ? 1 : fault("no two answers") ? getpid() : 0;
	out->size = sizeof(int);
	return 0;
}

#define HOSTILE .abi = BENCH_WORKLOAD_ABI, .name = "spin", .item = "spin", .open = hostile_open, .work = hostile_work
DEFINED
"""
CELL_ID = "spin/sequential/-/-/1"
AS_ASKED = "const struct workload workload_spin = { HOSTILE };"
OTHER = AS_ASKED + "int other = 1;"
PARAMS = "static const struct param params[] = { %s };"
WITH_PARAMS = "const struct workload workload_spin = { HOSTILE, .params = params };"


@functools.cache
def hostile(defined=AS_ASKED):
    name = f"hostile-{abs(hash(defined))}.so"
    return str(compiled(name, HOSTILE_C.replace("DEFINED", defined), f"-I{ROOT}", "-shared", "-fPIC"))


# ---- While it is loaded ----

def not_loaded(fault, word, *arguments):
    err = refused("--a", quick_object(), "--b", hostile(), *arguments, env={"FAULT": fault})
    assert f"'{hostile()}'" in err and word in err, err


SOON = ["--timeout", "1s"]
for a_fault, the_words, the_arguments in [
        ("load exits", "exited with status 0", []), ("load crashes", "SIGSEGV", []), ("load hangs", "did not end", SOON),
        ("load stops", "SIGSTOP", SOON), ("load kills its group", "SIGKILL", []), ("load closes all", "exited", []),
        ("load says why", r"it said: first / second / \x1b[31mthird\x01", []), ("unload crashes", "SIGSEGV", []),
        ("unload hangs", "did not end", SOON)]:
    case_of(f"{a_fault}: refused", not_loaded, a_fault, the_words, *the_arguments)


def not_as_asked(defined, *words):
    err = refused("--a", quick_object(), "--b", hostile(defined))
    for word in [f"'{hostile(defined)}'", *words]:
        assert word in err, err


for a_name, the_definition, the_words in [
        ("a symbol smaller than the struct", "const int workload_spin = 1;", ["'workload_spin' has 4 bytes"]),
        ("no name", "const struct workload workload_spin = { HOSTILE, .name = NULL };", ["its name"]),
        ("another name than the symbol's", "const struct workload workload_spun = { HOSTILE };", ["its name"]),
        ("a name that leads nowhere", "const struct workload workload_spin = { HOSTILE, .name = (char *)8 };", ["SIGSEGV"]),
        ("no open()", "const struct workload workload_spin = { HOSTILE, .open = NULL };", ["open()"]),
        ("no work()", "const struct workload workload_spin = { HOSTILE, .work = NULL };", ["work()"]),
        ("no item", "const struct workload workload_spin = { HOSTILE, .item = NULL };", ["item"]),
        ("a param without a preset", PARAMS % '{ "a", NULL }, { 0 }' + WITH_PARAMS, ["preset"]),
        ("a param without a name", PARAMS % '{ "", "1" }, { 0 }' + WITH_PARAMS, ["name of a param"]),
        ("params without an end", PARAMS % '[0 ... 999] = { "a", "1" }' + WITH_PARAMS, ["no end"]),
        ("a symbol that nobody defines", "int nosuch(void); int call(void) { return nosuch(); }" + AS_ASKED, ["nosuch"])]:
    case_of(f"{a_name}: refused", not_as_asked, the_definition, *the_words)


@case
def other_params():
    """objects with other params than their counterpart are refused"""
    objects = [hostile(PARAMS % f"{names}, {{ 0 }}" + WITH_PARAMS) for names in ['{ "a", "1" }', '{ "a", "1" }, { "b", "2" }']]
    err = refused("--a", objects[0], "--b", objects[1])
    assert "params" in err and f"'{objects[1]}'" in err, err
    gate(objects[0], hostile(PARAMS % '{ "a", "2" }, { 0 }' + WITH_PARAMS), *FEW, "-p", "a=3", "--mode", "sequential",
         "--max-runs", "12", "--budget", "1ms", "--on-unclear", "pass", "--no-plots")


@case
def damaged_files():
    """files that are cut off, or have wrong bytes in them: a verdict in gate.json, or a line that says why not"""
    good, chosen = Path(quick_object()).read_bytes(), random.Random(1)
    for number in range(10):
        damaged = bytearray(good[:chosen.randrange(64, len(good))] if number % 4 == 0 else good)
        for _ in range(chosen.randrange(1, 12)):
            damaged[chosen.randrange(min(len(damaged), 1200))] = chosen.choice([0, 255, chosen.randrange(256)])
        Path("damaged.so").write_bytes(damaged)
        process = start("gate", "--a", quick_object(), "--b", "damaged.so", *FEW, "--mode", "sequential", "--budget", "1ms",
                        "--timeout", "2s", "--on-unclear", "pass", "--no-plots", "--output", "out", errors="replace")
        err = process.communicate(timeout=300)[1]
        assert process.returncode in (0, 2, 3), (number, process.returncode, err)
        assert Path("out/gate.json").exists() == (process.returncode != 2), (number, process.returncode, err)
        assert process.returncode != 2 or "damaged.so" in err or "side B" in err, (number, err)
        nothing_left(process)
        shutil.rmtree("out", ignore_errors=True)


# ---- While it is opened, and works ----

def not_opened(fault, word, *arguments):
    err = refused("--a", quick_object(), "--b", hostile(), *FEW, *arguments, env={"FAULT": fault})
    assert "cannot be opened on side B" in err and word in err, err


for a_fault, the_words, the_arguments in [
        ("open exits", "exited with status 0", []), ("open hangs", "did not end", SOON),
        ("open says why", "it said: first / second", []), ("no items", "no items", []), ("many items", "more items", []),
        ("a wrong number", "above 0", [])]:
    case_of(f"{a_fault}: refused", not_opened, a_fault, the_words, *the_arguments)


def try_fault(a, b, fault, *arguments, **options):
    """A gate of two objects that does not last."""
    return gate(a, b, *FEW, "--mode", "sequential", "--max-runs", "12", "--tolerance", "100%", "--on-unclear", "pass",
                "--no-plots", "--allow", CELL_ID, *arguments, env={"FAULT": fault}, **options)


def fails(fault, kind, number=None, said=None):
    failure = try_fault(quick_object(), hostile(), fault, status=3)["cells"][0]["failure"]
    assert (failure["side"], failure["kind"], failure["signal"], failure["said"]) == ("b", kind, number, said), failure


case_of("work exits: status 3, named", fails, "work exits", "exit")
case_of("work crashes: status 3, named", fails, "work crashes", "signal", signal.SIGSEGV)
case_of("work says why: status 3, its last lines kept", fails, "work says why", "exit", None,
        r"first / second / \x1b[31mthird\x01")


def stays_silent(fault):
    out, err = bench("gate", "--a", quick_object(), "--b", hostile(), *FEW, "--mode", "sequential", "--budget", "100ms",
                     "--on-unclear", "pass", "--allow", CELL_ID, "--no-plots", "--output", "out", env={"FAULT": fault})
    assert "on std" not in out and not err, (out, err)


for a_fault in ["load prints", "open prints", "work prints", "unload prints"]:
    case_of(f"{a_fault}: nothing of it reaches us", stays_silent, a_fault)


# ---- What it has computed ----

def doubts(fault, *arguments):
    found = try_fault(hostile(OTHER) if fault == "no two answers" else quick_object(), hostile(), fault, *arguments)
    return [doubt["code"] for doubt in found["doubts"]]


@case
def other_answers():
    """other outputs than A's are a doubt, unless A's differ from themselves"""
    assert "outputs_differ" in doubts("another answer")
    shutil.rmtree("out")
    assert "outputs_differ" not in doubts("no two answers")


@case
def other_answers_counted():
    """other outputs are a doubt where instructions are counted, too"""
    if not shutil.which("valgrind"):
        raise Skip("no valgrind")
    assert "outputs_differ" in doubts("another answer", "--instructions")


main()
