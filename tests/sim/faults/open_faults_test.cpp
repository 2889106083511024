#include <atomic>

#include "base/thread.h"
#include "device/sim/shared_bench.h"
#include "fault_bench.h"

// Rows of facts device.md 3 about opening a unit: return codes, log, recovery.

namespace genlock::device::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using enum LogLevel;

class OpenFaults : public FaultBench {};

TEST_F(OpenFaults, WhatStandsAgainstOpeningIsNamedInTheLogAndGoesWithItsCause) {
  struct Row {
    const char* kind;
    Errc code;
    LogLevel level;
    const char* line;
  };
  for (const Row& row : {Row{"permission", Errc::io, critical, "no unit is usable"},
                         Row{"permission", Errc::io, error, "LIBUSB_ERROR_ACCESS"},
                         Row{"busy", Errc::busy, critical, "does another application have it"},
                         Row{"busy", Errc::busy, error, "LIBUSB_ERROR_ACCESS"},
                         Row{"brown_out", Errc::io, error, "LIBUSB_ERROR_NO_DEVICE"},
                         Row{"suspend", Errc::io, error, "LIBUSB_ERROR_TIMEOUT"}}) {
    SCOPED_TRACE(row.kind);
    log_.forget();
    fault({row.kind, "on"});
    EXPECT_EQ(bench_->provider().list()->size(), 3U) << "it is counted";
    EXPECT_EQ(open_fails(), row.code);
    EXPECT_TRUE(log_.says(row.level, row.line)) << log_.text();
    fault({row.kind, "off"});
    EXPECT_TRUE(open());
  }
}

TEST_F(OpenFaults, AUnitOpenInThisProcessSaysTheSameAsABusyOne) {
  const auto unit = open();
  EXPECT_EQ(open_fails(), Errc::busy);
  EXPECT_TRUE(log_.says(critical, "no unit is usable; does another application have it?")) << log_.text();
}

TEST_F(OpenFaults, FirmwareBelowTheMinimumFailsAndBelowTheSuggestedWarnsWithBothVersions) {
  struct Row {
    Version HardwareVersion::*part;
    Version below_minimum, works, suggested;
    const char* minimum;
  };
  const Row rows[] = {
      {&HardwareVersion::color, {1, 5, 91}, {1, 6, 109}, {1, 6, 110}, "1.5.92"},
      {&HardwareVersion::depth, {1, 5, 65}, {1, 6, 78}, {1, 6, 79}, "1.5.66"},
      {&HardwareVersion::audio, {1, 5, 13}, {1, 6, 13}, {1, 6, 14}, "1.5.14"},
      {&HardwareVersion::depth_sensor, {5006, 26, 0}, {6109, 6, 0}, {6109, 7, 0}, "5006.27.0"}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.minimum);
    BenchConfig config = bench_config();
    config.units[1].version.*row.part = row.below_minimum;
    make_bench(config);
    log_.forget();
    EXPECT_EQ(open_fails(), Errc::unsupported);
    EXPECT_TRUE(log_.says(error, row.minimum));
    EXPECT_TRUE(log_.says(error, to_string(row.below_minimum)));
    config.units[1].version.*row.part = row.works;
    make_bench(config);
    log_.forget();
    EXPECT_TRUE(open());
    EXPECT_TRUE(log_.says(warning, to_string(row.works))) << log_.text();
    EXPECT_TRUE(log_.says(warning, to_string(row.suggested)));
    config.units[1].version.*row.part = row.suggested;
    make_bench(config);
    log_.forget();
    EXPECT_TRUE(open());
    EXPECT_EQ(log_.count(warning, ""), 0) << log_.text();
  }
}

TEST_F(OpenFaults, ABootingUnitOpensAtTheNextLookAfterItsTime) {
  fault({"slow_boot", "ms=1600", "on"});
  std::atomic<bool> opened = false;
  std::unique_ptr<Device> unit;
  Thread opener("opener", [&] {
    unit = open();
    opened = true;
    bench_->bench().shared().wake();
  });
  const HostTime begin = bench_->clock().now();
  while (log_.count(info, "still booting") == 0) {
  }
  EXPECT_FALSE(opened);
  while (!opened) bench_->step(milliseconds(10));
  opener.join();
  EXPECT_GE(bench_->clock().now() - begin, seconds(2)) << "asked every 500 ms";
  EXPECT_TRUE(unit->start_cameras(both()));
}

TEST_F(OpenFaults, AUnitThatBootsForLongerThanTwentyLooksFailsToOpen) {
  fault({"slow_boot", "ms=10001", "on"});
  EXPECT_EQ(open_fails(), Errc::io);
  EXPECT_TRUE(log_.says(error, "did not tell its versions within 10000 ms")) << log_.text();
  fault({"slow_boot", "off"});
  EXPECT_TRUE(open());
}

}  // namespace
}  // namespace genlock::device::sim
