// A free clock's drift stops with its pulse. From which drift on that is told, and how soon: the table of
// docs/verify.md, "From when on a lost pulse is told".

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

#include "sync/course_follower.h"
#include "sync/findings.h"

namespace genlock::sync {
namespace {

using Course = std::function<double(double t)>;  ///< µs

/// What a take that goes on is told of changes.
struct Told {
  Change change;
  double at = 0;  ///< s
};

/// Frames of 30 fps stamped in whole ticks, each a tick beside its place at the most, as colour is (facts
/// device.md 2.3).
std::vector<Told> follow(double seconds, const Course& course, std::uint64_t seed) {
  constexpr double kTick = 100.0 / 9;
  std::mt19937_64 random(seed);
  const auto jitter = [&] { return static_cast<double>(random() % 3) - 1; };
  WindowCutter cutter;
  CourseFollower follower(110, 0.2);
  std::vector<Told> told;
  for (double t = 0.2; t < seconds; t += 1.0 / 30) {
    const double ticks = std::round(course(t) / kTick + jitter()) - jitter();
    const auto window = cutter.add({t, ticks * kTick});
    if (!window) continue;
    if (const CourseNews news = follower.add(*window); news.change) told.push_back({*news.change, t});
  }
  return told;
}

bool is_lost_pulse(const Change& change) {
  return !change.is_step && is_still(change.after, change.after_sd) &&
         drifts(change.before, change.before_sd);
}

struct Row {
  double ppm = 0;
  double lost_at = 0;  ///< s after the start
  int told = 0;        ///< of a hundred takes, at least
  double within = 0;   ///< s by which these are told
};

class SmallStops : public testing::TestWithParam<Row> {};

TEST_P(SmallStops, AreToldAsLostPulses) {
  const Row& row = GetParam();
  double worst = 0;
  int takes = 0, count = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    for (const double sign : {1.0, -1.0}) {
      const auto told = follow(
          row.lost_at + 120, [&](double t) { return sign * row.ppm * std::min(t, row.lost_at); }, seed);
      ++takes;
      if (told.empty()) continue;
      ++count;
      ASSERT_EQ(told.size(), 1U) << "seed " << seed;
      EXPECT_TRUE(is_lost_pulse(told[0].change)) << "seed " << seed;
      EXPECT_NEAR(told[0].change.t, row.lost_at, 3 + 20 / row.ppm) << "seed " << seed;
      worst = std::max(worst, told[0].at - row.lost_at);
    }
  EXPECT_GE(100 * count, row.told * takes);
  EXPECT_LE(worst, row.within);
  EXPECT_GT(worst, 0.6 * row.within) << "the table of docs/verify.md can promise more";
}

INSTANTIATE_TEST_SUITE_P(Drifts, SmallStops,
                         testing::Values(Row{20, 15, 100, 7}, Row{20, 30, 100, 7}, Row{20, 60, 100, 7},
                                         Row{20, 200, 100, 7}, Row{8, 15, 100, 10}, Row{8, 30, 100, 10},
                                         Row{8, 60, 100, 10}, Row{8, 200, 100, 10}, Row{5, 15, 100, 25},
                                         Row{5, 30, 100, 25}, Row{5, 60, 100, 16}, Row{5, 200, 100, 16},
                                         Row{3, 15, 100, 100}, Row{3, 30, 100, 100}, Row{3, 60, 100, 30},
                                         Row{3, 200, 100, 20}, Row{2, 15, 50, 100}, Row{2, 30, 90, 100},
                                         Row{2, 60, 100, 65}, Row{2, 200, 100, 45}, Row{1.5, 30, 20, 100},
                                         Row{1.5, 60, 90, 75}, Row{1.5, 200, 90, 75}),
                         [](const auto& row) {
                           return "Ppm" + std::to_string(static_cast<int>(row.param.ppm * 10)) + "After" +
                                  std::to_string(static_cast<int>(row.param.lost_at));
                         });

// A clock that warms up: its drift goes towards another one, and may pass through none on its way.
TEST(SmallStopsOf, AClockThatWarmsUpAreNone) {
  for (const double ppm : {-40.0, -15.0, -5.0, 5.0, 20.0})
    for (const double constant_s : {120.0, 400.0, 900.0}) {
      if (std::abs(ppm) / constant_s > 0.05) continue;
      for (const double still_at : {40.0, 100.0, 300.0, 1200.0}) {
        const double end = -ppm * std::exp(-still_at / constant_s);
        const auto told = follow(
            3600, [&](double t) { return end * t + ppm * constant_s * (1 - std::exp(-t / constant_s)); },
            static_cast<std::uint64_t>(still_at));
        for (const Told& one : told)
          ADD_FAILURE() << ppm << " ppm in " << constant_s << " s, none at " << still_at << " s: told at "
                        << one.at << " s of " << one.change.t << " s";
      }
    }
}

// Stamps are whole ticks: two clocks of one rate differ by the same ticks for minutes, then by one more.
TEST(SmallStopsOf, AClockOfTheSameRateAreNone) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed)
    EXPECT_TRUE(follow(
                    3600, [](double t) { return 19 * std::sin(t / 95); }, seed)
                    .empty())
        << seed;
}

}  // namespace
}  // namespace genlock::sync
