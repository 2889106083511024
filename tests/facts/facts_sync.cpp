// Units on one pulse: facts device.md 2.2, 2.3, 2.5, 9; SYNC_NUMBERS rows 2, 3, 9, 12, 14, 15, 16.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "facts/facts.h"
#include "facts/rig.h"

namespace genlock::facts {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using enum WiredSyncMode;

std::string spread_text(const Range& range) {
  return fmt::format("usually {}, {} to {} µs", range.usual, range.least, range.most);
}

/// The delays of the pair that was measured in #1261.
struct MeasuredPair {
  MeasuredPair() {
    CameraConfig head = both_cameras(master), sub = both_cameras(subordinate);
    head.depth_delay_off_color = device_us(-12'276);
    sub.delay_off_master = device_us(22'896);
    sub.depth_delay_off_color = device_us(7'297);
    rig.start_chain(head, sub);
    rig.pass(seconds(10));
  }
  Rig rig;
};

std::vector<std::int64_t> depth_off_color(const std::vector<Shot>& shots) {
  std::vector<std::int64_t> off;
  for (const Shot& shot : shots)
    if (shot.color && shot.depth) off.push_back(*shot.depth - *shot.color);
  return off;
}

void expect_usual(const Range& range, std::int64_t least, std::int64_t most) {
  EXPECT_GE(range.usual, least);
  EXPECT_LE(range.usual, most);
  EXPECT_GE(range.least, least - 24);  // two ticks of jitter
  EXPECT_LE(range.most, most + 24);
}

Fact color_bias() {
  MeasuredPair pair;
  const auto sub = color_stamps(pair.rig.shots("sub1"));
  const Range range = range_of(offsets(color_stamps(pair.rig.shots("master")), sub, 22'889));
  expect_usual(range, 22'877, 22'889);
  return {"Subordinate's colour off the master's, 22896 µs requested",
          "device.md 2.2 [M #1261]; SYNC_NUMBERS 9", "22877 to 22889 µs", spread_text(range)};
}

Fact master_depth_bias() {
  MeasuredPair pair;
  const Range range = range_of(depth_off_color(pair.rig.shots("master")));
  expect_usual(range, -12'234, -12'222);
  return {"Master's depth off its colour, -12276 µs requested", "device.md 2.2, 9 [M #1261]; SYNC_NUMBERS 9",
          "-12234 to -12222 µs: 3 to 4 ticks of bias", spread_text(range)};
}

Fact sub_depth_bias() {
  MeasuredPair pair;
  const Range range = range_of(depth_off_color(pair.rig.shots("sub1")));
  expect_usual(range, 7'288, 7'300);
  return {"Subordinate's depth off its colour, 7297 µs requested", "device.md 2.2 [M #1261]; SYNC_NUMBERS 9",
          "7289 and 7300 µs", spread_text(range)};
}

Fact alignment() {
  std::string seen;
  for (const auto& [rate, tolerance] : {std::pair(FrameRate::fps30, 110), std::pair(FrameRate::fps15, 220),
                                        std::pair(FrameRate::fps5, 660)}) {
    Rig rig;
    rig.start_chain(both_cameras(master, rate), both_cameras(subordinate, rate));
    rig.pass(seconds(15));
    const auto of_master = color_stamps(rig.shots("master"));
    std::int64_t most = 0;
    for (const char* sub : {"sub1", "sub2"})
      for (const std::int64_t off : offsets(of_master, color_stamps(rig.shots(sub))))
        most = std::max(most, std::abs(off));
    EXPECT_LE(most, std::min(tolerance, 100));
    seen += fmt::format("{}{}", seen.empty() ? "" : ", ", most);
  }
  return {"Furthest colour of a subordinate off its master's at 30, 15, 5 fps",
          "device.md 2.3 [D, S]; SYNC_NUMBERS 12, 14", "within 100 µs; accepted 110, 220, 660 µs",
          seen + " µs"};
}

Fact old_firmware_is_late() {
  std::string seen;
  for (const Version firmware : {Version{1, 6, 102}, Version{1, 6, 103}}) {
    auto config = stepped_preset();
    for (auto& unit : config.units) unit.version.color = firmware;
    Rig rig(config);
    rig.start_chain(both_cameras(master), both_cameras(subordinate));
    rig.pass(seconds(10));
    const Range range = range_of(offsets(color_stamps(rig.shots("master")), color_stamps(rig.shots("sub1"))));
    if (firmware < Version{1, 6, 103}) {
      EXPECT_NEAR(range.usual, 100, 24);
    } else {
      EXPECT_LE(std::max(std::abs(range.least), range.most), 33);
    }
    seen += fmt::format("{}{}", seen.empty() ? "" : "; ", spread_text(range));
  }
  return {"Subordinate off its master, colour firmware 1.6.102 and 1.6.103",
          "device.md 2.3 [W #529]; SYNC_NUMBERS 15", "about 100 µs; within 33 µs", seen};
}

Fact hop_delay() {
  auto config = stepped_preset();
  for (auto& unit : config.units) unit.jitter_ticks = 0;
  Rig rig(config);
  rig.start_chain(both_cameras(master), both_cameras(subordinate));
  rig.pass(seconds(3));
  const HostDuration hop = rig.shots("sub2").at(20).color_host - rig.shots("sub1").at(20).color_host;
  EXPECT_EQ(hop, std::chrono::nanoseconds(500));
  return {"Delay of the pulse through one unit, seen in host stamps without spread",
          "device.md 2.3, 9 [M #1228]; SYNC_NUMBERS 16", "about 0.5 µs", fmt::format("{} ns", hop.count())};
}

/// Two hours of one unit of the preset `realistic` on a generator, depth alone.
std::vector<std::int64_t> two_hours_on_generator() {
  Rig rig(triggered_preset("realistic", -50));
  rig.start("sub1", depth_alone(subordinate));
  rig.pass(seconds(2));
  rig.set({"trigger", "on"});
  rig.pass(seconds(7200), milliseconds(50));
  std::vector<std::int64_t> ticks;
  for (const std::int64_t us : depth_stamps(rig.shots("sub1"))) ticks.push_back(ticks_of(us));
  return ticks;
}

Fact clumps_of_intervals() {
  const auto ticks = two_hours_on_generator();
  auto found = differences(ticks);
  found.erase(found.begin(), found.begin() + 60);  // the start has its own figures, and its losses
  std::array<Range, 3> clumps{Range{99, -99}, Range{99, -99}, Range{99, -99}};
  for (const std::int64_t interval : found) {
    const std::int64_t off = interval - 3000;
    Range& clump = clumps.at(off < -5 ? 0 : off > 5 ? 2 : 1);
    clump = {std::min(clump.least, off), std::max(clump.most, off)};
  }
  const std::int64_t real[3][2] = {{-11, -8}, {-1, 1}, {8, 11}};
  std::string seen;
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_GE(clumps[i].least, real[i][0]);
    EXPECT_LE(clumps[i].most, real[i][1]);
    seen += fmt::format("{}{} to {}", i == 0 ? "" : ", ", clumps[i].least, clumps[i].most);
  }
  return {"Intervals of depth alone on a generator, ticks off the period (preset realistic, two hours)",
          "SYNC_NUMBERS 2 [M]", "-11 to -8, -1 to 1, 8 to 11", seen};
}

Fact mean_on_generator() {
  const auto ticks = two_hours_on_generator();
  const double periods = std::round(static_cast<double>(ticks.back() - ticks[60]) / 3000);
  const double ppm = (static_cast<double>(ticks.back() - ticks[60]) / periods / 3000 - 1) * 1e6;
  EXPECT_LE(std::abs(ppm), 25);
  const auto gaps = std::ranges::count_if(differences({ticks.begin() + 60, ticks.end()}),
                                          [](std::int64_t interval) { return interval > 4000; });
  EXPECT_EQ(gaps, 0);
  return {
      "Mean period on a generator that runs like the unit, ppm off, and frames lost (preset realistic, two "
      "hours)",
      "SYNC_NUMBERS 2, 3 [M]", "-0.99; 0 of 215823",
      fmt::format("{:.2f}; {} of {}", ppm, gaps, ticks.size())};
}

Fact wrong_rate_is_followed() {
  std::string seen;
  for (const double ppm : {-50'000.0, 50'000.0}) {
    Rig rig(triggered_preset("default", ppm));
    rig.start("sub1", both_cameras(subordinate));
    rig.pass(seconds(1));
    rig.set({"trigger", "on"});
    rig.pass(seconds(20));
    const auto stamps = color_stamps(rig.shots("sub1"));
    const double mean =
        static_cast<double>(stamps.back() - stamps.front()) / static_cast<double>(stamps.size() - 1);
    EXPECT_NEAR(mean, 1e6 / 30 / (1 + ppm * 1e-6), 2);
    seen += fmt::format("{}{:.0f}", seen.empty() ? "" : " and ", mean);
  }
  return {"Mean colour interval on a generator 5 % slow and 5 % fast", "device.md 2.5 [D; U]",
          "unsupported, no figure", seen + " µs: followed pulse for pulse"};
}

Fact pulses_after_stop() {
  auto config = stepped_preset();
  config.units[1].clock_ppm = 10'000;  // what runs free is seen at once
  config.units[1].jitter_ticks = 0;
  Rig rig(config);
  rig.start("sub1", both_cameras(subordinate));
  rig.start("master", both_cameras(master));
  rig.pass(seconds(5));
  rig.stop("master");
  const HostDuration stopped = rig.now();
  rig.pass(seconds(3));
  HostDuration last{};
  const auto& shots = rig.shots("sub1");
  for (std::size_t i = 1; i < shots.size(); ++i)
    if (shots[i].color_host - shots[i - 1].color_host > microseconds(33'200)) last = shots[i].color_host;
  // To the host come the exposure's 16.67 ms and 90 ms of latency after its pulse.
  const auto ms = (last - microseconds(106'670) - stopped) / milliseconds(1);
  EXPECT_GE(ms, 500);
  EXPECT_LE(ms, 600);
  return {"Last pulse that a subordinate follows after its master's stop", "device.md 2.5, 9 [M #943]",
          "0.5 to 0.6 s", fmt::format("{} ms", ms)};
}

}  // namespace

FactList sync_facts() {
  return {{"ColourBias", color_bias},
          {"MasterDepthBias", master_depth_bias},
          {"SubordinateDepthBias", sub_depth_bias},
          {"Alignment", alignment},
          {"OldFirmwareIsLate", old_firmware_is_late},
          {"HopDelay", hop_delay},
          {"ClumpsOfIntervals", clumps_of_intervals},
          {"MeanOnGenerator", mean_on_generator},
          {"WrongRateIsFollowed", wrong_rate_is_followed},
          {"PulsesAfterStop", pulses_after_stop}};
}

}  // namespace genlock::facts
