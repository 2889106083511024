#include "sync/offset_series.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

namespace genlock::sync {
namespace {

// 30 points a second of a course, with whole-tick noise.
std::vector<Point> course(double seconds, const std::function<double(double)>& value,
                          std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  std::vector<Point> points;
  for (double t = 0.2; t < seconds; t += 1.0 / 30)
    points.push_back({t, value(t) + 100.0 / 9 * (static_cast<double>(random() % 3) - 1)});
  return points;
}

TEST(OffsetSeries, AStraightCourseHasNoChange) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto points = course(
        300, [](double t) { return 40 + 20 * t; }, seed);
    const OffsetSeries series = analyse_offsets(points, 110, 0.2);
    EXPECT_TRUE(series.changes.empty()) << "seed " << seed;
    EXPECT_NEAR(series.main.slope, 20, 0.02);
    EXPECT_NEAR(series.start.at(0), 40, 2);
    EXPECT_NEAR(series.jitter, 100.0 / 9 * std::sqrt(2.0 / 3), 1);
  }
}

TEST(OffsetSeries, WarmingUpIsNoChange) {
  const auto warming = [](double t) { return 20 * t + 10 * 300 * std::exp(-t / 300); };
  const auto points = course(1800, warming);
  const OffsetSeries series = analyse_offsets(points, 110, 0.2);
  for (const Change& c : series.changes)
    ADD_FAILURE() << "at " << c.t << " s: " << c.step << " us, " << c.before << " to " << c.after
                  << " ppm, sd " << c.slope_sd();
  EXPECT_LT(std::abs(series.windows[series.worst].residual), 30);
}

TEST(OffsetSeries, HoursWithoutAChangeHaveNone) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const auto points = course(
        7200, [&](double t) { return t * static_cast<double>(seed) - 3 * t; }, seed);
    EXPECT_TRUE(analyse_offsets(points, 110, 0.2).changes.empty()) << "seed " << seed;
  }
}

TEST(OffsetSeries, FastWarmingUpIsNoChange) {
  for (const double ppm : {-20.0, 10.0, 40.0})
    for (const double constant_s : {400.0, 900.0}) {
      const auto points =
          course(1200, [&](double t) { return ppm * constant_s * (1 - std::exp(-t / constant_s)); });
      for (const Change& c : analyse_offsets(points, 110, 0.2).changes)
        ADD_FAILURE() << ppm << " ppm in " << constant_s << " s: at " << c.t << " s " << c.before << " to "
                      << c.after << " ppm";
    }
}

TEST(OffsetSeries, AFewOddSecondsAreNoChange) {
  for (const double from : {0.2, 1.3, 8.0, 40.0, 100.0})
    for (const double seconds : {1.0, 2.0}) {
      if (from < 2 && seconds > 1) continue;
      const auto points =
          course(120, [&](double t) { return t >= from && t < from + seconds ? 400.0 : 0.0; });
      const OffsetSeries series = analyse_offsets(points, 110, 0.2);
      EXPECT_TRUE(series.changes.empty()) << seconds << " s from " << from;
      EXPECT_GT(std::abs(series.windows[series.worst].residual), 300) << seconds << " s from " << from;
    }
}

// What holds while a take goes on holds when it is over.
TEST(OffsetSeries, ChangesDoNotDependOnWhatComesLater) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const auto points = course(
        200,
        [&](double t) {
          const double lost = 30.0 + 9 * static_cast<double>(seed);
          return 15 * std::min(t, lost) + (t > 150 ? 300 : 0) - 4 * std::max(0.0, t - 120);
        },
        seed);
    const OffsetSeries whole = analyse_offsets(points, 110, 0.2);
    EXPECT_EQ(whole.changes.size(), 3U) << "seed " << seed;
    for (std::size_t w = 10; w < whole.windows.size(); w += 3) {
      const OffsetSeries part = analyse_offsets(std::span(points).first(whole.windows[w].end), 110, 0.2);
      ASSERT_LE(part.changes.size(), whole.changes.size());
      for (std::size_t i = 0; i < part.changes.size(); ++i) {
        EXPECT_EQ(part.changes[i].window, whole.changes[i].window);
        EXPECT_DOUBLE_EQ(part.changes[i].after, whole.changes[i].after);
      }
    }
  }
}

