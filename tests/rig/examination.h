#pragma once

#include <gmock/gmock.h>

#include "fake_host.h"
#include "rig/doctor.h"
#include "scripted_units.h"
#include "support/temporary_bench.h"

// What tests of the doctor share: its lines as matchers, rigs, and a host that has everything.

namespace genlock::rig {

/// A line about a constraint.
inline auto Line(const std::string& id, Outcome outcome, const std::string& text) {
  return testing::AllOf(testing::Field(&Check::id, id), testing::Field(&Check::outcome, outcome),
                        testing::Field(&Check::text, testing::HasSubstr(text)));
}

inline auto Line(const std::string& id, Outcome outcome, const std::string& unit, const std::string& text) {
  return testing::AllOf(Line(id, outcome, text), testing::Field(&Check::units, testing::Contains(unit)));
}

/// The rig of the bench as it is cabled; `head` comes before its units.
inline Rig rig_of(const device::sim::BenchConfig& bench, const std::string& head = "",
                  const std::string& own = "") {
  std::string text = head;
  for (const auto& unit : bench.units)
    text += "\n[[unit]]\nname = \"" + unit.name + "\"\nserial = \"" + unit.serial + "\"\n" + own;
  auto rig = parse_rig(text, "my.toml");
  if (!rig) ADD_FAILURE() << rig.error().message();
  return rig ? *rig : Rig{};
}

/// Whether all is well but for what the machine that tests run on may have: /tmp in memory, a full disk.
inline void expect_all_ok(const std::vector<Check>& checks) {
  for (const Check& check : checks) {
    const bool of_machine = check.id == "take_folder" || check.id == "disk_space";
    EXPECT_TRUE(of_machine || check.outcome == Outcome::ok) << check.id << ": " << check.text;
  }
}

class Examination : public testing::Test {
 protected:
  /// Examines the bench; the rig is that of its units where none is given.
  std::vector<Check> examine(const device::sim::BenchConfig& config, const std::string& head = "") {
    test::TemporaryBench bench(config);
    return rig::examine(rig_of(config, head), bench.provider(), host_.host);
  }

  std::vector<Check> examine(const Rig& rig, std::vector<test::ScriptedUnits::Unit> units) {
    test::ScriptedUnits provider(std::move(units));
    return rig::examine(rig, provider, host_.host);
  }

  test::FakeHost host_;
};

/// A real pair as the maker's library shows it, and its rig.
inline const std::map<device::ColorControl, device::ControlValue> kControls = {
    {device::ColorControl::exposure_us, {device::ControlMode::manual, 8330}},
    {device::ColorControl::powerline_frequency, {device::ControlMode::manual, 2}}};
inline const test::ScriptedUnits::Unit kMaster{
    .serial = "000111000112", .jacks = {.in = false, .out = true}, .controls = kControls};
inline const test::ScriptedUnits::Unit kSub{
    .serial = "000222000212", .jacks = {.in = true, .out = false}, .controls = kControls};

inline Rig pair(const std::string& head = "", const std::string& own = "") {
  return *parse_rig(head + "[[unit]]\nname = \"front\"\nserial = \"000111000112\"\n" + own +
                        "[[unit]]\nname = \"left\"\nserial = \"000222000212\"\n" + own,
                    "my.toml");
}

}  // namespace genlock::rig
