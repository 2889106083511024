#include "sync/monitor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "support/stamp_generator.h"

namespace genlock {
namespace {

using sync::Code;
using sync::Finding;
using sync::Monitor;
using sync::Report;
using test::StampPlan;
using test::UnitEvents;

std::vector<StampPlan> eventful_take() {
  std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub1"),
                              test::subordinate_plan("sub2")};
  for (StampPlan& plan : take) {
    plan.host_times = true;
    plan.description.host = {.name = "host", .boot_id = "boot"};
    plan.frames = 600;
  }
  take[1].ppm = 25;
  take[1].unlocked_from = 300;
  take[1].unplugged_from = 310;
  take[2].color_drops = {40, 41};
  take[2].outliers[90] = device_us(700);
  return take;
}

std::vector<sync::UnitDescription> descriptions(const std::vector<StampPlan>& take) {
  std::vector<sync::UnitDescription> units;
  for (const StampPlan& plan : take) units.push_back(plan.description);
  return units;
}

std::vector<std::string> texts(const std::vector<Finding>& findings) {
  std::vector<std::string> out;
  for (const Finding& f : findings) out.push_back(f.text);
  return out;
}

TEST(Monitor, TheOrderBetweenUnitsAndStreamsDoesNotMatter) {
  const std::vector<StampPlan> take = eventful_take();
  const Report at_once = report_of(take);
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    std::mt19937_64 random(seed);
    Monitor monitor(descriptions(take));
    // Six streams, each in its own order, picked from at random.
    std::vector<std::vector<sync::Observation>> streams(6);
    for (std::size_t i = 0; i < take.size(); ++i) {
      const UnitEvents events = generate(take[i], i, 1);
      for (const auto& f : events.frames) streams[i * 2 + (f.stream == sync::Stream::depth)].push_back(f);
      for (const HostPair& pair : events.pairs) monitor.add(i, pair);
      for (const JackObservation& jacks : events.jacks) monitor.add(i, jacks);
    }
    std::vector<std::size_t> next(streams.size());
    for (std::size_t left = 6; left > 0;) {
      const std::size_t s = random() % streams.size();
      if (next[s] == streams[s].size()) continue;
      monitor.add(streams[s][next[s]]);
      left -= ++next[s] == streams[s].size();
    }
    EXPECT_EQ(texts(monitor.report().findings), texts(at_once.findings)) << "seed " << seed;
    EXPECT_EQ(monitor.report().verdict, at_once.verdict);
  }
}

TEST(Monitor, FindingsAreToldOnceAndAsTheyComeUp) {
  const std::vector<StampPlan> take = eventful_take();
  Monitor monitor(descriptions(take));
  std::vector<UnitEvents> events;
  for (std::size_t i = 0; i < take.size(); ++i) events.push_back(generate(take[i], i, 1));
  std::vector<Finding> told;
  std::optional<std::size_t> lost_at;
  for (std::size_t n = 0; n < 1190; ++n) {
    for (std::size_t i = 0; i < take.size(); ++i) monitor.add(events[i].frames[n]);
    if (n == 630)
      for (const JackObservation& jacks : events[1].jacks) monitor.add(1, jacks);
    if (n % 60 != 0) continue;
    for (const Finding& f : monitor.poll_findings()) {
      if (f.code == Code::lost_lock && !lost_at) lost_at = n;
      told.push_back(f);
    }
  }
  ASSERT_TRUE(lost_at);
  EXPECT_LT(*lost_at, 720U) << "told while the take goes on";
  for (const Code code : {Code::lost_lock, Code::missing_frames, Code::outlier})
    EXPECT_EQ(
        std::ranges::count_if(
            told, [&](const Finding& f) { return f.code == code && f.stream != sync::Stream::depth; }) > 0,
        true)
        << to_string(code);
  EXPECT_TRUE(monitor.poll_findings().empty());
}

