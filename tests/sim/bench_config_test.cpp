#include "device/sim/bench_config.h"

#include <gmock/gmock.h>

#include <fstream>

#include "device/sim/bench.h"
#include "support/temporary_folder.h"

namespace genlock::device::sim {
namespace {

using testing::HasSubstr;

const std::string kUnit = "[[unit]]\nname = \"a\"\nserial = \"900001400101\"\n";

std::string error_of(const std::string& text) {
  const auto config = parse_bench(text, "my.toml");
  return config ? "no error" : config.error().message();
}

TEST(BenchTemplate, IsTheDefaultBench) {
  const auto written = parse_bench(bench_template(), "default");
  ASSERT_TRUE(written) << written.error().message();
  BenchConfig expected = *preset("default");
  expected.name = "my bench";  // a file made from it is not taken for the preset
  EXPECT_EQ(*written, expected);
}

TEST(BenchTemplate, ShowsInItsCommentsFieldsThatTheReaderKnows) {
  std::string text = bench_template();
  // Comments with an assignment become fields, all at once; the fault needs its unit, which it has.
  std::string all;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const bool field = line.starts_with("# ") &&
                       (line.find(" = ") != std::string::npos || line.starts_with("# [")) &&
                       line.find("from_jack") == std::string::npos;
    all += (field ? line.substr(2) : line) + "\n";
  }
  const auto config = parse_bench(all, "default");
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_TRUE(config->trigger);
  EXPECT_EQ(config->faults.size(), 3U);
  EXPECT_EQ(config->random_faults.size(), 1U);
  EXPECT_EQ(config->units[0].first_pulse, 8);
}

TEST(Presets, AreValidAndOnlyTheDefaultLosesNothing) {
  for (const std::string& name : preset_names()) {
    const auto config = load_bench(name);
    ASSERT_TRUE(config) << config.error().message();
    EXPECT_TRUE(validate(*config)) << name;
    EXPECT_EQ(config->units[1].start_drops[1] == 0, name == "default");
    for (const UnitConfig& unit : config->units) EXPECT_TRUE(is_simulated_serial(unit.serial));
  }
}

TEST(BenchFile, LettersOfOtherLanguagesBelongInQuotedTextsOnly) {
  for (const std::string letter : {"\u00e9", "\u02e8", "\u0410", "\u0661", "\u2100", "\U0001d7d8"}) {
    EXPECT_THAT(error_of(letter + " = 1\n" + kUnit), HasSubstr("my.toml:1: ")) << letter;
    EXPECT_THAT(error_of("speed = " + letter + "\n" + kUnit), HasSubstr("my.toml:1: ")) << letter;
    EXPECT_THAT(error_of("speed" + letter + " = 1\n" + kUnit), HasSubstr("my.toml:1: ")) << letter;
    EXPECT_EQ(error_of("# " + letter + "\n" + kUnit), "no error") << letter;
  }
}

TEST(BenchFile, ErrorsNameFileLineKeyAndWhatIsAllowed) {
  EXPECT_THAT(error_of("speed = \"fast\"\n" + kUnit), HasSubstr("my.toml:1: speed must be a number"));
  EXPECT_THAT(error_of("\nsped = 2\n" + kUnit),
              HasSubstr("my.toml:2: unknown key sped, did you mean speed?; known here: name, seed"));
  EXPECT_THAT(error_of(kUnit + "clock_pm = 3\n"),
              testing::AllOf(HasSubstr(", first_pulse, "), HasSubstr(", auto_exposure_us, ")));
  EXPECT_THAT(error_of(kUnit + "clock_pm = 3\n"), HasSubstr("my.toml:4: unknown key unit.clock_pm"));
  EXPECT_THAT(error_of(kUnit + "subordinate_clock = \"wild\"\n"),
              HasSubstr("must be \"free\" or \"disciplined\""));
  EXPECT_THAT(error_of("[[unit]]\nname = \"a\"\n"), HasSubstr("my.toml:1: unit.serial is missing"));
  EXPECT_THAT(error_of("speed ="), HasSubstr("my.toml:1:"));
  EXPECT_THAT(error_of(kUnit + "latency_ms = [90]\n"), HasSubstr("a list of 2 numbers"));
  EXPECT_THAT(error_of(kUnit + "pose = { position_m = [nan, 0.0, 0.0] }\n"),
              HasSubstr("a list of 3 numbers"));
  EXPECT_THAT(error_of("unit = 3"), HasSubstr("[[unit]]"));
  EXPECT_THAT(error_of(kUnit + "firmware = { color = \"new\" }\n"), HasSubstr("1.6.110"));
  EXPECT_THAT(error_of(kUnit + "[[host]]\nunits = [\"a\"]\n"), HasSubstr("host.name is missing"));
}

TEST(BenchFile, ValuesOutOfRangeAreRefused) {
  EXPECT_THAT(error_of("name = \"x\""), HasSubstr("1 to 100 units"));
  EXPECT_THAT(error_of("speed = 0\n" + kUnit), HasSubstr("speed must lie within"));
  EXPECT_THAT(error_of(kUnit + kUnit), HasSubstr("two units are called a"));
  EXPECT_THAT(error_of("[[unit]]\nname = \"a\"\nserial = \"000011590212\"\n"),
              HasSubstr("12 digits, the first a 9"));
  EXPECT_THAT(error_of("[[unit]]\nname = \"a\"\nserial = \"900001500101\"\n"),
              HasSubstr("12 digits, the first a 9"));
  EXPECT_THAT(error_of(kUnit + "latency_ms = [5, 20]\n"), HasSubstr("30 to 10000"));
  EXPECT_THAT(error_of(kUnit + "[[cable]]\nfrom = \"a\"\nto = \"b\"\n"),
              HasSubstr("no unit \"b\"; there are a"));
  EXPECT_THAT(error_of(kUnit + "[[cable]]\nfrom = \"trigger\"\nto = \"a\"\n"), HasSubstr("no [trigger]"));
  EXPECT_THAT(error_of(kUnit + "[[host]]\nname=\"h\"\nunits = [\"a\", \"a\"]\n"), HasSubstr("on two hosts"));
  EXPECT_THAT(error_of(kUnit + "[[fault]]\nunit=\"a\"\nkind=\"drop\"\nstreams=[\"imu\"]\n"),
              HasSubstr("a list of color,depth"));
  EXPECT_THAT(error_of(kUnit + "[[fault]]\nunit=\"a\"\nkind=\"melt\"\n"), HasSubstr("\"stall\""));
  EXPECT_THAT(error_of(kUnit + "[trigger]\nfps = 25\n"), HasSubstr("5, 15 or 30"));
}

struct WrongValue {
  std::string lines;  ///< from line 4 on, after the unit
  std::vector<std::string> said;
};

TEST(BenchFile, ErrorsOfValuesNameLineKeyAndValue) {
  const std::string fault = "[[fault]]\nunit = \"a\"\nkind = \"unplug\"\n";
  const WrongValue rows[] = {
      {"latency_ms = [5, 20]\n", {"my.toml:4: ", "latency_ms", "30 to 10000", "5, 20"}},
      {"imu_rate_error = 0.5\n", {"my.toml:4: ", "imu_rate_error", "-0.02", "0.5"}},
      {"\nclock_ppm = 20000\n", {"my.toml:5: ", "clock_ppm", "10000", "20000"}},
      {"trigger_grid_ticks = 101.0\n", {"my.toml:4: ", "trigger_grid_ticks", "0 and 100", "101"}},
      {"trigger_tolerance_ppm = -1.0\n", {"my.toml:4: ", "trigger_tolerance_ppm", "negative", "-1"}},
      {"exposure_write_shift_us = 5001.0\n", {"my.toml:4: ", "exposure_write_shift_us", "5000", "5001"}},
      {"exposure_write_frames = 61\n", {"my.toml:4: ", "exposure_write_frames", "0 and 60", "61"}},
      {"auto_exposure = \"wild\"\n", {"my.toml:4: ", "auto_exposure", "\"drifts\""}},
      {"latency_mean_ms = 91.0\n", {"my.toml:4: ", "latency_mean_ms", "between the two", "91"}},
      {"early_depth_frames = 31\n", {"my.toml:4: ", "early_depth_frames", "0 and 30", "31"}},
      {"warm_up_min = -1.0\n", {"my.toml:4: ", "warm_up_min", "0 and 1440", "-1"}},
      {"warm_up_mm = 101.0\n", {"my.toml:4: ", "warm_up_mm", "100", "101"}},
      {"[trigger]\nppm = 50001.0\n", {"my.toml:", "ppm", "50000", "50001"}},
      {"[[host]]\nname = \"h\"\nclock_ppm = 1001.0\n", {"my.toml:6: ", "clock_ppm", "1000", "1001"}},
      {"[[host]]\nname = \"h\"\nclock_offset_ms = 9e7\n", {"my.toml:6: ", "clock_offset_ms", "a day"}},
      {"imu_noise = -1.0\n", {"my.toml:4: ", "imu_noise", "negative", "-1"}},
      {"[[unit]]\nname = \"b\"\nserial = \"12\"\n", {"my.toml:6: ", "serial", "12 digits", "\"12\""}},
      {kUnit, {"my.toml:5: ", "two units are called a", "name"}},
      {"[[unit]]\nname = \"b\"\nserial = \"900001400101\"\n", {"my.toml:6: ", "serial", "900001400101"}},
      {"[[cable]]\nfrom = \"a\"\nto = \"b\"\n", {"my.toml:6: ", "to = ", "no unit \"b\"; there are a"}},
      {"[[cable]]\nfrom = \"c\"\nto = \"a\"\n", {"my.toml:5: ", "from = ", "no unit \"c\""}},
      {"[[cable]]\nfrom = \"trigger\"\nto = \"a\"\n", {"my.toml:5: ", "no [trigger]", "from = "}},
      {"[[host]]\nname = \"h\"\nunits = [\"b\"]\n", {"my.toml:6: ", "units", "no unit \"b\""}},
      {"[[host]]\nname = \"h\"\nusb_mb_per_s = 0\n", {"my.toml:6: ", "usb_mb_per_s", "positive", "= 0"}},
      {"[[fault]]\nunit = \"b\"\nkind = \"drop\"\n", {"my.toml:5: ", "no unit \"b\"", "unit = "}},
      {"[[fault]]\nunit = \"a\"\nkind = \"drop\"\nstreams = [\"imu\"]\n", {"my.toml:7: ", "streams", "imu"}},
      {fault + "at_s = -5\n", {"my.toml:7: ", "at_s must not be negative", "-5"}},
      {fault + "after_start_s = -5\n", {"my.toml:7: ", "after_start_s must not be negative", "-5"}},
      {fault + "jack = \"in\"\n", {"my.toml:7: ", "fault.jack", "does not apply to kind \"unplug\""}},
      {fault + "count = 2\n", {"my.toml:7: ", "fault.count", "does not apply"}},
  };
  for (const WrongValue& row : rows)
    for (const std::string& part : row.said) EXPECT_THAT(error_of(kUnit + row.lines), HasSubstr(part));
  EXPECT_EQ(error_of("speed = 0\n" + kUnit), "my.toml:1: speed must lie within 0.001 and 10000 (speed = 0)");
  EXPECT_THAT(error_of("\nscene = \"x\"\n" + kUnit), HasSubstr("my.toml:2: there is no scene \"x\""));
  EXPECT_THAT(error_of("name = \"x\"\n"), HasSubstr("my.toml:1: a bench has 1 to 100 units, not 0"));
}

TEST(BenchFile, FirstPulseAndCounterOffsetStayWithinTenPeriods) {
  EXPECT_EQ(error_of(kUnit + "first_pulse = 11\n"),
            "my.toml:4: unit.first_pulse must be a whole number from 0 to 10, not 11");
  EXPECT_EQ(error_of(kUnit + "first_pulse = -1\n"),
            "my.toml:4: unit.first_pulse must be a whole number from 0 to 10, not -1");
  const std::string offset =
      "my.toml:5: unit.counter_offset_ticks must be a whole number from 0 to 30000, not ";
  for (const char* value : {"30001", "33000", "-1", "9223372036854775807", "-9223372036854775808"})
    EXPECT_EQ(error_of(kUnit + "\ncounter_offset_ticks = " + value + "\n"), offset + value) << value;
  EXPECT_EQ(error_of(kUnit + "first_pulse = 10\ncounter_offset_ticks = 30000\n"), "no error");
  BenchConfig config = *preset("default");
  config.units[1].first_pulse = 11;
  EXPECT_THAT(validate(config).error().message(), HasSubstr("first_pulse must lie within 0 and 10"));
  config.units[1].first_pulse = 0;
  config.units[1].counter_offset = device_ticks(30'001);
  EXPECT_THAT(validate(config).error().message(),
              HasSubstr("counter_offset_ticks must lie within 0 and 30000"));
}

TEST(BenchFile, PathsInItAreRelativeToIt) {
  test::TemporaryFolder folder;
  std::ofstream(folder / "b.toml") << kUnit << "images = \"take/a.mkv\"\ncalibration = \"a.json\"\n";
  const auto config = load_bench((folder / "b.toml").string());
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->units[0].images, (folder / "take/a.mkv").string());
  EXPECT_EQ(config->units[0].calibration, (folder / "a.json").string());
  EXPECT_EQ(config->name, "b");
}

TEST(BenchFile, MainsAreThoseOfTheWorldOrNone) {
  for (const int hz : {0, 50, 60}) {
    const auto config = parse_bench("mains_hz = " + std::to_string(hz) + "\n" + kUnit, "b.toml");
    ASSERT_TRUE(config) << config.error().message();
    EXPECT_EQ(config->mains_hz, hz);
  }
  const auto wrong = parse_bench("mains_hz = 55\n" + kUnit, "b.toml");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message(), HasSubstr("mains_hz must be 0, 50 or 60"));
}

