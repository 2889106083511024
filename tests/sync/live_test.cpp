// A take is watched while it goes on: its observations come in small pieces, units some tenths of a second
// apart, with polls in between. What is told must stand, must be all, and must be told soon.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <set>
#include <tuple>

#include "support/stamp_generator.h"

namespace genlock {
namespace {

using sync::Code;
using sync::Finding;
using sync::Monitor;
using sync::Report;
using sync::Severity;
using test::StampPlan;

/// A finding, and how far the take had come when it was told, s.
struct Told {
  Finding finding;
  double at_s = 0;
};

struct Watched {
  std::vector<Told> told;
  std::vector<Finding> untold;
  Report report;
  std::vector<std::uint64_t> looked_at;  ///< frames, at each poll
  std::vector<sync::LiveOffset> offsets;
};

using Edit = std::function<void(std::size_t unit, test::UnitEvents&)>;

struct Arrival {
  double at_s = 0;
  std::function<void(Monitor&)> give;
};

double seconds(DeviceTime t) {
  return static_cast<double>(count_us(t)) * 1e-6;
}

// Everything in the order in which it comes: as stamped, but each unit late by up to 0.3 s.
std::vector<Arrival> arrivals(const std::vector<StampPlan>& take, std::mt19937_64& random, const Edit& edit) {
  std::vector<Arrival> all;
  for (std::size_t i = 0; i < take.size(); ++i) {
    test::UnitEvents events = generate(take[i], i, random());
    if (edit) edit(i, events);
    const double late_s = static_cast<double>(random() % 300) * 1e-3;
    const double zero_s = late_s + static_cast<double>(count_us(take[i].zeroed_late)) * 1e-6;
    double at_s = 0, jumped_s = 0;  // frames come in their order, whatever their stamps say
    for (const sync::Observation& frame : events.frames) {
      const double stamp_s = seconds(frame.device);
      if (stamp_s + jumped_s < at_s - 0.5) jumped_s = at_s - stamp_s;
      at_s = std::max(at_s, stamp_s + jumped_s);
      all.push_back({at_s + zero_s, [frame](Monitor& m) { m.add(frame); }});
    }
    for (const HostPair& pair : events.pairs)
      all.push_back({seconds(pair.device) + zero_s, [i, pair](Monitor& m) { m.add(i, pair); }});
    for (const JackObservation& jacks : events.jacks)
      all.push_back({seconds(jacks.device) + zero_s, [i, jacks](Monitor& m) { m.add(i, jacks); }});
  }
  std::ranges::stable_sort(all, {}, &Arrival::at_s);
  return all;
}

Watched watch(const std::vector<StampPlan>& take, std::uint64_t seed, const Edit& edit = {}) {
  std::vector<sync::UnitDescription> units;
  for (const StampPlan& plan : take) units.push_back(plan.description);
  Monitor monitor(units);
  std::mt19937_64 random(seed);
  Watched watched;
  double next_poll_s = 0;
  for (const Arrival& arrival : arrivals(take, random, edit)) {
    for (; next_poll_s < arrival.at_s; next_poll_s += 0.2 + static_cast<double>(random() % 800) * 1e-3) {
      for (Finding& finding : monitor.poll_findings())
        watched.told.push_back({std::move(finding), next_poll_s});
      watched.looked_at.push_back(monitor.frames_looked_at());
    }
    arrival.give(monitor);
  }
  for (Finding& finding : monitor.poll_findings()) watched.told.push_back({std::move(finding), next_poll_s});
  watched.offsets = monitor.live_offsets();
  watched.report = monitor.report();
  watched.untold = monitor.untold(watched.report);
  return watched;
}

using Key = std::tuple<Code, std::optional<std::size_t>, std::optional<sync::Stream>>;

template <typename Range>
std::set<Key> failures(const Range& findings) {
  std::set<Key> keys;
  for (const Finding& f : findings)
    if (f.severity == Severity::failure) keys.insert({f.code, f.unit, f.stream});
  return keys;
}

std::vector<Finding> told_findings(const Watched& watched) {
  std::vector<Finding> findings;
  for (const Told& told : watched.told) findings.push_back(told.finding);
  return findings;
}

std::string listing(const Watched& watched) {
  std::string text;
  for (const Told& told : watched.told)
    text += std::to_string(told.at_s) + " s: " + std::string(to_string(told.finding.severity)) + " " +
            std::string(to_string(told.finding.code)) + ": " + told.finding.text + "\n";
  text += "report:\n";
  for (const Finding& f : watched.report.findings)
    text += std::string(to_string(f.severity)) + " " + std::string(to_string(f.code)) + ": " + f.text + "\n";
  return text;
}

/// What was told live stands in the report, and what the report has was told live or is left to the end.
void expect_agreement(const Watched& watched, const std::string& what) {
  const std::set<Key> whole = failures(watched.report.findings);
  const std::set<Key> live = failures(told_findings(watched));
  std::set<Key> both = live;
  both.merge(failures(watched.untold));
  EXPECT_TRUE(std::ranges::includes(whole, live)) << what << "\n" << listing(watched);
  EXPECT_EQ(both, whole) << what << "\n" << listing(watched);
}

std::vector<Told> of(const Watched& watched, Code code) {
  std::vector<Told> found;
  std::ranges::copy_if(watched.told, std::back_inserter(found),
                       [&](const Told& t) { return t.finding.code == code; });
  return found;
}

std::vector<StampPlan> good_take(bool disciplined, double seconds = 60) {
  std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub1"),
                              test::subordinate_plan("sub2")};
  take[1].ppm = 20;
  take[2].ppm = -12;
  for (StampPlan& plan : take) {
    plan.disciplined = disciplined;
    plan.frames = static_cast<std::int64_t>(seconds * 30);
    plan.host_times = true;
    plan.host_began_s = 1000;
    plan.description.host = {.name = "host", .boot_id = "boot"};
    plan.exposure = device_us(8330);
  }
  take[0].disciplined = false;
  return take;
}

class LiveTake : public testing::TestWithParam<bool> {
 protected:
  std::vector<StampPlan> take_ = good_take(GetParam());
};

TEST_P(LiveTake, OneInOrderHasNothingToTell) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const Watched watched = watch(take_, seed);
    EXPECT_TRUE(watched.told.empty()) << listing(watched);
    expect_agreement(watched, "in order");
    EXPECT_EQ(watched.report.verdict, sync::Verdict::in_sync);
  }
}