TEST(Monitor, AWarningThatBecomesAFailureIsToldAgain) {
  StampPlan plan = test::master_plan();
  plan.description.depth = false;
  plan.outliers[100] = device_us(600);
  for (std::int64_t n = 200; n < 240; n += 2) plan.outliers[n] = device_us(600);
  Monitor monitor({plan.description});
  std::vector<sync::Severity> told;
  const UnitEvents events = generate(plan, 0, 1);
  for (std::size_t n = 0; n < events.frames.size(); ++n) {
    monitor.add(events.frames[n]);
    if (n != 150 && n != 299) continue;
    for (const Finding& f : monitor.poll_findings())
      if (f.code == Code::outlier) told.push_back(f.severity);
  }
  EXPECT_EQ(told, (std::vector{sync::Severity::warning, sync::Severity::failure}));
}

TEST(Monitor, AFrameSeenTwiceIsReportedWithoutFailing) {
  const std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub")};
  Monitor monitor(descriptions(take));
  for (std::size_t i = 0; i < take.size(); ++i)
    for (const sync::Observation& frame : generate(take[i], i, 1).frames) {
      monitor.add(frame);
      if (frame.device > device_time_us(5'000'000) && frame.device < device_time_us(5'030'000))
        monitor.add(frame);
    }
  const Report report = monitor.report();
  EXPECT_EQ(report.verdict, sync::Verdict::in_sync);
  EXPECT_EQ(report.units[1].streams[0].duplicates, 1U);
  EXPECT_EQ(report.findings.front().code, Code::duplicate_frames);
}

TEST(Monitor, DepthWithoutAFrameOfItsColoursPulsesFails) {
  StampPlan plan = test::master_plan();
  for (std::int64_t n = 0; n < 150; ++n) plan.depth_drops.insert(n);
  for (std::int64_t n = 150; n < 400; ++n) plan.color_drops.insert(n);
  const Report report = test::report_of({plan});
  EXPECT_EQ(report.verdict, sync::Verdict::not_in_sync);
  EXPECT_EQ(report.findings.front().code, Code::no_common_pulse);
}

const Finding* find(const Report& report, Code code) {
  const auto found = std::ranges::find(report.findings, code, &Finding::code);
  return found == report.findings.end() ? nullptr : &*found;
}

TEST(Monitor, FramesBehindTheMastersEndAreToldAsNotCompared) {
  std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("a"), test::subordinate_plan("b")};
  take[0].first_pulse = 4;
  take[1].frames = 300 + 255;
  take[2].frames = 300 + 50;
  const Report report = test::report_of(take);
  const Finding* told = find(report, Code::recorded_on);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->severity, sync::Severity::warning);
  EXPECT_EQ(told->unit, 1U) << "b ended within 2 s";
  EXPECT_EQ(told->count, 255U);
  EXPECT_EQ(report.verdict, sync::Verdict::in_sync) << report.findings.front().text;
}

TEST(Monitor, ABendBehindTheMastersEndFails) {
  for (const std::int64_t lost_from : {304, 500}) {
    std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("a")};
    take[1].ppm = 20;
    take[1].frames = 900;
    take[1].unlocked_from = lost_from;
    const Report report = test::report_of(take);
    EXPECT_TRUE(find(report, Code::recorded_on));
    EXPECT_TRUE(find(report, Code::lost_lock)) << "from pulse " << lost_from;
    EXPECT_EQ(report.verdict, sync::Verdict::not_in_sync);
  }
}

TEST(Monitor, ACameraThatEndsOrBeginsBesideItsOtherLosesFrames) {
  std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("a"), test::subordinate_plan("b")};
  take[0].first_pulse = 4;
  for (std::int64_t n = 274; n < 400; ++n) take[0].depth_drops.insert(n);
  for (std::int64_t n = 0; n < take[1].first_pulse + 5; ++n) take[1].color_drops.insert(n);
  take[2].depth_drops = {take[2].first_pulse, take[2].first_pulse + take[2].frames - 1};
  const Report report = test::report_of(take);
  EXPECT_EQ(report.units[0].streams[1].missing, 30U);
  EXPECT_EQ(report.units[0].streams[1].gaps.front().first_pulse, 274);
  EXPECT_EQ(report.units[1].streams[0].missing, 5U);
  EXPECT_EQ(report.units[2].streams[1].missing, 0U) << "one frame at each end may differ";
  const Finding* told = find(report, Code::missing_frames);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->count, 30U);
}

