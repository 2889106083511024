// What a simulated unit costs whoever reads it at 30 fps, once its loop of pictures is cached: NFOV unbinned
// and 1080p MJPG, alone, with another unit's laser in every exposure, and with bands of lamps on 50 Hz. Time
// is stepped, so that CPU time per frame is all that counts: percent_of_core is that of 30 frames a second.

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "cpu_time.h"
#include "support/temporary_bench.h"

namespace genlock {
namespace {

using device::ColorControl;
using device::ControlMode;
using device::sim::BenchConfig;

constexpr CameraConfig kCameras{.color_resolution = ColorResolution::r1080p,
                                .depth_mode = DepthMode::nfov_unbinned,
                                .rate = FrameRate::fps30};
constexpr HostDuration kFrame = std::chrono::nanoseconds(33'333'333);
constexpr int kFrames = 300;
constexpr int kWarmUp = 150;  // three rounds of the loop, in every phase of the mains

double resident_megabytes() {
  std::ifstream file("/proc/self/statm");
  double size = 0, resident = 0;
  file >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

BenchConfig bench_on(int mains_hz) {
  BenchConfig config = *device::sim::preset("default");
  config.stepped = true;
  config.mains_hz = mains_hz;
  return config;
}

CameraConfig cameras(WiredSyncMode mode) {
  CameraConfig config = kCameras;
  config.sync_mode = mode;
  return config;
}

/// Reads `frames` captures as they come; false if they do not.
bool read(test::TemporaryBench& bench, device::Device& unit, int frames) {
  for (int tries = 0; frames > 0 && tries < 10 * kFrames; ++tries) {
    const auto capture = unit.next_capture(HostDuration::zero());
    if (!capture) return false;
    if (*capture)
      --frames;
    else
      bench.step(kFrame);
  }
  return frames == 0;
}

void measure(benchmark::State& state, test::TemporaryBench& bench, device::Device& unit, double before_mb) {
  if (!read(bench, unit, kWarmUp)) return state.SkipWithError("the unit gives no captures");
  const double before = cpu_seconds();
  if (!read(bench, unit, kFrames)) return state.SkipWithError("the unit stopped giving captures");
  const double per_frame = (cpu_seconds() - before) / kFrames;
  state.counters["percent_of_core"] = 100 * per_frame * 30;
  state.counters["ms_per_capture"] = 1000 * per_frame;
  state.counters["unit_MB"] = resident_megabytes() - before_mb;
}

void UnitAlone(benchmark::State& state) {
  for (auto _ : state) {
    test::TemporaryBench bench(bench_on(60));
    const double before = resident_megabytes();
    const auto unit = bench.open("master");
    const double cpu = cpu_seconds();
    if (!unit->start_cameras(kCameras)) return state.SkipWithError("the unit does not start");
    state.counters["start_s"] = cpu_seconds() - cpu;
    measure(state, bench, *unit, before);
  }
}
BENCHMARK(UnitAlone)->Iterations(1)->Unit(benchmark::kMillisecond);

void UnitWithAnothersLaser(benchmark::State& state) {
  for (auto _ : state) {
    test::TemporaryBench bench(bench_on(60));
    const auto other = bench.open("sub1");  // runs, is not read
    if (!other->start_cameras(cameras(WiredSyncMode::subordinate)))
      return state.SkipWithError("the other unit does not start");
    const double before = resident_megabytes();
    const auto unit = bench.open("master");
    if (!unit->start_cameras(cameras(WiredSyncMode::master)))
      return state.SkipWithError("the unit does not start");
    measure(state, bench, *unit, before);
  }
}
BENCHMARK(UnitWithAnothersLaser)->Iterations(1)->Unit(benchmark::kMillisecond);

void UnitWithBands(benchmark::State& state) {
  for (auto _ : state) {
    test::TemporaryBench bench(bench_on(50));
    const double before = resident_megabytes();
    const auto unit = bench.open("master");
    if (!unit->set_color_control(ColorControl::exposure_us, {.mode = ControlMode::manual, .value = 2500}) ||
        !unit->start_cameras(kCameras))
      return state.SkipWithError("the unit does not start");
    measure(state, bench, *unit, before);
  }
}
BENCHMARK(UnitWithBands)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace genlock
