#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/stamp_generator.h"

namespace genlock {
namespace {

using sync::Code;
using sync::Report;
using sync::Verdict;
using test::StampPlan;

constexpr double kTick = 100.0 / 9.0;

const sync::Offset& offset(const Report& report, std::size_t unit, std::size_t stream) {
  return *report.units.at(unit).streams.at(stream).offset;
}

bool has_finding(const Report& report, Code code) {
  return std::ranges::any_of(report.findings, [&](const sync::Finding& f) { return f.code == code; });
}

TEST(Estimates, OffsetsWithinATickAndDriftWithinATenthOfAPpmOverAMinute) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub1"),
                                test::subordinate_plan("sub2")};
    take[1].ppm = static_cast<double>(seed) * 3 - 30;
    take[1].description.delay_off_master = device_us(160);
    take[2].disciplined = true;
    for (StampPlan& plan : take) plan.frames = 1800;
    const Report report = report_of(take, seed);
    EXPECT_EQ(report.verdict, Verdict::in_sync);
    EXPECT_NEAR(offset(report, 1, 0).drift_ppm, take[1].ppm, 0.1);
    EXPECT_NEAR(offset(report, 2, 0).drift_ppm, 0, 0.1);
    EXPECT_NEAR(offset(report, 1, 0).constant_error.count(), 0, kTick);
    EXPECT_NEAR(offset(report, 1, 0).measured.count(), 14 * kTick, kTick)
        << "160 µs is programmed as 14 ticks";
    EXPECT_NEAR(offset(report, 1, 1).measured.count(), 14 * kTick, kTick);
    EXPECT_NEAR(offset(report, 1, 0).jitter.count(), kTick * std::sqrt(4.0 / 3), 2);
  }
}

TEST(Estimates, HoursOfFastDriftWrapThePhaseManyTimes) {
  for (const double ppm : {20.0, -20.0, -390.0}) {
    std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub1")};
    take[1].ppm = ppm;
    for (StampPlan& plan : take) {
      plan.frames = 864'000;
      plan.description.depth = false;
    }
    const Report report = report_of(take);
    EXPECT_EQ(report.verdict, Verdict::in_sync);
    EXPECT_NEAR(offset(report, 1, 0).drift_ppm, ppm, 0.01);
    EXPECT_EQ(report.common->complete_sets, 863'998U);
    EXPECT_EQ(report.units[1].before_common, 2U);
    EXPECT_EQ(report.units[0].after_common, 2U);
  }
}

TEST(Estimates, APairOfRealUnits) {
  // SYNC_NUMBERS row 9 and device.md 2.2: master and subordinate of the vendor's multi-device test.
  std::vector<sync::UnitDescription> units{test::master_plan().description,
                                           test::subordinate_plan("sub").description};
  units[0].depth_delay_off_color = device_us(-12276);
  units[1].depth_delay_off_color = device_us(7297);
  units[1].delay_off_master = device_us(22896);
  sync::Monitor monitor(units);
  const std::int64_t master[] = {366822, 400155, 433488, 466822, 500166, 533500, 566833};
  for (std::size_t i = 0; i < std::size(master); ++i) {
    const std::int64_t sub = master[i] + (i % 2 == 0 ? 22889 : 22878);
    monitor.add({.unit = 0, .stream = sync::Stream::color, .device = device_time_us(master[i])});
    monitor.add({.unit = 0,
                 .stream = sync::Stream::depth,
                 .device = device_time_us(master[i] - (i % 2 == 0 ? 12222 : 12234))});
    monitor.add({.unit = 1, .stream = sync::Stream::color, .device = device_time_us(sub)});
    monitor.add({.unit = 1,
                 .stream = sync::Stream::depth,
                 .device = device_time_us(sub + (i % 2 == 0 ? 7289 : 7300))});
  }
  const Report report = monitor.report();
  EXPECT_EQ(report.verdict, Verdict::in_sync);
  EXPECT_NEAR(offset(report, 1, 0).measured.count(), 22885, 8);
  EXPECT_NEAR(offset(report, 0, 1).constant_error.count(), 40, 12) << "the firmware's bias";
  EXPECT_NEAR(report.units[1].streams[1].depth_minus_color->measured.count(), 7292, 8);
  EXPECT_EQ(report.common->complete_sets, 7U);
}

TEST(Estimates, LosesAreCountedWithTheirPulses) {
  std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub1")};
  take[1].color_drops = {50, 51, 80};
  take[0].depth_drops = {90};
  const Report report = report_of(take);
  const sync::StreamReport& color = report.units[1].streams[0];
  EXPECT_EQ(color.missing, 3U);
  ASSERT_EQ(color.gaps.size(), 2U);
  EXPECT_EQ(color.gaps[0].first_pulse, 50);
  EXPECT_EQ(color.gaps[0].frames, 2U);
  EXPECT_EQ(color.gaps[1].first_pulse, 80);
  EXPECT_EQ(report.units[0].streams[0].alone, 3U) << "the master's frames of those pulses";
  EXPECT_EQ(report.units[0].streams[1].alone, 3U);
  EXPECT_EQ(color.alone, 0U);
  EXPECT_EQ(report.common->first_pulse, 6);
  EXPECT_EQ(report.common->last_pulse, 303);
  EXPECT_EQ(report.common->complete_sets, 298U - 4U);
}

TEST(Estimates, PulseNumbersAreThoseOfTheCable) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub1")};
    take[1].ppm = 100;
    take[0].first_pulse = 20 + static_cast<std::int64_t>(seed) * 7000;
    take[1].first_pulse = take[0].first_pulse - 3;
    const Report report = report_of(take, seed);
    EXPECT_EQ(report.units[0].streams[0].first_pulse, take[0].first_pulse);
    EXPECT_EQ(report.units[1].streams[0].first_pulse, take[1].first_pulse);
    EXPECT_EQ(report.units[1].streams[1].first_pulse, take[1].first_pulse);
  }
}