TEST(Monitor, OnlyASubordinateWithoutFramesIsAskedForItsMaster) {
  for (const WiredSyncMode mode :
       {WiredSyncMode::standalone, WiredSyncMode::master, WiredSyncMode::subordinate}) {
    StampPlan plan = test::master_plan();
    plan.description.sync_mode = mode;
    plan.frames = 0;
    const Report report = test::report_of({plan});
    const Finding* told = find(report, Code::no_frames);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->text.find("SYNC IN") != std::string::npos, mode == WiredSyncMode::subordinate);
    EXPECT_EQ(told->text.find("the master") != std::string::npos, mode == WiredSyncMode::subordinate);
  }
}

TEST(Monitor, WhatATakeLacksAtItsBeginningIsNotTold) {
  const std::vector<StampPlan> take = eventful_take();
  Monitor monitor(descriptions(take));
  EXPECT_TRUE(monitor.poll_findings().empty());
  monitor.add(generate(take[1], 1, 1).frames.front());
  EXPECT_TRUE(monitor.poll_findings().empty());
}

TEST(Monitor, StrangeObservationsDoNoHarm) {
  Monitor monitor({test::master_plan().description, test::subordinate_plan("sub").description});
  monitor.add({.unit = 7, .stream = sync::Stream::color, .device = device_time_us(1)});
  monitor.add(7, JackObservation{});
  monitor.add(7, HostPair{});
  std::mt19937_64 random(3);
  for (int i = 0; i < 3000; ++i) {
    const auto anything = static_cast<std::int64_t>(random() >> (random() % 64));
    const DeviceTime stamp = device_time_us(random() % 2 == 0 ? anything : -anything);
    const HostTime host =
        i % 50 == 0 ? HostTime::min() : HostTime(HostDuration(static_cast<std::int64_t>(random())));
    monitor.add({.unit = random() % 2,
                 .stream = sync::Stream{static_cast<std::uint8_t>(random() % 2)},
                 .device = stamp,
                 .host = host,
                 .exposure = DeviceDuration(stamp.time_since_epoch())});
    monitor.add(
        random() % 2,
        HostPair{.device = stamp, .monotonic = host, .utc = WallTime(std::chrono::nanoseconds(anything))});
    monitor.add(random() % 2, JackObservation{.device = stamp,
                                              .jacks = {.in = random() % 2 == 0, .out = random() % 2 == 0}});
    if (i % 500 != 0) continue;
    EXPECT_NE(monitor.report().verdict, sync::Verdict::in_sync);
  }
}

TEST(Monitor, StampsThatStartAnywhereAreFine) {
  for (const std::int64_t start_us : {std::int64_t{5'000'000'000}, std::int64_t{1'730'796'756'988'167}}) {
    Monitor monitor({test::master_plan().description, test::subordinate_plan("sub").description});
    for (std::int64_t n = 0; n < 300; ++n)
      for (std::size_t unit = 0; unit < 2; ++unit)
        for (const sync::Stream stream : {sync::Stream::color, sync::Stream::depth})
          monitor.add({.unit = unit, .stream = stream, .device = device_time_us(start_us + n * 100000 / 3)});
    const Report report = monitor.report();
    EXPECT_EQ(report.verdict, sync::Verdict::in_sync)
        << (report.findings.empty() ? "" : report.findings[0].text);
    EXPECT_EQ(report.common->complete_sets, 300U);
  }
}

}  // namespace
}  // namespace genlock
