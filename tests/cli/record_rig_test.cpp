#include "cli/record_rig.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <sstream>

#include "support/terminal_picture.h"

// genlock record RIG.toml: how takes are made.

namespace genlock {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::kRig;
using test::kUnits;
using test::RecordRig;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST_F(RecordRig, GivesAllUnitsTheSamePulsesInOneProcessOrInTheirOwn) {
  for (const std::string isolation : {"none", "process"}) {
    const auto recorder = record({"-l", "1", "--take", isolation, "--isolation", isolation});
    EXPECT_EQ(recorder->wait(), 0) << recorder->output();
    EXPECT_THAT(recorder->output(), HasSubstr("\nKEEP\n"));
    const take::Take made = take(isolation);
    EXPECT_TRUE(made.ended);
    EXPECT_EQ(made.advice, "KEEP");
    ASSERT_EQ(*made.last_pulse - *made.first_pulse, 29);
    for (const std::string& unit : kUnits)
      EXPECT_EQ(pulses(isolation + "/" + unit + ".mkv"), all_pulses(made))
          << unit << ", isolation " << isolation;
    for (const take::TakenUnit& unit : made.units)
      EXPECT_EQ(unit.host, info(isolation + "/" + unit.files.front().name)["tags"]["GENLOCK_HOST_NAME"]);
    EXPECT_EQ(text_of(isolation + "/rig.toml"), text_of("studio.toml"));
    EXPECT_THAT(text_of(isolation + "/report.txt"), HasSubstr("IN SYNC"));
  }
}

TEST_F(RecordRig, NumbersFramesAsVerifyDoes) {
  const auto recorder = record({"-l", "1"});
  ASSERT_EQ(recorder->wait(), 0) << recorder->output();
  const auto verify = start("", {"genlock", "verify", "--json", "studio-0001/master.mkv",
                                 "studio-0001/sub1.mkv", "studio-0001/sub2.mkv"});
  ASSERT_EQ(verify->wait(), 0) << verify->output();
  const json report = json::parse(verify->output());
  const take::Take made = take("studio-0001");
  EXPECT_EQ(report["common"]["first_pulse"], *made.first_pulse);
  EXPECT_EQ(report["common"]["last_pulse"], *made.last_pulse);
  EXPECT_EQ(report["common"]["complete_sets"], 30);
  for (const std::string& unit : kUnits) {
    const json tags = info("studio-0001/" + unit + ".mkv")["tags"];
    EXPECT_EQ(tags["GENLOCK_TAKE"], "studio-0001");
    EXPECT_EQ(tags["GENLOCK_UNIT"], unit);
  }
}

TEST_F(RecordRig, CtrlCEndsAllUnitsWithOnePulse) {
  const auto recorder = record({"--isolation", "process"});
  ASSERT_TRUE(recorder->wait_for("Recording from pulse")) << recorder->output();
  recorder->signal(SIGINT);
  EXPECT_EQ(recorder->wait(), 0) << recorder->output();
  EXPECT_THAT(recorder->output(), AllOf(HasSubstr("Ending with pulse"), HasSubstr("\nKEEP\n")));
  const take::Take made = take("studio-0001");
  EXPECT_GE(*made.last_pulse - *made.first_pulse, 10);
  for (const std::string& unit : kUnits)
    EXPECT_EQ(pulses(std::string("studio-0001/") + unit + ".mkv"), all_pulses(made)) << unit;
}

TEST_F(RecordRig, CtrlCTwiceFinishesEveryFileWhereItIs) {
  const auto recorder = record({"--isolation", "none"});
  ASSERT_TRUE(recorder->wait_for("Recording from pulse")) << recorder->output();
  recorder->signal(SIGINT);
  ASSERT_TRUE(recorder->wait_for("Ending with pulse")) << recorder->output();
  recorder->signal(SIGINT);
  recorder->wait();
  const take::Take made = take("studio-0001");
  EXPECT_TRUE(made.ended);
  for (const take::TakenUnit& unit : made.units)
    for (const take::RecordedFile& file : unit.files)
      EXPECT_TRUE(info("studio-0001/" + file.name)["finalised"]) << file.name;
}

TEST_F(RecordRig, RehearsesAndLeavesNothingBehind) {
  const auto recorder = record({"--rehearse", "-l", "1"});
  EXPECT_EQ(recorder->wait(), 0) << recorder->output();
  EXPECT_THAT(recorder->output(), AllOf(HasSubstr("30 complete frame sets"), HasSubstr("\nREADY\n")));
  for (const auto& entry : fs::directory_iterator(folder_.path()))
    EXPECT_THAT(entry.path().filename(), testing::AnyOf("bench.toml", "studio.toml", "state"));
}

TEST_F(RecordRig, PutsChecksumsOfTheFilesIntoTheTake) {
  ASSERT_EQ(record({"-l", "0.5"})->wait(), 0);
  const auto sums =
      start("", {"sha256sum", "studio-0001/master.mkv", "studio-0001/sub1.mkv", "studio-0001/sub2.mkv"});
  ASSERT_EQ(sums->wait(), 0);
  const take::Take made = take("studio-0001");
  for (const take::TakenUnit& unit : made.units) {
    ASSERT_EQ(unit.files.front().sha256.size(), 64U);
    EXPECT_THAT(sums->output(), HasSubstr(unit.files.front().sha256 + "  studio-0001/" + unit.name));
    EXPECT_EQ(unit.files.front().bytes, fs::file_size(folder_ / "studio-0001" / unit.files.front().name));
  }
  ASSERT_EQ(record({"-l", "0.5", "--no-checksums"})->wait(), 0);
  EXPECT_EQ(take("studio-0002").units[0].files.front().sha256, "");
}

TEST_F(RecordRig, TellsEventsAsJsonInTheirOrder) {
  const auto recorder = record({"-l", "0.5", "--json", "--isolation", "process"});
  EXPECT_EQ(recorder->wait(), 0) << recorder->output();
  std::vector<std::string> order;
  std::istringstream lines(recorder->output());
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("warning: ")) continue;  // of the bench's log, which goes to standard error
    const json event = json::parse(line, nullptr, false);
    ASSERT_FALSE(event.is_discarded()) << line;
    const std::string name = event["event"];
    if (name == "verdict") {
      EXPECT_EQ(event["advice"], "KEEP");
      EXPECT_EQ(event["folder"], "./studio-0001");
    }
    const bool many = name == "waiting" || name == "streaming" || name == "progress";
    if (!many) order.push_back(event.contains("unit") ? name + " " + std::string(event["unit"]) : name);
  }
  const auto place = [&](const std::string& name) {
    return std::find(order.begin(), order.end(), name) - order.begin();
  };
  EXPECT_LT(place("opened master"), place("armed sub1"));
  EXPECT_LT(place("armed sub2"), place("started master"));
  EXPECT_LT(place("started master"), place("take_begins"));
  EXPECT_LT(place("take_begins"), place("recording_started sub1"));
  EXPECT_LT(place("recording_started sub1"), place("recording_ended sub1"));
  EXPECT_EQ(order.back(), "verdict");
}

