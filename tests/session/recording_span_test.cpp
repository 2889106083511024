#include "session/recording_span.h"

#include <gtest/gtest.h>

#include <cmath>

namespace genlock::session {
namespace {

using Place = RecordingSpan::Place;

constexpr CameraConfig kFiveFps{.color_resolution = ColorResolution::r720p,
                                .depth_mode = DepthMode::nfov_2x2binned,
                                .rate = FrameRate::fps5};

int captures_in(RecordingSpan& span, DeviceTime first, int offered, DeviceDuration jitter = device_us(0)) {
  int inside = 0;
  for (int i = 0; i < offered; ++i) {
    const DeviceTime at = first + device_us(200'000) * i + (i % 2 == 0 ? jitter : -jitter);
    if (span.place(at) == Place::inside) ++inside;
  }
  return inside;
}

TEST(RecordingLength, HoldsExactlySecondsTimesRateCaptures) {
  RecordingSpan span(Record{.length = device_us(10'000'000)}, kFiveFps);
  EXPECT_EQ(captures_in(span, device_time_us(819'444), 70), 50);
  EXPECT_EQ(span.covered(), device_us(10'000'000));
}

TEST(RecordingLength, DoesNotDependOnJitterAtItsEnd) {
  for (const auto jitter : {device_us(-22), device_us(22), device_us(90'000)}) {
    RecordingSpan span(Record{.length = device_us(10'000'000)}, kFiveFps);
    EXPECT_EQ(captures_in(span, device_time_us(1'000'000), 70, jitter / 4), 50);
  }
}

TEST(RecordingLength, EndsWithTheLastFrameInsideHoweverLongItIsAndFastItsClock) {
  constexpr CameraConfig kThirtyFps{.color_resolution = ColorResolution::r720p, .rate = FrameRate::fps30};
  for (const double ppm : {-50.0, 0.0, 50.0}) {
    for (const std::int64_t seconds : {10, 1667, 2000, 5000}) {
      RecordingSpan span(Record{.length = device_us(seconds * 1'000'000)}, kThirtyFps);
      DeviceTime last = device_time_us(0);
      for (std::int64_t i = 0; !span.last_of_length(); ++i) {
        const DeviceTime at = device_time_us(std::llround(double(i) * 1e6 / 30 * (1 + ppm * 1e-6)));
        if (span.place(at) == Place::inside) last = at;
      }
      EXPECT_NEAR(count_us(*span.last_of_length() - last), 0, 10) << ppm << " ppm, " << seconds << " s";
    }
  }
}

TEST(RecordingLength, OfZeroIsOneCapture) {
  RecordingSpan span(Record{.length = device_us(0)}, kFiveFps);
  EXPECT_EQ(captures_in(span, device_time_us(5), 4), 1);
}

TEST(RecordingSpan, ByPulsesWaitsForTheFirstAndEndsWithTheLast) {
  RecordingSpan span(Record{.length = device_us(1), .by_pulses = true}, kFiveFps);
  EXPECT_EQ(span.place(device_time_us(200'000), 1), Place::before);
  span.set_pulses(3, 5);
  EXPECT_EQ(span.place(device_time_us(400'000), 2), Place::before);
  for (int pulse : {3, 4, 5}) EXPECT_EQ(span.place(device_time_us(200'000 * pulse), pulse), Place::inside);
  EXPECT_EQ(span.place(device_time_us(1'400'000), 7), Place::after);
  EXPECT_EQ(span.first(), device_time_us(600'000));
  EXPECT_EQ(span.last_of_length(), device_time_us(1'000'000));
}

TEST(RecordingSpan, ByPulsesTakesAnotherLastPulse) {
  RecordingSpan span(Record{.by_pulses = true}, kFiveFps);
  span.set_pulses(3, std::nullopt);
  EXPECT_EQ(span.place(device_time_us(600'000), 3), Place::inside);
  EXPECT_EQ(span.place(device_time_us(20'000'000), 100), Place::inside);
  span.set_pulses(3, 100);
  EXPECT_EQ(span.place(device_time_us(20'200'000), 101), Place::after);
}

TEST(RecordingSpan, GoesFromTheFirstPulseAskedForToTheLast) {
  RecordingSpan span(Record{.from = device_time_us(1'000'000), .until = device_time_us(2'000'000)}, kFiveFps);
  EXPECT_EQ(span.place(device_time_us(800'000)), Place::before);
  EXPECT_EQ(span.place(device_time_us(1'000'000)), Place::inside);
  EXPECT_EQ(span.place(device_time_us(1'800'000)), Place::inside);
  EXPECT_EQ(span.place(device_time_us(2'000'000)), Place::after);
}

TEST(RecordingSpan, LetsImuInFromTheFirstCaptureToOnePeriodAfterTheLast) {
  RecordingSpan span(Record{}, kFiveFps);
  EXPECT_TRUE(span.imu_after(device_time_us(0))) << "before the first capture nothing is known";
  static_cast<void>(span.place(device_time_us(1'000'000)));
  EXPECT_FALSE(span.imu_inside(device_time_us(999'999)));
  EXPECT_TRUE(span.imu_inside(device_time_us(1'000'000)));
  EXPECT_TRUE(span.imu_inside(device_time_us(1'199'999)));
  EXPECT_TRUE(span.imu_after(device_time_us(1'200'000)));
  static_cast<void>(span.place(device_time_us(1'200'000)));
  EXPECT_TRUE(span.imu_inside(device_time_us(1'200'000)));
}

TEST(ScheduleTime, TakesTheDepthDelayOutOfCapturesWithoutColour) {
  Capture depth_only;
  depth_only.ir = Image{.device_time = device_time_us(1'000'160)};
  EXPECT_EQ(schedule_time(depth_only, device_us(160)), device_time_us(1'000'000));
  Capture both = depth_only;
  both.color = Image{.device_time = device_time_us(1'000'000)};
  EXPECT_EQ(schedule_time(both, device_us(160)), device_time_us(1'000'000));
}

}  // namespace
}  // namespace genlock::session
