// Lasers of two units in one room: facts device.md 2.6, 2.7. What the master's depth shows beside one other
// unit is compared, byte by byte, with what it shows alone.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "facts/facts.h"
#include "support/temporary_bench.h"

namespace genlock::facts {
namespace {

using std::chrono::milliseconds;
using enum WiredSyncMode;

/// Depth images, or IR in passive mode, by the stamp of their colour.
using Images = std::map<DeviceTime, std::vector<std::byte>>;

CameraConfig cameras(WiredSyncMode role, DepthMode mode, FrameRate rate) {
  CameraConfig config = test::small_cameras(role, rate);
  config.depth_mode = mode;
  return config;
}

Images images_of_master(const CameraConfig& config, const std::optional<CameraConfig>& beside) {
  test::TemporaryBench bench;
  const auto other = bench.open("sub1"), unit = bench.open("master");
  EXPECT_TRUE(!beside || other->start_cameras(*beside));
  EXPECT_TRUE(unit->start_cameras(config));
  Images images;
  for (int step = 0; step < 400 && images.size() < 3; ++step) {
    bench.step(milliseconds(10));
    const auto capture = *unit->next_capture(HostDuration::zero());
    if (!capture || !capture->color || !capture->ir) continue;
    const auto bytes = (capture->depth ? *capture->depth : *capture->ir).data.bytes();
    images[capture->color->device_time].assign(bytes.begin(), bytes.end());
  }
  return images;
}

/// A master that was seen alone, to be seen beside others.
class Spoiling {
 public:
  explicit Spoiling(DepthMode mode, FrameRate rate = FrameRate::fps30)
      : config_(cameras(master, mode, rate)), alone_(images_of_master(config_, {})) {}

  /// Whether a unit beside it, its depth so much later, changes the master's images.
  bool by(DepthMode mode, std::int64_t depth_delay_us) const {
    CameraConfig other = cameras(subordinate, mode, config_.rate);
    other.depth_delay_off_color = device_us(depth_delay_us);
    std::size_t common = 0, changed = 0;
    for (const auto& [stamp, image] : images_of_master(config_, other)) {
      const auto same = alone_.find(stamp);
      if (same == alone_.end()) continue;
      ++common;
      changed += same->second == image ? 0 : 1;
    }
    EXPECT_GE(common, 2U);
    EXPECT_TRUE(changed == 0 || changed == common) << "of " << common << " images only " << changed;
    return changed > 0;
  }

 private:
  const CameraConfig config_;
  const Images alone_;
};

Fact units_in_12_ms_modes() {
  const Spoiling spoiling(DepthMode::nfov_2x2binned);
  int units = 1;
  while (units < 20 && !spoiling.by(DepthMode::nfov_2x2binned, std::int64_t{160} * units)) ++units;
  EXPECT_EQ(units, 10);
  return {"Units 160 µs apart before one hits the first, 12.8 ms modes", "device.md 2.7 [D, C], table A",
          "10; the 11th overlaps by 100 µs", fmt::format("{}", units)};
}

Fact units_in_wfov_unbinned() {
  constexpr auto kMode = DepthMode::wfov_unbinned;
  const Spoiling spoiling(kMode, FrameRate::fps15);
  int units = 10;
  while (units < 20 && !spoiling.by(kMode, std::int64_t{160} * units)) ++units;
  EXPECT_EQ(units, 15);
  return {"Units 160 µs apart before one hits the first, WFOV unbinned", "device.md 2.7 [D, C], table A",
          "15; the 16th overlaps by 10 µs", fmt::format("{} (from 10 on)", units)};
}

Fact least_delay() {
  const Spoiling spoiling(DepthMode::nfov_2x2binned);
  std::int64_t delay = 80;
  while (delay < 200 && spoiling.by(DepthMode::nfov_2x2binned, delay)) delay += 10;
  // Delays are cut to ticks of 11.1 µs, and half a microsecond comes with the cable.
  EXPECT_GT(delay, 125);
  EXPECT_LE(delay, 140);
  return {"Least depth delay that keeps two units apart", "device.md 2.6, 2.7 [D, C]",
          "more than the 125 µs of a pulse; 160 with guard", fmt::format("{} µs", delay)};
}

Fact trains_apart() {
  const Spoiling spoiling(DepthMode::nfov_2x2binned);
  EXPECT_TRUE(spoiling.by(DepthMode::nfov_2x2binned, 12'600));
  std::int64_t delay = 12'650;
  while (delay < 13'000 && spoiling.by(DepthMode::nfov_2x2binned, delay)) delay += 25;
  EXPECT_GE(delay, 12'725);
  EXPECT_LE(delay, 12'750);
  EXPECT_FALSE(spoiling.by(DepthMode::nfov_2x2binned, 14'300));
  return {"Depth delay behind the last pulse of another unit, 12.8 ms modes", "device.md 2.6, 2.7 [D, C]",
          "12725 µs", fmt::format("12600 µs spoils, {} µs and 14300 µs do not", delay)};
}

Fact mixed_modes() {
  const Spoiling spoiling(DepthMode::nfov_2x2binned, FrameRate::fps15);
  // Beside colour of 16.67 ms the wide exposure is centred 1815 µs later, and its train begins 3760 µs before
  // one of NFOV with that centre.
  constexpr std::int64_t kCentre = 3760 - 1815;
  EXPECT_FALSE(spoiling.by(DepthMode::wfov_unbinned, 12'760 + kCentre));
  EXPECT_FALSE(spoiling.by(DepthMode::wfov_unbinned, -20'280 + kCentre));
  int spoiled = 0;
  for (const std::int64_t start : {-20'160, -10'080, -3760, 0, 5040, 12'600})
    spoiled += spoiling.by(DepthMode::wfov_unbinned, start + kCentre) ? 1 : 0;
  EXPECT_EQ(spoiled, 6);
  return {"WFOV unbinned beside NFOV at 15 fps: train starts that are safe", "device.md 2.7 [C]",
          "12760 µs after or 20280 µs before; between them scattered windows",
          "both safe; 0, 5040 and 12600 µs after, 3760, 10080 and 20160 µs before spoil"};
}

Fact passive_ir_lasers() {
  const Spoiling depth(DepthMode::nfov_2x2binned), infrared(DepthMode::passive_ir);
  EXPECT_FALSE(depth.by(DepthMode::passive_ir, 0));
  EXPECT_TRUE(infrared.by(DepthMode::nfov_2x2binned, 0));
  EXPECT_FALSE(infrared.by(DepthMode::nfov_2x2binned, 8000));
  return {"Passive IR beside NFOV", "device.md 2.7", "never interferes, and sees the pulses in its 1.6 ms",
          "spoils nothing; sees the pulses at delay 0, not at 8000 µs"};
}

}  // namespace

FactList laser_facts() {
  return {{"UnitsThatInterleaveIn12MsModes", units_in_12_ms_modes},
          {"UnitsThatInterleaveInWfovUnbinned", units_in_wfov_unbinned},
          {"LeastDelayBetweenLasers", least_delay},
          {"LaserTrainsThatDoNotTouch", trains_apart},
          {"LasersOfMixedModes", mixed_modes},
          {"LasersAndPassiveIr", passive_ir_lasers}};
}

}  // namespace genlock::facts