TEST(BenchFile, FlatImagesAreNoPath) {
  test::TemporaryFolder folder;
  for (const std::string images : {"flat", "dark"}) {
    std::ofstream(folder / "b.toml") << kUnit << "images = \"" << images << "\"\n";
    const auto config = load_bench((folder / "b.toml").string());
    ASSERT_TRUE(config) << config.error().message();
    EXPECT_EQ(config->units[0].images, images);
  }
}

TEST(BenchFile, ThatIsMissingNamesTheBuiltInOnes) {
  const auto config = load_bench("no-such-bench");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code(), Errc::not_found);
  EXPECT_THAT(config.error().message(), HasSubstr("default, realistic"));
}

TEST(Fingerprint, ChangesWithEveryField) {
  const BenchConfig base = *preset("default");
  std::vector<BenchConfig> changed(20, base);
  changed[0].seed = 2;
  changed[1].units[2].clock_ppm = 0.001;
  changed[2].units[0].first_pulse = 0;
  changed[3].cables[1].to.jack = Jack::out;
  changed[4].hosts[0].units.clear();
  changed[5].faults.push_back({.unit = "sub1"});
  changed[6].trigger.emplace();
  changed[7].units[1].pose.yaw_deg += 1;
  changed[8].stepped = true;
  changed[9].units[0].counter_offset = device_ticks(0);
  changed[10].units[0].trigger_grid_ticks = 9.5;
  changed[11].units[0].trigger_tolerance_ppm = 100;
  changed[12].units[0].exposure_write_shift = HostDuration(1);
  changed[13].units[0].exposure_write_frames = 5;
  changed[14].units[0].auto_exposure = AutoExposure::drifts;
  changed[15].units[0].latency.mean = std::chrono::milliseconds(90);
  changed[16].units[0].early_depth_frames = 1;
  changed[17].units[0].cold_temperature_c = 27;
  changed[18].units[0].warm_up_mm = 1;
  changed[19].hosts[2].clock_ppm = 1;
  for (const BenchConfig& config : changed) EXPECT_NE(fingerprint(config), fingerprint(base));
  EXPECT_EQ(fingerprint(BenchConfig(base)), fingerprint(base));
}

