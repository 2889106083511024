// The pulse of every frame, against those that the stamps were made for.

#include "sync/frame_pulses.h"

#include <gtest/gtest.h>

#include "support/stamp_generator.h"
#include "sync/monitor.h"

namespace genlock {
namespace {

using sync::FramePulse;
using sync::Monitor;
using sync::Stream;
using test::StampPlan;

sync::NumberedReport number(const std::vector<StampPlan>& take) {
  std::vector<sync::UnitDescription> units;
  for (const StampPlan& plan : take) units.push_back(plan.description);
  Monitor monitor(units);
  for (std::size_t i = 0; i < take.size(); ++i)
    for (const sync::Observation& frame : generate(take[i], i, 1).frames) monitor.add(frame);
  return monitor.numbered_report();
}

std::vector<std::int64_t> made_for(const StampPlan& plan, const std::set<std::int64_t>& drops) {
  std::vector<std::int64_t> pulses;
  for (std::int64_t p = plan.first_pulse; p < plan.first_pulse + plan.frames; ++p)
    if (!drops.contains(p)) pulses.push_back(p);
  return pulses;
}

std::vector<std::int64_t> numbers(const std::vector<FramePulse>& frames) {
  std::vector<std::int64_t> pulses;
  for (const FramePulse& frame : frames) {
    EXPECT_TRUE(frame.on_pulse);
    pulses.push_back(frame.pulse);
  }
  return pulses;
}

TEST(FramePulses, AreThoseTheFramesWereTakenAt) {
  std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub1")};
  take[1].first_pulse = 9;
  take[1].ppm = 40;
  take[1].color_drops = {20, 21, 22, 150};
  take[1].depth_drops = {9, 10, 11, 80};
  take[1].description.delay_off_master = device_us(160);
  const sync::NumberedReport numbered = number(take);
  ASSERT_EQ(numbered.units.size(), 2U);
  for (std::size_t i = 0; i < take.size(); ++i) {
    EXPECT_TRUE(numbered.units[i].compared);
    EXPECT_EQ(numbers(numbered.units[i].color), made_for(take[i], take[i].color_drops)) << i;
    EXPECT_EQ(numbers(numbered.units[i].depth), made_for(take[i], take[i].depth_drops)) << i;
  }
}

TEST(FramePulses, ComeWithTheJudgementThatReportGives) {
  std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub1")};
  take[1].color_drops = {20};
  const sync::NumberedReport numbered = number(take);
  const sync::Report report = report_of(take);
  EXPECT_EQ(numbered.report.verdict, report.verdict);
  EXPECT_EQ(numbered.report.findings.size(), report.findings.size());
  EXPECT_EQ(numbered.report.common->complete_sets, report.common->complete_sets);
}

TEST(FramePulses, AnOutlierKeepsItsPulseAndIsMarked) {
  std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub1")};
  take[1].outliers[50] = device_us(5000);
  const sync::NumberedReport numbered = number(take);
  const std::vector<FramePulse>& color = numbered.units[1].color;
  for (const FramePulse& frame : color) EXPECT_EQ(frame.outlier, frame.pulse == 50) << frame.pulse;
  EXPECT_EQ(numbers(color), made_for(take[1], {}));
}

TEST(FramePulses, FramesBesideAnyPulseOrSeenTwiceHaveNone) {
  const StampPlan plan = test::master_plan();
  Monitor monitor({plan.description});
  std::size_t at = 0;
  for (const sync::Observation& frame : generate(plan, 0, 1).frames) {
    if (frame.stream != Stream::color) continue;
    monitor.add(frame);
    if (at == 10) monitor.add(frame);
    sync::Observation between = frame;
    between.device += device_us(15000);
    if (at++ == 20) monitor.add(between);
  }
  const std::vector<FramePulse> color = monitor.numbered_report().units[0].color;
  ASSERT_EQ(color.size(), static_cast<std::size_t>(plan.frames) + 2);
  for (std::size_t i = 0; i < color.size(); ++i) EXPECT_EQ(color[i].on_pulse, i != 11 && i != 22) << i;
}

TEST(FramePulses, FramesBehindAJumpOfTheClockHaveNone) {
  const StampPlan plan = test::master_plan();
  Monitor monitor({plan.description});
  std::size_t at = 0;
  for (sync::Observation frame : generate(plan, 0, 1).frames) {
    if (frame.stream != Stream::color) continue;
    if (++at > 100) frame.device -= device_us(3'000'000);
    monitor.add(frame);
  }
  const std::vector<FramePulse> color = monitor.numbered_report().units[0].color;
  for (std::size_t i = 0; i < color.size(); ++i) EXPECT_EQ(color[i].on_pulse, i < 100) << i;
}

TEST(FramePulses, AUnitOfAnotherRateIsNotCompared) {
  std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub1")};
  take[1].description.rate = FrameRate::fps15;
  const sync::NumberedReport numbered = number(take);
  EXPECT_TRUE(numbered.units[0].compared);
  EXPECT_FALSE(numbered.units[1].compared);
}

}  // namespace
}  // namespace genlock
