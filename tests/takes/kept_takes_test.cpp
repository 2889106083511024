// Takes of rigs of every wiring that must be KEEP: each unit has every frame of every pulse, and verify says
// that they are in sync. CI tries a part of them; `make takes` all, for the table of docs/take-proofs.md.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "proofs/openers.h"
#include "proofs/proof_table.h"
#include "support/stock_rules.h"
#include "takes/held.h"
#include "takes/take_run.h"

namespace genlock::test {
namespace {

using nlohmann::json;
using testing::IsEmpty;

struct Kept {
  std::string rig;  ///< as the table calls it
  Stage stage;
  double seconds = 4;
  std::size_t pulses = 120;
  bool in_ci = false;
};

void PrintTo(const Kept& kept, std::ostream* out) {
  *out << kept.rig;
}

const std::string kProcess = "[take]\nisolation = \"process\"\n", kNone = "[take]\nisolation = \"none\"\n";

/// Clocks, ways to the host and jitter as those of real units.
std::vector<std::string> like_real_units() {
  const std::string latency = "latency_ms = [85, 156]\nlatency_mean_ms = 93\ndepth_jitter_ticks = 2\n";
  return {"clock_ppm = -50\n" + latency, "clock_ppm = -30\n" + latency,
          "clock_ppm = -70\nsubordinate_clock = \"disciplined\"\n" + latency};
}

std::vector<Kept> chains_and_stars() {
  return {
      {"3 in chain, one process", {.rig_lines = kNone}},
      {"3 in chain, a process each", {.rig_lines = kProcess}},
      {"3 in chain, clocks and latencies like those of real units",
       {.bench_units = like_real_units(), .rig_lines = kNone},
       20,
       600},
      {"3 in star, one process", {.wired = Wired::star, .rig_lines = kNone}, 4, 120, true},
      {"3 in star, a process each", {.wired = Wired::star, .rig_lines = kProcess}},
      {"9 in chain, one process", {.units = 9, .rig_lines = kNone}, 4, 120, true},
      {"9 in chain, a process each", {.units = 9, .rig_lines = kProcess}},
      {"3 on a generator, one process", {.wired = Wired::trigger, .rig_lines = kNone}},
      {"3 on a generator, a process each", {.wired = Wired::trigger, .rig_lines = kProcess}, 4, 120, true},
  };
}

std::vector<Kept> mixed_modes() {
  const std::string slow = "color_resolution = \"1080P\"\ndepth_mode = \"NFOV_UNBINNED\"\nrate = 15\n";
  const std::string depth_alone = "color_resolution = \"OFF\"\ndepth_mode = \"NFOV_2X2BINNED\"\n";
  return {
      {"NFOV, WFOV, passive IR and a unit without depth",
       {.units = 4,
        .rig_lines = kNone,
        .rig_units = {"", "depth_mode = \"WFOV_2X2BINNED\"\n", "depth_mode = \"PASSIVE_IR\"\n",
                      "depth_mode = \"OFF\"\ncolor_resolution = \"1080P\"\n"}},
       4,
       120,
       true},
      {"NFOV, and a subordinate without colour",
       {.rig_lines = kNone, .rig_units = {"", "color_resolution = \"OFF\"\n", ""}},
       8,
       240,
       true},
      {"NFOV and WFOV unbinned at 15 fps",
       {.camera = slow, .rig_lines = kNone, .rig_units = {"", "depth_mode = \"WFOV_UNBINNED\"\n", ""}},
       4,
       60},
      {"3 on a generator, without colour",
       {.wired = Wired::trigger, .camera = depth_alone, .rig_lines = kNone}},
  };
}

std::vector<Kept> rows_to_try() {
  std::vector<Kept> rows = chains_and_stars();
  for (const Kept& row : mixed_modes()) rows.push_back(row);
  if (!making_proofs()) std::erase_if(rows, [](const Kept& row) { return !row.in_ci; });
  return rows;
}

class KeptTakes : public testing::TestWithParam<Kept> {
 protected:
  /// What verify says of the take, as an object.
  static json verified(TakeRun& run) {
    std::string said;
    EXPECT_EQ(run.genlock({"verify", "--json", run.folder()}, said), 0) << said;
    return json::parse(said, nullptr, false);
  }

  /// The largest error of any frame against its configured place, µs.
  static double worst_error(const json& report) {
    double worst = 0;
    for (const json& unit : report["units"])
      for (const json& stream : unit["streams"])
        for (const char* offset : {"offset", "depth_minus_color"})
          if (!stream[offset].is_null())
            worst = std::max(worst, stream[offset]["error_worst_us"].get<double>());
    return worst;
  }

  static void expect_whole(const HeldTake& held) {
    EXPECT_EQ(held.text(0), "all");
    for (const HeldUnit& unit : held.units()) {
      EXPECT_TRUE(unit.finished) << unit.name;
      EXPECT_THAT(unit.problems, IsEmpty()) << unit.name;
      const auto bytes = load_file(unit.file);
      ASSERT_TRUE(bytes);
      const StockRules rules = check_stock_rules(*bytes);
      EXPECT_THAT(rules.broken, IsEmpty()) << unit.name;
      EXPECT_TRUE(rules.complete) << unit.name;
    }
  }
};

TEST_P(KeptTakes, HaveEveryFrameOfEveryPulse) {
  const Kept& kept = GetParam();
  Stage stage = kept.stage;
  if (making_proofs()) stage.images = "scene";
  TakeRun run(stage);
  run.record(kept.seconds, {"--buffer", "512"});
  ASSERT_TRUE(run.begins()) << run.output();
  EXPECT_EQ(run.wait(), 0) << run.output();
  EXPECT_TRUE(run.output().ends_with("\nKEEP\n")) << run.output();
  const take::Take take = run.take();
  ASSERT_TRUE(take.first_pulse && take.last_pulse);
  EXPECT_EQ(static_cast<std::size_t>(*take.last_pulse - *take.first_pulse + 1), kept.pulses);
  const HeldTake held(run.folder(), take);
  expect_whole(held);
  const json report = verified(run);
  ASSERT_TRUE(report.is_object());
  EXPECT_EQ(report["verdict"], "in_sync");
  EXPECT_EQ(report["common"]["complete_sets"], kept.pulses);
  EXPECT_LT(worst_error(report), report["tolerance_us"].get<double>());
  if (!making_proofs()) return;
  OpenedBy opened;
  for (const HeldUnit& unit : held.units()) opened.ask_all(unit.file);
  EXPECT_THAT(opened.complaints(), IsEmpty());
  add_proof_row("kept",
                {kept.rig, std::to_string(kept.pulses), take.advice, "in sync",
                 fmt::format("{:.1f} of {:.0f}", worst_error(report), report["tolerance_us"].get<double>()),
                 fmt::format("{}", fmt::join(opened.cells(), " · "))});
}

INSTANTIATE_TEST_SUITE_P(Rigs, KeptTakes, testing::ValuesIn(rows_to_try()));

}  // namespace
}  // namespace genlock::test