TEST_P(LiveTake, APulledPlugIsToldWithinTwoSecondsAndAgain) {
  const Edit edit = [](std::size_t unit, test::UnitEvents& events) {
    if (unit != 1) return;
    for (const sync::Observation& f : events.frames) {
      if (f.stream != sync::Stream::color) continue;
      const double t = seconds(f.device);
      const bool out = (t > 20 && t < 25) || t > 45;
      events.jacks.push_back({f.device, {.in = !out, .out = {}}});
    }
  };
  const Watched watched = watch(take_, 3, edit);
  const std::vector<Told> told = of(watched, Code::lost_lock);
  ASSERT_EQ(told.size(), 2U) << listing(watched);
  EXPECT_NEAR(told[0].at_s, 21, 1.3);
  EXPECT_NEAR(told[1].at_s, 46, 1.3);
  EXPECT_EQ(told[0].finding.unit, 1U);
  EXPECT_NEAR(static_cast<double>(*told[0].finding.pulse), 600, 2);
  EXPECT_NEAR(static_cast<double>(*told[1].finding.pulse), 1350, 2);
  expect_agreement(watched, "plug");
}

TEST_P(LiveTake, LossesAreToldWithinTwoSecondsAndAgain) {
  take_[1].color_drops = {600, 601, 605, 1400};
  const Watched watched = watch(take_, 4);
  const std::vector<Told> told = of(watched, Code::missing_frames);
  ASSERT_EQ(told.size(), 2U) << listing(watched);
  EXPECT_EQ(told[0].finding.pulse, 600);
  EXPECT_EQ(told[1].finding.pulse, 1400);
  EXPECT_LT(told[0].at_s, 22);
  EXPECT_LT(told[1].at_s, 1400 / 30.0 + 2);
}

