// What ends or starves a whole take: disks, and the recorder itself. Rows of the same table as
// tests/takes/fault_rows.cpp.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>

#include "proofs/proof_table.h"
#include "support/small_disk.h"
#include "takes/held.h"
#include "takes/take_run.h"

namespace genlock::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

/// A process for each unit, on a bench that runs as time does.
Stage stage_of(const std::string& isolation) {
  return {.speed = 1, .patient = false, .rig_lines = "[take]\nisolation = \"" + isolation + "\"\n"};
}

class BrokenTakes : public testing::Test {
 protected:
  static void SetUpTestSuite() { why_not_ = enter_private_mounts(); }

  /// Of each unit: complete, undamaged, and exactly what take.json counts as recorded.
  static void expect_closed(const take::Take& take, const HeldTake& held) {
    for (std::size_t i = 0; i < take.units.size(); ++i) {
      const HeldUnit& unit = held.units()[i];
      EXPECT_TRUE(unit.finished) << unit.name;
      EXPECT_THAT(unit.problems, IsEmpty()) << unit.name;
      for (const take::StreamTally& tally : take.units[i].streams) {
        if (tally.stream == "imu") continue;
        EXPECT_EQ(tally.recorded, (tally.stream == "color" ? unit.color : unit.depth).size())
            << unit.name << " " << tally.stream;
      }
    }
  }

  /// The first failure or, without one, the first warning that people see.
  static std::string first_told(const take::Take& take) {
    for (const char* severity : {"failure", "warning"})
      for (const take::Incident& incident : take.incidents)
        if (incident.severity == severity)
          return (incident.unit ? take.units[*incident.unit].name + ": " : "") + incident.severity + ": " +
                 incident.text;
    return "-";
  }

  static std::string tidy(std::string text, const fs::path& folder) {
    for (auto at = text.find(folder.string() + "/"); at != text.npos; at = text.find(folder.string() + "/"))
      text.erase(at, folder.string().size() + 1);
    return text;
  }

  static void add_row(const TakeRun& run, const std::string& name, const std::string& how,
                      const std::string& told, const std::string& advice, const std::string& held,
                      const std::string& verify) {
    add_proof_row("faults",
                  {name, how, "-", tidy(told, run.folder()), "-", tidy(advice, run.folder()), held, verify});
  }

  static inline std::optional<std::string> why_not_;
};

std::unique_ptr<SmallDisk> disk_of(SmallDisk::Kind kind, std::uint64_t bytes) {
  auto made = SmallDisk::make(kind, bytes);
  EXPECT_TRUE(made) << made.error().message();
  return made ? *std::move(made) : nullptr;
}

TEST_F(BrokenTakes, ADiskThatFillsEndsAllUnitsAndLeavesCompleteFiles) {
  if (why_not_) GTEST_SKIP() << "file systems cannot be mounted here: " << *why_not_;
  const auto disk = disk_of(SmallDisk::Kind::tmpfs, 60'000'000);
  ASSERT_TRUE(disk);
  TakeRun run(stage_of("none"));
  run.record(60, {"--force"}, {}, disk->path());
  ASSERT_TRUE(run.begins()) << run.output();
  EXPECT_EQ(run.wait(), 1);
  const take::Take take = run.take();
  EXPECT_TRUE(take.ended);
  EXPECT_THAT(take.advice, StartsWith("RETAKE: "));
  for (const take::TakenUnit& unit : take.units)
    EXPECT_THAT(unit.error, HasSubstr("No space left on device"));
  const HeldTake held(run.folder(), take);
  expect_closed(take, held);
  add_row(run, "disk full", "a tmpfs of 60 MB, `--force`", first_told(take), take.advice,
          fmt::format("{} of the {} frames until it was full", held.units()[0].color.size(), 60 * 30),
          "in sync");
}

