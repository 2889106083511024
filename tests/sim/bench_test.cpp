#include <gmock/gmock.h>
#include <unistd.h>

#include <future>

#include "reading.h"

namespace genlock::device::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::small_cameras;
using test::TemporaryBench;
using testing::HasSubstr;
using enum WiredSyncMode;

TEST(Hosts, SeeTheirOwnUnitsOnly) {
  TemporaryBench bench;
  const auto host = open_bench(bench.options("sub2"));
  ASSERT_TRUE(host) << host.error().message();
  const auto units = (*host)->list();
  ASSERT_EQ(units->size(), 1U);
  EXPECT_EQ(units->front().name, "sub2");
  EXPECT_EQ(units->front().index, 0U);
  const auto unit = (*host)->open(0);
  EXPECT_EQ((*unit)->identity().host.name, "sub2");
  EXPECT_EQ(bench.provider().open(2).error().code(), Errc::busy);
  EXPECT_NE((*unit)->identity().host.boot_id, bench.open("sub1")->identity().host.boot_id);
  const auto nowhere = open_bench(bench.options("attic"));
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().message(), HasSubstr("it has: master, sub1, sub2"));
}

TEST(Bench, GivesTheSameStampsAndImagesForTheSameSeedAndOrder) {
  const auto live = [] {
    BenchConfig config = test::stepped_bench();
    for (UnitConfig& unit : config.units) {
      unit.image_noise = 1;
      unit.start_drops = {1, 2};
      unit.clock_ppm = 17;
    }
    TemporaryBench bench(config);
    const auto sub = bench.open("sub1"), master_unit = bench.open("master");
    EXPECT_TRUE(sub->start_cameras(small_cameras(subordinate)));
    bench.step(milliseconds(1234));
    EXPECT_TRUE(master_unit->start_cameras(small_cameras(master)));
    std::vector<std::pair<std::int64_t, std::vector<std::byte>>> seen;
    for (int i = 0; i < 40; ++i) {
      const auto capture = next(bench, *sub);
      if (!capture || !capture->ir) continue;
      const ByteSpan bytes = capture->ir->data.bytes();
      seen.emplace_back(count_us(capture->ir->device_time), std::vector(bytes.begin(), bytes.end()));
    }
    return seen;
  };
  EXPECT_EQ(live(), live());
}

TEST(Bench, IsMadeAnewForAnotherConfigurationOnlyWhileNobodyUsesIt) {
  TemporaryBench bench;
  BenchOptions changed = bench.options();
  changed.config->seed = 99;
  {
    const auto unit = bench.open("sub1");
    const auto refused = Bench::open(changed);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Errc::busy);
    EXPECT_THAT(refused.error().message(), HasSubstr("GENLOCK_STATE_DIR"));
    EXPECT_TRUE(unit->sync_jacks());
  }
  const auto anew = Bench::open(changed);
  ASSERT_TRUE(anew) << anew.error().message();
  const auto stale = bench.provider().open(0);
  ASSERT_FALSE(stale);
  EXPECT_THAT(stale.error().message(), HasSubstr("open it again"));
  EXPECT_TRUE(make_provider(*anew)->open(0));
}

TEST(Bench, GoesOnForAReaderWhoSleptThroughMoreEventsThanAreKept) {
  TemporaryBench bench;
  const auto sub = bench.open("sub1"), master_unit = bench.open("master");
  ASSERT_TRUE(sub->start_cameras(small_cameras(subordinate)));
  ASSERT_TRUE(master_unit->start_cameras(small_cameras(master)));
  ASSERT_TRUE(next(bench, *sub));
  for (int i = 0; i < 1300; ++i) {
    ASSERT_TRUE(set(bench, {"sub2", "cable-in", "pull"}));
    ASSERT_TRUE(set(bench, {"sub2", "cable-in", "plug"}));
  }
  ASSERT_TRUE(set(bench, {"900002300102", "cable-out", "pull"}));  // sub1, by its serial
  EXPECT_EQ(sub->sync_jacks()->out, false);
  EXPECT_TRUE(next(bench, *sub));
}

TEST(Bench, TellsWhatItsUnitsDo) {
  TemporaryBench bench;
  const auto unit = bench.open("sub1");
  ASSERT_TRUE(unit->start_cameras(small_cameras(standalone)));
  ASSERT_TRUE(next(bench, *unit));
  ASSERT_TRUE(set(bench, {"sub2", "cable-in", "pull"}));
  const BenchStatus status = bench.bench().status();
  ASSERT_EQ(status.units.size(), 3U);
  EXPECT_EQ(status.units[0].open_by, 0);
  EXPECT_EQ(status.units[1].open_by, ::getpid());
  EXPECT_EQ(status.units[1].running, small_cameras(standalone));
  EXPECT_EQ(status.units[1].captures, 1U);
  EXPECT_GE(status.units[1].pulses, 4U);
  EXPECT_EQ(status.units[1].jacks.out, true);
  EXPECT_EQ(status.units[2].jacks.in, false);
  EXPECT_GT(status.since_boot, milliseconds(500));
}

TEST(Bench, RunningByItselfCannotBeStepped) {
  BenchConfig config = test::stepped_bench();
  config.stepped = false;
  TemporaryBench bench(config);
  EXPECT_EQ(bench.bench().step(seconds(1)).error().code(), Errc::state);
}

TEST(BenchClock, WaitsOnAConditionUntilAStepReachesTheDeadline) {
  TemporaryBench bench;
  Clock& clock = bench.clock();
  const HostTime deadline = clock.now() + seconds(5);
  const WallTime before = clock.wall_now();
  auto waiting = std::async(std::launch::async, [&] {
    Mutex mutex;
    CondVar condition;
    MutexLock lock(mutex);
    while (clock.now() < deadline) clock.wait(condition, mutex, deadline);
  });
  for (int i = 0; i < 5; ++i) bench.step(seconds(1));
  waiting.get();
  EXPECT_EQ(clock.wall_now() - before, seconds(5));
}

}  // namespace
}  // namespace genlock::device::sim
