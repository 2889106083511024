// Cables as people plug them: chains, stars, triggers, and everything that is wrong but fits.

#include <gmock/gmock.h>

#include "lab.h"
#include "reading.h"

namespace genlock::device::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::small_cameras;
using test::TemporaryBench;
using testing::HasSubstr;
using enum WiredSyncMode;
using enum FrameStream;

CableConfig cable(const std::string& from, const std::string& to, Jack from_jack = Jack::out,
                  Jack to_jack = Jack::in) {
  return {.from = {from, from_jack}, .to = {to, to_jack}};
}

/// Starts every unit but `makers` as a subordinate, and those a second later as masters.
void start_all(Lab& lab, const std::vector<std::size_t>& makers) {
  lab.switch_on();
  const auto is_master = [&](std::size_t unit) { return std::ranges::find(makers, unit) != makers.end(); };
  for (std::size_t i = 0; i < lab.config.units.size(); ++i)
    if (!is_master(i)) lab.start(i, seconds(0), cameras(subordinate));
  for (const std::size_t maker : makers) lab.start(maker, seconds(1), cameras(master));
}

/// The centre of each unit's colour exposure of pulse 20 against that of `of`; nothing: it had no pulses.
std::vector<std::optional<HostDuration>> behind(Lab& lab, std::size_t of) {
  std::vector<std::vector<Frame>> frames;
  for (std::size_t i = 0; i < lab.config.units.size(); ++i) frames.push_back(lab.frames(i, seconds(3)));
  const HostTime first = at_pulse(frames[of], color, 20).centre;
  std::vector<std::optional<HostDuration>> offsets;
  for (const auto& unit : frames)
    offsets.push_back(unit.empty() ? std::nullopt : std::optional(at_pulse(unit, color, 20).centre - first));
  return offsets;
}

std::optional<HostDuration> hops(int count) {
  return HostDuration(500) * count;
}

TEST(Wiring, OfAChainDelaysEachUnitByOneHopMore) {
  for (const std::size_t units : {9U, 12U, 100U}) {  // nothing stops people from more than eight
    Lab lab(units);
    start_all(lab, {0});
    const auto offsets = behind(lab, 0);
    EXPECT_EQ(offsets[1], hops(0));
    EXPECT_EQ(offsets[2], hops(1));
    EXPECT_EQ(offsets.back(), hops(static_cast<int>(units) - 2));
  }
}

TEST(Wiring, OfAStarDelaysItsArmsAlike) {
  Lab lab(5);
  lab.config.cables = {cable("a", "b"), cable("a", "c"), cable("b", "d"), cable("c", "e")};
  EXPECT_TRUE(Wiring(lab.config).jacks(lab.state(), 0).out);
  start_all(lab, {0});
  EXPECT_THAT(behind(lab, 0), testing::ElementsAre(hops(0), hops(0), hops(0), hops(1), hops(1)));
}

TEST(Wiring, OfATriggerOnASplitterFeedsEveryChainBehindIt) {
  Lab lab(5);
  lab.config.trigger = TriggerConfig{.on = false};
  lab.config.cables = {cable("", "a"), cable("", "b"), cable("b", "c"), cable("c", "d"), cable("d", "e")};
  start_all(lab, {});
  lab.event(seconds(1), {.kind = EventKind::trigger, .on = true});
  EXPECT_THAT(behind(lab, 0), testing::ElementsAre(hops(0), hops(0), hops(1), hops(2), hops(3)));
}

TEST(Wiring, InALoopOfSubordinatesGivesNobodyPulses) {
  Lab lab(3);
  lab.config.cables.push_back(cable("c", "a"));
  start_all(lab, {});
  for (const std::size_t unit : {kA, kB, kC}) EXPECT_TRUE(lab.frames(unit, seconds(5)).empty());
}

TEST(Wiring, InALoopWithAMasterServesItsSubordinatesOnce) {
  Lab lab(3);
  lab.config.cables.push_back(cable("c", "a"));
  start_all(lab, {0});
  EXPECT_THAT(behind(lab, 0), testing::ElementsAre(hops(0), hops(0), hops(1)));
}

TEST(Wiring, OfATailOnALoopGivesItNoPulsesAndEnds) {
  Lab lab(4);
  lab.config.cables = {cable("b", "c"), cable("c", "b"), cable("c", "a"), cable("a", "d")};
  start_all(lab, {});
  EXPECT_TRUE(lab.frames(3, seconds(5)).empty());
}

TEST(Wiring, OfAUnitIntoItselfGivesItNoPulses) {
  Lab lab(1);
  lab.config.cables = {cable("a", "a")};
  start_all(lab, {});
  EXPECT_TRUE(lab.frames(kA, seconds(5)).empty());
  EXPECT_EQ(Wiring(lab.config).jacks(lab.state(), kA), (SyncJacks{.in = true, .out = true}));
}

