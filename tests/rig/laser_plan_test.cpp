#include "rig/laser_plan.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "device/device.h"

namespace genlock::rig {
namespace {

using sync::LaserDuration;
using sync::LaserTrain;
using testing::HasSubstr;
using enum DepthMode;

constexpr double kTickUs = 100.0 / 9;

Rig rig_of(std::size_t units, DepthMode mode, FrameRate rate = FrameRate::fps30) {
  Rig rig{.name = "test", .file = "rig.toml"};
  for (std::size_t i = 0; i < units; ++i) {
    rig.units.push_back({.name = "u" + std::to_string(i), .serial = std::to_string(i)});
    rig.units.back().camera = {.color_resolution = ColorResolution::r720p,
                               .depth_mode = mode,
                               .rate = rate,
                               .sync_mode = i == 0 ? WiredSyncMode::master : WiredSyncMode::subordinate};
  }
  return rig;
}

std::vector<std::int64_t> depth_delays(const Rig& rig) {
  std::vector<std::int64_t> delays;
  for (const RigUnit& unit : rig.units) delays.push_back(count_us(unit.camera.depth_delay_off_color));
  return delays;
}

Rig delayed_by(Rig rig, const std::vector<std::int64_t>& delays) {
  for (std::size_t i = 0; i < delays.size(); ++i)
    rig.units[i].camera.depth_delay_off_color = device_us(delays[i]);
  return rig;
}

/// The facts' tables leave out the half µs of each cable, which a star has but once.
Rig without_cables(Rig rig) {
  rig.wiring = Wiring::star;
  return rig;
}

/// Cables may tip the rounding to ticks.
MATCHER_P(Near, wanted, "") {
  return std::abs(arg - wanted) <= 12;
}
auto AreAboutTicks(const std::vector<std::int64_t>& wanted) {
  return testing::Pointwise(testing::Truly([](const std::tuple<std::int64_t, std::int64_t>& pair) {
                              return std::abs(std::get<0>(pair) - std::get<1>(pair)) <= 12;
                            }),
                            wanted);
}

double least_gap_us(const Rig& rig) {
  return sync::to_us(laser_pairs(rig).front().gap);
}

/// Every pulse of every frame of one against every one of the other, as a definition would have it.
LaserDuration slow_gap(const LaserTrain& a, const LaserTrain& b, FrameRate rate) {
  LaserDuration least = frame_period(rate) * 10;
  for (int frame = -3; frame <= 3; ++frame)
    for (int i = 0; i < a.pulses(); ++i)
      for (int k = 0; k < b.pulses(); ++k) {
        const LaserDuration from_a = a.start() + a.spacing() * i;
        const LaserDuration from_b = b.start() + b.spacing() * k + LaserDuration(frame_period(rate)) * frame;
        least = std::min(least, std::max(from_b - from_a - a.pulse(), from_a - from_b - b.pulse()));
      }
  return least;
}

/// Plans the rig and expects the guard, but for the rounding to ticks, between every pair that may interfere.
void expect_planned(Rig rig) {
  const Status planned = spread_lasers(rig);
  ASSERT_TRUE(planned) << planned.error().message();
  for (const RigUnit& unit : rig.units) EXPECT_TRUE(device::validate(unit.camera, SyncJacks{})) << unit.name;
  const auto trains = laser_trains(rig);
  for (const LaserPair& pair : laser_pairs(rig)) {
    EXPECT_GE(pair.gap, LaserDuration(rig.guard) - LaserDuration(device_ticks(1)))
        << pair.a << " and " << pair.b;
    EXPECT_EQ(pair.gap, slow_gap(*trains[pair.a], *trains[pair.b], rig.rate()));
  }
}

// Facts device.md 2.7, table A.
TEST(LaserGap, IsThatOfTheFactsForTheCommonSchedule) {
  const std::vector<std::int64_t> schedule = {0, 160, 320, 480, 640, 800, 960, 1120, 1280, 1440, 1600};
  const auto first = [&](std::size_t n) {
    return without_cables(delayed_by(rig_of(n, nfov_unbinned),
                                     {schedule.begin(), schedule.begin() + static_cast<std::ptrdiff_t>(n)}));
  };
  EXPECT_NEAR(least_gap_us(first(9)), 30.6, 0.6);
  EXPECT_NEAR(least_gap_us(first(10)), 16.7, 0.6);
  EXPECT_NEAR(least_gap_us(first(11)), -100, 0.6);
  const Rig wide = without_cables(delayed_by(rig_of(10, wfov_unbinned, FrameRate::fps15), schedule));
  EXPECT_NEAR(least_gap_us(wide), 30.6, 0.6);
}

TEST(LaserGap, IsThatOfEveryPairOfPulsesWhateverTheModes) {
  const DepthMode modes[] = {nfov_unbinned, wfov_2x2binned, wfov_unbinned, passive_ir};
  for (const DepthMode a : modes)
    for (const DepthMode b : modes)
      for (int us = -70'000; us < 70'000; us += 379) {
        const LaserTrain first(a, device_us(10)), second(b, device_us(us));
        const LaserDuration exact = slow_gap(first, second, FrameRate::fps15);
        const LaserDuration gap = sync::laser_gap(first, second, FrameRate::fps15);
        if (exact >= LaserDuration{})
          ASSERT_EQ(gap, exact) << to_string(a) << ' ' << to_string(b) << ' ' << us;
        else
          ASSERT_LT(gap, LaserDuration{}) << to_string(a) << ' ' << to_string(b) << ' ' << us;
      }
}

// Facts device.md 2.6: the longer exposure begins with the pulse.
TEST(LaserStart, FollowsFromExposuresAndDelays) {
  CameraConfig camera{.color_resolution = ColorResolution::r720p, .depth_mode = nfov_unbinned};
  const LaserDuration half_train = LaserDuration(laser_length(nfov_unbinned)) / 2;
  EXPECT_EQ(sync::laser_start(camera, device_us(8330), 0) + half_train, LaserDuration(device_us(6400)));
  EXPECT_EQ(sync::laser_start(camera, device_us(33'330), 0) + half_train, LaserDuration(device_us(16'665)));
  camera.depth_delay_off_color = device_us(160);  // 14 ticks
  EXPECT_EQ(sync::laser_start(camera, device_us(8330), 0) + half_train,
            LaserDuration(device_us(6400)) + LaserDuration(device_ticks(14)));
  camera = {.depth_mode = nfov_unbinned,
            .sync_mode = WiredSyncMode::subordinate,
            .delay_off_master = device_us(500)};
  EXPECT_EQ(sync::laser_start(camera, device_us(33'330), 2) + half_train,
            LaserDuration(device_us(6400)) + LaserDuration(device_ticks(45)) + LaserDuration(device_us(1)));
}

// Facts device.md 2.7, table B.
TEST(SpreadLasers, GivesTheEvenSpreadOfTheFacts) {
  Rig eight = without_cables(rig_of(8, nfov_unbinned));
  ASSERT_TRUE(spread_lasers(eight));
  EXPECT_THAT(depth_delays(eight), AreAboutTicks({0, 200, 389, 589, 789, 989, 1178, 1378}));
  EXPECT_NEAR(least_gap_us(eight), 63.9, 0.6);

  Rig nine = without_cables(rig_of(9, wfov_2x2binned));
  ASSERT_TRUE(spread_lasers(nine));
  EXPECT_THAT(depth_delays(nine), AreAboutTicks({0, 178, 356, 523, 700, 878, 1045, 1223, 1400}));
  EXPECT_NEAR(least_gap_us(nine), 41.7, 0.6);

  Rig ten = without_cables(rig_of(10, nfov_unbinned));
  ten.guard = device_us(27);
  ASSERT_TRUE(spread_lasers(ten));
  EXPECT_THAT(depth_delays(ten), AreAboutTicks({0, 156, 312, 478, 634, 789, 945, 1100, 1256, 1423}));
  EXPECT_NEAR(least_gap_us(ten), 27.8, 0.6);

  Rig wide = without_cables(rig_of(10, wfov_unbinned, FrameRate::fps15));
  ASSERT_TRUE(spread_lasers(wide));
  EXPECT_THAT(depth_delays(wide), AreAboutTicks({0, 256, 500, 756, 1012, 1256, 1512, 1756, 2012, 2267}));
  EXPECT_NEAR(least_gap_us(wide), 119.4, 0.6);
}

TEST(SpreadLasers, KeepsTheGuardForAnyNumberThatFits) {
  for (std::size_t units = 1; units <= 18; ++units) expect_planned(rig_of(units, nfov_unbinned));
  for (const std::size_t units : {2U, 15U, 16U, 30U})
    expect_planned(rig_of(units, wfov_unbinned, FrameRate::fps15));
}

TEST(SpreadLasers, SaysSoWhereNotAllFit) {
  Rig rig = rig_of(19, nfov_unbinned);
  const Status planned = spread_lasers(rig);
  ASSERT_FALSE(planned);
  EXPECT_THAT(planned.error().message(), HasSubstr("19 of 1575 us pulses"));
  EXPECT_THAT(planned.error().message(), HasSubstr("a frame at 30 fps has 33333 us"));
  expect_planned(rig_of(19, nfov_unbinned, FrameRate::fps15));
}

TEST(SpreadLasers, LetsUnitsThatDoNotSeeEachOtherShareAPlace) {
  Rig rig = rig_of(30, nfov_unbinned);
  for (std::size_t i = 0; i < 30; ++i) rig.units[i].areas = {i < 15 ? "hall" : "stage"};
  expect_planned(rig);
  ASSERT_TRUE(spread_lasers(rig));
  EXPECT_THAT(depth_delays(rig)[18], Near(depth_delays(rig)[3]));
  // One that sees both areas needs a place that neither has.
  rig.units[29].areas = {"hall", "stage"};
  expect_planned(rig);
}

TEST(SpreadLasers, KeepsModesOfOtherPulsesApart) {
  Rig rig = rig_of(6, nfov_unbinned, FrameRate::fps15);
  rig.units[1].camera.depth_mode = wfov_unbinned;
  rig.units[2].camera.depth_mode = passive_ir;
  rig.units[3].camera.depth_mode = wfov_2x2binned;
  rig.units[4].camera.depth_mode = wfov_unbinned;
  rig.units[5].camera.depth_mode = off;
  expect_planned(rig);
}

TEST(SpreadLasers, DelaysUnitsWithoutColorAgainstTheMaster) {
  Rig rig = rig_of(4, nfov_unbinned);
  rig.controls.exposure_us = 33'330;
  rig.controls.power_line_hz = 60;
  rig.units[2].camera.color_resolution = ColorResolution::off;
  expect_planned(rig);
  ASSERT_TRUE(spread_lasers(rig));
  EXPECT_EQ(count_us(rig.units[2].camera.depth_delay_off_color), 0);
  EXPECT_GT(count_us(rig.units[2].camera.delay_off_master), 0);
}

TEST(SpreadLasers, KeepsDelaysSmall) {
  Rig rig = rig_of(18, nfov_unbinned);
  ASSERT_TRUE(spread_lasers(rig));
  for (const std::int64_t delay : depth_delays(rig)) EXPECT_LE(std::abs(delay), 16'667 + kTickUs);
}

}  // namespace
}  // namespace genlock::rig