TEST_F(BrokenTakes, ADiskThatIsTooSlowCostsFramesThatAreTold) {
  if (!making_proofs()) GTEST_SKIP() << "takes as long as the disk is slow: tried by make takes";
  if (why_not_) GTEST_SKIP() << "file systems cannot be mounted here: " << *why_not_;
  const auto disk = disk_of(SmallDisk::Kind::ext4, 600'000'000);
  ASSERT_TRUE(disk);
  const auto group = disk->throttle(15'000'000);
  if (!group) GTEST_SKIP() << "disks cannot be made slow here: " << group.error().message();
  TakeRun run(stage_of("none"));
  run.record(12, {"--force"}, "echo $$ > " + (*group / "cgroup.procs").string(), disk->path());
  ASSERT_TRUE(run.begins()) << run.output();
  EXPECT_EQ(run.wait(), 1);
  const take::Take take = run.take();
  EXPECT_THAT(take.advice, AllOf(StartsWith("RETAKE: "), HasSubstr("this host lost")));
  const HeldTake held(run.folder(), take);
  expect_closed(take, held);
  add_row(run, "disk too slow", "ext4 at 15 MB/s, units at 35, `--force`", first_told(take), take.advice,
          held.text(0), "in sync");
}

TEST_F(BrokenTakes, AKilledRecorderLeavesFilesThatRepairCompletes) {
  for (const std::string isolation : {"process", "none"}) {
    if (isolation == "none" && !making_proofs()) continue;
    TakeRun run(stage_of(isolation));
    run.record(60);
    ASSERT_TRUE(run.begins()) << run.output();
    run.pass(milliseconds(3500));
    run.signal(SIGKILL);
    EXPECT_EQ(run.wait(), 128 + SIGKILL);
    run.wait_for_units();
    const take::Take take = run.take();
    EXPECT_FALSE(take.ended);
    EXPECT_THAT(take.advice, IsEmpty());
    std::string said;
    EXPECT_EQ(run.genlock({"verify", run.folder()}, said), 0) << said;
    EXPECT_THAT(said, HasSubstr("did not end this take"));
    std::size_t least = 1000;
    for (const take::TakenUnit& unit : take.units) {
      const fs::path file = run.folder() / (unit.name + ".mkv"),
                     repaired = run.folder() / (unit.name + "-whole.mkv");
      EXPECT_EQ(run.genlock({"repair", file, repaired}, said), 0) << said;
      const HeldUnit before = held_unit(file, take), after = held_unit(repaired, take);
      EXPECT_TRUE(after.finished);
      EXPECT_THAT(after.problems, IsEmpty());
      EXPECT_EQ(after.color, before.color);
      EXPECT_EQ(after.depth, before.depth);
      least = std::min(least, after.color.size());
    }
    EXPECT_GE(least, 60U) << "2.5 s were recorded, of which a kill costs half a second at the most";
    add_row(run, "the recorder is killed", fmt::format("kill -9 after 2.5 s, isolation {}", isolation), "-",
            "-", fmt::format("{} frames of each camera of each unit or more, once repaired", least),
            "in sync, with a warning");
  }
}

/// Its reader stands still for longer than the unit's queue holds.
TEST_F(BrokenTakes, AHostThatReadsTooLateIsTold) {
  if (!making_proofs()) GTEST_SKIP() << "a machine that is loaded may lose more: tried by make takes";
  TakeRun run(stage_of("process"));
  run.record(5);
  ASSERT_TRUE(run.begins()) << run.output();
  run.pass(milliseconds(2000));
  run.signal_unit(2, SIGSTOP);
  run.pass(milliseconds(1000));
  run.signal_unit(2, SIGCONT);
  EXPECT_EQ(run.wait(), 1);
  const take::Take take = run.take();
  EXPECT_THAT(take.advice, StartsWith("RETAKE: sub2: "));
  EXPECT_THAT(take.advice, AllOf(Not(HasSubstr("sub1")), Not(HasSubstr("master"))));
  const HeldTake held(run.folder(), take);
  expect_closed(take, held);
  EXPECT_THAT(held.text(0), testing::MatchesRegex("sub2 lacks [0-9]+ of 150"));
  add_row(run, "host reads too slowly", "the process of sub2 stands still for 1 s", first_told(take),
          take.advice, held.text(0), "in sync");
}

}  // namespace
}  // namespace genlock::test
