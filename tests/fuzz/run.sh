#!/bin/sh
# Fuzzes with clang's libFuzzer and sanitizers: `tests/fuzz/run.sh [SECONDS [DRIVER...]]`, the drivers one after the
# other, each for so many seconds; all of them in an hour by default. Builds in build-fuzz/, keeps what it learns in
# build-fuzz/corpus/. What makes a driver fail is written to build-fuzz/found/; mended, it belongs to tests/fuzz/found/.
# Exit status 1: something failed.
set -u
cd "$(dirname "$0")/../.." || exit 2

TMPDIR=$(mktemp -d) || exit 2 # nobody else's, for the builds
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

build='build-fuzz'
if ! [ -d $build ]; then
	flags='-fsanitize=fuzzer-no-link -O1'
	CC=clang CXX=clang++ meson setup $build -Dbuildtype=plain -Db_sanitize=address,undefined -Db_lundef=false \
		-Dc_args="$flags" -Dcpp_args="$flags" || exit 2
fi
all=$(basename -a -s .c tests/fuzz/*.c | grep -vx -e kit -e libfuzzer -e mutate_json -e replay -e workload)
seconds=${1:-3600}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || {
	# shellcheck disable=SC2086 # names without blanks
	set -- $all
	seconds=$((seconds / $#))
}

mkdir -p $build/found
export BENCH_ROOT="$PWD" UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 ASAN_OPTIONS=detect_leaks=1
failed=0
for driver; do
	ninja -C $build "tests/fuzz-$driver" || exit 2
	mkdir -p "$build/corpus/$driver" "$build/known/$driver"
	find tests/fuzz/found -name "$driver-*" -exec cp {} "$build/known/$driver" \;
	echo "== $driver: $seconds s"
	"$build/tests/fuzz-$driver" "$build/corpus/$driver" "$build/known/$driver" -max_total_time="$seconds" \
		-max_len=65536 -timeout=20 -rss_limit_mb=3000 -artifact_prefix="$build/found/$driver-" \
		-print_final_stats=1 >"$build/$driver.log" 2>&1 || failed=1
	grep -E 'stat::number_of_executed|stat::average|SUMMARY|ERROR: libFuzzer|unit written' "$build/$driver.log"
done
exit $failed
