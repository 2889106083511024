#include <gmock/gmock.h>

#include "device/pairing.h"
#include "reading.h"

namespace genlock::device::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::small_cameras;
using test::TemporaryBench;
using enum WiredSyncMode;

TEST(LostUnit, TimesOutForEverFailsCommandsAndComesBackWhenReopened) {
  TemporaryBench bench;
  auto unit = bench.open("sub1");
  ASSERT_TRUE(unit->start_cameras(small_cameras(standalone)));
  ASSERT_TRUE(unit->start_imu());
  ASSERT_TRUE(next(bench, *unit));
  ASSERT_TRUE(set(bench, {"sub1", "usb", "unplug"}));
  while (unit->next_capture(kNow)->has_value()) {
  }
  for (int i = 0; i < 10; ++i) {
    bench.step(seconds(10));
    const auto capture = unit->next_capture(kNow);
    ASSERT_TRUE(capture);
    EXPECT_FALSE(*capture);
  }
  EXPECT_EQ(unit->sync_jacks().error().code(), Errc::disconnected);
  EXPECT_EQ(unit->color_control(ColorControl::gain).error().code(), Errc::disconnected);
  std::vector<ImuSample> samples(2000);
  while (true) {
    const auto read = unit->read_imu(samples, kNow);
    if (!read) {
      EXPECT_EQ(read.error().code(), Errc::disconnected);
      break;
    }
    ASSERT_GT(*read, 0U);
  }
  EXPECT_EQ(bench.provider().list()->size(), 2U);
  ASSERT_TRUE(set(bench, {"sub1", "usb", "replug"}));
  EXPECT_FALSE(unit->sync_jacks());  // the old handle stays dead
  unit.reset();
  unit = bench.open("sub1");
  ASSERT_TRUE(unit->start_cameras(small_cameras(standalone)));
  EXPECT_TRUE(next(bench, *unit));
}

TEST(Faults, HappenOnScheduleAtEveryStart) {
  BenchConfig config = test::stepped_bench();
  config.faults = {{.unit = "sub1",
                    .kind = FaultKind::stall,
                    .streams = {.depth = true},
                    .after_start = true,
                    .at = seconds(2),
                    .duration = seconds(2)},
                   {.unit = "sub1",
                    .kind = FaultKind::cable,
                    .jack = Jack::in,
                    .at = seconds(30),
                    .duration = seconds(5)}};
  TemporaryBench bench(config);
  const auto unit = bench.open("sub1");
  for (int session = 0; session < 2; ++session) {
    ASSERT_TRUE(unit->start_cameras(small_cameras(standalone)));
    std::size_t whole = 0, halves = 0;
    for (int i = 0; i < 150; ++i) {
      const auto capture = next(bench, *unit);
      ASSERT_TRUE(capture);
      ++(capture->ir ? whole : halves);
    }
    // Two seconds without depth, less what a queue of seven loses when all the waiting colour frames come at
    // once.
    EXPECT_GE(halves, 60 - Pairing::kMaxWaiting);
    EXPECT_LE(halves, 61U);
    EXPECT_EQ(whole + halves, 150U);
    unit->stop_cameras();
  }
  EXPECT_EQ(unit->sync_jacks()->in, true);
  bench.step(seconds(31) - bench.bench().status().since_boot);
  EXPECT_EQ(unit->sync_jacks()->in, false);
  bench.step(seconds(5));
  EXPECT_EQ(unit->sync_jacks()->in, true);
}

// ---- Every kind of fault, from a bench file and by hand ----

/// One fault: how a bench file says it, how `genlock bench set` does, and whether it shows. "sub1" streams
/// colour, depth and IMU by itself; "sub2" is closed.
struct FaultRow {
  const char* toml;
  std::vector<std::string> begin, end;
  bool (*shows)(TemporaryBench& bench, Device& sub1);
};

/// Takes what was exposed and measured by now, some of which is still on its way.
void take_what_is_under_way(TemporaryBench& bench, Device& unit) {
  bench.step(milliseconds(200));
  while (unit.next_capture(kNow).value_or(std::nullopt)) {
  }
  std::vector<ImuSample> samples(2000);
  static_cast<void>(unit.read_imu(samples, kNow));
}

bool frames_missing(TemporaryBench& bench, Device& unit) {
  take_what_is_under_way(bench, unit);
  return !next(bench, unit, milliseconds(250));
}

bool imu_missing(TemporaryBench& bench, Device& unit) {
  take_what_is_under_way(bench, unit);
  bench.step(milliseconds(250));
  return !unit.next_imu_sample(kNow)->has_value();
}

bool cable_missing(TemporaryBench& /*bench*/, Device& unit) {
  return unit.sync_jacks()->in == false;
}

bool unit_missing(TemporaryBench& bench, Device& /*sub1*/) {
  return bench.provider().list()->size() == 2;
}

bool open_refused(TemporaryBench& bench, Device& /*sub1*/) {
  const auto unit = bench.provider().open(2);
  return !unit && unit.error().code() == Errc::io;
}

