// The judge watches units of the bench live: right and wrong takes, with both models of a subordinate's
// clock.

#include <gtest/gtest.h>

#include <algorithm>

#include "support/temporary_bench.h"
#include "sync/monitor.h"

namespace genlock {
namespace {

using device::sim::BenchCommand;
using device::sim::Jack;
using device::sim::SubordinateClock;
using std::chrono::milliseconds;
using std::chrono::seconds;
using sync::Code;
using sync::Report;
using sync::Verdict;
using test::TemporaryBench;

const std::vector<std::string> kUnits{"master", "sub1", "sub2"};

device::sim::BenchConfig drifting_bench(SubordinateClock clock) {
  device::sim::BenchConfig config = test::stepped_bench();
  double ppm = -50;
  for (auto& unit : config.units) {
    unit.clock_ppm = ppm;
    unit.subordinate_clock = clock;
    unit.depth_jitter_ticks = 2;
    unit.latency = {.min = milliseconds(85), .max = milliseconds(156)};
    ppm += 18;
  }
  return config;
}

/// A take on a bench: start units in any order, let time pass, ask for the report.
class BenchTake {
 public:
  explicit BenchTake(SubordinateClock clock) : bench_(drifting_bench(clock)) {
    for (std::size_t i = 0; i < kUnits.size(); ++i) {
      units_.push_back(bench_.open(kUnits[i]));
      configs_.push_back(test::small_cameras(i == 0 ? WiredSyncMode::master : WiredSyncMode::subordinate));
      configs_.back().depth_mode = i == 1 ? DepthMode::nfov_2x2binned : DepthMode::off;
    }
    claimed_ = configs_;
  }

  /// What units are started with, and what their descriptions claim.
  CameraConfig& config(std::size_t unit) { return configs_[unit]; }
  CameraConfig& claimed(std::size_t unit) { return claimed_[unit]; }

  void start(std::size_t unit) {
    if (!monitor_) describe();
    const Status started = units_[unit]->start_cameras(configs_[unit]);
    ASSERT_TRUE(started) << started.error().message();
  }

  void start_in_order() {
    for (const std::size_t unit : {1U, 2U, 0U}) start(unit);
  }

  void pull_cable(std::size_t unit) {
    ASSERT_TRUE(bench_.bench().apply({.kind = BenchCommand::Kind::jack,
                                      .unit = kUnits[unit],
                                      .jack = Jack::in,
                                      .streams = {},
                                      .on = false}));
  }

  void pass(HostDuration time, bool watch_jacks = false) {
    for (HostDuration passed{}; passed < time; passed += milliseconds(50)) {
      bench_.step(milliseconds(50));
      passed_ += milliseconds(50);
      for (std::size_t i = 0; i < units_.size(); ++i) drain(i, watch_jacks);
      if (passed_ % milliseconds(500) != HostDuration::zero()) continue;
      for (sync::Finding& finding : monitor_->poll_findings()) told_.push_back({std::move(finding), passed_});
    }
  }

  /// What was told live of the unit, and how long after the start.
  struct Told {
    sync::Finding finding;
    HostDuration after{};
  };
  std::vector<Told> told(Code code, std::size_t unit) const {
    std::vector<Told> found;
    for (const Told& told : told_)
      if (told.finding.code == code && told.finding.unit == unit) found.push_back(told);
    return found;
  }

  /// What the whole take is judged to be; failures that were told while it went on must be among it.
  Report report() const {
    Report report = monitor_->report();
    for (const Told& told : told_)
      EXPECT_TRUE(told.finding.severity != sync::Severity::failure || has(report, told.finding))
          << "told, but not in the report: " << told.finding.text;
    return report;
  }

 private:
  static bool has(const Report& report, const sync::Finding& told) {
    return std::ranges::any_of(report.findings, [&](const sync::Finding& f) {
      return f.code == told.code && f.severity == told.severity && f.unit == told.unit &&
             f.stream == told.stream;
    });
  }

  void describe() {
    std::vector<sync::UnitDescription> descriptions;
    for (std::size_t i = 0; i < kUnits.size(); ++i)
      descriptions.push_back({.name = kUnits[i],
                              .serial = units_[i]->identity().serial,
                              .sync_mode = claimed_[i].sync_mode,
                              .rate = claimed_[i].rate,
                              .delay_off_master = claimed_[i].delay_off_master,
                              .depth_delay_off_color = claimed_[i].depth_delay_off_color,
                              .color = true,
                              .depth = claimed_[i].depth_on(),
                              .depth_mode = claimed_[i].depth_mode,
                              .simulated = true,
                              .host = {.name = "bench", .boot_id = "bench"}});
    monitor_.emplace(descriptions);
  }

  void drain(std::size_t unit, bool watch_jacks) {
    if (!units_[unit]->running_config()) return;
    for (auto capture = units_[unit]->next_capture(HostDuration::zero()); capture && *capture;
         capture = units_[unit]->next_capture(HostDuration::zero())) {
      observe(unit, sync::Stream::color, (*capture)->color);
      observe(unit, sync::Stream::depth, (*capture)->depth);
      if (!watch_jacks) continue;
      if (const auto jacks = units_[unit]->sync_jacks())
        monitor_->add(unit, JackObservation{.device = earliest_time(**capture), .jacks = *jacks});
    }
  }

