#include "rig/rig_init.h"

#include <gmock/gmock.h>

#include <regex>

#include "fake_host.h"
#include "rig/doctor.h"
#include "scripted_units.h"
#include "support/temporary_bench.h"

namespace genlock::rig {
namespace {

using device::sim::BenchConfig;
using device::sim::Jack;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Unit = test::ScriptedUnits::Unit;

class RigInit : public testing::Test {
 protected:
  RigDraft draft(device::Provider& provider) {
    auto draft = draft_rig(provider, host_.host);
    EXPECT_TRUE(draft) << draft.error().message();
    return draft ? *draft : RigDraft{};
  }
  RigDraft draft(const BenchConfig& config) {
    test::TemporaryBench bench(config);
    return draft(bench.provider());
  }
  RigDraft draft(std::vector<Unit> units) {
    test::ScriptedUnits provider(std::move(units));
    return draft(provider);
  }

  static Rig rig(const RigDraft& draft) {
    auto rig = parse_rig(draft.text, "new.toml");
    EXPECT_TRUE(rig) << rig.error().message() << '\n' << draft.text;
    return rig ? *rig : Rig{};
  }
  static std::vector<std::string> names(const RigDraft& draft) {
    std::vector<std::string> names;
    for (const RigUnit& unit : rig(draft).units) names.push_back(unit.name);
    return names;
  }

