#include "rig/plan.h"

#include <gmock/gmock.h>

namespace genlock::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A rig file with units a, b, c, ...; `head` comes before them, `own` within each.
Plan plan_of(std::size_t units, const std::string& head = "", const std::string& own = "") {
  std::string text = head;
  for (std::size_t i = 0; i < units; ++i)
    text += "\n[[unit]]\nname = \"" + std::string(1, static_cast<char>('a' + i)) + "\"\nserial = \"" +
            std::to_string(i) + "\"\n" + own;
  auto rig = parse_rig(text, "my.toml");
  EXPECT_TRUE(rig) << rig.error().message();
  auto plan = make_plan(*std::move(rig));
  EXPECT_TRUE(plan) << plan.error().message();
  return *std::move(plan);
}

std::vector<std::string> texts(const Plan& plan, Severity severity) {
  std::vector<std::string> found;
  for (const PlanFinding& finding : plan.findings)
    if (finding.severity == severity) found.push_back(finding.text);
  return found;
}

TEST(Plan, StartsTheMasterLast) {
  EXPECT_THAT(plan_of(3).start_order, ElementsAre(1, 2, 0));
  EXPECT_THAT(plan_of(3, "wiring = \"trigger\"\n").start_order, ElementsAre(0, 1, 2));
}