TEST(Wiring, IntoTheSyncInOfAMasterLeavesItToItsOwnPulses) {
  Lab lab(3);
  start_all(lab, {0, 1});
  const auto a = lab.frames(kA, seconds(5)), b = lab.frames(kB, seconds(5)), c = lab.frames(kC, seconds(5));
  // The second master of the line counts by itself, and those behind it follow it, not the first.
  lab.stop(kA, seconds(5));
  EXPECT_EQ(only(color, lab.frames(kC, seconds(20))).size(), 450U);
  EXPECT_TRUE(lab.timeline(kC).locked());
  EXPECT_EQ(at_pulse(c, color, 20).centre, at_pulse(b, color, 20).centre);
}

TEST(Wiring, WithTwoMastersInALineSplitsItInTwo) {
  Lab lab(4);
  lab.config.units[2].clock_ppm = 200;
  lab.switch_on();
  lab.start(1, seconds(0), cameras(subordinate));
  lab.start(3, seconds(0), cameras(subordinate));
  lab.start(0, seconds(1), cameras(master));
  lab.start(2, seconds(2), cameras(master));
  std::vector<std::vector<Frame>> frames;
  for (std::size_t i = 0; i < 4; ++i) frames.push_back(lab.frames(i, seconds(60)));
  const auto late = [&](std::size_t unit) { return at_pulse(frames[unit], color, 1500).centre; };
  EXPECT_EQ(late(1), late(0));
  EXPECT_EQ(late(3), late(2));
  EXPECT_NE(late(2), late(1));
}

TEST(Wiring, BrokenInTheMiddleLeavesThoseBehindTheGapWithoutPulses) {
  Lab lab(5);
  lab.config.cables.erase(lab.config.cables.begin() + 2);  // c to d
  start_all(lab, {0});
  EXPECT_THAT(behind(lab, 0), testing::ElementsAre(hops(0), hops(0), hops(1), std::nullopt, std::nullopt));
}

TEST(Wiring, BetweenTwoOutsOrTwoInsCarriesNothing) {
  for (const Jack both : {Jack::in, Jack::out}) {
    Lab lab(2);
    lab.config.cables = {cable("a", "b", both, both)};
    ASSERT_EQ(Wiring(lab.config).jacks(lab.state(), kB).in, both == Jack::in);
    ASSERT_EQ(Wiring(lab.config).jacks(lab.state(), kB).out, both == Jack::out);
    start_all(lab, {0});
    EXPECT_TRUE(lab.frames(kB, seconds(5)).empty());
  }
}

TEST(Wiring, ThroughAUnitWithoutPowerCarriesNothing) {
  Lab lab(3);
  start_all(lab, {0});
  lab.frames(kC, seconds(3));
  ASSERT_TRUE(lab.timeline(kC).locked());
  lab.event(seconds(3), {.kind = EventKind::power, .unit = kB, .on = false});
  lab.frames(kC, seconds(4));
  EXPECT_FALSE(lab.timeline(kC).locked());
}

BenchConfig wired(const std::vector<CableConfig>& cables) {
  BenchConfig config = test::stepped_bench();
  config.cables = cables;
  return config;
}

TEST(WrongWiring, IsABenchAsLongAsThePlugsFit) {
  using C = std::vector<CableConfig>;
  for (const C& cables :
       {C{cable("master", "sub1"), cable("sub1", "sub2"), cable("sub2", "master")},
        C{cable("master", "sub1", Jack::out, Jack::out)}, C{cable("master", "sub1", Jack::in, Jack::in)},
        C{cable("sub1", "sub1")}, C{cable("master", "sub1"), cable("master", "sub2")}}) {
    EXPECT_TRUE(validate(wired(cables)));
  }
  const Status two_in_one = validate(wired({cable("master", "sub2"), cable("sub1", "sub2")}));
  ASSERT_FALSE(two_in_one);
  EXPECT_THAT(two_in_one.error().message(), HasSubstr("two cables are in the sync in of sub2"));
  EXPECT_FALSE(validate(wired({cable("master", "sub1", Jack::in, Jack::in), cable("sub2", "master")})));
}

TEST(WrongWiring, IsNoReasonForAUnitToRefuseToStart) {
  // A real unit only feels plugs: where their cables lead it cannot know.
  TemporaryBench bench(wired({cable("master", "sub1"), cable("sub1", "sub2"), cable("sub2", "master")}));
  const auto first = bench.open("master"), second = bench.open("sub1"), third = bench.open("sub2");
  EXPECT_EQ(*first->sync_jacks(), (SyncJacks{.in = true, .out = true}));
  EXPECT_TRUE(first->start_cameras(small_cameras(master)));
  EXPECT_TRUE(second->start_cameras(small_cameras(master)));
  EXPECT_TRUE(third->start_cameras(small_cameras(subordinate)));
  EXPECT_TRUE(next(bench, *first));
}

TEST(WrongWiring, ShowsInTheJacksOfAMasterThatHasItsPlugInTheWrongOne) {
  TemporaryBench bench(wired({cable("master", "sub1", Jack::in, Jack::out)}));
  const auto unit = bench.open("master"), other = bench.open("sub1");
  EXPECT_EQ(*unit->sync_jacks(), (SyncJacks{.in = true, .out = false}));
  EXPECT_EQ(unit->start_cameras(small_cameras(master)).error().code(), Errc::invalid);
  EXPECT_EQ(other->start_cameras(small_cameras(subordinate)).error().code(), Errc::invalid);
}

}  // namespace
}  // namespace genlock::device::sim
