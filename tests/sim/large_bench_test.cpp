// A bench of as many units as there can be.

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <set>

#include "reading.h"

namespace genlock::device::sim {
namespace {

using std::chrono::seconds;
using test::small_cameras;
using test::TemporaryBench;
using enum WiredSyncMode;

/// One chain of `count` units, u0 to the last, without hosts.
BenchConfig line_of(std::size_t count) {
  BenchConfig config = test::stepped_bench();
  const UnitConfig like = config.units.front();
  config.units.clear();
  config.cables.clear();
  config.hosts.clear();
  for (std::size_t i = 0; i < count; ++i) {
    UnitConfig& unit = config.units.emplace_back(like);
    unit.name = fmt::format("u{}", i);
    unit.serial = simulated_serial(static_cast<int>(i) + 1);
    if (i > 0)
      config.cables.push_back({.from = {config.units[i - 1].name, Jack::out}, .to = {unit.name, Jack::in}});
  }
  return config;
}

TEST(SimulatedSerials, OfAHundredUnitsAreValidAndDifferent) {
  std::set<std::string> serials;
  for (int i = 1; i <= 100; ++i) serials.insert(simulated_serial(i));
  EXPECT_EQ(serials.size(), 100U);
  EXPECT_TRUE(validate(line_of(kMaxUnits)));
  const Status more = validate(line_of(kMaxUnits + 1));
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code(), Errc::invalid);
}

TEST(LargeBench, OpensAHundredUnitsOfWhichTheLastFollowsTheFirst) {
  TemporaryBench bench(line_of(kMaxUnits));
  std::vector<std::unique_ptr<Device>> units;
  for (unsigned i = 0; i < kMaxUnits; ++i) {
    auto unit = bench.provider().open(i);
    ASSERT_TRUE(unit) << unit.error().message();
    EXPECT_EQ((*unit)->sync_jacks()->out, i + 1 < kMaxUnits);
    units.push_back(*std::move(unit));
  }
  ASSERT_TRUE(units.back()->start_cameras(small_cameras(subordinate)));
  ASSERT_TRUE(units.front()->start_cameras(small_cameras(master)));
  const auto last = next(bench, *units.back());
  ASSERT_TRUE(last && last->color);
  const BenchStatus status = bench.bench().status();
  ASSERT_EQ(status.units.size(), kMaxUnits);
  EXPECT_TRUE(status.units.back().running);
  EXPECT_EQ(status.units.back().captures, 1U);
}

TEST(LargeBench, LetsAReaderThatWasAwayForMoreEventsThanAreKeptGoOn) {
  TemporaryBench bench(line_of(kMaxUnits));
  const auto first = bench.open("u0"), last = bench.open("u99"), busy = bench.open("u50");
  ASSERT_TRUE(last->start_cameras(small_cameras(subordinate)));
  ASSERT_TRUE(first->start_cameras(small_cameras(master)));
  ASSERT_TRUE(next(bench, *last));
  for (std::int32_t i = 0; i < 5000; ++i)
    ASSERT_TRUE(busy->set_color_control(ColorControl::gain, {ControlMode::manual, i % 256}));
  const auto before = next(bench, *last), after = next(bench, *last);
  ASSERT_TRUE(before && after);
  EXPECT_EQ(pulse_in(*after->color), pulse_in(*before->color) + 1);
  EXPECT_EQ(busy->color_control(ColorControl::gain)->value, 4999 % 256);
}

}  // namespace
}  // namespace genlock::device::sim
