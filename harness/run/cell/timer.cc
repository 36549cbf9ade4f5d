#include "run/cell/timer.h"

#include <benchmark/benchmark.h>

namespace
{

// Keeps the one result; prints nothing.
class Catcher : public benchmark::BenchmarkReporter
{
public:
	explicit Catcher(timing *result) : result_(result)
	{
	}
	bool ReportContext(const Context &) override
	{
		return true;
	}
	void ReportRuns(const std::vector<Run> &runs) override
	{
		for (const Run &run : runs) {
			if (run.run_type != Run::RT_Iteration || run.error_occurred || run.iterations == 0)
				continue;
			result_->iterations = static_cast<uint64_t>(run.iterations);
			result_->ns_per_iteration =
				run.real_accumulated_time * 1e9 / static_cast<double>(run.iterations);
		}
	}

private:
	timing *result_;
};

// Hands Google Benchmark one batch of iterations as one manual time.
void drive(benchmark::State &state, timer_body *body, void *context)
{
	const auto iterations = static_cast<uint64_t>(state.max_iterations);
	int64_t ns = 0;
	bool first = true;

	for (auto _ : state) {
		if (first)
			ns = body(context, iterations);
		first = false;
		if (ns < 0) {
			state.SkipWithError("failed");
			break;
		}
		state.SetIterationTime(static_cast<double>(ns) / 1e9 / static_cast<double>(iterations));
	}
}

} // namespace

extern "C" int timer_run(const char *name, timer_body *body, void *context, uint64_t iterations, double seconds,
			 timing *timing)
{
	*timing = {};
	auto *benchmark = benchmark::RegisterBenchmark(
		name, [body, context](benchmark::State &state) { drive(state, body, context); });
	benchmark->UseManualTime()->Repetitions(1);
	if (iterations > 0)
		benchmark->Iterations(static_cast<benchmark::IterationCount>(iterations));
	else
		benchmark->MinTime(seconds);
	Catcher catcher(timing);
	benchmark::RunSpecifiedBenchmarks(&catcher);
	benchmark::ClearRegisteredBenchmarks();
	return timing->iterations > 0 ? 0 : -1;
}

extern "C" const char *timer_version(void)
{
#ifdef BENCH_GBENCH_VERSION
	return BENCH_GBENCH_VERSION;
#else
	return "unknown";
#endif
}
