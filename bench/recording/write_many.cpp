// Many recordings at once in one process, each fed by a thread of its own in real time.

#include <fmt/core.h>

#include "base/thread.h"
#include "recording/rivals.h"

namespace genlock::bench {
namespace {

constexpr std::size_t kRecordings = 24;

/// Of one recording.
struct Outcome {
  std::vector<double> calls;
  std::uint64_t lost = 0;
  Status status;
};

/// Feeds one recording; what is refused is lost, as it would be with a camera.
void feed(recording::Writer& writer, const Load& load, HostTime start, std::size_t captures,
          Outcome& outcome) {
  CallTimer calls;
  for (std::size_t i = 0; i < captures; ++i) {
    const Capture capture = load.capture(i);
    const auto imu = load.imu(i);
    wait_for_frame(start, i);
    (void)calls.time([&] { return writer.write(capture); });
    (void)writer.write(imu);
  }
  outcome.calls = calls.take();
  outcome.status = writer.close();
  const recording::WriterCounters counters = writer.counters();
  outcome.lost = counters.color.refused + counters.depth.refused + counters.ir.refused + counters.imu.refused;
}

/// Values: frames and samples lost, then the seconds of each call.
Result<Work> record_many(const Settings& settings, const Load& load, std::size_t captures) {
  std::vector<std::unique_ptr<recording::Writer>> writers;
  for (std::size_t i = 0; i < kRecordings; ++i) {
    const auto file = settings.folder / fmt::format("genlock-bench-{}.mkv", i);
    GENLOCK_ASSIGN(auto sink, create_file(file, IfExists::replace));
    GENLOCK_ASSIGN(auto writer, recording::Writer::create(std::move(sink), Load::info(), {}));
    writers.push_back(std::move(writer));
  }
  std::vector<Outcome> outcomes(kRecordings);
  const HostTime start = system_clock().now() + std::chrono::milliseconds(50);
  {
    std::vector<Thread> feeders;
    for (std::size_t i = 0; i < kRecordings; ++i) {
      const HostTime own_start = start + i * std::chrono::microseconds(33'333 / kRecordings);
      feeders.emplace_back(fmt::format("cap-{}", i),
                           [&, i, own_start] { feed(*writers[i], load, own_start, captures, outcomes[i]); });
    }
  }
  Work work{std::chrono::duration<double>(system_clock().now() - start).count(), {0}};
  for (const Outcome& outcome : outcomes) {
    GENLOCK_TRY(outcome.status);
    work.values[0] += static_cast<double>(outcome.lost);
    work.values.insert(work.values.end(), outcome.calls.begin(), outcome.calls.end());
  }
  return work;
}

}  // namespace

Status write_many(const Settings& settings, Table& table) {
  const Load load({.smallest_jpeg = 600'000, .largest_jpeg = 600'000});
  const auto captures = static_cast<std::size_t>(30 * std::min(settings.seconds, 8.0));
  const Result<ChildResult> result = in_child([&] { return record_many(settings, load, captures); });
  for (std::size_t i = 0; i < kRecordings; ++i)
    std::filesystem::remove(settings.folder / fmt::format("genlock-bench-{}.mkv", i));
  GENLOCK_TRY(result);
  const double lost = result->values.front();
  const std::vector<double> calls(result->values.begin() + 1, result->values.end());
  const double p99 = 1e3 * percentile(calls, 0.99);
  table.add(
      {.figure = fmt::format("{} recordings at once at 30 fps, 600 KB JPEG: lost, hand-off p99", kRecordings),
       .rival = "-",
       .ours = fmt::format("{:.0f}, {:.3f} ms", lost, p99),
       .target = "0, <= 0.5 ms",
       .met = lost == 0 && p99 <= 0.5});
  table.note(fmt::format(
      "{} recordings: {:.0f} MB/s for {:.1f} s, {:.2f} processors, {:.0f} MB resident, worst call {:.2f} ms.",
      kRecordings, static_cast<double>(kRecordings * load.bytes(captures)) / 1e6 / result->seconds,
      result->seconds, result->cpu_seconds / result->seconds, result->peak_mb, 1e3 * percentile(calls, 1)));
  return {};
}

}  // namespace genlock::bench
