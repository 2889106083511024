// Each fault of the bench during a take of three units: what the user sees and when, the last line, and what
// the take holds afterwards. CI tries a part of them; `make takes` all, for the table of docs/take-proofs.md.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <cmath>
#include <regex>

#include "proofs/proof_table.h"
#include "takes/fault_rows.h"
#include "takes/held.h"

namespace genlock::test {
namespace {

using testing::IsEmpty;

std::vector<std::string> split(const std::string& text) {
  std::istringstream words(text);
  return {std::istream_iterator<std::string>(words), {}};
}

std::string line_of(const take::Take& take, const take::Incident& incident) {
  const std::string who = incident.unit ? take.units[*incident.unit].name + ": " : "";
  const std::string where = incident.pulse ? fmt::format(" (pulse {})", *incident.pulse) : "";
  const std::size_t said = !who.empty() && incident.text.starts_with(who) ? who.size() : 0;
  return who + incident.severity + ": " + incident.text.substr(said) + where;
}

class FaultsInTakes : public testing::TestWithParam<Fault> {
 protected:
  void run() {
    Stage stage{.bench_hosts = {"", "", ""}, .rig_lines = "[take]\nisolation = \"none\"\n"};
    if (GetParam().set) GetParam().set(stage);
    run_.emplace(stage);
    run_->record(GetParam().seconds, {"--buffer", "512"});
    ASSERT_TRUE(run_->begins()) << run_->output();
    run_->pass(GetParam().after);
    struck_ = GetParam().act ? GetParam().act(*run_) : run_->strike(split(GetParam().words));
    code_ = run_->wait();
    take_ = run_->take();
    held_.emplace(run_->folder(), take_);
    struck_pulse_ = held_->pulse_at(struck_.bench);
  }

  /// Pulses from the fault to the moment at which the incident was told.
  std::int64_t pulses_after(const take::Incident& incident) const {
    return (incident.utc - struck_.wall) * fps(take_.rate) / std::chrono::seconds(1);
  }

  /// The first line about the fault that people see, and how many pulses after it.
  std::string check_told() {
    const std::regex wanted(GetParam().told);
    for (const take::Incident& incident : take_.incidents) {
      const std::string line = line_of(take_, incident);
      if (GetParam().told.empty()) ADD_FAILURE() << "told: " << line;  // nothing must be
      if (!std::regex_match(line, wanted)) continue;
      EXPECT_THAT(run_->output(), testing::HasSubstr(line + "\n"));
      if (making_proofs()) {
        EXPECT_LE(pulses_after(incident), GetParam().within) << line;
      }
      return fmt::format("{} | {}", without_folder(line), pulses_after(incident));
    }
    if (!GetParam().told.empty()) ADD_FAILURE() << "nobody told: " << GetParam().told << "\n" << listing();
    return "- | -";
  }

  std::string listing() const {
    std::string text = run_->output() + "\n";
    for (const take::Incident& incident : take_.incidents)
      text += fmt::format("{} pulses after it: {}\n", pulses_after(incident), line_of(take_, incident));
    return text;
  }

  std::string without_folder(std::string line) const {
    const std::string folder = run_->folder().string() + "/";
    if (const auto at = line.find(folder); at != line.npos) line.erase(at, folder.size());
    return line;
  }

  void check_files() {
    for (std::size_t i = 0; i < held_->units().size(); ++i) {
      const HeldUnit& unit = held_->units()[i];
      if (GetParam().cut == i) {
        check_repair(unit);
        continue;
      }
      EXPECT_THAT(unit.problems, IsEmpty()) << unit.name;
      EXPECT_EQ(unit.finished, !unit.file.empty()) << unit.name;
    }
    std::string said;
    EXPECT_EQ(run_->genlock({"verify", run_->folder()}, said), GetParam().in_sync ? 0 : 1) << said;
  }

  /// What a unit recorded that came back stands beside the take.
  void check_return() {
    const take::TakenUnit& unit = take_.units[*GetParam().back];
    ASSERT_FALSE(unit.unaligned.empty()) << run_->output();
    const HeldUnit back = held_unit(run_->folder() / unit.unaligned.front().name, take_);
    EXPECT_TRUE(back.finished);
    EXPECT_GT(back.color.size(), 30U) << "it was back for seconds";
    std::string said;
    EXPECT_NE(run_->genlock({"verify", run_->folder() / "master.mkv", back.file}, said), 0) << said;
  }

  /// The rest of the length is a take of its own, with nothing amiss.
  void check_next() {
    const take::Take next = run_->take(run_->next_folder());
    EXPECT_EQ(next.advice, "KEEP");
    EXPECT_EQ(HeldTake(run_->next_folder(), next).text(0), "all");
    const auto pulses = [](const take::Take& of) { return *of.last_pulse - *of.first_pulse + 1; };
    EXPECT_EQ(pulses(take_) + pulses(next), std::llround(GetParam().seconds * fps(take_.rate)));
    std::string said;
    EXPECT_EQ(run_->genlock({"verify", run_->next_folder()}, said), 0) << said;
  }

  /// A file that nobody closed is completed without a loss.
  void check_repair(const HeldUnit& unit) {
    EXPECT_FALSE(unit.finished);
    std::string said;
    const auto repaired = run_->folder().parent_path() / (unit.name + ".mkv");
    EXPECT_EQ(run_->genlock({"repair", unit.file, repaired}, said), 0) << said;
    const HeldUnit after = held_unit(repaired, take_);
    EXPECT_TRUE(after.finished);
    EXPECT_THAT(after.problems, IsEmpty());
    EXPECT_EQ(after.color, unit.color);
    EXPECT_EQ(after.depth, unit.depth);
  }

  std::optional<TakeRun> run_;
  std::optional<HeldTake> held_;
  take::Take take_;
  Strike struck_;
  std::int64_t struck_pulse_ = 0;
  int code_ = 0;
};

TEST_P(FaultsInTakes, AreToldAndLeaveWhatTheTableSays) {
  const Fault& fault = GetParam();
  run();
  if (HasFatalFailure()) return;
  const std::string told = check_told();
  EXPECT_TRUE(take_.ended);
  EXPECT_EQ(code_, take_.kept() ? 0 : 1);
  EXPECT_THAT(run_->output(), testing::HasSubstr("\n" + take_.advice + "\n"));
  EXPECT_TRUE(std::regex_match(take_.advice, std::regex(fault.advice))) << take_.advice << "\n" << listing();
  const std::string held = held_->text(struck_pulse_);
  EXPECT_TRUE(std::regex_match(held, std::regex(fault.held))) << held;
  check_files();
  if (fault.back) check_return();
  if (fault.again) check_next();
  const std::string back = fault.back    ? "; beside it sub2-unaligned-1.mkv"
                           : fault.again ? "; the rest is in take-0001: KEEP, all"
                                         : "";
  add_proof_row("faults",
                {fault.name, "`" + fault.words + "`", std::to_string(struck_pulse_ - *take_.first_pulse),
                 told, take_.advice, held + back, fault.in_sync ? "in sync" : "not in sync"});
}

std::vector<Fault> rows_to_try() {
  std::vector<Fault> rows = fault_rows();
  if (!making_proofs()) std::erase_if(rows, [](const Fault& row) { return !row.in_ci; });
  return rows;
}

INSTANTIATE_TEST_SUITE_P(Rows, FaultsInTakes, testing::ValuesIn(rows_to_try()));

}  // namespace
}  // namespace genlock::test