TEST(Estimates, LostLockIsPlacedInTime) {
  std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub1")};
  take[1].ppm = 20;
  take[1].unlocked_from = 900;
  for (StampPlan& plan : take) plan.frames = 1800;
  const Report report = report_of(take);
  const auto lost = std::ranges::find(report.findings, Code::lost_lock, &sync::Finding::code);
  ASSERT_NE(lost, report.findings.end());
  EXPECT_NEAR(static_cast<double>(count_us(*lost->at)) * 1e-6, 30, 2);
  EXPECT_EQ(lost->unit, 1U);
}

TEST(Estimates, DepthThatLeavesItsColourIsPlacedInTime) {
  std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub1")};
  for (int n = 157; n < 310; ++n) take[1].depth_outliers[n] = device_us(1000);
  const Report report = report_of(take);
  const auto jump = std::ranges::find(report.findings, Code::phase_jump, &sync::Finding::code);
  ASSERT_NE(jump, report.findings.end());
  EXPECT_EQ(jump->unit, 1U);
  EXPECT_EQ(jump->stream, sync::Stream::depth);
  EXPECT_NEAR(static_cast<double>(count_us(*jump->at)) * 1e-6, 157 / 30.0, 1.1);
}

TEST(Estimates, ALateBeginningIsNotTakenForAConstantError) {
  // 20 ppm over two hours are 144 ms, more than four periods; only the slope tells.
  std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub1")};
  take[1].ppm = 20;
  for (StampPlan& plan : take) plan.first_pulse += 216'000, plan.frames = 9000;
  const Report report = report_of(take);
  EXPECT_EQ(report.verdict, Verdict::in_sync);
  EXPECT_FALSE(has_finding(report, Code::wrong_pulse));
  EXPECT_EQ(report.units[1].before_common, 2U);
}

TEST(Estimates, RandomTakesInOrderAreInSync) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub1"),
                                test::subordinate_plan("sub2")};
    const FrameRate rate = std::array{FrameRate::fps5, FrameRate::fps15, FrameRate::fps30}[seed % 3];
    for (std::size_t i = 0; i < take.size(); ++i) {
      StampPlan& plan = take[i];
      plan.description.rate = rate;
      plan.ppm = i == 0 ? 0 : static_cast<double>((seed * 37 + i * 101) % 1000) - 500;
      plan.disciplined = (seed + i) % 2 == 0;
      plan.frames = 40 + static_cast<std::int64_t>(seed * 53 % 900);
      plan.first_pulse = static_cast<std::int64_t>(seed * 17 % 90 + i);
      plan.description.delay_off_master =
          i == 0 ? device_us(0) : device_us(static_cast<std::int64_t>(seed * 991 % 33333));
      for (std::int64_t n = 0; n < 1000; n += 2 + static_cast<std::int64_t>((seed * 31 + i) % 40))
        plan.color_drops.insert(n + 7);
    }
    const Report report = report_of(take, seed);
    EXPECT_EQ(report.verdict, Verdict::in_sync)
        << "seed " << seed << ": " << (report.findings.empty() ? "" : report.findings[0].text);
  }
}

}  // namespace
}  // namespace genlock
