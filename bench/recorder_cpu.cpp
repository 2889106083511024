// What a recorder costs on the bench: one unit, NFOV unbinned and 1080p MJPG at 30 fps with IMU, at the speed
// of time. Reading alone and recording to disk run one after the other, so that their ratio holds on a noisy
// machine too.

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <filesystem>

#include "cpu_time.h"
#include "device/sim/bench.h"
#include "session/unit_session.h"

namespace genlock {
namespace {

namespace fs = std::filesystem;

constexpr CameraConfig kCameras{.color_resolution = ColorResolution::r1080p,
                                .depth_mode = DepthMode::nfov_unbinned,
                                .rate = FrameRate::fps30};
constexpr std::int64_t kSeconds = 5;

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1000;
}

/// A bench of its own in a folder of its own.
class Rig {
 public:
  Rig() {
    std::string name = (fs::temp_directory_path() / "genlock-bench-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    units_ = *device::sim::open_bench({.bench = "default", .state_directory = folder_});
  }
  ~Rig() { fs::remove_all(folder_); }

  device::Provider& units() { return *units_; }
  fs::path file() const { return folder_ / "bench.mkv"; }

 private:
  fs::path folder_;
  std::unique_ptr<device::Provider> units_;
};

void read_captures(device::Device& unit, std::int64_t count) {
  std::vector<ImuSample> samples(1024);
  for (std::int64_t i = 0; i < count; ++i) {
    benchmark::DoNotOptimize(unit.next_capture(std::chrono::seconds(5)));
    benchmark::DoNotOptimize(unit.read_imu(samples, std::chrono::seconds(0)));
  }
}

void report(benchmark::State& state, double cpu, std::int64_t frames) {
  state.counters["percent_of_core"] = 100 * cpu / static_cast<double>(kSeconds);
  state.counters["ms_per_capture"] = 1000 * cpu / static_cast<double>(frames);
  state.counters["peak_MB"] = peak_megabytes();
}

void ReadOnly(benchmark::State& state) {
  for (auto _ : state) {
    Rig rig;
    auto unit = *rig.units().open(0);
    if (!unit->start_cameras(kCameras) || !unit->start_imu())
      return state.SkipWithError("the unit does not start");
    read_captures(*unit, 2);  // rendering of the scene's loop belongs to the start
    const double before = cpu_seconds();
    read_captures(*unit, 30 * kSeconds);
    report(state, cpu_seconds() - before, 30 * kSeconds);
  }
}
BENCHMARK(ReadOnly)->Iterations(1)->Unit(benchmark::kMillisecond);

/// Waits for the recording's start and end.
struct Story {
  Mutex mutex;
  CondVar changed;
  double cpu_at_start GENLOCK_GUARDED_BY(mutex) = 0;
  std::optional<session::RecordingEnded> ended GENLOCK_GUARDED_BY(mutex);

  void on_event(const session::Event& event) {
    MutexLock lock(mutex);
    if (std::holds_alternative<session::RecordingStarted>(event)) cpu_at_start = cpu_seconds();
    if (const auto* end = std::get_if<session::RecordingEnded>(&event)) ended = *end;
    changed.notify_all();
  }
};

void Record(benchmark::State& state) {
  for (auto _ : state) {
    Rig rig;
    Story story;
    session::UnitSession session(rig.units(), [&story](const session::Event& e) { story.on_event(e); }, {});
    const session::Record record{.file = rig.file(),
                                 .overwrite = false,
                                 .from = {},
                                 .length = device_us(kSeconds * 1'000'000),
                                 .until = {}};
    for (const session::Command& command :
         {session::Command(session::OpenUnit{}), session::Command(session::Configure{kCameras, true}),
          session::Command(record), session::Command(session::Start{})})
      if (const Status done = session.execute(command); !done)
        return state.SkipWithError(done.error().message().c_str());
    MutexLock lock(story.mutex);
    while (!story.ended) story.changed.wait(story.mutex);
    if (!story.ended->error.empty()) return state.SkipWithError(story.ended->error.c_str());
    report(state, cpu_seconds() - story.cpu_at_start, 30 * kSeconds);
    state.counters["MB_per_s"] =
        static_cast<double>(story.ended->file_bytes) / 1e6 / static_cast<double>(kSeconds);
  }
}
BENCHMARK(Record)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace genlock
