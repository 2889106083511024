#include <gmock/gmock.h>

#include "rig/rig.h"

namespace genlock::rig {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::string kUnits = R"(
[[unit]]
name = "front"
serial = "000111"
[[unit]]
name = "left"
serial = "000222"
)";

std::string error_of(const std::string& text) {
  const auto rig = parse_rig(text, "my.toml");
  return rig ? "no error" : rig.error().message();
}

TEST(RigFile, GivesEveryUnitWhatAllShareAndWhatIsItsOwn) {
  const auto rig = parse_rig(R"(
name = "studio"
length_s = 60
[camera]
color_resolution = "720p"
depth_mode = "WFOV_2X2BINNED"
rate = 15
imu = false
[controls]
exposure_us = 8000
power_line_hz = 50
[lasers]
guard_us = 40
[[unit]]
name = "front"
serial = "000111"
host = "pc1"
controller = "0000:00:14.0"
areas = ["hall"]
[[unit]]
name = "left"
serial = "000222"
depth_mode = "PASSIVE_IR"
imu = true
)",
                             "my.toml");
  ASSERT_TRUE(rig) << rig.error().message();
  EXPECT_EQ(rig->name, "studio");
  EXPECT_EQ(rig->length, std::chrono::seconds(60));
  EXPECT_EQ(rig->guard, device_us(40));
  EXPECT_EQ(rig->controls.exposure(), device_us(10'000));  // the next step at 50 Hz
  ASSERT_EQ(rig->units.size(), 2U);
  const RigUnit& front = rig->units[0];
  EXPECT_EQ(front.camera.sync_mode, WiredSyncMode::master);
  EXPECT_EQ(front.camera.depth_mode, DepthMode::wfov_2x2binned);
  EXPECT_EQ(front.camera.rate, FrameRate::fps15);
  EXPECT_EQ(front.controller, "0000:00:14.0");
  EXPECT_FALSE(front.imu);
  const RigUnit& left = rig->units[1];
  EXPECT_EQ(left.camera.sync_mode, WiredSyncMode::subordinate);
  EXPECT_EQ(left.camera.depth_mode, DepthMode::passive_ir);
  EXPECT_EQ(left.camera.color_resolution, ColorResolution::r720p);
  EXPECT_TRUE(left.imu);
}

TEST(RigFile, SaysHowTakesAreMade) {
  const auto rig = parse_rig(
      "[take]\nfolder = \"/data\"\nname = \"jump\"\non_fault = \"stop\"\nisolation = \"none\"\nchecksums = "
      "false\npre_roll_s = 0.5\n" +
          kUnits,
      "my.toml");
  ASSERT_TRUE(rig) << rig.error().message();
  EXPECT_EQ(rig->take.folder, "/data");
  EXPECT_EQ(rig->take.name, "jump");
  EXPECT_EQ(rig->take.on_fault, OnFault::stop);
  EXPECT_EQ(rig->take.isolation, Isolation::none);
  EXPECT_FALSE(rig->take.checksums);
  EXPECT_EQ(rig->take.pre_roll, std::chrono::milliseconds(500));
  EXPECT_THAT(error_of("[take]\npre_roll_s = 0\n" + kUnits), HasSubstr("from 0.1 to 60"));
  EXPECT_THAT(error_of("[take]\non_fault = \"cry\"\n" + kUnits),
              HasSubstr("\"go_on\" or \"stop\" or \"rearm\""));
}

TEST(RigFile, RefusesNamesThatNoFileCanHave) {
  for (const char* name : {"a/b", "", ".hidden"})
    EXPECT_THAT(error_of(std::string("name = \"") + name + "\"\n" + kUnits), HasSubstr("a file can have"))
        << name;
  EXPECT_THAT(error_of("[[unit]]\nname = \"../up\"\nserial = \"1\"\n"), HasSubstr("my.toml:2: unit.name"));
}

TEST(RigFile, SetsWhatItNamesByHandAndThePowerLineFirst) {
  using enum device::ColorControl;
  const auto rig = parse_rig(
      "[controls]\nwhite_balance_k = 5200\ngain = 40\nexposure_us = 2000\npower_line_hz = 50\n" + kUnits,
      "my.toml");
  ASSERT_TRUE(rig) << rig.error().message();
  EXPECT_THAT(rig->controls.settings(),
              testing::ElementsAre(ControlSetting{powerline_frequency, 1}, ControlSetting{exposure_us, 2000},
                                   ControlSetting{gain, 40}, ControlSetting{white_balance_k, 5200}));
}

TEST(RigFile, TakesEveryColourFormatThatItsErrorNames) {
  for (const std::string format : {"MJPG", "NV12", "YUY2", "BGRA"}) {
    const auto rig = parse_rig(
        "[camera]\ncolor_resolution = \"720P\"\ncolor_format = \"" + format + "\"\n" + kUnits, "my.toml");
    ASSERT_TRUE(rig) << rig.error().message();
    EXPECT_EQ(to_string(rig->units[0].camera.color_format), format);
    EXPECT_THAT(error_of("[camera]\ncolor_format = \"JPEG\"\n" + kUnits), HasSubstr(format));
  }
}

TEST(RigFile, HasNoMasterWhereAGeneratorTriggers) {
  const auto rig = parse_rig("wiring = \"trigger\"\n" + kUnits, "my.toml");
  ASSERT_TRUE(rig) << rig.error().message();
  for (const RigUnit& unit : rig->units) EXPECT_EQ(unit.camera.sync_mode, WiredSyncMode::subordinate);
}

TEST(RigFile, TakesItsNameFromTheFileWhereItSaysNone) {
  const auto rig = parse_rig(kUnits, "rigs/hall.toml");
  ASSERT_TRUE(rig);
  EXPECT_EQ(rig->name, "hall");
}

TEST(RigFile, ErrorsNameFileLineKeyWhatIsAllowedAndTheNearestKey) {
  struct Row {
    std::string text;
    std::vector<std::string> said;
  };
  const std::vector<Row> rows = {
      {"wireing = \"star\"\n" + kUnits,
       {"my.toml:1: unknown key wireing, did you mean wiring?; known here: "}},
      {"wiring = \"ring\"\n" + kUnits, {"my.toml:1: wiring must be \"chain\" or \"star\" or \"trigger\""}},
      {kUnits + "serail = \"1\"\n", {"my.toml:8: unknown key unit.serail, did you mean serial?"}},
      {"[camera]\nrate = 25\n" + kUnits, {"my.toml:2: camera.rate must be 5 or 15 or 30, not 25"}},
      {"[camera]\ndepth_mode = \"NFOV\"\n" + kUnits,
       {"my.toml:2: camera.depth_mode must be one of NFOV_2X2BINNED"}},
      {"[controls]\npower_line_hz = 55\n" + kUnits, {"my.toml:2: controls.power_line_hz must be 50 or 60"}},
      {"[controls]\nwhite_balance_k = \"auto\"\n" + kUnits,
       {"my.toml:2: controls.white_balance_k must be a whole number from 2500 to 12500, in steps of 10, not "
        "'auto'"}},
      {"[controls]\nwhite_balance_k = 4505\n" + kUnits, {"my.toml:2: controls.white_balance_k must be"}},
      {"[controls]\nsharpness = 5\n" + kUnits,
       {"my.toml:2: controls.sharpness must be a whole number from 0 to 4"}},
      {"[controls]\ngian = 5\n" + kUnits, {"my.toml:2: unknown key controls.gian, did you mean gain?"}},
      {"length_s = -1\n" + kUnits, {"my.toml:1: length_s must be a whole number from 0"}},
      {"[lasers]\ndelays = \"fixed\"\n" + kUnits + "depth_delay_us = 1e3\n",
       {"my.toml:10: unit.depth_delay_us"}},
      {kUnits + "depth_delay_us = 160\n", {"my.toml:8: unit.depth_delay_us", "delays = \"fixed\""}},
      {"[[unit]]\nname = \"a\"\n", {"my.toml:1: unit.serial is missing"}},
      {"[[unit]]\nname = \"a\"\nsreial = \"1\"\n",
       {"my.toml:1: unit.serial is missing; is sreial meant to be it?"}},
      {"name = \"x\"\n", {"my.toml:1: there is no [[unit]], one for each unit with its name and serial"}},
      {"[[units]]\nname = \"x\"\n", {"my.toml:1: unknown key units, did you mean unit?"}},
      {kUnits + "rate = 15\n",
       {"my.toml:8: unit.rate cannot be set: all units have the same rate, of [camera]"}},
      {kUnits + "role = \"master\"\n",
       {"my.toml:8: unit.role cannot be set: the first [[unit]] is the master"}},
      {kUnits + "gain = 5\n", {"my.toml:8: unit.gain cannot be set", "[controls]"}},
      {"[camera]\nrate = \"30\"\n" + kUnits, {"my.toml:2: camera.rate must be 5 or 15 or 30, not '30'"}},
      {"[controls]\nexposure_us = \"auto\"\n" + kUnits,
       {"my.toml:2: controls.exposure_us must be a whole number from 500 to 133330, not 'auto'"}},
      {"length_s = true\n" + kUnits,
       {"my.toml:1: length_s must be a whole number from 0 to 31536000, not true"}},
      {"[take]\npre_roll_s = \"1\"\n" + kUnits,
       {"my.toml:2: take.pre_roll_s must be a number from 0.1 to 60"}},
      {"unit = []\n", {"my.toml:1: unit must be one table [[unit]] for each unit"}},
      {"name = \n", {"my.toml:1: "}},
  };
  for (const Row& row : rows)
    for (const std::string& said : row.said) EXPECT_THAT(error_of(row.text), HasSubstr(said)) << row.text;
}

TEST(RigFile, RefusesWhatUnitsCannotBeAskedForAndSaysWhichUnit) {
  EXPECT_THAT(error_of(kUnits + "[[unit]]\nname = \"left\"\nserial = \"3\"\n"),
              HasSubstr("my.toml:9: unit 3 (left): the unit of line 5 has this name too"));
  EXPECT_THAT(error_of(kUnits + "[[unit]]\nname = \"c\"\nserial = \"000222\"\n"),
              HasSubstr("my.toml:10: unit 000222 (c): the unit of line 5, left, has this serial number too"));
  EXPECT_THAT(error_of(kUnits + "depth_mode = \"WFOV_UNBINNED\"\n"),
              AllOf(HasSubstr("my.toml:8: unit 000222 (left)"), HasSubstr("at most 15 fps")));
  EXPECT_THAT(error_of("[camera]\nimu = true\ndepth_mode = \"WFOV_UNBINNED\"\n" + kUnits),
              AllOf(HasSubstr("my.toml:3: unit 000111 (front)"), HasSubstr("at most 15 fps")));
  EXPECT_THAT(error_of("[camera]\nimu = true\ncolor_format = \"NV12\"\n" + kUnits),
              HasSubstr("my.toml:3: unit 000111 (front): colour format NV12 does not exist at 1080P"));
  EXPECT_THAT(error_of("[camera]\ncolor_resolution = \"OFF\"\n" + kUnits), HasSubstr("unit 000111 (front)"));
  EXPECT_THAT(error_of("[controls]\nexposure_us = 40000\n" + kUnits),
              AllOf(HasSubstr("my.toml:2: controls.exposure_us = 40000 becomes 41670 us"),
                    HasSubstr("33333 us at 30 fps; choose at most 33330")));
  EXPECT_THAT(
      error_of("[lasers]\ndelays = \"fixed\"\n" + kUnits + "depth_delay_us = 40000\n"),
      HasSubstr("my.toml:10: unit 000222 (left): depth delay 40000 us is longer than one frame period"));
}

TEST(RigFile, HasABoundedNumberOfUnits) {
  std::string text;
  for (int i = 0; i < 101; ++i)
    text += "[[unit]]\nname = \"u" + std::to_string(i) + "\"\nserial = \"" + std::to_string(i) + "\"\n";
  EXPECT_THAT(error_of(text), HasSubstr("101 units; a rig has at most 100"));
}

TEST(RigFile, ThatIsNotThereIsAnError) {
  const auto rig = load_rig("no such file.toml");
  ASSERT_FALSE(rig);
  EXPECT_THAT(rig.error().message(), HasSubstr("no such file.toml"));
}

}  // namespace
}  // namespace genlock::rig
