// What verify measures of a minute on the bench, against what the bench did: offsets within a tick, drift
// within 0.1 ppm, gaps exactly. CI tries one seed for each model of a subordinate's clock; `make takes`
// several.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "device/sim/shared_bench.h"
#include "proofs/proof_table.h"
#include "takes/held.h"
#include "takes/take_run.h"

namespace genlock::test {
namespace {

using nlohmann::json;
using std::chrono::seconds;
using testing::Contains;
using testing::SizeIs;

constexpr double kTick = 100.0 / 9.0;  // µs
constexpr double kHop = 0.5;           // µs, of a pulse through a unit
constexpr double kMostDrift = 0.1;     // ppm
/// Of a drift that takes less than two ticks in the minute, stamps of whole ticks tell no more than the tick.
constexpr double kSlowDrift = 2 * kTick / 60, kStillDrift = kTick / 60;
constexpr double kPulseIsKnownTo = 0.002;  // periods: jitter of the frame that tells when a pulse was
constexpr double kMinute = 60;

/// What the units are really set to.
struct Truth {
  double ppm = 0;
  int delay_us = 0;
  int depth_delay_us = 0;
};

struct Measured {
  std::string clock;
  unsigned seed = 1;
};

void PrintTo(const Measured& measured, std::ostream* out) {
  *out << measured.clock << " clock, seed " << measured.seed;
}

double in_ticks(int us) {
  return std::trunc(us / kTick) * kTick;
}

/// Clocks as far off as those of real units (facts device.md 2.3), and delays of any size.
std::vector<Truth> draw(unsigned seed) {
  std::mt19937 random(seed);
  const auto between = [&](int least, int most) {
    return static_cast<int>(random() % static_cast<unsigned>(most - least + 1)) + least;
  };
  const double common = between(-400, 50);
  std::vector<Truth> units(3);
  for (Truth& unit : units) unit.ppm = common + between(-200, 200) / 10.0;
  for (Truth& unit : units) unit.depth_delay_us = between(-1500, 1500);
  for (std::size_t i = 1; i < units.size(); ++i) units[i].delay_us = between(0, 3000);
  return units;
}

class MeasuredTakes : public testing::TestWithParam<Measured> {
 protected:
  Stage stage() const {
    Stage stage{.speed = 20,
                .bench_lines = fmt::format("seed = {}\n", GetParam().seed),
                .rig_lines = "[take]\nisolation = \"none\"\n[lasers]\ndelays = \"fixed\"\n"};
    for (std::size_t i = 0; i < truth_.size(); ++i) {
      stage.bench_units.push_back(fmt::format("clock_ppm = {:.1f}\n", truth_[i].ppm));
      if (i > 0)
        stage.bench_units.back() += fmt::format(
            "subordinate_clock = \"{}\"\nlatency_ms = [85, 156]\ndepth_jitter_ticks = 2\n", GetParam().clock);
      // Where they would disturb each other's depth is not the question.
      stage.rig_units.push_back(fmt::format("areas = [\"{}\"]\n", i));
      const bool depth = making_proofs() || i == 1;
      if (!depth) stage.rig_units.back() += "depth_mode = \"OFF\"\n";
      if (depth) stage.rig_units.back() += fmt::format("depth_delay_us = {}\n", truth_[i].depth_delay_us);
      if (i > 0) stage.rig_units.back() += fmt::format("delay_off_master_us = {}\n", truth_[i].delay_us);
    }
    return stage;
  }

  /// Records the minute, and loses frames in it.
  void record() {
    run_.emplace(stage());
    run_->record(kMinute, {"--buffer", "512"});
    ASSERT_TRUE(run_->begins()) << run_->output();
    std::mt19937 random(GetParam().seed + 1);
    for (const std::string unit : {"sub1", "sub2", "sub1", "master"}) {
      run_->pass(seconds(3) + std::chrono::milliseconds(random() % 7000));
      run_->strike({unit, "drop", "color,depth", std::to_string(random() % 9 + 1)});
    }
    EXPECT_EQ(run_->wait(), 1) << "frames are missing\n" << run_->output();
    std::string said;
    run_->genlock({"verify", "--json", run_->folder()}, said);
    report_ = json::parse(said, nullptr, false);
  }

