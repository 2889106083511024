#include "support/temporary_bench.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace genlock::test {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fputs(fmt::format("{}\n", result.error().message()).c_str(), stderr);
    std::abort();
  }
  return *std::move(result);
}

}  // namespace

device::sim::BenchConfig stepped_bench() {
  device::sim::BenchConfig config = must(device::sim::preset("default"));
  config.stepped = true;
  config.loop_frames = 2;
  for (auto& unit : config.units) {
    unit.image_noise = 0;
    unit.imu_noise = 0;
  }
  return config;
}

CameraConfig small_cameras(WiredSyncMode mode, FrameRate rate) {
  return {.color_format = PixelFormat::nv12,
          .color_resolution = ColorResolution::r720p,
          .depth_mode = DepthMode::nfov_2x2binned,
          .rate = rate,
          .sync_mode = mode};
}

TemporaryBench::TemporaryBench(device::sim::BenchConfig config)
    : config_(std::move(config)),
      bench_(must(device::sim::Bench::open(options()))),
      provider_(device::sim::make_provider(bench_)) {}

device::sim::BenchOptions TemporaryBench::options(const std::string& host) const {
  return {.config = config_, .host = host, .state_directory = folder_.path()};
}

std::unique_ptr<device::Device> TemporaryBench::open(const std::string& unit) {
  for (const auto& listing : must(provider_->list()))
    if (listing.name == unit) return must(provider_->open(listing.index));
  std::abort();
}

void TemporaryBench::step(HostDuration by) {
  if (!bench_->step(by)) std::abort();
}

}  // namespace genlock::test