TEST(BenchCommands, AreReadFromWords) {
  const auto parse = [](std::vector<std::string> words) { return parse_bench_command(words); };
  EXPECT_EQ(*parse({"sub1", "cable-in", "pull"}),
            (BenchCommand{.kind = BenchCommand::Kind::jack, .unit = "sub1", .jack = Jack::in, .on = false}));
  EXPECT_EQ(*parse({"sub1", "stall", "depth,imu", "on"}),
            (BenchCommand{.kind = BenchCommand::Kind::stall,
                          .unit = "sub1",
                          .streams = {.depth = true, .imu = true},
                          .on = true}));
  EXPECT_EQ(*parse({"sub1", "drop", "color", "3"}),
            (BenchCommand{
                .kind = BenchCommand::Kind::drop, .unit = "sub1", .streams = {.color = true}, .count = 3}));
  EXPECT_EQ(parse({"trigger", "off"})->kind, BenchCommand::Kind::trigger);
  for (const std::vector<std::string>& bad : {std::vector<std::string>{},
                                              {"sub1"},
                                              {"sub1", "usb", "out"},
                                              {"sub1", "drop", "color", "0"},
                                              {"sub1", "drop", "imu", "1"},
                                              {"sub1", "stall", "sound", "on"},
                                              {"sub1", "melt", "on"}}) {
    const auto result = parse_bench_command(bad);
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().message(), HasSubstr("UNIT cable-in|cable-out pull|plug"));
  }
}

}  // namespace
}  // namespace genlock::device::sim
