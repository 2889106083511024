#include "base/thread.h"
#include "suite.h"

// Wired sync and loss of a unit: facts k4a-abi.md C5, G9; device.md 2.3, 2.8, 3.

namespace genlock::conformance {
namespace {

/// Facts device.md 2.3: what is accepted between units, in µs.
std::int64_t tolerance_us(FrameRate rate) {
  switch (rate) {
    case FrameRate::fps30:
      return 110;
    case FrameRate::fps15:
      return 220;
    case FrameRate::fps5:
      return 660;
  }
  return 0;
}

struct Chain {
  std::unique_ptr<device::Device> master, sub1, sub2;
};

/// The suite's tests of wired sync, with what they share.
class WiredSync : public Conformance {
 protected:
  CameraConfig as(WiredSyncMode mode) const {
    CameraConfig camera = config();
    camera.sync_mode = mode;
    return camera;
  }

  /// Subordinates first, the master last.
  Chain started_chain(const CameraConfig& master, const CameraConfig& subordinate) {
    Chain chain;
    chain.sub2 = open_started(subordinate, 2);
    chain.sub1 = open_started(subordinate, 1);
    chain.master = open_started(master, 0);
    return chain;
  }
  Chain started_chain() { return started_chain(as(WiredSyncMode::master), as(WiredSyncMode::subordinate)); }

  void expect_silence(device::Device& device, HostDuration time) {
    for (HostDuration passed{}; passed < time; passed += milliseconds(50)) {
      backend().advance(milliseconds(50));
      const auto capture = device.next_capture(kNow);
      ASSERT_TRUE(capture) << capture.error().message();
      ASSERT_FALSE(*capture);
    }
  }

