#include <gtest/gtest.h>

#include "bench_under_test.h"
#include "support/temporary_bench.h"

namespace genlock::conformance {
namespace {

using device::sim::Bench;
using device::sim::BenchConfig;
using device::sim::DepthIr;
using device::sim::SubordinateClock;

/// Pictures of no scene, so that a start does not draw any: what the suite looks at is everything else.
class BlankPictures final : public device::sim::ImageSource {
 public:
  explicit BlankPictures(const CameraConfig& config) {
    const Size size = image_size(config.color_resolution);
    std::vector<std::byte> color{std::byte{0xFF}, std::byte{0xD8}};
    color.resize(std::max<std::size_t>(1000, image_bytes(config.color_format, size)));
    color_ = Buffer::from_vector(std::move(color));
    const std::size_t plane = image_bytes(PixelFormat::ir16, image_size(config.depth_mode));
    const Buffer both = Buffer::from_vector(std::vector<std::byte>(2 * plane));
    depth_ = {.depth = has_depth_image(config.depth_mode) ? both.slice(0, plane) : Buffer(),
              .ir = both.slice(plane, plane)};
  }

  Result<Buffer> color(const device::sim::ColorMoment&) override { return color_; }
  Result<DepthIr> depth(const device::sim::DepthMoment&) override { return depth_; }

 private:
  Buffer color_;
  DepthIr depth_;
};

/// The default bench as a process without GENLOCK_BENCH_HOST sees it, its time stepped by the test.
class SimUnderTest final : public BenchUnderTest {
 public:
  explicit SimUnderTest(SubordinateClock clocks) : clocks_(clocks) {}

  device::Provider& provider() override { return *provider_; }

 private:
  Bench& bench() const override { return *bench_; }

  std::shared_ptr<Bench> open_bench() {
    BenchConfig config = test::stepped_bench();
    for (auto& unit : config.units) {
      unit.images = "blank";
      unit.subordinate_clock = clocks_;
    }
    const auto blank = [](const auto&,
                          const CameraConfig& camera) -> Result<std::unique_ptr<device::sim::ImageSource>> {
      return std::unique_ptr<device::sim::ImageSource>(std::make_unique<BlankPictures>(camera));
    };
    return Bench::open({.config = config, .state_directory = folder_.path(), .recorded_images = blank})
        .value();
  }

  const SubordinateClock clocks_;
  const test::TemporaryFolder folder_;
  const std::shared_ptr<Bench> bench_ = open_bench();
  const std::unique_ptr<device::Provider> provider_ = device::sim::make_provider(bench_);
};

}  // namespace

BackendCase sim_backend() {
  return {"sim", [] { return std::make_unique<SimUnderTest>(SubordinateClock::free); }};
}

BackendCase disciplined_sim_backend() {
  return {"sim_disciplined", [] { return std::make_unique<SimUnderTest>(SubordinateClock::disciplined); }};
}

}  // namespace genlock::conformance
