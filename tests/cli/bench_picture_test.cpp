#include "cli/bench_picture.h"

#include <gmock/gmock.h>

#include "device/sim/bench_config.h"

namespace genlock::cli {
namespace {

using device::sim::BenchConfig;
using device::sim::BenchStatus;
using device::sim::Jack;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

/// Units a, b, c, ... with these cables, all plugged, nobody reading.
struct Drawn {
  explicit Drawn(std::size_t units, std::vector<std::pair<std::string, std::string>> cables = {}) {
    for (std::size_t i = 0; i < units; ++i) {
      const std::string name = i < 26 ? std::string(1, static_cast<char>('a' + i)) : "u" + std::to_string(i);
      config.units.push_back({.name = name});
      status.units.push_back({.name = name, .jacks = {.in = true, .out = true}});
    }
    for (const auto& [from, to] : cables)
      config.cables.push_back({.from = {from, Jack::out}, .to = {to, Jack::in}});
  }
  std::vector<std::string> cables(std::size_t columns = 80) const {
    return cable_lines(config, status, columns);
  }

  BenchConfig config;
  BenchStatus status;
};

TEST(CableLines, ShowAChainAndAStar) {
  EXPECT_THAT(Drawn(3, {{"a", "b"}, {"b", "c"}}).cables(), ElementsAre("a --> b --> c"));
  EXPECT_THAT(Drawn(3, {{"a", "b"}, {"a", "c"}}).cables(), ElementsAre("a --> b", "  --> c"));
}

TEST(CableLines, ShowWherePulsesComeAndWhereAPlugIsPulled) {
  Drawn drawn(4, {{"a", "b"}, {"b", "c"}, {"c", "d"}});
  drawn.status.units[1].has_pulses = true;
  drawn.status.units[2].jacks.in = false;
  EXPECT_THAT(drawn.cables(), ElementsAre("a >== b -x- c --> d"));
  drawn.status.units[1].pulses = 1;
  EXPECT_THAT(drawn.cables(), ElementsAre("a =>= b -x- c --> d"));
}

TEST(CableLines, EndInALoopAndTellCablesThatCarryNothing) {
  EXPECT_THAT(Drawn(2, {{"a", "b"}, {"b", "a"}}).cables(), ElementsAre("a --> b --> a (again)"));
  Drawn drawn(2);
  drawn.config.cables.push_back({.from = {"a", Jack::in}, .to = {"b", Jack::in}});
  EXPECT_THAT(drawn.cables(), ElementsAre("a in --- b in: carries nothing"));
}

TEST(CableLines, OfATriggerBeginWithIt) {
  Drawn drawn(2, {{"", "a"}, {"a", "b"}});
  drawn.config.trigger.emplace();
  EXPECT_THAT(drawn.cables(), ElementsAre("trigger --> a --> b"));
}

TEST(Picture, TellsRolesFaultsAndWhomTheClockWaitsFor) {
  Drawn drawn(2, {{"a", "b"}});
  drawn.config.patient = true;
  drawn.status.waits_for = 1;
  auto& unit = drawn.status.units[1];
  unit.open_by = 4711;
  unit.running = CameraConfig{.sync_mode = WiredSyncMode::subordinate};
  unit.locked = true;
  unit.captures = 12;
  unit.captures_dropped = 3;
  unit.stalled.depth = true;
  const auto lines = bench_picture(drawn.config, drawn.status, {});
  EXPECT_THAT(lines.front(), HasSubstr("waits for b"));
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("sub 30 fps"), HasSubstr("4711"), HasSubstr("12"),
                                    HasSubstr("3"), HasSubstr("locked"), HasSubstr("stalled: depth"))));
  unit.locked = false;
  EXPECT_THAT(unit_line(unit), HasSubstr("sync free"));
}

TEST(Picture, OfAHundredUnitsFitsTheTerminalAndSaysWhatItCuts) {
  std::vector<std::pair<std::string, std::string>> cables;
  Drawn names(100);
  for (std::size_t i = 1; i < 100; ++i)
    cables.emplace_back(names.config.units[i - 1].name, names.config.units[i].name);
  const Drawn drawn(100, cables);
  for (const PictureSize size : {PictureSize{80, 24}, PictureSize{40, 10}, PictureSize{200, 60}}) {
    const auto lines = bench_picture(drawn.config, drawn.status, size);
    EXPECT_LE(lines.size(), size.rows);
    for (const std::string& line : lines) EXPECT_LE(line.size(), size.columns);
    EXPECT_THAT(lines, Contains(HasSubstr("more units")));
  }
}

}  // namespace
}  // namespace genlock::cli