// Facts: a bend of p ppm has moved frames by three ticks after 33 / p seconds.
TEST(OffsetSeries, ABendIsKnownAsSoonAsItStandsOutOfTheNoise) {
  for (const double ppm : {40.0, 20.0, 10.0, 5.0, 2.0}) {
    const auto points = course(300, [&](double t) { return ppm * std::min(t, 150.0); });
    std::size_t seconds = 0;
    while (seconds < 100 &&
           analyse_offsets(std::span(points).first((150 + seconds) * 30), 110, 0.2).changes.empty())
      ++seconds;
    EXPECT_LE(static_cast<double>(seconds), std::max(8.0, 1.5 * 33.3 / ppm + 4)) << ppm << " ppm";
  }
}

TEST(OffsetSeries, ASmallBendEarlyInATakeIsFound) {
  for (const double ppm : {-8.0, 3.0})
    for (const double kink : {20.0, 40.0}) {
      const auto points = course(120, [&](double t) { return ppm * std::min(t, kink); });
      const OffsetSeries series = analyse_offsets(points, 110, 0.2);
      ASSERT_EQ(series.changes.size(), 1U) << ppm << " ppm until " << kink;
      EXPECT_NEAR(series.changes[0].t, kink, 2);
    }
}

TEST(OffsetSeries, AKinkIsFoundWhereItIs) {
  for (const double kink : {5.0, 100.0, 280.0}) {
    const auto points = course(kink < 10 ? 10 : 300, [&](double t) { return 20 * std::min(t, kink); });
    const OffsetSeries series = analyse_offsets(points, 110, 0.2);
    ASSERT_EQ(series.changes.size(), 1U) << kink;
    EXPECT_NEAR(series.changes[0].t, kink, 1.5);
    EXPECT_FALSE(series.changes[0].is_step);
    EXPECT_NEAR(series.changes[0].after, 0, std::max(0.3, 3 * series.changes[0].after_sd));
  }
}

TEST(OffsetSeries, AStepIsFoundWhereItIs) {
  const auto points = course(120, [](double t) { return t < 70 ? 0.0 : 300.0; });
  const OffsetSeries series = analyse_offsets(points, 110, 0.2);
  ASSERT_EQ(series.changes.size(), 1U);
  EXPECT_TRUE(series.changes[0].is_step);
  EXPECT_NEAR(series.changes[0].t, 70, 1);
  EXPECT_NEAR(series.changes[0].step, 300, 10);
}

TEST(OffsetSeries, OneOddPointHardlyMatters) {
  auto points = course(10, [](double) { return 0.0; });
  points[100].value = 5000;
  const OffsetSeries series = analyse_offsets(points, 110, 0.2);
  EXPECT_TRUE(series.changes.empty());
  EXPECT_LT(std::abs(series.windows[series.worst].residual), 15);
}

TEST(OffsetSeries, FewPointsAreJudgedAllTheSame) {
  const std::vector<Point> one{{1.0, 500.0}};
  const OffsetSeries series = analyse_offsets(one, 110, 1);
  EXPECT_EQ(series.windows.size(), 1U);
  EXPECT_DOUBLE_EQ(series.start.at(0), 500);
  EXPECT_TRUE(analyse_offsets({}, 110, 0).windows.empty());
}

TEST(LineFit, StatisticsOfKnownValues) {
  EXPECT_DOUBLE_EQ(median({3, 1, 2}), 2);
  EXPECT_DOUBLE_EQ(median({4, 1, 3, 2}), 2.5);
  EXPECT_DOUBLE_EQ(median({}), 0);
  std::vector<double> values{1, 2, 3, 4, 5, 6, 7, 100};
  EXPECT_DOUBLE_EQ(middle_mean(values), 4.5);
  EXPECT_DOUBLE_EQ(quantile(values, 1), 100);
  EXPECT_DOUBLE_EQ(quantile(values, 0.5), 4);
}

}  // namespace
}  // namespace genlock::sync