  void observe(std::size_t unit, sync::Stream stream, const std::optional<Image>& image) {
    if (!image) return;
    monitor_->add({.unit = unit,
                   .stream = stream,
                   .device = image->device_time,
                   .host = image->host_time,
                   .exposure = image->exposure});
  }

  TemporaryBench bench_;
  std::vector<std::unique_ptr<device::Device>> units_;
  std::vector<CameraConfig> configs_, claimed_;
  std::optional<sync::Monitor> monitor_;
  std::vector<Told> told_;
  HostDuration passed_{};
};

bool has(const Report& report, Code code, std::size_t unit) {
  return std::ranges::any_of(report.findings,
                             [&](const sync::Finding& f) { return f.code == code && f.unit == unit; });
}

std::string listing(const Report& report) {
  std::string text;
  for (const sync::Finding& f : report.findings) text += f.text + "\n";
  return text;
}

class BothClocks : public ::testing::TestWithParam<SubordinateClock> {};

TEST_P(BothClocks, ATakeStartedInOrderIsInSync) {
  BenchTake take(GetParam());
  take.config(1).delay_off_master = take.claimed(1).delay_off_master = device_us(160);
  take.config(1).depth_delay_off_color = take.claimed(1).depth_delay_off_color = device_us(-300);
  take.start_in_order();
  take.pass(seconds(12));
  const Report report = take.report();
  EXPECT_EQ(report.verdict, Verdict::in_sync) << listing(report);
  EXPECT_EQ(report.same_take, sync::SameTake::yes);
  const bool free = GetParam() == SubordinateClock::free;
  EXPECT_NEAR(report.units[1].streams[0].offset->drift_ppm, free ? 18 : 0, 1);
  EXPECT_NEAR(report.units[1].streams[0].offset->measured.count(), 155.6, 15);
  EXPECT_EQ(report.units[1].before_common, 2U) << "subordinates begin two frames before the master";
}

TEST_P(BothClocks, ASubordinateStartedAfterTheMasterIsTold) {
  BenchTake take(GetParam());
  for (const std::size_t unit : {1U, 0U}) take.start(unit);
  take.pass(seconds(3));
  take.start(2);
  take.pass(seconds(10));
  const Report report = take.report();
  EXPECT_EQ(report.verdict, Verdict::not_in_sync);
  EXPECT_TRUE(has(report, Code::start_order, 2)) << listing(report);
  EXPECT_FALSE(has(report, Code::start_order, 1));
  EXPECT_EQ(take.told(Code::start_order, 2).size(), 1U) << "within 10 s";
}

TEST_P(BothClocks, APulledPlugIsTold) {
  BenchTake take(GetParam());
  take.start_in_order();
  take.pass(seconds(6), true);
  take.pull_cable(2);
  take.pass(seconds(6), true);
  const Report report = take.report();
  EXPECT_EQ(report.verdict, Verdict::not_in_sync);
  EXPECT_TRUE(has(report, Code::lost_lock, 2)) << listing(report);
  const auto told = take.told(Code::lost_lock, 2);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_LE(told[0].after, seconds(8)) << "within 2 s";
  EXPECT_TRUE(told[0].finding.pulse);
}

TEST_P(BothClocks, AWrongDelayIsTold) {
  BenchTake take(GetParam());
  take.config(2).delay_off_master = device_us(360);
  take.claimed(2).delay_off_master = device_us(160);
  take.start_in_order();
  take.pass(seconds(8));
  const Report report = take.report();
  EXPECT_EQ(report.verdict, Verdict::not_in_sync);
  EXPECT_TRUE(has(report, Code::constant_error, 2)) << listing(report);
  EXPECT_EQ(take.told(Code::constant_error, 2).size(), 1U) << "after 8 s";
}

INSTANTIATE_TEST_SUITE_P(Clocks, BothClocks,
                         ::testing::Values(SubordinateClock::free, SubordinateClock::disciplined),
                         [](const auto& clock) {
                           return clock.param == SubordinateClock::free ? "Free" : "Disciplined";
                         });

TEST(BenchTake, AFreeClockTellsAPulledCableWithoutItsJack) {
  BenchTake take(SubordinateClock::free);
  take.start_in_order();
  take.pass(seconds(8));
  take.pull_cable(1);
  take.pass(seconds(8));
  const Report report = take.report();
  // sub2 hangs behind sub1 in the chain, and loses the pulse with it.
  EXPECT_TRUE(has(report, Code::lost_lock, 1)) << listing(report);
  EXPECT_TRUE(has(report, Code::lost_lock, 2)) << listing(report);
  for (const std::size_t unit : {1U, 2U}) {
    const auto told = take.told(Code::lost_lock, unit);
    ASSERT_EQ(told.size(), 1U) << "unit " << unit;
    EXPECT_LE(told[0].after, seconds(16)) << "8 s after it";
  }
}

}  // namespace
}  // namespace genlock
