// What a take shows besides being in sync: lasers that met, exposures that changed, numbers that recorders
// gave.

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "support/stamp_generator.h"

namespace genlock {
namespace {

using sync::Code;
using sync::Finding;
using sync::Report;
using sync::Severity;
using test::StampPlan;

const Finding* first_of(const Report& report, Code code) {
  const auto found = std::ranges::find(report.findings, code, &Finding::code);
  return found == report.findings.end() ? nullptr : &*found;
}

/// Three units with lasers, every one `step` µs behind the one before.
std::vector<StampPlan> spread_take(std::int64_t step) {
  std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub1"),
                              test::subordinate_plan("sub2")};
  for (std::size_t i = 0; i < take.size(); ++i)
    take[i].description.depth_delay_off_color = device_us(step * static_cast<std::int64_t>(i));
  return take;
}

TEST(Lasers, UnitsWithoutDelaysShineTogether) {
  const Report report = report_of(spread_take(0));
  const Finding* told = first_of(report, Code::lasers_overlap);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->severity, Severity::warning);
  EXPECT_EQ(told->unit, 0U);
  EXPECT_EQ(told->count, 300U) << "all frames of that unit";
  EXPECT_EQ(told->pulse, 6);
  EXPECT_NE(told->text.find("sub1, sub2 by up to 125 µs"), std::string::npos) << told->text;
  EXPECT_EQ(std::ranges::count(report.findings, Code::lasers_overlap, &Finding::code), 2)
      << "the pair of subordinates is told of the first of them";
}

TEST(Lasers, UnitsSpreadByTheMakersRuleDoNot) {
  EXPECT_FALSE(first_of(report_of(spread_take(160)), Code::lasers_overlap));
}

TEST(Lasers, ADelayOfAWholeSpacingMeetsTheNextPulse) {
  std::vector<StampPlan> take = spread_take(400);
  take[2].description.depth_delay_off_color = device_us(400 + 1575);
  const Report report = report_of(take);
  const Finding* told = first_of(report, Code::lasers_overlap);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->unit, 1U);
}

TEST(Lasers, WhereFramesReallyWereCounts) {
  std::vector<StampPlan> take = spread_take(400);
  take[1].extra_depth_delay = device_us(-400);
  const Report report = report_of(take);
  const Finding* told = first_of(report, Code::lasers_overlap);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->unit, 0U);
}

TEST(Lasers, UnitsThatDoNotSeeEachOtherMayShineTogether) {
  std::vector<StampPlan> take = spread_take(0);
  take[0].description.areas = {"hall"};
  take[1].description.areas = {"yard"};
  take[2].description.areas = {"street", "yard"};
  const Report report = report_of(take);
  EXPECT_EQ(std::ranges::count(report.findings, Code::lasers_overlap, &Finding::code), 1);
  EXPECT_EQ(first_of(report, Code::lasers_overlap)->unit, 1U);
}

TEST(Lasers, AUnitThatRunsFreeMovesIntoAnothersLight) {
  std::vector<StampPlan> take = spread_take(400);
  take[1].ppm = -20;  // slow: behind its pulse by 20 µs a second once it runs free
  for (StampPlan& plan : take) plan.frames = 1800;
  take[1].unlocked_from = 600;
  const Report report = report_of(take);
  ASSERT_TRUE(first_of(report, Code::lost_lock));
  const Finding* told = first_of(report, Code::lasers_overlap);
  ASSERT_TRUE(told);
  // It needs 275 µs to come within a pulse's length of sub2: 13.75 s.
  EXPECT_NEAR(static_cast<double>(*told->pulse), 600 + 13.75 * 30, 60);
  EXPECT_NE(told->text.find("sub2"), std::string::npos);
}

TEST(Lasers, PassiveInfraredSeesWhatOthersShine) {
  std::vector<StampPlan> take = spread_take(0);
  take.pop_back();
  take[1].description.depth_mode = DepthMode::passive_ir;
  take[0].exposure = take[1].exposure = device_us(8330);
  EXPECT_TRUE(first_of(report_of(take), Code::lasers_overlap));
  take[0].description.depth_mode = DepthMode::passive_ir;
  EXPECT_FALSE(first_of(report_of(take), Code::lasers_overlap)) << "two that do not shine";
}

/// What a monitor makes of units whose frames `change` has changed.
template <class Change>
Report changed_report(const std::vector<StampPlan>& take, Change&& change) {
  std::vector<sync::UnitDescription> units;
  for (const StampPlan& plan : take) units.push_back(plan.description);
  sync::Monitor monitor(units);
  for (std::size_t i = 0; i < take.size(); ++i) {
    std::int64_t colors = 0, depths = 0;
    for (sync::Observation frame : generate(take[i], i, 1).frames) {
      change(frame, take[i].first_pulse + (frame.stream == sync::Stream::color ? colors++ : depths++));
      monitor.add(frame);
    }
  }
  return monitor.report();
}

