// Ticks, periods, placement of exposures and what disturbs it: facts device.md 2.1, 2.3, 2.6, 9.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "facts/facts.h"
#include "facts/rig.h"

namespace genlock::facts {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using enum WiredSyncMode;

Fact stamps_are_whole_ticks() {
  Rig rig;
  rig.start("master", both_cameras(standalone));
  rig.pass(seconds(20));
  std::int64_t checked = 0, whole = 0;
  for (const std::int64_t us : color_stamps(rig.shots("master"))) {
    ++checked;
    whole += ticks_of(us) * 100 / 9 == us;
  }
  EXPECT_EQ(whole, checked);
  EXPECT_GT(checked, 500);
  return {"Stamps are ticks of 1/90000 s, cut to µs", "device.md 2.1 [S]; SYNC_NUMBERS 1", "every one",
          fmt::format("{} of {}", whole, checked)};
}

Fact periods_in_ticks() {
  std::string seen;
  for (const auto& [rate, period] : {std::pair(FrameRate::fps30, 3000), std::pair(FrameRate::fps15, 6000),
                                     std::pair(FrameRate::fps5, 18'000)}) {
    Rig rig;
    rig.start("master", both_cameras(standalone, rate));
    rig.pass(seconds(20));
    std::vector<std::int64_t> ticks;
    for (const std::int64_t us : color_stamps(rig.shots("master"))) ticks.push_back(ticks_of(us));
    const double mean =
        static_cast<double>(ticks.back() - ticks.front()) / static_cast<double>(ticks.size() - 1);
    EXPECT_NEAR(mean, period, 0.1);
    seen += fmt::format("{}{:.0f}", seen.empty() ? "" : ", ", mean);
  }
  return {"Ticks in a frame period at 30, 15, 5 fps, mean of 20 s", "device.md 2.1 [C], 9",
          "3000, 6000, 18000", seen};
}

Fact jitter_of_color() {
  Rig rig;
  rig.start("master", both_cameras(standalone));
  rig.pass(seconds(60));
  std::vector<std::int64_t> off;
  for (const std::int64_t us : color_stamps(rig.shots("master"))) off.push_back((ticks_of(us) + 1500) % 3000);
  const Range range = range_of(off);
  const std::int64_t spread = std::max(range.most - range.usual, range.usual - range.least);
  EXPECT_GE(range.most - range.least, 1);
  EXPECT_LE(range.most - range.least, 2);
  return {"Jitter of colour, ticks either way", "device.md 2.3 [M #1261]", "1",
          fmt::format("{} ({} in all)", std::min<std::int64_t>(spread, range.most - range.least),
                      range.most - range.least)};
}

Fact jitter_of_depth() {
  Rig rig;
  rig.start("master", both_cameras(standalone));
  rig.pass(seconds(60));
  std::vector<std::int64_t> ticks;
  for (const std::int64_t us : depth_stamps(rig.shots("master")))
    ticks.push_back((ticks_of(us) + 1500) % 3000);
  const Range range = range_of(ticks);
  EXPECT_GE(range.most - range.least, 2);
  EXPECT_LE(range.most - range.least, 4);
  return {"Jitter of depth in a long run, ticks from first to last of the same phase",
          "device.md 2.2, 2.3 [M #1165]", "2 to 4 (±1 to ±2)", fmt::format("{}", range.most - range.least)};
}

Fact color_and_depth_agree() {
  Rig rig;
  rig.start("master", both_cameras(standalone));
  rig.pass(seconds(20));
  std::int64_t equal = 0, most = 0, pairs = 0;
  for (const Shot& shot : rig.shots("master")) {
    if (!shot.color || !shot.depth) continue;
    ++pairs;
    equal += *shot.color == *shot.depth;
    most = std::max(most, std::abs(*shot.color - *shot.depth));
  }
  EXPECT_GT(equal * 2, pairs);
  EXPECT_LT(most, 22);
  return {"Depth off colour with depth delay 0", "device.md 2.1 [M here; M #868]", "mostly 0, below 22 µs",
          fmt::format("0 in {} of {}, at most {} µs", equal, pairs, most)};
}

/// Usual centre of colour after the pulse, with the count zero at a pulse.
std::int64_t centre_us(DepthMode mode, std::int32_t exposure) {
  auto config = stepped_preset();
  config.units[0].counter_offset = device_ticks(0);
  config.units[0].jitter_ticks = 0;
  Rig rig(config);
  rig.set_exposure("master", exposure);
  const FrameRate rate = mode == DepthMode::wfov_unbinned ? FrameRate::fps15 : FrameRate::fps30;
  CameraConfig cameras = both_cameras(standalone, rate);
  cameras.depth_mode = mode;
  rig.start("master", cameras);
  rig.pass(seconds(2));
  const std::int64_t period = count_ticks(frame_period(rate));
  std::vector<std::int64_t> phases;
  for (const std::int64_t us : color_stamps(rig.shots("master")))
    phases.push_back(ticks_of(us) % period * 100 / 9);
  return range_of(phases).usual;
}

Fact centres(const std::string& what, DepthMode mode, const std::vector<std::int64_t>& real) {
  const std::int32_t exposures[] = {500, 8330, 16'670, 33'330};
  std::vector<std::int64_t> seen;
  for (std::size_t i = 0; i < real.size(); ++i) {
    seen.push_back(centre_us(mode, exposures[i]));
    EXPECT_NEAR(seen.back(), real[i], 12) << exposures[i];
  }
  return {"Centre of exposure after the pulse, " + what + ", colour 0.5, 8.33, 16.67, 33.33 ms",
          "device.md 2.6 [C, W #868]", first_of(real, 4) + " µs", first_of(seen, 4) + " µs (cut to ticks)"};
}
Fact centres_narrow() {
  return centres("12.8 ms modes", DepthMode::nfov_unbinned, {6400, 6400, 8335, 16'665});
}
Fact centres_wide() {
  return centres("WFOV unbinned", DepthMode::wfov_unbinned, {10'150, 10'150, 10'150, 16'665});
}
Fact centres_passive() {
  return centres("passive IR", DepthMode::passive_ir, {800, 4165, 8335, 16'665});
}

Fact exposure_write_disturbs() {
  auto config = stepped_preset("realistic");
  for (auto& unit : config.units) {
    unit.auto_exposure = device::sim::AutoExposure::steady;
    unit.start_drops = {0, 0};
  }
  Rig rig(config);
  rig.set_exposure("master", 16'670);
  rig.start("master", both_cameras(standalone));
  rig.pass(seconds(5));
  rig.set_exposure("master", 16'670);
  rig.pass(seconds(5));
  std::int64_t moved = 0, most = 0;
  for (const std::int64_t us : color_stamps(rig.shots("master"))) {
    const std::int64_t off = std::abs((ticks_of(us) - ticks_of(151'044) + 1500) % 3000 - 1500) * 100 / 9;
    moved += off > 40;
    most = std::max(most, off);
  }
  EXPECT_GE(moved, 1);
  EXPECT_LE(moved, 10);
  return {"Frames whose time a write of the exposure disturbs, with its old value (preset realistic)",
          "device.md 2.6 [M #471], size U", "some", fmt::format("{} of colour, by up to {} µs", moved, most)};
}

Fact drifting_exposure_moves_stamps() {
  auto config = stepped_preset("realistic");
  for (auto& unit : config.units) unit.start_drops = {0, 0};
  Rig rig(config);
  rig.start_chain(both_cameras(master), both_cameras(subordinate));
  rig.pass(seconds(30), milliseconds(20));
  const auto off = offsets(color_stamps(rig.shots("master")), color_stamps(rig.shots("sub1")));
  const auto far = std::ranges::count_if(off, [](std::int64_t us) { return std::abs(us) >= 500; });
  EXPECT_GT(far, 0);
  const Range range = range_of(off);
  return {"Colour of two units with automatic exposure (preset realistic): furthest apart",
          "device.md 2.6 [M #1055]", "500 µs and more, unpredictable",
          fmt::format("{} to {} µs; {} of {} at 500 or more", range.least, range.most, far, off.size())};
}

Fact rate_of_unit_clocks() {
  Rig rig(stepped_preset("realistic"));
  std::vector<double> ppm;
  for (const char* name : {"master", "sub1", "sub2"}) {
    rig.start(name, depth_alone(standalone));
    rig.pass(seconds(1));
    const Shot early = rig.shots(name).back();
    rig.pass(seconds(1000), milliseconds(200));
    const Shot late = rig.shots(name).back();
    const double host = static_cast<double>((late.depth_host - early.depth_host).count()) / 1000;
    ppm.push_back((static_cast<double>(*late.depth - *early.depth) / host - 1) * 1e6);
    rig.stop(name);
  }
  for (const double one : ppm) {
    EXPECT_LT(one, 50 + 75);
    EXPECT_GT(one, -400 - 75);
    EXPECT_LE(std::abs(one + 50), 20 + 75);  // the spread of the latency, over 1000 s
  }
  return {"Device clocks against the host over 1000 s, ppm (preset realistic, latency spread ±71)",
          "device.md 2.3, 9 [M #1384; C]", "-400 to +50; unknown between units",
          fmt::format("{:.0f}, {:.0f}, {:.0f}", ppm[0], ppm[1], ppm[2])};
}

}  // namespace

FactList timing_facts() {
  return {{"StampsAreWholeTicks", stamps_are_whole_ticks},
          {"PeriodsInTicks", periods_in_ticks},
          {"JitterOfColour", jitter_of_color},
          {"JitterOfDepth", jitter_of_depth},
          {"ColourAndDepthAgree", color_and_depth_agree},
          {"CentresNarrow", centres_narrow},
          {"CentresWide", centres_wide},
          {"CentresPassive", centres_passive},
          {"ExposureWriteDisturbs", exposure_write_disturbs},
          {"DriftingExposureMovesStamps", drifting_exposure_moves_stamps},
          {"RateOfUnitClocks", rate_of_unit_clocks}};
}

}  // namespace genlock::facts
