// First stamps and first frames: facts device.md 2.1, 2.2, 9; SYNC_NUMBERS rows 2, 6, 7, 19.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "facts/facts.h"
#include "facts/rig.h"

namespace genlock::facts {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using enum WiredSyncMode;

constexpr std::int64_t kJitter = 12;  ///< µs: one tick either way

void expect_stamps(const std::vector<std::int64_t>& seen, const std::vector<std::int64_t>& real,
                   std::int64_t tolerance) {
  ASSERT_GE(seen.size(), real.size());
  for (std::size_t i = 0; i < real.size(); ++i) EXPECT_NEAR(seen[i], real[i], tolerance);
}

Fact first_depth_alone() {
  Rig rig;
  rig.start("master", depth_alone(standalone));
  rig.pass(seconds(1));
  const auto stamps = depth_stamps(rig.shots("master"));
  expect_stamps(stamps, {16'088, 49'422, 82'755}, 2 * kJitter);
  return {"First stamps of depth alone, standalone", "device.md 2.2 [M #1035]", "16088, 49422, 82755 µs",
          first_of(stamps, 3) + " µs"};
}

Fact first_color_standalone() {
  Rig rig;
  rig.start("master", both_cameras(standalone));
  rig.pass(seconds(2));
  const auto stamps = color_stamps(rig.shots("master"));
  expect_stamps(stamps, {151'044, 184'377, 217'711, 251'044, 284'388}, kJitter);
  return {"First colour stamps, standalone", "device.md 2.2 [M #1134]",
          "151044, 184377, 217711, 251044, 284388 µs", first_of(stamps, 5) + " µs"};
}

Fact first_of_firmware(const Version& firmware, std::int64_t real) {
  auto config = stepped_preset();
  for (auto& unit : config.units) unit.version.color = firmware;
  Rig rig(config);
  rig.start_chain(both_cameras(master), both_cameras(subordinate));
  rig.pass(seconds(2));
  const auto stamps = color_stamps(rig.shots("sub1"));
  expect_stamps(stamps, {real}, kJitter);
  return {fmt::format("First colour stamp of a subordinate, colour firmware {}", to_string(firmware)),
          "device.md 2.1 [M #1240]", fmt::format("{} µs", real), first_of(stamps, 1) + " µs"};
}
Fact first_102() {
  return first_of_firmware({1, 6, 102}, 65'333);
}
Fact first_104() {
  return first_of_firmware({1, 6, 104}, 65'255);
}
Fact first_107() {
  return first_of_firmware({1, 6, 107}, 247'922);
}
Fact first_108() {
  return first_of_firmware({1, 6, 108}, 246'233);
}
Fact first_110() {
  return first_of_firmware({1, 6, 110}, 219'566);
}

Fact master_two_frames_later() {
  auto config = stepped_preset();
  for (auto& unit : config.units) unit.version.color = {1, 6, 104};
  Rig rig(config);
  rig.start_chain(both_cameras(master), both_cameras(subordinate));
  rig.pass(seconds(2));
  const std::int64_t of_master = color_stamps(rig.shots("master")).front();
  const std::int64_t of_sub = color_stamps(rig.shots("sub1")).front();
  EXPECT_NEAR(of_sub, 65'266, kJitter);
  EXPECT_NEAR(of_master, 131'500, 500);  // real exposures were automatic, and so unequal
  EXPECT_NEAR(of_master - of_sub, 2 * 33'333, 2 * kJitter);
  return {"First colour stamps of master and subordinate, colour firmware 1.6.104",
          "device.md 2.2 [M #1271], 2.8 [D]", "131500 and 65266 µs: two frames, 432 µs of unequal exposure",
          fmt::format("{} and {} µs: two frames, equal exposures", of_master, of_sub)};
}

Fact depth_alone_on_generator() {
  auto config = triggered_preset("default", 8.4);
  for (auto& unit : config.units) unit.trigger_grid_ticks = 9.5;
  Rig rig(config);
  rig.start("sub1", depth_alone(subordinate));
  rig.pass(seconds(2));
  rig.set({"trigger", "on"});
  rig.pass(seconds(2));
  const auto stamps = depth_stamps(rig.shots("sub1"));
  expect_stamps(stamps, {240'533, 266'766, 299'988, 333'333, 366'666}, 123);
  return {"First stamps of depth alone on a generator: the count starts near 200 ms, one short interval",
          "SYNC_NUMBERS 2, 6 [M]", "240533, 266766, 299988, 333333, 366666 µs (each ± a line of 105 µs)",
          first_of(stamps, 5) + " µs"};
}

Fact first_capture_after_start() {
  Rig rig;
  rig.start("master", both_cameras(standalone));
  const HostDuration started = rig.now();
  while (rig.shots("master").empty() && rig.now() < seconds(5)) rig.pass(milliseconds(1), milliseconds(1));
  const auto ms = (rig.now() - started) / milliseconds(1);
  EXPECT_GE(ms, 800);
  EXPECT_LE(ms, 850);
  return {"Host time from start to the first capture", "device.md 2.2 [M pyk4a #148, #1777]",
          "0.80 to 0.85 s", fmt::format("{} ms", ms)};
}

Fact reset_at_every_start() {
  Rig rig;
  std::vector<std::int64_t> firsts;
  for (int i = 0; i < 3; ++i) {
    rig.start("master", both_cameras(standalone));
    rig.pass(seconds(10), milliseconds(50));
    firsts.push_back(color_stamps(rig.shots("master")).front());
    rig.stop("master");
  }
  expect_stamps(firsts, {151'044, 151'044, 151'044}, kJitter);
  return {"Starting the colour camera resets the count; first stamps of three starts", "device.md 2.1 [S]",
          "near the same each time", first_of(firsts, 3) + " µs"};
}

Fact old_count_is_never_seen() {
  auto config = stepped_preset();
  config.units[0].early_depth_frames = 5;
  Rig rig(config);
  rig.start("master", both_cameras(standalone));
  rig.pass(seconds(3));
  const auto stamps = depth_stamps(rig.shots("master"));
  EXPECT_TRUE(std::ranges::is_sorted(stamps));
  EXPECT_NEAR(stamps.front(), 151'044, 2 * kJitter);
  const auto old = std::ranges::count_if(stamps, [](std::int64_t us) { return us > 4'000'000; });
  EXPECT_EQ(old, 0);
  return {"Depth frames with the old count (11 periods or more) before the reset", "device.md 2.1, 9 [S]",
          "sent by the unit, none reaches the caller",
          fmt::format("5 sent, {} seen; the first is stamped {} µs", old, stamps.front())};
}

Fact lost_in_the_first_second() {
  std::int64_t most = 0, later = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    auto config = stepped_preset("realistic");
    config.seed = seed;
    for (auto& unit : config.units) unit.auto_exposure = device::sim::AutoExposure::steady;
    Rig rig(config);
    rig.start("master", both_cameras(standalone));
    rig.pass(seconds(6));
    std::int64_t lost = 0;
    const auto stamps = depth_stamps(rig.shots("master"));
    const std::int64_t first = 151'044;
    for (std::int64_t due = first; due < first + 4'000'000; due += 33'333) {
      const bool seen =
          std::ranges::any_of(stamps, [&](std::int64_t s) { return std::abs(s - due) < 5'000; });
      (due < first + 1'000'000 ? lost : later) += seen ? 0 : 1;
    }
    most = std::max(most, lost);
  }
  EXPECT_GE(most, 1);
  EXPECT_LE(most, 2);
  EXPECT_EQ(later, 0);
  return {"Frames lost in the first second, and after it (preset realistic, six seeds)",
          "device.md 2.8 [W #1127]", "one or two, then none",
          fmt::format("at most {} of depth, then {}", most, later)};
}

}  // namespace

FactList start_facts() {
  return {{"FirstDepthAlone", first_depth_alone},
          {"FirstColourStandalone", first_color_standalone},
          {"FirstColourOf102", first_102},
          {"FirstColourOf104", first_104},
          {"FirstColourOf107", first_107},
          {"FirstColourOf108", first_108},
          {"FirstColourOf110", first_110},
          {"MasterTwoFramesLater", master_two_frames_later},
          {"DepthAloneOnGenerator", depth_alone_on_generator},
          {"FirstCaptureAfterStart", first_capture_after_start},
          {"ResetAtEveryStart", reset_at_every_start},
          {"OldCountIsNeverSeen", old_count_is_never_seen},
          {"LostInTheFirstSecond", lost_in_the_first_second}};
}

}  // namespace genlock::facts