const FaultRow kFaults[] = {
    {"unit = \"sub1\"\nkind = \"stall\"\nstreams = [\"color\", \"depth\"]\n",
     {"sub1", "stall", "color,depth", "on"},
     {"sub1", "stall", "color,depth", "off"},
     frames_missing},
    {"unit = \"sub1\"\nkind = \"stall\"\nstreams = [\"imu\"]\n",
     {"sub1", "stall", "imu", "on"},
     {"sub1", "stall", "imu", "off"},
     imu_missing},
    {"unit = \"sub1\"\nkind = \"cable\"\njack = \"in\"\n",
     {"sub1", "cable-in", "pull"},
     {"sub1", "cable-in", "plug"},
     cable_missing},
    {"unit = \"sub2\"\nkind = \"unplug\"\n",
     {"sub2", "usb", "unplug"},
     {"sub2", "usb", "replug"},
     unit_missing},
    {"unit = \"sub2\"\nkind = \"refuse_open\"\n",
     {"sub2", "open", "refuse"},
     {"sub2", "open", "allow"},
     open_refused},
};

/// The default bench, stepped, with that at its end.
BenchConfig bench_file(const std::string& fault) {
  std::string text = bench_template();
  text.insert(text.find("[[unit]]"), "clock = \"stepped\"\nloop_frames = 1\n");
  auto config = parse_bench(text + fault, "faults.toml");
  EXPECT_TRUE(config) << config.error().message();
  return config.value_or(test::stepped_bench());
}

void step_to(TemporaryBench& bench, HostDuration since_boot) {
  bench.step(since_boot - bench.bench().status().since_boot);
}

std::unique_ptr<Device> streaming_sub1(TemporaryBench& bench) {
  auto unit = bench.open("sub1");
  EXPECT_TRUE(unit->start_cameras(small_cameras(standalone)));
  EXPECT_TRUE(unit->start_imu());
  return unit;
}

TEST(FaultTable, EveryFaultOfABenchFileShowsFromItsTimeToItsEnd) {
  for (const FaultRow& row : kFaults) {
    SCOPED_TRACE(row.toml);
    TemporaryBench bench(bench_file(std::string("[[fault]]\n") + row.toml + "at_s = 3\nduration_s = 2\n"));
    const auto unit = streaming_sub1(bench);
    step_to(bench, seconds(2));
    EXPECT_FALSE(row.shows(bench, *unit));
    step_to(bench, milliseconds(3200));
    EXPECT_TRUE(row.shows(bench, *unit));
    step_to(bench, milliseconds(5500));
    EXPECT_FALSE(row.shows(bench, *unit));
  }
}

TEST(FaultTable, EveryFaultByHandShowsUntilItIsTakenBack) {
  for (const FaultRow& row : kFaults) {
    SCOPED_TRACE(row.toml);
    TemporaryBench bench(bench_file(""));
    const auto unit = streaming_sub1(bench);
    step_to(bench, seconds(2));
    EXPECT_FALSE(row.shows(bench, *unit));
    ASSERT_TRUE(set(bench, row.begin));
    EXPECT_TRUE(row.shows(bench, *unit));
    ASSERT_TRUE(set(bench, row.end));
    bench.step(milliseconds(500));
    EXPECT_FALSE(row.shows(bench, *unit));
  }
}

TEST(FaultTable, DropsOfABenchFileAndByHandAreThatManyFramesOnce) {
  TemporaryBench bench(bench_file(
      "[[fault]]\nunit = \"sub1\"\nkind = \"drop\"\nstreams = [\"depth\"]\ncount = 3\nat_s = 2\n"));
  const auto unit = streaming_sub1(bench);
  std::size_t without_depth = 0;
  const auto read_until = [&](HostDuration since_boot) {
    while (bench.bench().status().since_boot < since_boot) {
      const auto capture = next(bench, *unit);
      ASSERT_TRUE(capture);
      without_depth += !capture->ir;
    }
  };
  read_until(milliseconds(1900));
  EXPECT_EQ(without_depth, 0U);
  read_until(seconds(4));
  EXPECT_EQ(without_depth, 3U);
  ASSERT_TRUE(set(bench, {"sub1", "drop", "depth", "2"}));
  read_until(seconds(5));
  EXPECT_EQ(without_depth, 5U);
}

TEST(FaultTable, FaultsAfterAStartComeBackWithTheNextOne) {
  TemporaryBench bench(
      bench_file("[[fault]]\nunit = \"sub1\"\nkind = \"cable\"\nafter_start_s = 2\nduration_s = 1\n"));
  const auto unit = bench.open("sub1");
  for (int session = 0; session < 2; ++session) {
    ASSERT_TRUE(unit->start_cameras(small_cameras(standalone)));
    EXPECT_EQ(unit->sync_jacks()->in, true);
    bench.step(milliseconds(2500));
    EXPECT_EQ(unit->sync_jacks()->in, false);
    bench.step(seconds(1));
    EXPECT_EQ(unit->sync_jacks()->in, true);
    unit->stop_cameras();
  }
}

}  // namespace
}  // namespace genlock::device::sim
