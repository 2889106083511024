#include "cli/recorder_process.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>
#include <sstream>

namespace genlock {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::kWaiting;
using test::Process;
using test::RecorderProcess;
using testing::HasSubstr;

TEST_F(RecorderProcess, SubordinatesWaitForTheMasterAndAllFilesAreInSync) {
  const auto sub1 = record("sub1", {"--external-sync", "subordinate", "-r", "5", "-l", "10", "sub1.mkv"});
  ASSERT_TRUE(sub1->wait_for(kWaiting)) << sub1->output();
  const auto sub2 = record("sub2", {"--external-sync", "sub", "-r", "5", "-l", "10", "sub2.mkv"});
  ASSERT_TRUE(sub2->wait_for(kWaiting)) << sub2->output();
  EXPECT_FALSE(fs::exists(folder_ / "sub1.mkv")) << "nothing is recorded before the first pulse";
  const auto master = record("master", {"--external-sync", "master", "-r", "5", "-l", "10", "master.mkv"});
  EXPECT_EQ(master->wait(), 0) << master->output();
  EXPECT_EQ(sub1->wait(), 0) << sub1->output();
  EXPECT_EQ(sub2->wait(), 0) << sub2->output();
  for (const char* file : {"master.mkv", "sub1.mkv", "sub2.mkv"})
    EXPECT_THAT(frames(file), testing::ElementsAre(50, 50, 50)) << file;
  std::string said;
  EXPECT_EQ(verify({"master.mkv", "sub1.mkv", "sub2.mkv"}, said), 0) << said;
  EXPECT_THAT(said, HasSubstr("IN SYNC"));
}

TEST_F(RecorderProcess, SaysTheDocumentedLines) {
  const auto sub = record("sub1", {"--external-sync", "subordinate", "-r", "5", "-l", "1", "sub1.mkv"});
  ASSERT_TRUE(sub->wait_for(kWaiting));
  EXPECT_THAT(
      sub->output(),
      testing::ContainsRegex("Device serial number: 9[0-9]+\n"
                             "Device version: Rel; C: [0-9.]+; D: [0-9.]+\\[6109\\.[0-9]+\\]; A: [0-9.]+\n"));
  EXPECT_THAT(sub->output(), HasSubstr(std::string("Device started\n") + kWaiting));
}

TEST_F(RecorderProcess, ImuCoversExactlyTheRecordedSpan) {
  const auto alone = record("master", {"-r", "30", "-l", "2", "a.mkv"});
  ASSERT_EQ(alone->wait(), 0) << alone->output();
  const json file = info("a.mkv");
  const std::int64_t first_image = file["tracks"][0]["first_us"];
  const std::int64_t last_image = file["tracks"][0]["last_us"];
  EXPECT_GE(file["imu"]["first_us"], first_image);
  EXPECT_LT(file["imu"]["first_us"], first_image + 700);
  EXPECT_LT(file["imu"]["last_us"], last_image + 33'334);
  EXPECT_GE(file["imu"]["last_us"], last_image + 33'333 - 700);
  EXPECT_EQ(frames("a.mkv"), (std::vector<std::uint64_t>{60, 60, 60}));
}

TEST_F(RecorderProcess, EveryStopSignalCompletesTheFile) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const std::string name = "signal" + std::to_string(signal) + ".mkv";
    const auto recorder = record("master", {"-r", "30", name});
    ASSERT_TRUE(recorder->wait_for("Started recording")) << recorder->output();
    recorder->signal(signal);
    EXPECT_EQ(recorder->wait(), 0) << recorder->output();
    const json file = info(name);
    EXPECT_TRUE(file["finalised"]) << name;
    EXPECT_GE(file["tracks"][0]["frames"], 1u);
    EXPECT_TRUE(file["problems"].empty());
  }
}

TEST_F(RecorderProcess, ASignalThatItWasStartedToIgnoreDoesNotStopIt) {
  const auto recorder =
      start("master",
            {"sh", "-c", "trap '' HUP; exec \"$0\" -c 720p -d NFOV_2X2BINNED --buffer 512 -r 15 -l 4 a.mkv",
             program("k4arecorder")});
  ASSERT_TRUE(recorder->wait_for("Started recording")) << recorder->output();
  recorder->signal(SIGHUP);
  EXPECT_EQ(recorder->wait(), 0) << recorder->output();
  EXPECT_THAT(frames("a.mkv"), testing::ElementsAre(60, 60, 60)) << "nohup k4arecorder goes on";
}

TEST_F(RecorderProcess, AReaderOfItsOutputThatGoesAwayDoesNotCostTheRecording) {
  const auto recorder = start("master", {"bash", "-c",
                                         "\"$0\" --json -c 720p -d NFOV_2X2BINNED --buffer 512 -r 15 -l 4 "
                                         "a.mkv | head -n 1; exit ${PIPESTATUS[0]}",
                                         program("k4arecorder")});
  EXPECT_EQ(recorder->wait(), 0) << recorder->output();
  EXPECT_THAT(frames("a.mkv"), testing::ElementsAre(60, 60, 60));
}

TEST_F(RecorderProcess, ATerminalThatStandsStillDoesNotStallTheRecording) {
  // Nothing reads the pipe, and its 64 kB are full before the recorder starts.
  const auto recorder = start(
      "master",
      {"bash", "-c",
       "head -c 65536 /dev/zero; exec \"$0\" --json -c 720p -d NFOV_2X2BINNED --buffer 512 -r 15 -l 4 a.mkv",
       program("k4arecorder")});
  bool finalised = false;
  for (int looks = 0; looks < 2000 && !finalised; ++looks) {
    const auto look = start("", {"genlock", "info", "--json", "a.mkv"});
    finalised = look->wait() == 0 && json::parse(look->output())["finalised"];
  }
  ASSERT_TRUE(finalised);
  EXPECT_THAT(frames("a.mkv"), testing::ElementsAre(60, 60, 60));
}

TEST_F(RecorderProcess, StoppedWhileWaitingLeavesNoFileAndSaysSo) {
  const auto sub = record("sub1", {"--external-sync", "subordinate", "-r", "5", "sub1.mkv"});
  ASSERT_TRUE(sub->wait_for(kWaiting));
  sub->signal(SIGINT);
  EXPECT_EQ(sub->wait(), 1);
  EXPECT_THAT(sub->output(), HasSubstr("no file was left behind"));
  EXPECT_THAT(files_in_folder(), testing::IsEmpty());
}

TEST_F(RecorderProcess, AFailedStartLeavesNoFileAndNamesUnitAndRemedy) {
  struct Row {
    const char* host;
    std::vector<std::string> words;
    const char* says;
  };
  for (const Row& row : {Row{"master", {"--external-sync", "subordinate", "o.mkv"}, "SYNC IN"},
                         Row{"sub2", {"--external-sync", "master", "o.mkv"}, "SYNC OUT"},
                         Row{"master", {"--device", "1", "o.mkv"}, "1"}}) {
    const auto recorder = record(row.host, row.words);
    EXPECT_EQ(recorder->wait(), 1) << recorder->output();
    EXPECT_THAT(recorder->output(), HasSubstr(row.says));
    EXPECT_THAT(files_in_folder(), testing::IsEmpty()) << row.says;
  }
}

TEST_F(RecorderProcess, AnExistingFileIsOnlyReplacedByForce) {
  std::ofstream(folder_ / "a.mkv") << "mine";
  EXPECT_EQ(record("master", {"-r", "5", "-l", "0", "a.mkv"})->wait(), 1);
  EXPECT_EQ(fs::file_size(folder_ / "a.mkv"), 4u);
  EXPECT_EQ(record("master", {"-r", "5", "-l", "0", "--force", "a.mkv"})->wait(), 0);
  EXPECT_THAT(frames("a.mkv"), testing::ElementsAre(1, 1, 1));
}

TEST_F(RecorderProcess, AUnitInUseIsBusyForOthersUntilItsProcessIsKilled) {
  const auto first = record("sub1", {"--external-sync", "subordinate", "a.mkv"});
  ASSERT_TRUE(first->wait_for(kWaiting));
  const auto second = record("sub1", {"--external-sync", "subordinate", "b.mkv"});
  EXPECT_EQ(second->wait(), 1);
  EXPECT_THAT(second->output(), HasSubstr("open"));
  first->signal(SIGKILL);
  EXPECT_EQ(first->wait(), 128 + SIGKILL);
  const auto third = record("sub1", {"--external-sync", "subordinate", "c.mkv"});
  EXPECT_TRUE(third->wait_for(kWaiting)) << third->output();
}

TEST_F(RecorderProcess, ASilentStreamIsNamedAndWhatWasRecordedIsSaved) {
  for (const char* stream : {"color", "depth", "imu"}) {
    const std::string name = std::string(stream) + ".mkv";
    const auto recorder = record("master", {"-r", "15", name});
    ASSERT_TRUE(recorder->wait_for("Started recording")) << recorder->output();
    ASSERT_NO_FATAL_FAILURE(bench_set({"master", "stall", stream, "on"}));
    EXPECT_EQ(recorder->wait(), 1) << recorder->output();
    EXPECT_THAT(recorder->output(),
                testing::ContainsRegex("unit 9[0-9]+: " + std::string(stream) + " silent"));
    EXPECT_TRUE(info(name)["finalised"]);
    ASSERT_NO_FATAL_FAILURE(bench_set({"master", "stall", stream, "off"}));
  }
}

TEST_F(RecorderProcess, ASilentCameraIsNamedAtFiveFramesASecondToo) {
  const auto recorder = record("master", {"-r", "5", "a.mkv"});
  ASSERT_TRUE(recorder->wait_for("Started recording")) << recorder->output();
  ASSERT_NO_FATAL_FAILURE(bench_set({"master", "stall", "color", "on"}));
  EXPECT_EQ(recorder->wait(), 1) << recorder->output();
  EXPECT_THAT(recorder->output(), testing::ContainsRegex("unit 9[0-9]+: color silent"))
      << "not depth, though its captures wait for colour by now";
}

TEST_F(RecorderProcess, AnUnpluggedUnitEndsTheRecordingWithWhatThereIs) {
  const auto recorder = record("master", {"-r", "15", "lost.mkv"});
  ASSERT_TRUE(recorder->wait_for("Started recording"));
  ASSERT_NO_FATAL_FAILURE(bench_set({"master", "usb", "unplug"}));
  EXPECT_EQ(recorder->wait(), 1) << recorder->output();
  EXPECT_THAT(recorder->output(), HasSubstr("silent"));
  EXPECT_GE(info("lost.mkv")["tracks"][0]["frames"], 1u);
}

TEST_F(RecorderProcess, SaysAfterSixtySecondsWhatHappensToDepthAndStartsTheCamerasAgain) {
  make_bench(15);
  const auto sub =
      record("sub1", {"--imu", "OFF", "--external-sync", "subordinate", "-r", "5", "-l", "2", "sub1.mkv"});
  ASSERT_TRUE(sub->wait_for("60 s without a signal")) << sub->output();
  const auto master =
      record("master", {"--imu", "OFF", "--external-sync", "master", "-r", "5", "-l", "2", "master.mkv"});
  EXPECT_EQ(master->wait(), 0) << master->output();
  EXPECT_EQ(sub->wait(), 0) << sub->output();
  EXPECT_THAT(frames("sub1.mkv"), testing::ElementsAre(10, 10, 10)) << "depth is awake again";
}

TEST_F(RecorderProcess, ASubordinateWithoutAMasterGivesUpAfterSixMinutes) {
  make_bench(150);
  const auto sub =
      record("sub1", {"--imu", "OFF", "-c", "OFF", "--external-sync", "subordinate", "-r", "5", "sub1.mkv"});
  EXPECT_EQ(sub->wait(), 1);
  EXPECT_THAT(sub->output(), HasSubstr("no capture within 360 s"));
  EXPECT_THAT(files_in_folder(), testing::IsEmpty());
}

TEST_F(RecorderProcess, VerifyFailsWhenTheMasterWasStartedFirst) {
  make_bench(4);  // the subordinate must be there before the master is done
  const auto master = record("master", {"--external-sync", "master", "-r", "5", "-l", "12", "master.mkv"});
  ASSERT_TRUE(master->wait_for("Started recording")) << master->output();
  const auto sub = record("sub1", {"--external-sync", "subordinate", "-r", "5", "-l", "6", "sub1.mkv"});
  EXPECT_EQ(sub->wait(), 0) << sub->output();
  EXPECT_EQ(master->wait(), 0) << master->output();
  std::string said;
  EXPECT_EQ(verify({"master.mkv", "sub1.mkv"}, said), 1) << said;
  EXPECT_THAT(said, HasSubstr("NOT IN SYNC"));
}

class PulledCable : public RecorderProcess, public testing::WithParamInterface<const char*> {};

TEST_P(PulledCable, FailsVerifyWithEitherKindOfSubordinateClock) {
  make_bench(8, std::string("clock_ppm = 20\nsubordinate_clock = \"") + GetParam() + "\"\n");
  const auto sub = record("sub1", {"--external-sync", "subordinate", "-r", "15", "-l", "8", "sub1.mkv"});
  ASSERT_TRUE(sub->wait_for(kWaiting)) << sub->output();
  const auto master = record("master", {"--external-sync", "master", "-r", "15", "-l", "8", "master.mkv"});
  ASSERT_TRUE(sub->wait_for("Started recording")) << sub->output();
  ASSERT_NO_FATAL_FAILURE(bench_set({"sub1", "cable-in", "pull"}));
  EXPECT_EQ(sub->wait(), 0) << sub->output();
  EXPECT_EQ(master->wait(), 0) << master->output();
  std::string said;
  EXPECT_EQ(verify({"master.mkv", "sub1.mkv"}, said), 1) << said;
  EXPECT_THAT(said, HasSubstr("lock"));
}

INSTANTIATE_TEST_SUITE_P(Clocks, PulledCable, testing::Values("free", "disciplined"));

TEST_F(RecorderProcess, FilesOfTwoTakesAreRefused) {
  std::vector<std::string> files;
  for (const char* take : {"1", "2"}) {
    const std::string sub_file = std::string("sub") + take + ".mkv";
    const std::string master_file = std::string("master") + take + ".mkv";
    const auto sub = record("sub1", {"--external-sync", "subordinate", "-r", "15", "-l", "3", sub_file});
    ASSERT_TRUE(sub->wait_for(kWaiting));
    const auto master = record("master", {"--external-sync", "master", "-r", "15", "-l", "3", master_file});
    EXPECT_EQ(master->wait() + sub->wait(), 0);
  }
  std::string said;
  EXPECT_EQ(verify({"master1.mkv", "sub1.mkv"}, said), 0) << said;
  EXPECT_EQ(verify({"master1.mkv", "sub2.mkv"}, said), 1) << said;
  EXPECT_THAT(said, HasSubstr("take"));
}

TEST_F(RecorderProcess, ControlsSetBeforeATakeAreInForceInIt) {
  const auto set = start("master", {"genlock", "set", "powerline_frequency=1", "exposure_us=9000"});
  EXPECT_EQ(set->wait(), 0);
  EXPECT_THAT(set->output(), testing::ContainsRegex("exposure_us +10000 "));
  const auto recorder = record("master", {"-r", "15", "-l", "0", "a.mkv"});
  EXPECT_EQ(recorder->wait(), 0);
  const auto after = start("master", {"genlock", "set", "--json"});
  EXPECT_EQ(after->wait(), 0);
  EXPECT_EQ(json::parse(after->output())["controls"]["exposure_us"]["value"], 10000);
}

TEST_F(RecorderProcess, JsonEventsTellTheWholeStory) {
  const auto recorder = record("master", {"--json", "-r", "15", "-l", "2", "a.mkv"});
  EXPECT_EQ(recorder->wait(), 0) << recorder->output();
  std::istringstream lines(recorder->output());
  std::vector<std::string> kinds;
  json last;
  for (std::string line; std::getline(lines, line);) {
    last = json::parse(line);
    kinds.push_back(last["event"]);
    if (kinds.back() == "recording_started") {
      EXPECT_THAT(last["write_method"].get<std::string>(),
                  testing::AnyOf("direct, io_uring", "direct", "buffered"));
    }
  }
  ASSERT_GE(kinds.size(), 4u);
  EXPECT_EQ(kinds.front(), "opened");
  EXPECT_EQ(last["event"], "recording_ended");
  EXPECT_EQ(last["reason"], "length_reached");
  EXPECT_EQ(last["streams"][0]["recorded"], 30);
}

TEST_F(RecorderProcess, ARealRecordingReplayedAsAUnitIsRecordedEqual) {
  const std::string real = std::string(GENLOCK_TEST_DATA) + "/mkv/pyk4a_recording.mkv";
  const auto recorder = start("", {"k4arecorder", "--replay", real, "-c", "720p", "-r", "5", "again.mkv"});
  EXPECT_EQ(recorder->wait(), 0) << recorder->output();
  EXPECT_THAT(recorder->output(), HasSubstr("Device serial number: 001514394512"));
  const json original = info(real);
  const json again = info("again.mkv");
  for (const char* same :
       {"serial", "color_firmware", "depth_firmware", "config", "tracks", "calibration_bytes", "simulated"})
    EXPECT_EQ(original[same], again[same]) << same;
  EXPECT_FALSE(again["simulated"]);
}

TEST_F(RecorderProcess, EveryVerbOfTheBenchSpeaksJson) {
  const auto said = [this](std::vector<std::string> words) {
    words.insert(words.begin(), {"genlock", "bench"});
    const auto process = start("", words);
    EXPECT_EQ(process->wait(), 0) << process->output();
    return json::parse(process->output());
  };
  EXPECT_EQ(said({"init", "--json", "mine.toml"})["file"], "mine.toml");
  EXPECT_FALSE(said({"init", "--json"})["template"].empty());
  EXPECT_EQ(said({"show", "--json"})["units"].size(), 3u);
  EXPECT_EQ(said({"set", "--json", "sub1", "cable-in", "pull"})["units"][1]["sync_in"], false);
}

TEST_F(RecorderProcess, WithoutABenchTheWayOutIsNamed) {
  Process recorder({program("k4arecorder"), "a.mkv"},
                   {.environment = {{"GENLOCK_BENCH", ""}}, .directory = folder_.path()});
  EXPECT_EQ(recorder.wait(), 1);
  EXPECT_THAT(recorder.output(), HasSubstr("GENLOCK_BENCH=default"));
}

}  // namespace
}  // namespace genlock