TEST_F(RecordRig, RecordsAsLongAsTheRigFileSaysUnlessItIsTold) {
  write_rig("length_s = 1\n");
  ASSERT_EQ(record({"--no-checksums", "--isolation", "none"})->wait(), 0);
  const take::Take made = take("studio-0001");
  EXPECT_EQ(*made.last_pulse - *made.first_pulse, 29);
  ASSERT_EQ(record({"-l", "0.5", "--no-checksums", "--isolation", "none"})->wait(), 0);
  const take::Take shorter = take("studio-0002");
  EXPECT_EQ(*shorter.last_pulse - *shorter.first_pulse, 14);
}

TEST_F(RecordRig, TellsARehearsalAndAFailureAsJson) {
  const auto recorder = record({"--rehearse", "-l", "1", "--json", "--isolation", "none"});
  EXPECT_EQ(recorder->wait(), 0) << recorder->output();
  EXPECT_THAT(recorder->output(), HasSubstr(R"({"event":"verdict","advice":"READY","folder":null})"));
  const auto missing = start("", {"genlock", "record", "nowhere.toml", "--json"});
  EXPECT_EQ(missing->wait(), 1);
  EXPECT_THAT(missing->output(), HasSubstr(R"({"event":"failed","why":")"));
}

TEST_F(RecordRig, RefusesANameThatIsNoRecordings) {
  const auto rig = start("", {"genlock", "record", "studio"});
  EXPECT_EQ(rig->wait(), 2);
  EXPECT_THAT(rig->output(), HasSubstr("did you mean studio.toml"));
  const auto other = start("", {"genlock", "record", "-l", "1", "out"});
  EXPECT_EQ(other->wait(), 2);
  EXPECT_THAT(other->output(), HasSubstr("does not end with .mkv"));
  const auto rehearsal = start("", {"genlock", "record", "--rehearse"});
  EXPECT_EQ(rehearsal->wait(), 2);
  EXPECT_THAT(rehearsal->output(), HasSubstr("needs a rig file"));
  const auto help = start("", {"genlock", "record", "studio.toml", "--help"});
  EXPECT_EQ(help->wait(), 0);
  EXPECT_THAT(help->output(), AllOf(Not(HasSubstr("ENUM")), Not(HasSubstr(" in ["))));
}

TEST_F(RecordRig, SaysThatTheHostsGpuDoesNotKeepUp) {
  bench_set({"sub2", "fault", "slow_gpu", "ms=200", "on"});
  for (const std::string isolation : {"none", "process"}) {
    const auto recorder =
        record({"-l", "1", "--no-checksums", "--take", isolation, "--isolation", isolation});
    EXPECT_EQ(recorder->wait(), 1);
    EXPECT_THAT(recorder->output(), HasSubstr("the depth engine is too slow for the frames that come"));
    const take::Take made = take(isolation);
    EXPECT_EQ(std::count_if(made.incidents.begin(), made.incidents.end(),
                            [](const take::Incident& incident) {
                              return incident.unit == 2U && incident.severity == "warning" &&
                                     incident.text.find("GPU does not keep up") != std::string::npos;
                            }),
              1);
  }
}

TEST_F(RecordRig, KeepsLinesOfTheLogAboveTheTableOfATerminal) {
  bench_set({"sub2", "fault", "slow_gpu", "ms=200", "on"});
  for (const std::string isolation : {"none", "process"}) {
    // script(1) makes the terminal.
    const auto recorder = start("", {"script", "-qec",
                                     program("genlock") +
                                         " record studio.toml -l 2 --force --buffer 512 "
                                         "--no-checksums --isolation " +
                                         isolation,
                                     "/dev/null"});
    recorder->wait();
    const auto shown = test::terminal_picture(recorder->output());
    EXPECT_THAT(shown,
                testing::Contains(HasSubstr("warning: unit 900003200103: depth processing is too slow")))
        << isolation;
    EXPECT_THAT(shown, testing::Contains(HasSubstr("RETAKE: ")));
    EXPECT_THAT(shown, Not(testing::Contains(HasSubstr("offset"))))
        << isolation << ": no piece of the table is left";
    EXPECT_THAT(recorder->output(), HasSubstr("offset")) << "it was there";
  }
}

TEST_F(RecordRig, TakesMarkersOfOtherProgramsWhileItRuns) {
  const auto recorder = record({"--isolation", "none"});
  ASSERT_TRUE(recorder->wait_for("Recording from pulse")) << recorder->output();
  const auto here = start("", {"genlock", "mark", "the jump \"one\""});
  EXPECT_EQ(here->wait(), 0) << here->output();
  EXPECT_THAT(here->output(), HasSubstr("Marked pulse "));
  const auto named = start("", {"genlock", "mark", "two", "--take", "studio-0001"});
  EXPECT_EQ(named->wait(), 0) << named->output();
  EXPECT_EQ(take("studio-0001").ended, false);
  recorder->signal(SIGINT);
  EXPECT_EQ(recorder->wait(), 0) << recorder->output();
  const take::Take made = take("studio-0001");
  ASSERT_EQ(made.markers.size(), 2U);
  EXPECT_EQ(made.markers[0].text, "the jump \"one\"");
  EXPECT_GE(made.markers[0].pulse, *made.first_pulse);
  EXPECT_LE(made.markers[1].pulse, *made.last_pulse);
  EXPECT_LE(made.markers[0].utc, made.markers[1].utc);
  EXPECT_FALSE(fs::exists(folder_ / "studio-0001/mark.socket"));
  const auto late = start("", {"genlock", "mark", "three"});
  EXPECT_EQ(late->wait(), 1);
  EXPECT_THAT(late->output(), HasSubstr("no take is being recorded"));
}

TEST_F(RecordRig, TakesMarkersAndCtrlCFromItsTerminal) {
  const auto recorder =
      start("", {"genlock", "record", "studio.toml", "-l", "60", "--buffer", "512", "--isolation", "process"},
            true);
  ASSERT_TRUE(recorder->wait_for("Recording from pulse")) << recorder->output();
  recorder->type("xm");
  ASSERT_TRUE(recorder->wait_for("Marked pulse ")) << recorder->output();
  recorder->type("\x03");
  EXPECT_EQ(recorder->wait(), 0) << recorder->output();
  EXPECT_THAT(recorder->output(), HasSubstr("Ending with pulse"));
  const take::Take made = take("studio-0001");
  ASSERT_EQ(made.markers.size(), 1U) << "of two keys";
  EXPECT_EQ(made.markers[0].text, "");
  EXPECT_GE(made.markers[0].pulse, *made.first_pulse);
}

TEST_F(RecordRig, AKilledRecorderLeavesATakeThatSaysSo) {
  const auto recorder = record({"--isolation", "none"});
  ASSERT_TRUE(recorder->wait_for("Recording from pulse")) << recorder->output();
  recorder->signal(SIGKILL);
  recorder->wait();
  const take::Take made = take("studio-0001");
  EXPECT_FALSE(made.ended);
  EXPECT_TRUE(made.first_pulse);
  const auto mark = start("", {"genlock", "mark", "x"});
  EXPECT_EQ(mark->wait(), 1) << "its socket may be there, but nobody listens";
}

TEST_F(RecordRig, NamesEachUnitThatIsMissingAndLeavesNothingBehind) {
  std::string rig = kRig;
  rig.replace(rig.find("900002300102"), 12, "900009900199");
  std::ofstream(folder_ / "studio.toml") << rig;
  const auto recorder = record({"-l", "1", "--isolation", "none"});
  EXPECT_EQ(recorder->wait(), 1);
  EXPECT_THAT(recorder->output(), AllOf(HasSubstr("unit_present: sub1: "), HasSubstr("-> ")));
  const auto forced = record({"-l", "1", "--isolation", "none", "--force"});
  EXPECT_EQ(forced->wait(), 1);
  EXPECT_THAT(forced->output(), AllOf(HasSubstr("sub1: error: "), HasSubstr("`genlock list`"),
                                      HasSubstr("1 of 3 units cannot be used")));
  EXPECT_FALSE(fs::exists(folder_ / "studio-0001"));
}

TEST_F(RecordRig, AForcedTakeSaysWhatStoodAgainstIt) {
  write_rig("length_s = 31536000\n");
  const auto recorder = record({"-l", "30000000", "--force", "--no-checksums", "--isolation", "none"});
  ASSERT_TRUE(recorder->wait_for("Recording from pulse")) << recorder->output();
  recorder->signal(SIGINT);
  EXPECT_EQ(recorder->wait(), 0) << recorder->output();
  EXPECT_THAT(recorder->output(), HasSubstr("\nforced, although:\n  disk_space: "));
  EXPECT_THAT(text_of("studio-0001/report.txt"), HasSubstr("forced, although:\n  disk_space: "));
}

TEST_F(RecordRig, StoppedBeforeItBeganLeavesNothingBehind) {
  bench_set({"sub1", "cable-out", "pull"});  // sub2 gets no pulse
  const auto recorder = record({"--isolation", "none", "--force"});
  ASSERT_TRUE(recorder->wait_for("sub2: armed")) << recorder->output();
  recorder->signal(SIGINT);
  EXPECT_EQ(recorder->wait(), 1);
  EXPECT_THAT(recorder->output(), HasSubstr("stopped before the take began"));
  EXPECT_FALSE(fs::exists(folder_ / "studio-0001"));
}

TEST_F(RecordRig, SaysWhichUnitGetsNoPulse) {
  bench_set({"sub1", "cable-out", "pull"});
  const auto refused = record({"--isolation", "none"});
  EXPECT_EQ(refused->wait(), 1);
  EXPECT_THAT(refused->output(), AllOf(HasSubstr("the rig is not ready"), HasSubstr("  sync_")));
  const auto recorder = record({"--isolation", "none", "--force"});
  EXPECT_EQ(recorder->wait(), 1);
  EXPECT_THAT(recorder->output(), HasSubstr("forced, although"));
  EXPECT_THAT(recorder->output(), HasSubstr("sub2: no frame comes for 10 s, while others have theirs"));
  EXPECT_THAT(recorder->output(), Not(HasSubstr("unit 900003200103: timeout on the streaming endpoint")));
}

TEST_F(RecordRig, WaitsForAGeneratorThatStartsWhenAllAreArmed) {
  std::string bench = text_of("bench.toml");
  const std::string trigger = "[trigger]\non = false\n[[cable]]\nfrom = \"trigger\"\nto = \"master\"\n\n";
  std::ofstream(bench_file()) << bench.insert(bench.find("[[cable]]"), trigger);
  write_rig("wiring = \"trigger\"\n");
  const auto recorder = record({"-l", "0.5", "--isolation", "none"});
  ASSERT_TRUE(recorder->wait_for("the generator may start")) << recorder->output();
  bench_set({"trigger", "on"});
  EXPECT_EQ(recorder->wait(), 0) << recorder->output();
  const take::Take made = take("studio-0001");
  for (const std::string& unit : kUnits)
    EXPECT_EQ(pulses("studio-0001/" + unit + ".mkv"), all_pulses(made)) << unit;
  const auto again = record({"-l", "0.5", "--isolation", "none"});
  EXPECT_EQ(again->wait(), 1) << "the generator runs already: clocks would have no common zero";
  EXPECT_THAT(again->output(), HasSubstr("gets pulses before all units are armed: stop the generator"));
}

TEST_F(RecordRig, NeverOverwritesATake) {
  ASSERT_EQ(record({"-l", "0.5", "--take", "jump"})->wait(), 0);
  const std::string before = text_of("jump/take.json");
  const auto again = record({"-l", "0.5", "--take", "jump"});
  EXPECT_EQ(again->wait(), 1);
  EXPECT_THAT(again->output(), HasSubstr("jump exists; name another take"));
  EXPECT_EQ(text_of("jump/take.json"), before);
}

}  // namespace
}  // namespace genlock
