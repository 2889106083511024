#include "session/stream_watch.h"

#include <gmock/gmock.h>

namespace genlock::session {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr CameraConfig kBoth{.color_resolution = ColorResolution::r720p,
                             .depth_mode = DepthMode::nfov_2x2binned};

HostTime at(HostDuration d) {
  return HostTime(d);
}

TEST(SilenceWatch, SaysNothingBeforeTheUnitHasDeliveredAnything) {
  const SilenceWatch watch(kBoth, true, 1500ms);
  EXPECT_THAT(watch.silent(at(300s)), IsEmpty());
}

TEST(SilenceWatch, NamesTheStreamThatStopped) {
  SilenceWatch watch(kBoth, true, 1500ms);
  for (StreamKind stream : kStreamKinds) watch.seen(stream, at(10s));
  watch.seen(StreamKind::depth, at(12s));
  watch.seen(StreamKind::imu, at(12s));
  EXPECT_THAT(watch.silent(at(11400ms)), IsEmpty());
  EXPECT_THAT(watch.silent(at(12s)), ElementsAre(StreamKind::color));
}

TEST(SilenceWatch, NamesAStreamThatNeverCameThoughOthersDid) {
  SilenceWatch watch(kBoth, false, 1500ms);
  watch.seen(StreamKind::color, at(1s));
  watch.seen(StreamKind::color, at(3s));
  EXPECT_THAT(watch.silent(at(3s)), ElementsAre(StreamKind::depth));
}

TEST(SilenceWatch, DoesNotBlameACameraForTheImuThatStartedSecondsBefore) {
  SilenceWatch watch(kBoth, true, 1500ms);
  watch.seen(StreamKind::imu, at(1s));
  EXPECT_THAT(watch.silent(at(2800ms)), IsEmpty());
  watch.seen(StreamKind::imu, at(2900ms));
  watch.seen(StreamKind::color, at(2900ms));
  EXPECT_THAT(watch.silent(at(2900ms)), IsEmpty());
  EXPECT_THAT(watch.silent(at(4450ms)), ElementsAre(StreamKind::color, StreamKind::depth, StreamKind::imu));
}

TEST(SilenceWatch, DoesNotExpectStreamsThatAreOff) {
  SilenceWatch watch({.depth_mode = DepthMode::passive_ir}, false, 1500ms);
  watch.seen(StreamKind::depth, at(1s));
  watch.seen(StreamKind::depth, at(9s));
  EXPECT_THAT(watch.silent(at(10s)), IsEmpty());
}

TEST(SilenceWatch, AStreamThatWasSetAsideHastensNoOther) {
  SilenceWatch watch(kBoth, true, 1500ms);
  for (StreamKind stream : kStreamKinds) watch.seen(stream, at(10s));
  for (StreamKind camera : {StreamKind::color, StreamKind::depth}) watch.seen(camera, at(12s));
  EXPECT_THAT(watch.silent(at(12s)), ElementsAre(StreamKind::imu));
  watch.set_aside(StreamKind::imu);
  EXPECT_THAT(watch.silent(at(13400ms)), IsEmpty()) << "cameras have their whole 1.5 s";
  EXPECT_THAT(watch.silent(at(13600ms)), ElementsAre(StreamKind::color, StreamKind::depth));
  watch.seen(StreamKind::imu, at(13600ms));
  for (StreamKind camera : {StreamKind::color, StreamKind::depth}) watch.seen(camera, at(15200ms));
  EXPECT_THAT(watch.silent(at(15200ms)), ElementsAre(StreamKind::imu)) << "it came back and left again";
}

// 1666 Hz (facts device.md 1.3).
TEST(ImuGapCounter, CountsHolesAtBothEndsAndBetweenAndNoLateBatches) {
  ImuGapCounter counter;
  const auto run = [&](int from_ms, int to_ms) {
    for (int us = from_ms * 1000; us < to_ms * 1000; us += 600)
      counter.add(device_time_us(us), device_time_us(0));
  };
  run(30, 1000);
  EXPECT_EQ(counter.missing(), 0U) << "30 ms are a few batches";
  run(1040, 2000);
  EXPECT_EQ(counter.missing(), 0U);
  run(2300, 3000);
  EXPECT_NEAR(static_cast<double>(counter.missing()), 500, 2);
  EXPECT_EQ(counter.missing_until(device_time_us(3'040'000)), counter.missing());
  EXPECT_NEAR(static_cast<double>(counter.missing_until(device_time_us(6'000'000))), 5500, 4);
}

TEST(ImuGapCounter, CountsFromTheBeginningOfARecordingOn) {
  ImuGapCounter counter;
  counter.add(device_time_us(10'600'000), device_time_us(10'000'000));
  EXPECT_NEAR(static_cast<double>(counter.missing()), 1000, 2);
}

TEST(GapCounter, CountsFramesThatGapsSpeakOfDespiteJitterAndDrift) {
  GapCounter counter(FrameRate::fps30);
  EXPECT_EQ(counter.add(device_time_us(219'566)), 0u);
  EXPECT_EQ(counter.add(device_time_us(252'911)), 0u);
  EXPECT_EQ(counter.add(device_time_us(319'570)), 1u);
  EXPECT_EQ(counter.add(device_time_us(486'240)), 4u);
  EXPECT_EQ(counter.frames(), 4u);
  EXPECT_EQ(counter.missing(), 5u);
}

TEST(GapCounter, DoesNotCountABackwardsStampAsAGap) {
  GapCounter counter(FrameRate::fps30);
  static_cast<void>(counter.add(device_time_us(9'000'000)));
  EXPECT_EQ(counter.add(device_time_us(33'333)), 0u);
  EXPECT_EQ(counter.missing(), 0u);
}

}  // namespace
}  // namespace genlock::session