TEST(Exposures, AChangeIsToldWithItsPulse) {
  const Report report = changed_report(spread_take(160), [](sync::Observation& frame, std::int64_t pulse) {
    if (frame.stream == sync::Stream::color)
      frame.exposure = device_us(frame.unit == 1 && pulse >= 100 ? 4000 : 8330);
  });
  EXPECT_EQ(std::ranges::count(report.findings, Code::exposure_changed, &Finding::code), 1);
  const Finding* told = first_of(report, Code::exposure_changed);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->unit, 1U);
  EXPECT_EQ(told->pulse, 100);
  EXPECT_EQ(told->count, 1U);
  EXPECT_EQ(report.units[1].least_exposure, device_us(4000));
  EXPECT_EQ(report.units[1].most_exposure, device_us(8330));
  EXPECT_FALSE(first_of(report, Code::exposure_differs)) << "both are shorter than the depth camera's";
}

TEST(RecordedPulses, NumbersThatAgreeAreNotSpokenOf) {
  const auto numbered = [](sync::Observation& frame, std::int64_t pulse) { frame.pulse = pulse + 1000; };
  EXPECT_FALSE(first_of(changed_report(spread_take(160), numbered), Code::pulse_number))
      << "where the count began does not matter";
}

TEST(RecordedPulses, ACountThatSlippedFails) {
  const Report report = changed_report(spread_take(160), [](sync::Observation& frame, std::int64_t pulse) {
    frame.pulse = pulse + (frame.unit == 2 && frame.stream == sync::Stream::depth && pulse >= 200 ? 1 : 0);
  });
  const Finding* told = first_of(report, Code::pulse_number);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->severity, Severity::failure);
  EXPECT_EQ(told->unit, 2U);
  EXPECT_EQ(told->stream, sync::Stream::depth);
  EXPECT_EQ(told->pulse, 200);
  EXPECT_EQ(told->count, 104U);
}

TEST(RecordedPulses, AUnitThatCountsOtherwiseThanTheReferenceFails) {
  const Report report = changed_report(spread_take(160), [](sync::Observation& frame, std::int64_t pulse) {
    frame.pulse = pulse - (frame.unit == 1 ? 1 : 0);
  });
  ASSERT_TRUE(first_of(report, Code::pulse_number));
  EXPECT_EQ(first_of(report, Code::pulse_number)->unit, 1U);
  EXPECT_EQ(report.verdict, sync::Verdict::not_in_sync);
}

TEST(Pairs, EveryUnitIsHeldAgainstEveryOther) {
  std::vector<StampPlan> take = spread_take(160);
  take[1].description.delay_off_master = device_us(500);
  take[1].ppm = 20;
  take[2].ppm = -10;
  const Report report = report_of(take);
  ASSERT_EQ(report.pairs.size(), 3U);
  const sync::PairOffset& subs = report.pairs.back();
  EXPECT_EQ(subs.first, 1U);
  EXPECT_EQ(subs.second, 2U);
  EXPECT_EQ(subs.configured, device_us(-500));
  EXPECT_NEAR(subs.expected.count(), -500, 1) << "45 ticks are 500 µs";
  EXPECT_NEAR(subs.measured.count(), -500, 100.0 / 9.0);
  EXPECT_LE(subs.worst.count(), 60) << "two units' jitter, and no drift";
  EXPECT_LE(subs.p99, subs.worst);
  EXPECT_EQ(subs.frames, 298U) << "of pulses that the reference has as well";
}

TEST(Courses, TellTheErrorsSecondBySecondAndAllFramesInTheHistogram) {
  std::vector<StampPlan> take = spread_take(160);
  take[1].ppm = 20;
  take[1].extra_delay = device_us(200);
  const Report report = report_of(take);
  const sync::Offset& offset = *report.units[1].streams[0].offset;
  ASSERT_GE(offset.course.size(), 9U);
  for (const sync::CourseWindow& window : offset.course) {
    EXPECT_NEAR(window.error.count(), 200, 100.0 / 9.0);
    EXPECT_LE(window.least, window.error);
    EXPECT_GE(window.most, window.error);
  }
  const double apart = (offset.course.back().apart - offset.course.front().apart).count();
  const auto seconds =
      static_cast<double>(count_us(offset.course.back().at - offset.course.front().at)) * 1e-6;
  EXPECT_NEAR(apart / seconds, 20, 2) << "drift is in it";
  EXPECT_EQ(std::accumulate(offset.histogram.counts.begin(), offset.histogram.counts.end(), std::uint64_t{0}),
            offset.pairs);
  const auto peak = std::ranges::max_element(offset.histogram.counts) - offset.histogram.counts.begin();
  EXPECT_NEAR(static_cast<double>(peak + offset.histogram.first_tick), 18, 1.1) << "200 µs are 18 ticks";
}

}  // namespace
}  // namespace genlock
