#include "device/sim/lasers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "device/sim/unit_exposures.h"

namespace genlock::device::sim {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;
using enum DepthMode;

constexpr HostTime kCentre{std::chrono::seconds(100)};
constexpr std::int64_t kPulseNs = 125'000;

std::int64_t period_ns(DepthMode mode) {
  return mode == wfov_unbinned ? 2'515'000 : 1'575'000;
}

/// The documented condition (facts device.md 2.7): no two of the 81 pairs of pulses overlap, if the train of
/// j starts `delta` after that of i, with `guard` between them.
bool free_of_each_other(DepthMode i, DepthMode j, std::int64_t delta_ns, std::int64_t guard_ns = 0) {
  for (std::int64_t ki = 0; ki < 9; ++ki) {
    for (std::int64_t kj = 0; kj < 9; ++kj) {
      const std::int64_t apart = delta_ns + kj * period_ns(j) - ki * period_ns(i);
      if (std::abs(apart) < kPulseNs + guard_ns) return false;
    }
  }
  return true;
}

/// The same for one mode, without pairs: the trains do not touch, or interleave.
bool interleaved(DepthMode mode, std::int64_t delta_ns, std::int64_t guard_ns = 0) {
  const std::int64_t period = period_ns(mode);
  const std::int64_t apart = std::abs(delta_ns);
  if (apart >= 8 * period + kPulseNs + guard_ns) return true;
  return apart % period >= kPulseNs + guard_ns && apart % period <= period - kPulseNs - guard_ns;
}

/// The part of i's pulses that is lit by j, whose train starts `delta` after that of i.
double share(DepthMode i, DepthMode j, std::int64_t delta_ns) {
  const HostTime first = kCentre - on_host(laser_length(i)) / 2;
  return LightWindows(i, kCentre)
      .share_lit_by({.mode = j, .centre = first + nanoseconds(delta_ns) + on_host(laser_length(j)) / 2});
}

/// What a unit makes of a requested delay.
std::int64_t real_ns(std::int64_t requested_us) {
  return on_host(programmed_ticks(device_us(requested_us))).count();
}

// ---- Windows ----

TEST(LaserTrain, IsNinePulsesCentredOnTheExposure) {
  for (const DepthMode mode : {nfov_2x2binned, nfov_unbinned, wfov_2x2binned}) {
    EXPECT_EQ(laser_length(mode), device_us(12'725));
    EXPECT_EQ(laser_period(mode), device_us(1575));
  }
  EXPECT_EQ(laser_length(wfov_unbinned), device_us(20'245));
  EXPECT_EQ(laser_period(wfov_unbinned), device_us(2515));
  const LaserTrain train{.mode = wfov_unbinned, .centre = kCentre};
  EXPECT_EQ(train.begin() - kCentre, -nanoseconds(10'122'500));
  EXPECT_EQ(train.end() - kCentre, nanoseconds(10'122'500));
  EXPECT_FALSE(has_laser(passive_ir));
  EXPECT_FALSE(has_laser(off));
}

TEST(LaserTrain, EndsWhenTheUnitIsSwitchedOff) {
  // Off in the middle of the fifth of nine pulses.
  const LaserTrain train{.mode = nfov_unbinned, .centre = kCentre, .off = kCentre};
  EXPECT_DOUBLE_EQ(LightWindows(nfov_unbinned, kCentre).share_lit_by(train), 0.5);
}

TEST(LightWindows, OfPassiveIrAreTheWholeExposure) {
  const LightWindows windows(passive_ir, kCentre);
  EXPECT_EQ(windows.end() - windows.begin(), microseconds(1600));
  const auto lit = [&](DepthMode mode, HostDuration later) {
    return windows.share_lit_by({.mode = mode, .centre = kCentre + later});
  };
  // One pulse of 125 in 1600 µs; half a spacing later two of which 75 are inside; far away none.
  EXPECT_DOUBLE_EQ(lit(nfov_unbinned, HostDuration::zero()), 125.0 / 1600);
  EXPECT_DOUBLE_EQ(lit(nfov_unbinned, nanoseconds(787'500)), 2 * 75.0 / 1600);
  EXPECT_DOUBLE_EQ(lit(nfov_unbinned, microseconds(8000)), 0);
}

TEST(LightWindows, AreLitWhollyByAnEqualTrain) {
  for (const DepthMode mode : {nfov_unbinned, wfov_unbinned}) EXPECT_DOUBLE_EQ(share(mode, mode, 0), 1);
  EXPECT_DOUBLE_EQ(share(nfov_unbinned, wfov_2x2binned, 1'575'000), 8.0 / 9);
}

// ---- The condition ----

TEST(LaserInterference, IsThereExactlyWhenTheDocumentedConditionFails) {
  for (const DepthMode i : {nfov_unbinned, wfov_unbinned}) {
    for (const DepthMode j : {wfov_2x2binned, wfov_unbinned}) {
      int collisions = 0;
      for (std::int64_t delta = -21'000'000; delta <= 21'000'000; delta += 2500) {
        const bool free = free_of_each_other(i, j, delta);
        ASSERT_EQ(share(i, j, delta) == 0, free) << delta;
        if (period_ns(i) == period_ns(j)) {
          ASSERT_EQ(interleaved(i, delta), free) << delta;
        }
        collisions += free ? 0 : 1;
      }
      EXPECT_GT(collisions, 1000);
    }
  }
}

TEST(LaserInterference, TakesTheSameTimeFromBothSides) {
  for (std::int64_t delta = -21'000'000; delta <= 21'000'000; delta += 61'000) {
    EXPECT_NEAR(share(nfov_unbinned, wfov_unbinned, delta), share(wfov_unbinned, nfov_unbinned, -delta),
                1e-12);
  }
}

// ---- Schedules (facts device.md 2.7, tables A and B) ----

std::vector<std::int64_t> steps_of_160(int units) {
  std::vector<std::int64_t> delays;
  for (int i = 0; i < units; ++i) delays.push_back(real_ns(160 * i));
  return delays;
}

/// Pairs of a schedule that collide in one mode.
std::vector<std::pair<std::size_t, std::size_t>> collisions(DepthMode mode,
                                                            const std::vector<std::int64_t>& delays) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (std::size_t i = 0; i < delays.size(); ++i)
    for (std::size_t j = i + 1; j < delays.size(); ++j)
      if (share(mode, mode, delays[j] - delays[i]) > 0) found.emplace_back(i, j);
  return found;
}

/// Clear time between neighbouring pulses, the last one's to the first unit's next included, in ns.
std::vector<std::int64_t> gaps(DepthMode mode, std::vector<std::int64_t> delays) {
  delays.push_back(delays.front() + period_ns(mode));
  std::vector<std::int64_t> found;
  for (std::size_t i = 0; i + 1 < delays.size(); ++i) found.push_back(delays[i + 1] - delays[i] - kPulseNs);
  return found;
}

TEST(LaserSchedule, InStepsOf160HoldsTenUnitsIn12MsModes) {
  const double real_us[] = {0, 155.6, 311.1, 477.8, 633.3, 800.0, 955.6, 1111.1, 1277.8, 1433.3};
  const double gap_us[] = {30.6, 30.6, 41.7, 30.6, 41.7, 30.6, 30.6, 41.7, 30.6, 16.7};
  const auto delays = steps_of_160(10);
  const auto clear = gaps(nfov_unbinned, delays);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_NEAR(static_cast<double>(delays[i]) / 1000, real_us[i], 0.051);
    EXPECT_NEAR(static_cast<double>(clear[i]) / 1000, gap_us[i], 0.051);
  }
  EXPECT_TRUE(collisions(nfov_unbinned, delays).empty());
  // Nine leave 172.2 µs.
  EXPECT_NEAR(static_cast<double>(gaps(nfov_unbinned, steps_of_160(9)).back()), 172'200, 51);
}

TEST(LaserSchedule, InStepsOf160HasTheEleventhUnitCollideWithTheFirst) {
  const auto delays = steps_of_160(11);
  EXPECT_EQ(collisions(nfov_unbinned, delays), (std::vector<std::pair<std::size_t, std::size_t>>{{0, 10}}));
  // By 100 µs, in eight of the nine pulses.
  EXPECT_NEAR(share(nfov_unbinned, nfov_unbinned, delays[10] - delays[0]), 8 * 100.0 / (9 * 125), 1e-5);
}

TEST(LaserSchedule, InStepsOf160HoldsFifteenUnitsInWfovUnbinned) {
  EXPECT_TRUE(collisions(wfov_unbinned, steps_of_160(15)).empty());
  EXPECT_NEAR(static_cast<double>(gaps(wfov_unbinned, steps_of_160(10)).back()), 956'700, 51);
  const auto delays = steps_of_160(16);
  EXPECT_EQ(collisions(wfov_unbinned, delays), (std::vector<std::pair<std::size_t, std::size_t>>{{0, 15}}));
  EXPECT_NEAR(share(wfov_unbinned, wfov_unbinned, delays[15] - delays[0]), 8 * 10.0 / (9 * 125), 1e-5);
}

TEST(LaserSchedule, SpreadEvenlyHasBetterMargins) {
  struct Row {
    DepthMode mode;
    std::vector<std::int64_t> requests_us;
    double least_gap_us;
  };
  const Row rows[] = {
      {nfov_unbinned, {0, 200, 389, 589, 789, 989, 1178, 1378}, 63.9},
      {nfov_unbinned, {0, 178, 356, 523, 700, 878, 1045, 1223, 1400}, 41.7},
      {nfov_unbinned, {0, 156, 312, 478, 634, 789, 945, 1100, 1256, 1423}, 27.8},
      {wfov_unbinned, {0, 256, 500, 756, 1012, 1256, 1512, 1756, 2012, 2267}, 119.4},
  };
  for (const Row& row : rows) {
    std::vector<std::int64_t> delays;
    for (const std::int64_t request : row.requests_us) delays.push_back(real_ns(request));
    EXPECT_TRUE(collisions(row.mode, delays).empty());
    EXPECT_NEAR(static_cast<double>(std::ranges::min(gaps(row.mode, delays))) / 1000, row.least_gap_us,
                0.051);
  }
}

TEST(LaserSchedule, HoldsASecondGroupBehindTheFirst) {
  auto delays = steps_of_160(10);
  for (int i = 0; i < 10; ++i) delays.push_back(real_ns(14'300 + 160 * i));
  EXPECT_TRUE(collisions(nfov_unbinned, delays).empty());
  EXPECT_LT(delays.back() + on_host(laser_length(nfov_unbinned)).count(), 33'333'333);
}

TEST(LaserSchedule, OfMixedModesIsSafeOnlyBehindOrBeforeTheOthersTrain) {
  constexpr std::int64_t kGuard = 35'000;
  const auto free = [](std::int64_t delta_us) {
    return free_of_each_other(nfov_unbinned, wfov_unbinned, delta_us * 1000, kGuard);
  };
  EXPECT_TRUE(free(12'760));
  EXPECT_FALSE(free(12'759));
  EXPECT_TRUE(free(-20'280));
  EXPECT_FALSE(free(-20'279));
  // Between the two only scattered windows: 10 µs wide in the middle, at most 1255 at the ends.
  std::vector<std::int64_t> widths;
  std::int64_t width = -1;
  for (std::int64_t delta = -20'279; delta <= 12'759; ++delta) {
    if (free(delta)) {
      ++width;
    } else if (width >= 0) {
      widths.push_back(width);
      width = -1;
    }
  }
  EXPECT_EQ(std::ranges::min(widths), 10);
  EXPECT_EQ(std::ranges::max(widths), 1255);
  EXPECT_EQ(widths.front(), std::ranges::max(widths));
  // NFOV and binned WFOV have the same spacing and interleave at will.
  EXPECT_EQ(share(nfov_unbinned, wfov_2x2binned, 160'000), 0);
}

}  // namespace
}  // namespace genlock::device::sim