  /// The stamps of both units' colour images over the same span, each paired with the nearest.
  void expect_color_offset(device::Device& master, device::Device& sub, const CameraConfig& camera) {
    const auto of_master = take(master, 12);
    const auto of_sub = take(sub, 12);
    int compared = 0;
    for (const Capture& m : of_master)
      for (const Capture& s : of_sub) {
        if (!m.color || !s.color) continue;
        const DeviceDuration off = s.color->device_time - m.color->device_time - camera.delay_off_master;
        if (std::abs(count_us(off)) > count_us(period_us(camera.rate)) / 2) continue;
        ++compared;
        EXPECT_LE(std::abs(count_us(off)), tolerance_us(camera.rate));
        if (!is_pair(s)) continue;
        const DeviceDuration depth = depth_time(s) - s.color->device_time - camera.depth_delay_off_color;
        EXPECT_LE(std::abs(count_us(depth)), tolerance_us(camera.rate));
      }
    EXPECT_GE(compared, 6) << "both units streamed over the same span";
  }
};

// Catches jacks that follow the configured mode and not the cables (G9 89).
TEST_P(WiredSync, JacksTellTheCablesWhateverTheMode) {
  CONFORMANCE_NEEDS(wired_sync);
  const SyncJacks expected[] = {
      {.in = false, .out = true}, {.in = true, .out = true}, {.in = true, .out = false}};
  for (unsigned index = 0; index < 3; ++index) {
    const auto device = open(index);
    EXPECT_EQ(device->sync_jacks().value(), expected[index]);
    start(*device, config());
    EXPECT_EQ(device->sync_jacks().value(), expected[index]);
  }
}

// Catches starts that do not look at the jacks (C1 6, 7; G1 12).
TEST_P(WiredSync, RolesNeedTheirJack) {
  CONFORMANCE_NEEDS(wired_sync);
  EXPECT_THAT(open(0)->start_cameras(as(WiredSyncMode::subordinate)).error().message(),
              testing::HasSubstr("no cable in SYNC IN"));
  EXPECT_THAT(open(2)->start_cameras(as(WiredSyncMode::master)).error().message(),
              testing::HasSubstr("no cable in SYNC OUT"));
  CameraConfig depth_only = as(WiredSyncMode::subordinate);
  depth_only.color_resolution = ColorResolution::off;
  open_started(depth_only, 1);
}

// Catches a subordinate that streams, or fails, without its master (G9 87).
TEST_P(WiredSync, SubordinateIsSilentWithoutErrorUntilItsMasterStarts) {
  CONFORMANCE_NEEDS(wired_sync);
  const auto sub = open_started(as(WiredSyncMode::subordinate), 1);
  ASSERT_TRUE(sub->start_imu());
  expect_silence(*sub, seconds(5));
  EXPECT_FALSE(sub->next_imu_sample(kNow).value()) << "nor a usable IMU";
  const auto master = open_started(as(WiredSyncMode::master), 0);
  EXPECT_TRUE(next(*sub, seconds(5)));
  EXPECT_TRUE(next(*master, seconds(5)));
}

// Catches waits that count against the wrong clock and stops that a silent stream never sees (G1 6).
TEST_P(WiredSync, WaitingSubordinateCanBeStopped) {
  CONFORMANCE_NEEDS(wired_sync);
  const auto sub = open_started(as(WiredSyncMode::subordinate), 1);
  std::optional<Errc> end;
  Thread reader("reader", [&] { end = sub->next_capture(kForever).error().code(); });
  backend().advance(milliseconds(100));
  sub->stop_cameras();
  reader.join();
  EXPECT_EQ(end, Errc::state);
}

// Catches subordinates off their pulse, at every rate (G9 88, C5).
TEST_P(WiredSync, SubordinatesFollowTheMasterAtEveryRate) {
  CONFORMANCE_NEEDS(wired_sync);
  for (const FrameRate rate : {FrameRate::fps5, FrameRate::fps15, FrameRate::fps30}) {
    CameraConfig master = as(WiredSyncMode::master);
    CameraConfig sub = as(WiredSyncMode::subordinate);
    master.rate = sub.rate = rate;
    const Chain chain = started_chain(master, sub);
    expect_color_offset(*chain.master, *chain.sub1, sub);
    expect_color_offset(*chain.master, *chain.sub2, sub);
  }
}

// Catches delays that are ignored, doubled or of the wrong sign (G9 88).
TEST_P(WiredSync, DelaysShiftColourAndDepthByWhatWasAsked) {
  CONFORMANCE_NEEDS(wired_sync);
  for (const std::int64_t depth_delay : {-7297, 0, 7297}) {
    CameraConfig sub = as(WiredSyncMode::subordinate);
    sub.delay_off_master = device_us(2000);
    sub.depth_delay_off_color = device_us(depth_delay);
    const Chain chain = started_chain(as(WiredSyncMode::master), sub);
    expect_color_offset(*chain.master, *chain.sub1, sub);
    expect_color_offset(*chain.master, *chain.sub2, sub);
  }
}

// Catches subordinates that stop with their master: they run free (device.md 2.8).
TEST_P(WiredSync, SubordinatesRunFreeOnceTheMasterHasStopped) {
  CONFORMANCE_NEEDS(wired_sync);
  const Chain chain = started_chain();
  ASSERT_TRUE(next(*chain.master));
  ASSERT_TRUE(next(*chain.sub1));
  chain.master->stop_cameras();
  pass(seconds(2));
  drain(*chain.sub1);
  EXPECT_EQ(take(*chain.sub1, 10).size(), 10u);
}

// Catches orders of stop and close that hang or leave a unit unusable (G9 90, G1 7).
TEST_P(WiredSync, AnyOrderOfStoppingIsCleanAndRestartsInSync) {
  CONFORMANCE_NEEDS(wired_sync);
  for (const bool master_first : {true, false}) {
    Chain chain = started_chain();
    ASSERT_TRUE(next(*chain.sub2));
    if (master_first) chain.master.reset();
    chain.sub1->stop_cameras();
    chain.sub2.reset();
    chain.sub1.reset();
    chain.master.reset();
    pass(seconds(2));
  }
  const Chain chain = started_chain();
  expect_color_offset(*chain.master, *chain.sub1, as(WiredSyncMode::subordinate));
}

// Catches a late subordinate whose stamps pass for aligned: only its phase is (device.md 2.8).
TEST_P(WiredSync, SubordinateStartedAfterItsMasterStreamsButItsStampsAreNotTheMasters) {
  CONFORMANCE_NEEDS(wired_sync);
  const auto master = open_started(as(WiredSyncMode::master), 0);
  ASSERT_TRUE(next(*master));
  pass(seconds(3));
  const auto sub = open_started(as(WiredSyncMode::subordinate), 1);
  const auto late = next(*sub);
  ASSERT_TRUE(late);
  EXPECT_LT(earliest_time(*late), device_time_us(2'000'000)) << "its clock began with its own start";
}

// Catches losses that come as errors, or as the end of waiting: Linux gives time-outs for ever (device.md 3).
TEST_P(Conformance, LostUnitTimesOutForEverAndRefusesCommands) {
  CONFORMANCE_NEEDS(can_be_lost);
  const auto device = open_started(config());
  ASSERT_TRUE(device->start_imu());
  ASSERT_TRUE(next(*device));
  backend().lose(0);
  pass(milliseconds(500));
  drain(*device);
  for (int i = 0; i < 20; ++i) {
    backend().advance(seconds(1));
    const auto capture = device->next_capture(kNow);
    ASSERT_TRUE(capture) << capture.error().message();
    ASSERT_FALSE(*capture);
  }
  std::vector<ImuSample> samples(1000);
  auto imu = device->read_imu(samples, kNow);
  if (imu) imu = device->read_imu(samples, kNow);
  ASSERT_FALSE(imu) << "the IMU tells";
  EXPECT_EQ(imu.error().code(), Errc::disconnected);
  EXPECT_EQ(device->sync_jacks().error().code(), Errc::disconnected);
  EXPECT_EQ(device->color_control(device::ColorControl::gain).error().code(), Errc::disconnected);
  EXPECT_EQ(device->set_color_control(device::ColorControl::gain, {.value = 1}).error().code(),
            Errc::disconnected);
  device->stop_imu();
  device->stop_cameras();
  EXPECT_FALSE(device->start_cameras(config()));
}

INSTANTIATE_TEST_SUITE_P(Backends, WiredSync, testing::ValuesIn(all_backends()), name_of_backend);

}  // namespace
}  // namespace genlock::conformance
