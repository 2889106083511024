// A C program on libk4arecord, killed: the file that a stock library would leave unreadable has all but what
// the ABI makes the library hold back.

#include <gmock/gmock.h>
#include <signal.h>

#include <random>
#include <sstream>

#include "proofs/file_watch.h"
#include "proofs/openers.h"
#include "proofs/proof_table.h"
#include "support/process.h"
#include "support/stock_rules.h"
#include "support/temporary_folder.h"

namespace genlock::test {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

/// Captures of 2 s, which the ABI lets come late (facts k4a-abi.md), and those of one cluster of 32 ms.
constexpr std::size_t kHeldBack = 60 + 1;

/// Captures that the program was told to have written.
std::size_t accepted(const std::string& output) {
  std::size_t number = 0;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);)
    if (line.ends_with(" written")) number = std::stoul(line);
  return number;
}

std::size_t captures_in(const fs::path& file) {
  auto source = open_file(file);
  if (!source) return 0;
  auto reader = recording::Reader::open(*std::move(source));
  const auto survey = reader ? (*reader)->survey() : Result<recording::Survey>(reader.error());
  return survey ? static_cast<std::size_t>(std::ranges::count(survey->frames, recording::TrackKind::ir,
                                                              &recording::FrameEntry::track))
                : 0;
}

class KilledProgram : public testing::Test {
 protected:
  struct Killed {
    std::size_t accepted = 0, found = 0;
  };

  /// Kills the program as soon as it has said `words` and, after that, `moment` has come.
  Killed kill_when(std::size_t captures, std::string_view words, const std::function<bool()>& moment) {
    fs::remove(file_);
    FileWatch watch(folder_.path());
    Process program({GENLOCK_RECORD_PROGRAM, file_, std::to_string(captures)}, {});
    EXPECT_TRUE(program.wait_for(words)) << program.output();
    EXPECT_TRUE(watch.wait_until(program.pid(), moment)) << program.output();
    program.signal(SIGKILL);
    EXPECT_EQ(program.wait(), 128 + SIGKILL) << program.output();
    expect_sound();
    return {accepted(program.output()), captures_in(file_)};
  }

  void expect_sound() {
    const StockRules rules = check_stock_rules(load_file(file_).value());
    EXPECT_THAT(rules.broken, IsEmpty());
    opened_.ask_all(file_);
  }

  void add_row(const std::string& what, const std::vector<double>& lost) {
    EXPECT_THAT(opened_.complaints(), IsEmpty());
    std::vector<double> ms;
    for (const double frames : lost) ms.push_back(frames * 1000 / 30);
    std::vector<std::string> row{what, std::to_string(lost.size()), worst_and_median(ms),
                                 worst_and_median(lost)};
    for (const std::string& cell : opened_.cells()) row.push_back(cell);
    add_proof_row("kill", row);
  }

  TemporaryFolder folder_;
  const fs::path file_ = folder_ / "program.mkv";
  OpenedBy opened_;
  std::mt19937 random_{1414};
};

TEST_F(KilledProgram, ThatWasIdleLosesWhatTheAbiHoldsBack) {
  std::vector<double> lost;
  for (std::size_t i = 0; i < proof_cases(2, 15); ++i) {
    const std::size_t captures = 75 + random_() % 60;
    const Killed killed = kill_when(captures, std::to_string(captures) + " written",
                                    [&] { return captures_in(file_) + kHeldBack >= captures; });
    EXPECT_EQ(killed.accepted, captures);
    EXPECT_GE(killed.found + kHeldBack, killed.accepted);
    lost.push_back(static_cast<double>(killed.accepted) - static_cast<double>(killed.found));
  }
  add_row("C program that had written what it had, SIGKILL", lost);
}

TEST_F(KilledProgram, InTheMiddleOfItsWritingLeavesASoundFile) {
  std::vector<double> lost;
  for (std::size_t i = 0; i < proof_cases(2, 15); ++i) {
    const std::uint64_t bytes = 400'000 + random_() % 20'000'000;
    const Killed killed = kill_when(1'000'000, "1 written", [&] {
      std::error_code none_yet;
      const std::uintmax_t size = fs::file_size(file_, none_yet);
      return !none_yet && size >= bytes;
    });
    EXPECT_GE(killed.found, 1U);
    lost.push_back(static_cast<double>(killed.accepted) - static_cast<double>(killed.found));
  }
  add_row("C program that writes as fast as it can, SIGKILL", lost);
}

}  // namespace
}  // namespace genlock::test
