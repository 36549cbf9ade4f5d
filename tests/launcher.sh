#!/bin/sh
# The launcher as a user calls it, on a small project of the same shape. Fakes, first in PATH, stand for packages,
# apt-get and sudo.
set -u

root=$(dirname "$(dirname "$(readlink -f "$0")")")
# shellcheck source=tests/tap.sh
. "$root/tests/tap.sh"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
project="$scratch/a project"
build=$project/build
real_path=$PATH
PATH=$scratch/fakes:$PATH
export scratch

make_project() {
	mkdir -p "$project/harness/verbs" "$project/tests"
	cp "$root/bench" "$root/packages" "$project"
	cp "$root/harness/verbs/help.txt" "$project/harness/verbs"
	cp "$root/tests/count.py" "$project/tests"
	cat >"$project/meson.build" <<-'EOF'
		project('scratch', 'c')
		run_command('sh', '-c', 'echo "$TMPDIR" >"$scratch/tmpdir"', check: true)
		subdir('harness')
		sh = find_program('sh')
		test('good', sh, args: ['-c', 'echo 1..2; echo ok 1; echo ok 2'], protocol: 'tap')
		test('bad', sh, args: ['-c', 'echo 1..2; echo ok 1; echo not ok 2'], protocol: 'tap')
		test('crashed', sh, args: ['-c', 'echo 1..2; echo ok 1; kill -SEGV $$'], protocol: 'tap')
	EOF
	echo "executable('bench', 'main.c')" >"$project/harness/meson.build"
	cat >"$project/harness/main.c" <<-'EOF'
		#include <fcntl.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <unistd.h>

		/* Prints its arguments and what it was given; `exit N` ends with that status. */
		int main(int argc, char **argv)
		{
			char cwd[4096];

			for (int i = 1; i < argc; i++)
				printf("argument %s\n", argv[i]);
			printf("pid %d\nroot %s\ncwd %s\n", getpid(), getenv("BENCH_ROOT"), getcwd(cwd, sizeof(cwd)));
			printf("temporary %s\n", getenv("TMPDIR"));
			printf("lock %s\n", fcntl(9, F_GETFD) == -1 ? "closed" : "open");
			return argc == 3 && argv[1][0] == 'e' ? atoi(argv[2]) : 0;
		}
	EOF
}

# fake NAME: a program of that name, its text on stdin.
fake() {
	mkdir -p "$scratch/fakes"
	{ echo '#!/bin/sh' && cat; } >"$scratch/fakes/$1"
	chmod +x "$scratch/fakes/$1"
}

# All packages are there but those named in the file `absent`; gnuplot-nox comes from another package.
make_fakes() {
	: >"$scratch/absent"
	fake dpkg-query <<-'EOF'
		awk '{ sub(/#.*/, "") } $1 != "gnuplot-nox" && NF { print $1 }' "$scratch/a project/packages" |
			grep -vxFf "$scratch/absent" | sed 's/.*/installed & /'
		case $* in *Provides*) echo "installed gnuplot-qt gnuplot, gnuplot-nox" ;; esac
		sed 's/.*/not-installed & /' "$scratch/absent"
	EOF
	fake apt-get <<-'EOF'
		echo "apt-get $*" >>"$scratch/done"
		[ ! -e "$scratch/apt-fails" ] || { echo "E: no such luck"; exit 100; }
		case $1 in install) : >"$scratch/absent" ;; esac
	EOF
	fake sudo <<-'EOF'
		echo "sudo $*" >>"$scratch/done"
		exec "$@"
	EOF
	fake id <<-'EOF'
		cat "$scratch/uid"
	EOF
	echo 0 >"$scratch/uid"
}

# Calls the launcher; what it printed and said is in the files `out` and `err`.
call() {
	"${launcher:-$project/bench}" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
	cat "$scratch/out" "$scratch/err"
	return "$status"
}

printed() {
	grep -qxF -- "$1" "$scratch/out"
}

said() {
	grep -qF -- "$1" "$scratch/err"
}

is_silent() {
	[ ! -s "$scratch/err" ]
}

fails_with() {
	expected=$1
	shift
	call "$@"
	[ "$status" -eq "$expected" ]
}