  void check_offsets() {
    for (std::size_t i = 0; i < truth_.size(); ++i)
      for (const json& stream : report_["units"][i]["streams"]) {
        const bool depth = stream["stream"] == "depth";
        if (depth && !stream["depth_minus_color"].is_null())
          offset(stream["depth_minus_color"], depth_after_color(i));
        if (i == 0 || stream["offset"].is_null()) continue;
        offset(stream["offset"], in_ticks(truth_[i].delay_us) + kHop * static_cast<double>(i) +
                                     (depth ? depth_after_color(i) : 0));
        drift(stream["offset"], truth_[i]);
      }
  }

  /// Depth that comes first is three ticks late on a master (docs/bench.md, depth_bias_ticks).
  double depth_after_color(std::size_t unit) const {
    const int delay = truth_[unit].depth_delay_us;
    return in_ticks(delay) + (unit == 0 && delay < 0 ? 3 * kTick : 0);
  }

  void offset(const json& measured, double truth) {
    const double error = std::abs(measured["measured_us"].get<double>() - truth);
    EXPECT_LE(error, kTick) << measured["measured_us"] << " µs, truly " << truth;
    worst_offset_ = std::max(worst_offset_, error);
  }

  void drift(const json& measured, const Truth& unit) {
    const bool free = GetParam().clock == "free";
    const double truth = free ? ((1 + unit.ppm * 1e-6) / (1 + truth_[0].ppm * 1e-6) - 1) * 1e6 : 0;
    const double error = std::abs(measured["drift_ppm"].get<double>() - truth);
    EXPECT_LE(error, std::abs(truth) < kSlowDrift ? kStillDrift : kMostDrift)
        << measured["drift_ppm"] << " ppm, truly " << truth;
    worst_drift_ = std::max(worst_drift_, error);
  }

  /// Each loss of a unit is one gap of its streams, of as many frames, from the first pulse behind it on.
  void check_gaps() {
    const HeldTake held(run_->folder(), run_->take());
    std::vector<std::size_t> lost(truth_.size());
    for (const device::sim::Event& drop : run_->drops()) {
      ++lost[drop.unit];
      const double at = held.position_of(drop.time);
      for (const json& stream : report_["units"][drop.unit]["streams"]) {
        const json sooner{std::ceil(at - kPulseIsKnownTo), drop.count},
            later{std::ceil(at + kPulseIsKnownTo), drop.count};
        std::vector<json> gaps;
        for (const json& gap : stream["gaps"])
          gaps.push_back({gap["first_pulse"].get<double>(), gap["frames"]});
        EXPECT_THAT(gaps, Contains(testing::AnyOf(sooner, later)))
            << stream["gaps"] << " of unit " << int(drop.unit) << ", lost at " << at;
        ++gaps_;
      }
    }
    EXPECT_EQ(lost, (std::vector<std::size_t>{1, 2, 1}));
    for (std::size_t i = 0; i < lost.size(); ++i)
      for (const json& stream : report_["units"][i]["streams"]) EXPECT_THAT(stream["gaps"], SizeIs(lost[i]));
  }

  const std::vector<Truth> truth_ = draw(GetParam().seed);
  std::optional<TakeRun> run_;
  json report_;
  double worst_offset_ = 0, worst_drift_ = 0;
  std::size_t gaps_ = 0;
};

TEST_P(MeasuredTakes, AreMeasuredAsTheBenchMadeThem) {
  record();
  if (HasFatalFailure()) return;
  ASSERT_TRUE(report_.is_object());
  EXPECT_EQ(report_["verdict"], "in_sync") << report_["findings"];
  check_offsets();
  check_gaps();
  const bool free = GetParam().clock == "free";
  add_proof_row("measured", {GetParam().clock, std::to_string(GetParam().seed),
                             fmt::format("{:.1f}, {:.1f}", free ? truth_[1].ppm - truth_[0].ppm : 0.0,
                                         free ? truth_[2].ppm - truth_[0].ppm : 0.0),
                             fmt::format("{:.3f}", worst_drift_), fmt::format("{:.2f}", worst_offset_),
                             of(gaps_, gaps_)});
}

std::vector<Measured> takes_to_try() {
  std::vector<Measured> takes;
  for (const char* clock : {"free", "disciplined"})
    for (unsigned seed = 3; seed < 3 + proof_cases(1, 5); ++seed) takes.push_back({clock, seed});
  return takes;
}

INSTANTIATE_TEST_SUITE_P(Minutes, MeasuredTakes, testing::ValuesIn(takes_to_try()));

}  // namespace
}  // namespace genlock::test