  test::FakeHost host_;
};

Unit unit(const std::string& serial, std::optional<bool> in, std::optional<bool> out) {
  return {.serial = serial, .jacks = {.in = in, .out = out}};
}

TEST_F(RigInit, MakesAChainThatDoctorFindsNothingWrongWith) {
  test::TemporaryBench bench;
  const RigDraft made = draft(bench.provider());
  EXPECT_TRUE(made.holds);
  EXPECT_THAT(names(made), ElementsAre("master", "sub1", "sub2"));
  EXPECT_EQ(rig(made).wiring, Wiring::chain);
  EXPECT_THAT(made.text, HasSubstr("by the plugs, with the order of the units"));
  const auto checks = examine(rig(made), bench.provider(), host_.host);
  EXPECT_FALSE(has_errors(checks));
  for (const Check& check : checks)
    EXPECT_TRUE(check.outcome == Outcome::ok || check.units.empty()) << check.id << ": " << check.text;
}

TEST_F(RigInit, PutsTheMasterFirstAndTheEndLastAndSaysThatTheRestIsNotKnown) {
  const RigDraft made =
      draft({unit("1", true, false), unit("2", true, true), unit("3", true, true), unit("4", false, true)});
  EXPECT_THAT(names(made), ElementsAre("unit1", "unit2", "unit3", "unit4"));
  EXPECT_EQ(rig(made).units[0].serial, "4");
  EXPECT_EQ(rig(made).units[3].serial, "1");
  EXPECT_THAT(made.text, HasSubstr("they do not tell the order"));
}

TEST_F(RigInit, TakesSeveralEndsForAStar) {
  BenchConfig config = test::stepped_bench();
  config.cables[1].from.unit = "master";
  EXPECT_EQ(rig(draft(config)).wiring, Wiring::star);
}

TEST_F(RigInit, TakesUnitsThatAllHaveAnInputForTriggered) {
  BenchConfig config = test::stepped_bench();
  config.trigger.emplace();
  config.cables.insert(config.cables.begin(), {.from = {}, .to = {"master", Jack::in}});
  const Rig made = rig(draft(config));
  EXPECT_EQ(made.wiring, Wiring::trigger);
  EXPECT_EQ(made.units[0].camera.sync_mode, WiredSyncMode::subordinate);
}

TEST_F(RigInit, LeavesOutWhatIsNotCabledAndSaysSo) {
  BenchConfig config = test::stepped_bench();
  config.cables.pop_back();
  const RigDraft made = draft(config);
  EXPECT_THAT(names(made), ElementsAre("master", "sub1"));
  EXPECT_EQ(made.left, 1U);
  EXPECT_THAT(made.text, HasSubstr("# Left out: 900003200103 (nothing is in its jacks)"));
}

TEST_F(RigInit, LeavesOutASecondMasterAndUnitsThatCannotBeOpened) {
  Unit busy = unit("3", true, false);
  busy.problem = Error(Errc::busy, "another program has it\nopen");
  const RigDraft made = draft({unit("1", false, true), unit("2", true, false), unit("4", false, true), busy});
  EXPECT_EQ(rig(made).units.size(), 2U);
  EXPECT_THAT(made.text, HasSubstr("# Left out: 4 (its plugs are those of another rig's master)"));
  EXPECT_THAT(made.text, HasSubstr("# Left out: no serial number told (another program has it open)"));
}

TEST_F(RigInit, TakesASingleUnitWithoutCables) {
  const RigDraft made = draft({unit("1", false, false)});
  EXPECT_THAT(names(made), ElementsAre("unit1"));
  EXPECT_TRUE(made.holds);
}

TEST_F(RigInit, SaysWhereJacksAreNotTold) {
  const RigDraft made = draft({unit("1", {}, {}), unit("2", {}, {})});
  EXPECT_EQ(rig(made).units.size(), 2U);
  EXPECT_THAT(made.text, HasSubstr("Not all units tell what is in their jacks"));
  EXPECT_THAT(made.text, HasSubstr("# it does not tell its plugs"));
}

TEST_F(RigInit, WritesWhatTheUnitsAreSetToForTheLamps) {
  Unit european = unit("1", false, true);
  european.controls = {{device::ColorControl::powerline_frequency, {device::ControlMode::manual, 1}}};
  const Rig made = rig(draft({european}));
  EXPECT_EQ(made.controls.power_line_hz, 50);
  EXPECT_EQ(made.controls.exposure(), device_us(10'000));
}

TEST_F(RigInit, TakesALowerRateWhereOneControllerCannotCarryMore) {
  std::vector<Unit> units;
  for (const std::string serial : {"1", "2", "3"}) {
    host_.plug({.serial = serial, .port = "2-" + serial});
    units.push_back(unit(serial, serial != "1", serial != "3"));
  }
  const RigDraft made = draft(units);
  EXPECT_TRUE(made.holds);
  EXPECT_EQ(rig(made).rate(), FrameRate::fps15);
  EXPECT_EQ(rig(made).units[2].controller, "0000:00:14.0");
  EXPECT_THAT(made.text, HasSubstr("this many units are too much"));
}

TEST_F(RigInit, WritesAnySerialNumberSoThatItIsReadBack) {
  const std::string odd = "a\"b\\c\td";
  EXPECT_EQ(rig(draft({unit(odd, false, true)})).units[0].serial, odd);
}

TEST_F(RigInit, IsNoneWithoutUnits) {
  test::ScriptedUnits none({});
  const auto made = draft_rig(none, host_.host);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message(), HasSubstr("scripted units: no unit"));
}

// Every commented line that shows a setting is one that the rig file takes.
TEST_F(RigInit, ShowsOnlySettingsThatExist) {
  std::string text = draft(test::stepped_bench()).text;
  for (const std::string key : {"name = ", "length_s = ", "color_format = ", "imu = ", "gain = ", "[lasers]",
                                "delays = ", "guard_us = ", "[take]", "folder = ", "on_fault = "}) {
    const auto at = text.find("\n# " + key);
    ASSERT_NE(at, std::string::npos) << key;
    text.erase(at + 1, 2);
  }
  const auto rig = parse_rig(text, "new.toml");
  EXPECT_TRUE(rig) << rig.error().message();
}

// Catches an example in the comments that the rig file would refuse.
TEST_F(RigInit, KeysInItsCommentsAreTakenAsTheyStand) {
  test::TemporaryBench bench;
  const std::regex commented(R"((^|\n)# ((\[?\w+\]?)( = [^#\n]+)?) *(?=#|\n))");
  const std::string text = std::regex_replace(draft(bench.provider()).text, commented, "$1$2 ");
  const auto rig = parse_rig(text, "new.toml");
  ASSERT_TRUE(rig) << rig.error().message() << '\n' << text;
  EXPECT_EQ(rig->name, "studio");
  EXPECT_EQ(rig->length, std::chrono::minutes(10));
  EXPECT_EQ(rig->units.front().host, "pc2");
  EXPECT_EQ(rig->units.front().camera.depth_mode, DepthMode::wfov_2x2binned);
  EXPECT_THAT(rig->units.front().areas, ElementsAre("hall"));
}

}  // namespace
}  // namespace genlock::rig
