#include "base/thread.h"
#include "suite.h"

// Opening, starting, stopping: facts k4a-abi.md B1, B3, G1.

namespace genlock::conformance {
namespace {

// Catches two owners of one unit (G1 1).
TEST_P(Conformance, OpenUnitIsBusyUntilItIsClosedAndOpensAgainManyTimes) {
  for (int i = 0; i < 3; ++i) {
    const auto device = open();
    EXPECT_EQ(backend().provider().open(0).error().code(), Errc::busy);
  }
}

// Catches an index that is used without a check (G1 1).
TEST_P(Conformance, IndexPastTheLastIsNotFound) {
  const auto units = backend().provider().list().value();
  for (const std::size_t index : {units.size(), std::size_t{1'000'000}})
    EXPECT_EQ(backend().provider().open(static_cast<unsigned>(index)).error().code(), Errc::not_found);
}

// Catches listings that lose a unit once it is open, so that indices shift (G1 2).
TEST_P(Conformance, ListingIsTheSameWhileAUnitIsOpen) {
  const auto before = backend().provider().list().value();
  const auto device = open();
  const auto during = backend().provider().list().value();
  ASSERT_EQ(during.size(), before.size());
  for (unsigned i = 0; i < during.size(); ++i) {
    EXPECT_EQ(during[i].index, i);
    EXPECT_EQ(during[i].serial, before[i].serial);
  }
}

// Catches a listing that names another unit than the index opens.
TEST_P(Conformance, UnitIsFoundByItsSerial) {
  const std::string serial = open(1)->identity().serial;
  EXPECT_EQ(device::open_serial(backend().provider(), serial).value()->identity().serial, serial);
  EXPECT_EQ(device::open_serial(backend().provider(), "000000000000").error().code(), Errc::not_found);
}

// Catches a start with nothing to start, and stops that need a start before them (G1 3).
TEST_P(Conformance, NothingEnabledIsRefusedAndStopIsHarmlessInAnyState) {
  const auto device = open();
  device->stop_cameras();
  device->stop_imu();
  EXPECT_EQ(device->start_cameras(CameraConfig{}).error().code(), Errc::invalid);
  device->stop_cameras();
  start(*device, config());
  device->stop_cameras();
  device->stop_cameras();
}

// Catches an IMU without cameras, and cameras that start under a running IMU (G1 4).
TEST_P(Conformance, ImuRunsOnlyBesideACameraAndKeepsCamerasFromStarting) {
  const auto device = open();
  EXPECT_EQ(device->start_imu().error().code(), Errc::state);
  start(*device, config());
  ASSERT_TRUE(device->start_imu());
  EXPECT_EQ(device->start_imu().error().code(), Errc::state);
  EXPECT_EQ(device->start_cameras(config()).error().code(), Errc::state);
  device->stop_cameras();
  EXPECT_EQ(device->start_cameras(config()).error().code(), Errc::state);
  device->stop_imu();
  device->stop_imu();
  start(*device, config());
}

// Catches a refused second start that stops the stream which runs (B3 names it a quirk not to copy).
TEST_P(Conformance, RefusedSecondStartLeavesTheStreamRunning) {
  const auto device = open_started(config());
  EXPECT_EQ(device->start_cameras(config()).error().code(), Errc::state);
  EXPECT_EQ(take(*device, 3).size(), 3u);
}

// Catches an error where a time-out is due, and a time-out where an error is (G1 5).
TEST_P(Conformance, ReadingTimesOutWhileStartedAndFailsOtherwiseWhateverTheTimeout) {
  const auto device = open();
  const auto expect_state_errors = [&] {
    for (const HostDuration timeout : {kNow, HostDuration(milliseconds(1)), kForever}) {
      EXPECT_EQ(device->next_capture(timeout).error().code(), Errc::state);
      EXPECT_EQ(device->next_imu_sample(timeout).error().code(), Errc::state);
    }
  };
  expect_state_errors();
  start(*device, config());
  ASSERT_TRUE(device->start_imu());
  drain(*device);
  EXPECT_TRUE(device->next_capture(kNow)) << "a time-out is no error";
  EXPECT_TRUE(device->next_imu_sample(kNow));
  device->stop_imu();
  device->stop_cameras();
  expect_state_errors();
}

// Catches waiters that nobody wakes (G1 6).
TEST_P(Conformance, StopWakesReadersThatWaitForEver) {
  const auto device = open_started(config());
  ASSERT_TRUE(device->start_imu());
  std::optional<Errc> captures_end, samples_end;
  Thread captures("captures", [&] {
    auto capture = device->next_capture(kForever);
    while (capture) capture = device->next_capture(kForever);
    captures_end = capture.error().code();
  });
  Thread samples("samples", [&] {
    auto sample = device->next_imu_sample(kForever);
    while (sample) sample = device->next_imu_sample(kForever);
    samples_end = sample.error().code();
  });
  device->stop_cameras();
  device->stop_imu();
  captures.join();
  samples.join();
  EXPECT_EQ(captures_end, Errc::state);
  EXPECT_EQ(samples_end, Errc::state);
}

// Catches a wait that is measured on another clock than the unit's, or not at all (B3).
TEST_P(Conformance, WaitEndsByItselfOnceTheUnitsTimeHasPassed) {
  const auto device = open_started(config());
  ASSERT_TRUE(next(*device));
  drain(*device);
  Mutex mutex;
  CondVar returned;
  bool done = false;
  Thread reader("reader", [&] {
    EXPECT_TRUE(device->next_capture(milliseconds(10)));
    MutexLock lock(mutex);
    done = true;
    returned.notify_all();
  });
  MutexLock lock(mutex);
  while (!done) {
    backend().advance(milliseconds(1));
    system_clock().wait(returned, mutex, system_clock().now() + milliseconds(1));
  }
}

// Catches a close that hangs or leaks while data flow (G1 7), seen by the sanitizers.
TEST_P(Conformance, ClosingWhileStreamingIsClean) {
  for (int i = 0; i < 2; ++i) {
    const auto device = open_started(config());
    ASSERT_TRUE(device->start_imu());
    EXPECT_TRUE(next(*device));
  }
}

// Catches state shared between units (G1 7).
TEST_P(Conformance, UnitsStartAndStopBesideEachOther) {
  const auto cycle = [this](unsigned index) {
    for (int i = 0; i < 5; ++i) {
      const auto device = open_started(config(), index);
      EXPECT_TRUE(device->next_capture(kNow));
    }
  };
  Thread other("other", [&] { cycle(1); });
  cycle(0);
}

// Catches an open or close that disturbs a unit which streams (G1 7).
TEST_P(Conformance, OneUnitStreamsWhileAnotherOpensAndCloses) {
  const auto streaming = open_started(config(), 0);
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(next(*streaming));
    open_started(config(), 1);
  }
  EXPECT_EQ(streaming->counters().color.missing, 0u);
}

// Catches pictures of the last run that come out of the next one (G1 8).
TEST_P(Conformance, RestartBeginsAnew) {
  const auto device = open_started(config());
  const DeviceTime first = earliest_time(*next(*device));
  take(*device, 10);
  pass(milliseconds(200));
  device->stop_cameras();
  start(*device, config());
  const auto again = next(*device);
  ASSERT_TRUE(again);
  EXPECT_LT(earliest_time(*again), first + period_us(config().rate) * 3);
}

// Catches a unit that keeps its old mode, or old frames, after a restart in another one (G1 8).
TEST_P(Conformance, RestartInAnotherModeGivesThatModeFromTheFirstCapture) {
  CONFORMANCE_NEEDS(any_mode);
  const auto device = open_started(config());
  take(*device, 3);
  device->stop_cameras();
  CameraConfig other = config();
  other.color_format = PixelFormat::nv12;
  other.color_resolution = ColorResolution::r720p;
  other.depth_mode = DepthMode::wfov_2x2binned;
  other.rate = FrameRate::fps15;
  start(*device, other);
  const auto capture = next(*device);
  ASSERT_TRUE(capture);
  if (capture->color) {
    EXPECT_EQ(capture->color->format, PixelFormat::nv12);
  }
  if (capture->ir) {
    EXPECT_EQ(capture->ir->size, (Size{512, 512}));
  }
  EXPECT_LT(earliest_time(*capture), device_time_us(2'000'000));
}

// Catches rules that a backend's own start forgets: the shell's test has them all (G1 9 to 12).
TEST_P(Conformance, BrokenRulesAreRefusedBeforeAnythingStarts) {
  const auto device = open();
  CameraConfig bad = config();
  bad.color_format = PixelFormat::depth16;
  EXPECT_EQ(device->start_cameras(bad).error().code(), Errc::invalid);
  bad = config();
  bad.depth_delay_off_color = period_us(bad.rate) + device_us(1);
  EXPECT_EQ(device->start_cameras(bad).error().code(), Errc::invalid);
  bad = config();
  bad.delay_off_master = device_us(1);
  EXPECT_EQ(device->start_cameras(bad).error().code(), Errc::invalid);
  EXPECT_FALSE(device->running_config());
  start(*device, config());
}

// Catches a valid mode that a backend does not know (G1 9, 11).
TEST_P(Conformance, EveryDepthModeStartsAtItsHighestRateAndAtFive) {
  CONFORMANCE_NEEDS(any_mode);
  const auto device = open();
  for (const DepthMode mode : {DepthMode::nfov_2x2binned, DepthMode::nfov_unbinned, DepthMode::wfov_2x2binned,
                               DepthMode::wfov_unbinned, DepthMode::passive_ir}) {
    for (const int rate : {max_fps(mode), 5}) {
      CameraConfig camera = config();
      camera.depth_mode = mode;
      camera.rate = *frame_rate_from_fps(rate);
      for (const DeviceDuration delay : {-period_us(camera.rate), device_us(0), period_us(camera.rate)}) {
        camera.depth_delay_off_color = delay;
        start(*device, camera);
        device->stop_cameras();
      }
    }
  }
}

// Catches a stream that is slow, uneven or lossy though it is read promptly (G1 13).
TEST_P(Conformance, CapturesComeAtTheirRateAndNoneIsLost) {
  const auto device = open_started(config());
  const auto captures = take(*device, 45);
  ASSERT_EQ(captures.size(), 45u);
  const DeviceDuration span = earliest_time(captures.back()) - earliest_time(captures.front());
  EXPECT_NEAR(static_cast<double>(count_us(span)), 44e6 / fps(config().rate), 2000.0);
  EXPECT_EQ(device->counters().color.missing, 0u);
  EXPECT_EQ(device->counters().depth.missing, 0u);
  EXPECT_EQ(device->counters().backend.captures_dropped.value_or(0), 0u);
}

// Catches a queue that keeps the oldest, or grows (G1 14).
TEST_P(Conformance, SlowReaderLosesTheOldestCaptures) {
  const auto device = open_started(config());
  ASSERT_TRUE(next(*device));
  pass(seconds(1));
  const auto left = drain(*device);
  EXPECT_LE(left.size(), 7u);
  ASSERT_FALSE(left.empty());
  const auto fresh = next(*device);
  ASSERT_TRUE(fresh);
  EXPECT_LE(earliest_time(*fresh) - earliest_time(left.front()), period_us(config().rate) * 8);
  EXPECT_GT(device->counters().color.missing, 10u) << "the shell sees the gap";
  EXPECT_GT(device->counters().backend.captures_dropped.value_or(1000), 10u);
}

// Catches pictures whose memory goes with the device (G1 15), seen by the sanitizers.
TEST_P(Conformance, CapturesOutliveStopAndClose) {
  std::vector<Capture> kept;
  {
    const auto device = open_started(config());
    kept = take(*device, 3);
  }
  for (const Capture& capture : kept)
    for (const auto* image : {&capture.color, &capture.depth, &capture.ir}) {
      if (*image) {
        EXPECT_EQ(Buffer::copy_of((*image)->data.bytes()).size(), (*image)->data.size());
      }
    }
}

}  // namespace
}  // namespace genlock::conformance