# explains PAGE ARGUMENT...: whether the launcher shows that page of help, and does nothing else.
explains() {
	usage="usage: $1"
	shift
	call "$@" && grep -q "^$usage" "$scratch/out" && is_silent && [ ! -e "$build" ] && [ ! -s "$scratch/done" ]
}

help_without_a_build() {
	lose meson libcmocka-dev
	explains 'bench --workload' && explains 'bench --workload' --help && explains 'bench --workload' help &&
		explains 'bench gate' gate --help && explains 'bench history add' help history add &&
		explains 'bench export' export csv out -h && explains 'bench test' test --help &&
		mv "$scratch/out" "$scratch/page" && explains 'bench test' help test &&
		cmp -s "$scratch/out" "$scratch/page"
	result=$?
	: >"$scratch/absent"
	return "$result"
}

# refuses MESSAGE ARGUMENT...: status 2 and one line.
refuses() {
	message=$1
	shift
	fails_with 2 "$@" && said "$message" && [ "$(wc -l <"$scratch/err")" -eq 1 ]
}

wrong_test_options() {
	refuses "unknown option '--suiet'" test --suiet unit &&
		refuses "unknown option '--suiet=unit'" test --suiet=unit &&
		refuses "unknown option '-x'" test --suite unit -x && [ ! -e "$build" ]
}

wrong_test_names() {
	refuses "there is no test 'god'" test good god && refuses 'no test was run' test --suite nosuch &&
		call test --repeat 2 good && call test --list && printed good
}

first_use() {
	call --size 'two words' && printed 'argument --size' && printed 'argument two words' &&
		printed 'lock closed' && said 'building (first use' && [ "$(wc -l <"$scratch/err")" -eq 1 ]
}

# Python imports what lies beside a script that meson writes to the temporary folder.
private_folder() {
	[ "$(cat "$scratch/tmpdir")" = "$build/tmp" ] && [ ! -e "$build/tmp" ] &&
		TMPDIR=$scratch call x && printed "temporary $scratch"
}

# cannot_be_in FOLDER MESSAGE
cannot_be_in() {
	cp -r "$project" "$1" && rm -rf "$1/build"
	launcher=$1/bench
	refuses "$2" x && call --help && [ ! -e "$1/build" ]
	result=$?
	launcher=
	return "$result"
}

odd_folders() {
	cannot_be_in "$scratch/with
newline" 'name has a newline' && cannot_be_in "$scratch/$(printf '\377')" 'name is not UTF-8'
}

# best_ms COMMAND...: how long the fastest of five takes.
best_ms() {
	best=
	for _ in 1 2 3 4 5; do
		from_ms=$(($(date +%s%N) / 1000000))
		"$@" >"$scratch/said" || return 1
		took=$(($(date +%s%N) / 1000000 - from_ms))
		[ -n "$best" ] && [ "$took" -ge "$best" ] || best=$took
	done
	echo "$best"
}

is_called_in_silence() {
	call && is_silent
}

second_use() {
	call_ms=$(best_ms is_called_in_silence) && meson_ms=$(best_ms meson --version) || return 1
	echo "started in $call_ms ms, meson in $meson_ms ms"
	[ "$call_ms" -lt "$meson_ms" ]
}

becomes_the_program() {
	# shellcheck disable=SC2016 # for the inner shell
	called=$(sh -c 'echo "pid $$"; exec "$0" 2>/dev/null' "$project/bench" | grep pid | sort -u)
	[ "$(echo "$called" | wc -l)" -eq 1 ]
}

through_links_from_elsewhere() {
	mkdir -p "$scratch/bin" "$scratch/else where"
	ln -s "$project/bench" "$scratch/bin/bench-1"
	ln -s bench-1 "$scratch/bin/bench"
	launcher=$scratch/bin/bench
	(cd "$scratch/else where" && call) && printed "root $project" && printed "cwd $scratch/else where"
	result=$?
	launcher=
	return "$result"
}

changed_source() {
	sed -i 's/argument %s/word %s/' "$project/harness/main.c"
	call x && printed 'word x' && said 'building what changed' && call && is_silent
}