TEST_P(LiveTake, AChangedExposureIsToldWithinTwoSeconds) {
  const Edit edit = [](std::size_t unit, test::UnitEvents& events) {
    for (sync::Observation& f : events.frames)
      if (unit == 2 && f.stream == sync::Stream::color && seconds(f.device) > 30)
        f.exposure = device_us(10000);
  };
  const Watched watched = watch(take_, 5, edit);
  const std::vector<Told> told = of(watched, Code::exposure_changed);
  ASSERT_EQ(told.size(), 1U) << listing(watched);
  EXPECT_EQ(told[0].finding.unit, 2U);
  EXPECT_NEAR(static_cast<double>(*told[0].finding.pulse), 900, 2);
  EXPECT_NEAR(told[0].at_s, 31, 1.3);
}

TEST_P(LiveTake, StrayStampsAreToldWithinTwoSeconds) {
  take_[1].outliers[600] = device_us(700);
  take_[2].outliers[900] = device_us(16000);
  for (int n = 1200; n < 1230; n += 2) take_[1].outliers[n] = device_us(600);
  const Watched watched = watch(take_, 6);
  const std::vector<Told> outliers = of(watched, Code::outlier), off = of(watched, Code::off_pulse);
  ASSERT_GE(outliers.size(), 2U) << listing(watched);
  EXPECT_EQ(outliers[0].finding.pulse, 600);
  EXPECT_LT(outliers[0].at_s, 22);
  EXPECT_EQ(outliers[0].finding.severity, Severity::warning);
  EXPECT_EQ(outliers.back().finding.severity, Severity::failure);
  EXPECT_LT(outliers.back().at_s, 43.5);
  ASSERT_FALSE(off.empty());
  EXPECT_EQ(off[0].finding.pulse, 900);
  EXPECT_LT(off[0].at_s, 32);
  expect_agreement(watched, "stray stamps");
}

TEST_P(LiveTake, ASilentStreamAUnitAndTheMasterAreToldWithinThreeSeconds) {
  for (int n = 600; n < 1900; ++n) take_[1].depth_drops.insert(n);
  for (int n = 900; n < 1000; ++n) take_[2].depth_drops.insert(n), take_[2].color_drops.insert(n);
  take_[0].frames = 1200;
  const Watched watched = watch(take_, 7);
  const std::vector<Told> told = of(watched, Code::silent);
  ASSERT_EQ(told.size(), 3U) << listing(watched);
  EXPECT_EQ(told[0].finding.unit, 1U);
  EXPECT_EQ(told[0].finding.stream, sync::Stream::depth);
  EXPECT_NEAR(told[0].at_s, 20 + 2.2, 0.8);
  EXPECT_EQ(told[1].finding.unit, 2U);
  EXPECT_FALSE(told[1].finding.stream);
  EXPECT_EQ(told[1].finding.pulse, 899);
  EXPECT_EQ(told[2].finding.unit, 0U);
  EXPECT_NEAR(told[2].at_s, 40.2 + 2.2, 0.8);
  EXPECT_TRUE(watched.offsets[0].silent);
  expect_agreement(watched, "silence");
}

TEST_P(LiveTake, AUnitWhoseRecordingIsOverIsNotSilent) {
  take_[2].frames = 600;
  Monitor monitor({take_[0].description, take_[1].description, take_[2].description});
  bool ended = false;
  std::mt19937_64 random(11);
  for (const Arrival& arrival : arrivals(take_, random, {})) {
    if (!ended && arrival.at_s > 21) {
      monitor.ended(2);
      ended = true;
    }
    arrival.give(monitor);
    for (const Finding& finding : monitor.poll_findings()) ADD_FAILURE() << finding.text;
  }
  EXPECT_TRUE(ended);
}

TEST_P(LiveTake, AWrongDelayIsToldInTheFirstSeconds) {
  take_[1].extra_delay = device_us(400);
  take_[2].extra_depth_delay = device_us(-300);
  const Watched watched = watch(take_, 8);
  const std::vector<Told> told = of(watched, Code::constant_error);
  ASSERT_EQ(told.size(), 2U) << listing(watched);
  EXPECT_LT(told[0].at_s, 9);
  EXPECT_LT(told[1].at_s, 13);
  expect_agreement(watched, "wrong delay");
}

