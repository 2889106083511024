#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <map>

#include "cli/record_rig.h"

// genlock record RIG.toml: what a lost unit costs, and what on_fault makes of it.

namespace genlock {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::kUnits;
using testing::AllOf;
using testing::HasSubstr;

using RecordRigFaults = test::RecordRig;

TEST_F(RecordRigFaults, AUnitThatIsLostLeavesTheOthersWhole) {
  const auto recorder = record({"-l", "5", "--isolation", "process"});
  ASSERT_TRUE(recorder->wait_for("Recording from pulse")) << recorder->output();
  bench_set({"sub1", "usb", "unplug"});
  EXPECT_EQ(recorder->wait(), 1) << recorder->output();
  EXPECT_THAT(recorder->output(), testing::ContainsRegex("RETAKE: sub1 was lost (after pulse|before)"));
  const take::Take made = take("studio-0001");
  EXPECT_EQ(made.units[1].end, "failed");
  ASSERT_FALSE(made.incidents.empty());
  for (const char* unit : {"master", "sub2"})
    EXPECT_EQ(pulses(std::string("studio-0001/") + unit + ".mkv"), all_pulses(made)) << unit;
}

/// Processes of units, by the names of these.
std::map<std::string, int> unit_processes(int recorder) {
  std::map<std::string, int> found;
  for (const fs::path& task : fs::directory_iterator("/proc/" + std::to_string(recorder) + "/task")) {
    std::ifstream children(task / "children");
    for (int child = 0; children >> child;) {
      std::ifstream words("/proc/" + std::to_string(child) + "/cmdline");
      for (std::string word; std::getline(words, word, '\0');)
        if (word.starts_with("--name=")) found[word.substr(7)] = child;
    }
  }
  return found;
}

TEST_F(RecordRigFaults, AUnitThatComesBackGoesOnInAFileThatIsNotTakenForSynchronous) {
  for (const std::string isolation : {"none", "process"}) {
    const auto recorder = record({"--take", isolation, "--isolation", isolation});
    ASSERT_TRUE(recorder->wait_for("Recording from pulse")) << recorder->output();
    bench_set({"sub1", "usb", "unplug"});
    ASSERT_TRUE(recorder->wait_for("sub1: failure: ")) << recorder->output();
    bench_set({"sub1", "usb", "replug"});
    ASSERT_TRUE(recorder->wait_for("goes on in sub1-unaligned-1.mkv")) << recorder->output();
    recorder->signal(SIGINT);
    EXPECT_EQ(recorder->wait(), 1) << recorder->output();
    EXPECT_THAT(recorder->output(), testing::ContainsRegex("RETAKE: sub1 was lost (after pulse|before)"));
    const take::Take made = take(isolation);
    for (const char* unit : {"master", "sub2"})
      EXPECT_EQ(pulses(isolation + "/" + unit + ".mkv"), all_pulses(made)) << unit;
    ASSERT_EQ(made.units[1].unaligned.size(), 1U);
    EXPECT_EQ(made.units[1].unaligned[0].sha256.size(), 64U);
    EXPECT_TRUE(std::ranges::any_of(made.incidents, [](const take::Incident& incident) {
      return incident.unit == 1U && incident.pulse && incident.text.starts_with("it is back and goes on in ");
    }));
    const std::string unaligned = isolation + "/" + made.units[1].unaligned[0].name;
    const json told = info(unaligned);
    EXPECT_TRUE(told["finalised"]);
    EXPECT_EQ(told["tags"]["GENLOCK_UNALIGNED"], "1");
    EXPECT_GT(frames(unaligned)[0], 0U);
    for (const char* verb : {"verify", "frames"}) {
      const auto refused = start("", {"genlock", verb, isolation + "/master.mkv", unaligned});
      EXPECT_NE(refused->wait(), 0);
      EXPECT_THAT(refused->output(), HasSubstr("cannot be in sync with them; leave it out"));
    }
  }
}

TEST_F(RecordRigFaults, AUnitWhoseProcessCrashesGoesOnAsOftenAsItDoes) {
  const auto recorder = record({"--isolation", "process", "--no-checksums"});
  ASSERT_TRUE(recorder->wait_for("Recording from pulse")) << recorder->output();
  for (const std::string part : {"1", "2"}) {
    kill(unit_processes(recorder->pid()).at("sub2"), SIGKILL);
    ASSERT_TRUE(recorder->wait_for("goes on in sub2-unaligned-" + part + ".mkv")) << recorder->output();
  }
  recorder->signal(SIGINT);
  EXPECT_EQ(recorder->wait(), 1) << recorder->output();
  const take::Take made = take("studio-0001");
  EXPECT_EQ(made.units[2].unaligned.size(), 2U);
  EXPECT_TRUE(info("studio-0001/sub2-unaligned-2.mkv")["finalised"]);
  for (const char* unit : {"master", "sub1"})
    EXPECT_EQ(pulses(std::string("studio-0001/") + unit + ".mkv"), all_pulses(made)) << unit;
}

TEST_F(RecordRigFaults, AMasterThatComesBackLeavesTheSubordinatesRecordingsGoOn) {
  const auto recorder = record({"--isolation", "none", "--no-checksums"});
  ASSERT_TRUE(recorder->wait_for("Recording from pulse")) << recorder->output();
  bench_set({"master", "usb", "unplug"});
  ASSERT_TRUE(recorder->wait_for("master: failure: ")) << recorder->output();
  bench_set({"master", "usb", "replug"});
  ASSERT_TRUE(recorder->wait_for("master-unaligned-1.mkv, out of sync with the others; subordinates"))
      << recorder->output();
  recorder->signal(SIGINT);
  EXPECT_EQ(recorder->wait(), 1) << recorder->output();
  const take::Take made = take("studio-0001");
  EXPECT_EQ(made.units[0].unaligned.size(), 1U);
  for (const std::size_t sub : {1U, 2U}) {
    EXPECT_EQ(made.units[sub].end, "length_reached") << made.units[sub].error;
    EXPECT_EQ(made.units[sub].files.size(), 1U);
    EXPECT_TRUE(made.units[sub].unaligned.empty());
  }
}

TEST_F(RecordRigFaults, CtrlCEndsTheSearchForAUnitThatStaysAway) {
  const auto recorder = record({"--isolation", "process", "--no-checksums"});
  ASSERT_TRUE(recorder->wait_for("Recording from pulse")) << recorder->output();
  bench_set({"sub1", "usb", "unplug"});
  ASSERT_TRUE(recorder->wait_for("sub1: failure: ")) << recorder->output();
  recorder->signal(SIGINT);
  EXPECT_EQ(recorder->wait(), 1) << recorder->output();
  EXPECT_TRUE(take("studio-0001").units[1].unaligned.empty());
  EXPECT_FALSE(fs::exists(folder_ / "studio-0001/sub1-unaligned-1.mkv"));
}

TEST_F(RecordRigFaults, StopsAllUnitsWhenTheRigFileSaysSoAndAUnitIsLost) {
  write_rig("[take]\non_fault = \"stop\"\n");
  const auto recorder = record({"-l", "60", "--isolation", "none"});
  ASSERT_TRUE(recorder->wait_for("Recording from pulse")) << recorder->output();
  bench_set({"sub1", "usb", "unplug"});
  EXPECT_EQ(recorder->wait(), 1) << recorder->output();
  const take::Take made = take("studio-0001");
  EXPECT_LT(*made.last_pulse - *made.first_pulse, 30 * 30);
  for (const char* unit : {"master", "sub2"})
    EXPECT_EQ(pulses(std::string("studio-0001/") + unit + ".mkv"), all_pulses(made)) << unit;
}

TEST_F(RecordRigFaults, ArmsAllAgainForTheRestOfTheLengthWhenALostUnitIsBack) {
  write_rig("[take]\non_fault = \"rearm\"\n");
  const auto recorder = record({"-l", "12", "--isolation", "process"});
  ASSERT_TRUE(recorder->wait_for("Recording from pulse")) << recorder->output();
  bench_set({"sub1", "usb", "unplug"});
  ASSERT_TRUE(recorder->wait_for("Waiting until all units can be armed again")) << recorder->output();
  bench_set({"sub1", "usb", "replug"});
  EXPECT_EQ(recorder->wait(), 1) << recorder->output();
  EXPECT_THAT(recorder->output(),
              AllOf(HasSubstr("RETAKE: sub1 was lost"), HasSubstr("Arming again for the rest"),
                    HasSubstr("\n./studio-0002\nKEEP\n")));
  const take::Take first = take("studio-0001"), second = take("studio-0002");
  EXPECT_EQ(all_pulses(first).size() + all_pulses(second).size(), 12U * 30);
  for (const std::string& unit : kUnits)
    EXPECT_EQ(pulses("studio-0002/" + unit + ".mkv"), all_pulses(second)) << unit;
  for (const char* unit : {"master", "sub2"})
    EXPECT_EQ(pulses(std::string("studio-0001/") + unit + ".mkv"), all_pulses(first)) << unit;
  EXPECT_EQ(first.units[0].files.front().sha256.size(), 64U);
  EXPECT_FALSE(fs::exists(folder_ / "studio-0003"));
}

TEST_F(RecordRigFaults, CtrlCEndsTheWaitForAllUnits) {
  write_rig("[take]\non_fault = \"rearm\"\n");
  const auto recorder = record({"--isolation", "none", "--no-checksums"});
  ASSERT_TRUE(recorder->wait_for("Recording from pulse")) << recorder->output();
  bench_set({"sub1", "usb", "unplug"});
  ASSERT_TRUE(recorder->wait_for("Waiting until all units can be armed again")) << recorder->output();
  recorder->signal(SIGINT);
  EXPECT_EQ(recorder->wait(), 1);
  EXPECT_THAT(recorder->output(), HasSubstr("stopped before all units were there"));
  EXPECT_FALSE(fs::exists(folder_ / "studio-0002"));
}

TEST_F(RecordRigFaults, APulledCableIsToldWhileTheTakeRuns) {
  const auto recorder = record({"--isolation", "none"});
  ASSERT_TRUE(recorder->wait_for("Recording from pulse")) << recorder->output();
  bench_set({"sub2", "cable-in", "pull"});
  EXPECT_TRUE(recorder->wait_for("sub2: failure: ")) << recorder->output();
  recorder->signal(SIGINT);
  EXPECT_EQ(recorder->wait(), 1);
  EXPECT_THAT(recorder->output(), HasSubstr("RETAKE: sub2: lost lock from pulse "));
  const take::Take made = take("studio-0001");
  ASSERT_FALSE(made.incidents.empty());
  EXPECT_TRUE(made.incidents.back().pulse);
}

}  // namespace
}  // namespace genlock