changed_build_file() {
	echo "executable('bench', 'main.c', c_args: '-DX')" >"$project/harness/meson.build"
	call x && said 'building what changed' && call && is_silent
}

broken_source() {
	echo 'int broken(void) { return }' >>"$project/harness/main.c"
	fails_with 2 x && said 'error: expected expression' && said 'the build failed' || return 1
	sed -i '$d' "$project/harness/main.c"
	call x
}

moved_checkout() {
	mv "$project" "$scratch/moved"
	project=$scratch/moved
	call x && printed "root $project" && grep -q "$project" "$project/build/build.ninja"
	result=$?
	project="$scratch/a project"
	mv "$scratch/moved" "$project"
	return "$result"
}

# Who may not write to the build folder gets the program as it was built: another user, or oneself. PATH of the tests
# may lie where another user may not look.
is_root() {
	[ "$(PATH=$real_path id -u)" -eq 0 ]
}

as_another_user() {
	PATH=$PATH:/usr/bin:/bin setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

read_only() {
	touch "$project/harness/main.c"
	if is_root; then
		as_another_user "$project/bench" x >"$scratch/out" 2>"$scratch/err"
	else
		chmod a-w "$build"
		call x
		chmod u+w "$build"
	fi
	printed 'word x' && said 'running the program as it was built'
}

two_at_once() {
	rm -rf "$build"
	"$project/bench" one >"$scratch/one" 2>&1 &
	"$project/bench" two >"$scratch/two" 2>&1 || return 1
	wait $! && grep -qx 'word one' "$scratch/one" && grep -qx 'word two' "$scratch/two"
}

# Whatever moment the kill hits, the next call must work.
killed_in_the_middle() {
	rm -rf "$build"
	setsid "$project/bench" x >"$scratch/out" 2>&1 &
	until [ -e "$build/meson-private" ]; do sleep 0.01; done
	kill -9 -- -$!
	wait $!
	call x && printed 'word x'
}

# Here meson says that it is configured already, and does nothing.
killed_before_the_build_file() {
	rm "$build/configured" "$build/build.ninja"
	call x && printed 'word x'
}

killed_while_saving() {
	rm "$build/configured"
	: >"$build/meson-private/build.dat"
	: >"$build/meson-private/coredata.dat"
	call x && printed 'word x' && call test good
}

# meson tells its parent, process 1, to end, and goes on for a while; the status is that of the signal, not its own.
as_process_one() {
	unshare --pid --fork --mount-proc true 2>/dev/null || return 0
	fake meson <<-'EOF'
		kill -TERM 1
		exit 1
	EOF
	rm "$build/configured"
	unshare --pid --fork --mount-proc "$project/bench" x >"$scratch/out" 2>&1
	status=$?
	rm "$scratch/fakes/meson"
	[ "$status" -eq 143 ] && call x
}

# The next call finds that packages are missing.
lose() {
	: >"$scratch/done"
	printf '%s\n' "$@" >"$scratch/absent"
	rm -f "$build/configured"
}

did() {
	grep -qxF -- "$1" "$scratch/done"
}

install='apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=600'

root_installs() {
	lose libpapi-dev meson
	call x && did 'apt-get update' && did "$install meson libpapi-dev" &&
		said 'packages are missing: meson libpapi-dev'
}

user_is_told() {
	echo 1000 >"$scratch/uid"
	lose libpapi-dev
	fails_with 2 x && said 'sudo apt-get install --no-install-recommends libpapi-dev' && [ ! -s "$scratch/done" ]
}

user_says_yes() {
	lose libpapi-dev
	call list --yes && did "sudo env DEBIAN_FRONTEND=noninteractive $install libpapi-dev" && ! printed 'word --yes'
}

# ask ANSWER: calls the launcher on a terminal, and answers its question.
ask() {
	echo 0 >"$scratch/uid"
	lose libpapi-dev
	echo "$1" | script -qec "'$project/bench' x" /dev/null >"$scratch/out"
	status=$?
	cat "$scratch/out"
	grep -q 'install them now?' "$scratch/out"
}

terminal_no() {
	ask n && [ "$status" -eq 2 ] && [ ! -s "$scratch/done" ]
}

terminal_yes() {
	ask y && [ "$status" -eq 0 ] && did "$install libpapi-dev"
}

apt_fails() {
	lose libpapi-dev
	: >"$scratch/apt-fails"
	fails_with 2 x && said 'E: no such luck' && said 'cannot install the packages'
	result=$?
	rm "$scratch/apt-fails"
	return "$result"
}

# Here a minute is short, and apt-get takes two of them.
a_line_a_minute() {
	real=$(command -v flock)
	fake flock <<-EOF
		[ "\$1 \$2" != '-w 60' ] || { shift 2; set -- -w 0.1 "\$@"; }
		exec '$real' "\$@"
	EOF
	mv "$scratch/fakes/apt-get" "$scratch/apt-get"
	fake apt-get <<-'EOF'
		[ "$1" = update ] || until grep -q '(2 min)' "$scratch/err"; do sleep 0.05; done
		exec "$scratch/apt-get" "$@"
	EOF
	lose libpapi-dev
	call x && said 'still installing packages (1 min)' && said 'still installing packages (2 min)'
	result=$?
	mv "$scratch/apt-get" "$scratch/fakes/apt-get"
	rm "$scratch/fakes/flock"
	return "$result"
}

test_packages() {
	lose libcmocka-dev
	call x && [ ! -s "$scratch/done" ] && call test good && did "$install libcmocka-dev"
}

# On a system that has neither apt nor meson.
no_apt() {
	lose libpapi-dev
	mkdir -p "$scratch/few"
	for tool in sh awk cat dirname find flock grep mkdir paste readlink rm; do
		ln -sf "$(command -v $tool)" "$scratch/few"
	done
	# shellcheck disable=SC2123 # the search path is meant
	PATH=$scratch/few
	fails_with 2 x
	PATH=$scratch/fakes:$real_path
	said libpapi-dev && said libhwloc-dev
}

counts_failed_tests() {
	fails_with 1 test && [ "$(tail -n 1 "$scratch/out")" = '4 passed, 2 failed' ]
}

counts_passed_tests() {
	call test good && [ "$(tail -n 1 "$scratch/out")" = '2 passed, 0 failed' ]
}

make_project
make_fakes
check 'help neither installs nor builds' help_without_a_build
check 'options that tests do not have are refused, and nothing is installed or built' wrong_test_options
check 'first use builds, says so in one line, passes the arguments and keeps the lock to itself' first_use
check 'builds with a temporary folder of its own, which the program does not get' private_folder
check 'folders whose names meson does not understand: only help' odd_folders
check 'second use is silent, and has started before meson could say its version' second_use
check 'becomes the program' becomes_the_program
check 'works through symbolic links and keeps the folder it is called in' through_links_from_elsewhere
check 'passes the exit status on' fails_with 3 exit 3
check 'a changed source is built' changed_source
check 'a changed meson.build is built' changed_build_file
check 'a broken source shows what the compiler says, status 2' broken_source
check 'a moved checkout is configured again' moved_checkout
if is_root && ! as_another_user test -x "$project/bench"; then
	skip 'a checkout that cannot be written to still runs' 'another user cannot enter the temporary folder'
else
	check 'a checkout that cannot be written to still runs' read_only
fi
check 'two first calls at once' two_at_once
check 'killed while configuring' killed_in_the_middle
check 'killed before build.ninja was written' killed_before_the_build_file
check 'killed while meson saved its state' killed_while_saving
check 'as process 1 of a container, SIGTERM while configuring: status 143' as_process_one
check 'root without a terminal installs missing packages' root_installs
check 'a user without a terminal is told the command, status 2' user_is_told
check 'a user who says --yes installs by sudo' user_says_yes
check 'on a terminal it asks: no' terminal_no
check 'on a terminal it asks: yes' terminal_yes
check 'a failing apt-get is shown, status 2' apt_fails
check 'while packages are installed a line a minute says so' a_line_a_minute
check 'only the tests need the packages of the tests' test_packages
check 'without apt it names the packages, status 2' no_apt
check 'test counts failed and crashed cases, status 1' counts_failed_tests
check 'tests and suites that there are not are refused' wrong_test_names
check 'test passes arguments to meson and counts what ran' counts_passed_tests
finish