TEST_P(LiveTake, AWrongStartIsToldInTheFirstSeconds) {
  take_[1].zeroed_late = device_us(5'012'345), take_[1].first_pulse = 160;
  take_[2].zeroed_late = device_us(66'667);
  const Watched watched = watch(take_, 9);
  ASSERT_EQ(of(watched, Code::start_order).size(), 1U) << listing(watched);
  ASSERT_EQ(of(watched, Code::wrong_pulse).size(), 1U) << listing(watched);
  EXPECT_LT(of(watched, Code::start_order)[0].at_s, 14);
  EXPECT_LT(of(watched, Code::wrong_pulse)[0].at_s, 9);
  expect_agreement(watched, "wrong start");
}

TEST_P(LiveTake, OffsetsSayWhereUnitsAre) {
  take_[1].extra_delay = device_us(70);
  const Watched watched = watch(take_, 10);
  ASSERT_EQ(watched.offsets.size(), 3U);
  EXPECT_FALSE(watched.offsets[0].apart);
  EXPECT_NEAR(watched.offsets[1].error->count(), 70, 12);
  EXPECT_NEAR(watched.offsets[1].apart->count(), 70 + (GetParam() ? 0 : 20 * 60), 30);
  EXPECT_NEAR(watched.offsets[2].error->count(), 0, 12);
  EXPECT_EQ(watched.offsets[2].fps, 30);
  EXPECT_EQ(watched.offsets[0].last_pulse, 6 + 1799);
  EXPECT_FALSE(watched.offsets[1].silent);
}

TEST(LiveTakes, FramesThatComeASecondAtATimeAreNotSilence) {
  const std::vector<StampPlan> take = good_take(false, 20);
  std::vector<sync::UnitDescription> units;
  for (const StampPlan& plan : take) units.push_back(plan.description);
  Monitor monitor(units);
  for (std::size_t second = 0; second < 20; ++second)
    for (std::size_t i = 0; i < take.size(); ++i) {
      const test::UnitEvents events = generate(take[i], i, 1);
      for (std::size_t n = second * 60; n < second * 60 + 60; ++n) monitor.add(events.frames[n]);
      EXPECT_TRUE(monitor.poll_findings().empty()) << "unit " << i << ", second " << second;
    }
}

/// Things that go wrong, any of which a take may have.
const std::vector<std::function<void(StampPlan&, std::int64_t from)>> kFaults{
    [](StampPlan& p, std::int64_t from) { p.unlocked_from = from; },
    [](StampPlan& p, std::int64_t from) { p.unlocked_from = p.unplugged_from = from; },
    [](StampPlan& p, std::int64_t from) {
      p.color_drops = {from, from + 1, from + 400};
    },
    [](StampPlan& p, std::int64_t from) {
      for (std::int64_t n = from; n < from + 40; ++n) p.depth_drops.insert(n), p.color_drops.insert(n);
    },
    [](StampPlan& p, std::int64_t from) { p.outliers[from] = device_us(900); },
    [](StampPlan& p, std::int64_t from) { p.outliers[from] = device_us(15000); },
    [](StampPlan& p, std::int64_t from) {
      for (std::int64_t n = from; n < from + 50; n += 2) p.outliers[n] = device_us(500);
    },
    [](StampPlan& p, std::int64_t from) {
      for (std::int64_t n = from; n < 4000; ++n) p.outliers[n] = device_us(400);
    },
    [](StampPlan& p, std::int64_t from) {
      for (std::int64_t n = from; n < from + 35; ++n) p.outliers[n] = device_us(n % 4 == 0 ? 200 : 500);
    },
    [](StampPlan& p, std::int64_t from) {
      for (std::int64_t n = from; n < 4000; ++n) p.outliers[n] = device_us(-5'000'000);
    },
    [](StampPlan& p, std::int64_t from) {
      for (std::int64_t n = from; n < 4000; ++n) p.depth_outliers[n] = device_us(1000);
    },
    [](StampPlan& p, std::int64_t from) {
      for (std::int64_t n = from; n < from + 70; ++n) p.depth_outliers[n] = device_us(250);
    },
    [](StampPlan& p, std::int64_t) { p.extra_delay = device_us(230); },
    [](StampPlan& p, std::int64_t) { p.extra_depth_delay = device_us(-250); },
    [](StampPlan& p, std::int64_t) { p.zeroed_late = device_us(9'000); },
    [](StampPlan& p, std::int64_t) { p.zeroed_late = device_us(1'033'333); },
    [](StampPlan& p, std::int64_t) { p.ppm = 2500, p.disciplined = false; },
    [](StampPlan& p, std::int64_t from) { p.frames = from; },
};

TEST_P(LiveTake, WhatIsToldLiveIsWhatTheReportHas) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    std::vector<StampPlan> take = good_take(GetParam(), 75);
    std::mt19937_64 random(seed);
    std::string what = "seed " + std::to_string(seed) + ":";
    for (std::uint64_t faults = seed % 3; faults < 3; ++faults) {
      const std::size_t fault = random() % kFaults.size(), unit = random() % take.size();
      if (unit == 0 && (fault < 2 || fault > 11)) continue;
      kFaults[fault](take[unit], 100 + static_cast<std::int64_t>(random() % 2000));
      what += " " + std::to_string(fault) + " of unit " + std::to_string(unit);
    }
    if (seed % 5 == 0) take.erase(take.begin());
    if (seed % 7 == 0)
      for (StampPlan& plan : take) plan.host_times = false;
    expect_agreement(watch(take, seed), what);
  }
}

INSTANTIATE_TEST_SUITE_P(Clocks, LiveTake, testing::Bool(),
                         [](const auto& clock) { return clock.param ? "Disciplined" : "Free"; });

TEST(LiveTakes, ALostPulseWithThePlugInIsToldAsSoonAsDriftPassesTheNoise) {
  for (const double ppm : {-40.0, 20.0, 8.0, 3.0}) {
    std::vector<StampPlan> take = good_take(false, 120);
    take[1].ppm = ppm;
    take[1].unlocked_from = 1800;
    const Watched watched = watch(take, 11);
    const std::vector<Told> told = of(watched, Code::lost_lock);
    ASSERT_EQ(told.size(), 1U) << ppm << " ppm\n" << listing(watched);
    EXPECT_LT(told[0].at_s - 60, std::max(8.0, 1.5 * 33.3 / std::abs(ppm) + 5)) << ppm << " ppm";
    EXPECT_NEAR(seconds(*told[0].finding.at), 60, 1.5) << ppm << " ppm";
    expect_agreement(watched, "lost pulse");
  }
}

TEST(LiveTakes, ALostPulseOfAClockThatHardlyDriftsIsToldLater) {
  std::vector<StampPlan> take = good_take(false, 150);
  take[1].ppm = 2;
  take[1].unlocked_from = 1200;
  const Watched watched = watch(take, 11);
  const std::vector<Told> told = of(watched, Code::lost_lock);
  ASSERT_EQ(told.size(), 1U) << listing(watched);
  EXPECT_LT(told[0].at_s - 40, 100);
  EXPECT_NEAR(seconds(*told[0].finding.at), 40, 10);
  expect_agreement(watched, "lost pulse");
}

TEST(LiveTakes, ALostPulseOfADisciplinedClockIsToldByTheHosts) {
  std::vector<StampPlan> take = good_take(true, 900);
  for (StampPlan& plan : take) plan.description.depth = false;
  take[1].unlocked_from = 6000;
  const Watched watched = watch(take, 12);
  const std::vector<Told> told = of(watched, Code::lost_lock);
  ASSERT_EQ(told.size(), 1U) << listing(watched);
  EXPECT_LT(told[0].at_s, 200 + 8.4e-3 / 20e-6 + 40);
  EXPECT_NEAR(seconds(*told[0].finding.at), 200, 20);
  expect_agreement(watched, "lost pulse");
}

TEST(LiveTakes, APollLooksOnlyAtWhatIsNew) {
  const std::vector<StampPlan> take = good_take(false, 600);
  const Watched watched = watch(take, 13);
  const std::uint64_t frames = 6 * 600 * 30;
  EXPECT_LT(watched.looked_at.back(), 5 * frames) << "each frame a few times in all";
  for (std::size_t i = 20; i < watched.looked_at.size(); ++i)
    EXPECT_LT(watched.looked_at[i] - watched.looked_at[i - 1], 5U * 6 * 30 * 2) << "poll " << i;
}

}  // namespace
}  // namespace genlock