// Facts device.md 2.6: 8330 us of colour lie within the 12.8 ms of depth, 33 330 us around them.
TEST(Plan, ShowsWhenEachCameraExposes) {
  const UnitTimeline usual = plan_of(1).timelines[0];
  EXPECT_NEAR(usual.color_from, 2235, 0.1);
  EXPECT_NEAR(usual.color_to, 2235 + 8330, 0.1);
  EXPECT_NEAR(usual.depth_from, 0, 0.1);
  EXPECT_NEAR(usual.depth_to, 12'800, 0.1);
  ASSERT_EQ(usual.laser_pulses.size(), 9U);
  EXPECT_NEAR(usual.laser_pulses[0], 37.5, 0.1);
  EXPECT_NEAR(usual.laser_pulses[8], 37.5 + 12'600, 0.1);
  const UnitTimeline passive =
      plan_of(1, "[camera]\ndepth_mode = \"PASSIVE_IR\"\n[controls]\nexposure_us = 33330\n").timelines[0];
  EXPECT_NEAR(passive.color_from, 0, 0.1);
  EXPECT_NEAR(passive.depth_from, 15'865, 0.1);
  EXPECT_THAT(passive.laser_pulses, IsEmpty());
  const UnitTimeline dark =
      plan_of(1, "wiring = \"trigger\"\n[camera]\ncolor_resolution = \"OFF\"\n").timelines[0];
  EXPECT_EQ(dark.color_from, dark.color_to);
}

TEST(Plan, FindsFixedDelaysWithWhichLasersMeet) {
  const Plan plan = plan_of(3, "[lasers]\ndelays = \"fixed\"\n");
  EXPECT_FALSE(plan.feasible());
  const auto errors = texts(plan, Severity::error);
  ASSERT_EQ(errors.size(), 3U);
  EXPECT_THAT(errors[0], HasSubstr("the lasers of a and "));
  EXPECT_THAT(errors[0], HasSubstr("depth_delay_us"));
  const Plan apart = plan_of(3, "[lasers]\ndelays = \"fixed\"\n", "areas = [\"hall\"]\n");
  EXPECT_EQ(texts(apart, Severity::error).size(), 3U);
}

TEST(Plan, WarnsOfLasersThatAreCloserThanTheGuard) {
  std::string text = "[lasers]\ndelays = \"fixed\"\n[[unit]]\nname = \"a\"\nserial = \"1\"\n";
  text += "[[unit]]\nname = \"b\"\nserial = \"2\"\ndepth_delay_us = 140\n";
  auto plan = make_plan(*parse_rig(text, "my.toml"));
  ASSERT_TRUE(plan);
  EXPECT_TRUE(plan->feasible());
  EXPECT_THAT(texts(*plan, Severity::warning),
              ElementsAre(HasSubstr("us apart, less than the guard of 35 us")));
}

TEST(Plan, AddsUpWhatEachControllerAndDiskCarries) {
  const Plan plan = plan_of(3, "", "controller = \"c0\"\n");
  ASSERT_EQ(plan.usb.size(), 1U);
  EXPECT_THAT(plan.usb[0].units, ElementsAre(0, 1, 2));
  // Facts device.md 1.1 and 1.2: 159.3 MB/s of raw depth, 0.49 MB a 1080p JPEG; 737 280 bytes of depth and of
  // IR.
  EXPECT_NEAR(plan.usb[0].mb_per_s, 3 * (159.3 + 14.8), 0.5);
  ASSERT_EQ(plan.disks.size(), 1U);
  EXPECT_NEAR(plan.disks[0].mb_per_s, 3 * (44.2 + 14.8), 0.5);
  EXPECT_FALSE(plan.feasible());
  EXPECT_THAT(texts(plan, Severity::error), ElementsAre(HasSubstr("USB controller c0 of this host")));
}

TEST(Plan, OnlyWarnsWhereItDoesNotKnowTheControllers) {
  const Plan plan = plan_of(3);
  EXPECT_TRUE(plan.feasible());
  EXPECT_THAT(texts(plan, Severity::warning), ElementsAre(HasSubstr("name each unit's with controller")));
}

TEST(Plan, WarnsOfMoreUnitsThanTheWiringIsMadeFor) {
  const std::string slow = "[camera]\nrate = 5\ndepth_mode = \"NFOV_2X2BINNED\"\n";
  EXPECT_THAT(texts(plan_of(10, slow), Severity::warning), testing::Contains(HasSubstr("documents up to 9")));
  EXPECT_THAT(texts(plan_of(4, "wiring = \"star\"\n" + slow), Severity::warning),
              testing::Contains(HasSubstr("documents up to 3")));
}

TEST(Plan, WarnsOfAUnitWithoutColorAmongOthers) {
  const std::string colorless = "[[unit]]\nname = \"z\"\nserial = \"9\"\ncolor_resolution = \"OFF\"\n";
  const std::string slow = "wiring = \"trigger\"\n[camera]\nrate = 5\n";
  EXPECT_THAT(texts(plan_of(2, slow + colorless), Severity::warning),
              ElementsAre(HasSubstr("z records no colour")));
  EXPECT_THAT(
      texts(plan_of(2, "wiring = \"trigger\"\n[camera]\ncolor_resolution = \"OFF\"\n"), Severity::warning),
      IsEmpty());
}

// Facts device.md 2.6: 20.3 ms of depth instead of 12.8 put the middle of all pictures 3.75 ms later.
TEST(Plan, WarnsWhereDepthModesTakeColourApart) {
  const std::string wide = "[[unit]]\nname = \"z\"\nserial = \"9\"\ndepth_mode = \"WFOV_UNBINNED\"\n";
  EXPECT_THAT(texts(plan_of(1, "[camera]\nrate = 15\n" + wide), Severity::warning),
              ElementsAre(HasSubstr("colour images of a are taken 3.7 ms before those of z")));
  EXPECT_THAT(texts(plan_of(2), Severity::warning), IsEmpty());
}

TEST(Plan, IsNoneWhereNotAllLasersFit) {
  std::string text = "[camera]\nrate = 30\n";
  for (int i = 0; i < 20; ++i)
    text += "[[unit]]\nname = \"u" + std::to_string(i) + "\"\nserial = \"" + std::to_string(i) + "\"\n";
  const auto plan = make_plan(*parse_rig(text, "my.toml"));
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error().message(), HasSubstr("say with areas which units do not see each other"));
}

}  // namespace
}  // namespace genlock::rig
