// The IMU, and units that warm up: facts device.md 1.3, 1.6, 9.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "facts/facts.h"
#include "facts/rig.h"

namespace genlock::facts {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using enum WiredSyncMode;

/// Samples of so long at rest.
std::vector<ImuSample> at_rest(HostDuration time, const std::string& preset = "default") {
  Rig rig(stepped_preset(preset));
  rig.start("master", both_cameras(standalone));
  rig.start_imu("master");
  rig.pass(time, milliseconds(20));
  return rig.samples("master");
}

double rate_of(const std::vector<ImuSample>& samples) {
  const auto span = count_us(samples.back().accel_time) - count_us(samples.front().accel_time);
  return static_cast<double>(samples.size() - 1) * 1e6 / static_cast<double>(span);
}

Fact imu_rate() {
  const double right = rate_of(at_rest(seconds(30))), off = rate_of(at_rest(seconds(30), "realistic"));
  for (const double rate : {right, off}) EXPECT_NEAR(rate, 1666, 1666 * 0.02);
  return {"Samples a second (presets default and realistic)", "device.md 1.3, 9 [S, M #1300]",
          "1666 ± 2 %; 1680 seen", fmt::format("{:.1f} and {:.1f}", right, off)};
}

Fact imu_stamps() {
  std::vector<std::int64_t> stamps;
  bool equal = true;
  for (const ImuSample& sample : at_rest(seconds(30))) {
    stamps.push_back(count_us(sample.accel_time));
    equal = equal && sample.accel_time == sample.gyro_time;
  }
  const Range gaps = range_of(differences(stamps));
  EXPECT_TRUE(equal);
  EXPECT_LT(gaps.most, 900);
  EXPECT_GT(gaps.least, 500);
  return {"Gaps between samples; stamps of accelerometer and gyroscope", "device.md 1.3 [S, M here]",
          "below 900 µs; equal",
          fmt::format("{} to {} µs; {}", gaps.least, gaps.most, equal ? "equal" : "unequal")};
}

Fact imu_at_rest() {
  double most_gyro = 0, least = 99, most = 0;
  for (const ImuSample& sample : at_rest(seconds(10))) {
    double square = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      square += static_cast<double>(sample.accel[i]) * static_cast<double>(sample.accel[i]);
      most_gyro = std::max(most_gyro, std::abs(static_cast<double>(sample.gyro[i])));
    }
    least = std::min(least, std::sqrt(square));
    most = std::max(most, std::sqrt(square));
  }
  EXPECT_LT(most, 15);
  EXPECT_NEAR(least, 9.81, 0.1);
  EXPECT_LT(most_gyro, 0.1);
  return {"At rest: specific force, largest turning rate", "device.md 1.3 [M here, S]",
          "9.8 m/s²; 0.006, accepted up to 0.1 rad/s",
          fmt::format("{:.2f} to {:.2f} m/s²; {:.3f} rad/s", least, most, most_gyro)};
}

Fact imu_temperature_steps() {
  const auto samples = at_rest(seconds(10), "realistic");
  std::size_t whole = 0, changes = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const float steps = samples[i].temperature_c * 256;
    whole += steps == std::floor(steps);
    changes += i > 0 && samples[i].temperature_c != samples[i - 1].temperature_c;
  }
  const double rate = static_cast<double>(changes) / (static_cast<double>(samples.size()) / 1666);
  EXPECT_EQ(whole, samples.size());
  EXPECT_GT(rate, 20);
  EXPECT_LE(rate, 53);
  return {"Temperatures of whole steps of 1/256 °C; changes a second (preset realistic)",
          "device.md 1.3, 9 [S]", "all; at most 52",
          fmt::format("{} of {}; {:.0f}", whole, samples.size(), rate)};
}

Fact imu_queue() {
  Rig rig;
  rig.start("master", both_cameras(standalone));
  rig.start_imu("master");
  rig.pass_unread(seconds(5));
  rig.pass(std::chrono::microseconds(1), std::chrono::microseconds(1));
  const std::size_t held = rig.samples("master").size();
  EXPECT_EQ(held, 833U);
  return {"Samples held for a reader that is away; the oldest go", "device.md 1.3 [S]", "833 (0.5 s)",
          fmt::format("{}", held)};
}

Fact imu_order() {
  Rig rig;
  const Status alone = rig.unit("master").start_imu();
  rig.start("master", both_cameras(standalone));
  rig.start_imu("master");
  rig.unit("master").stop_cameras();
  const Status cameras = rig.unit("master").start_cameras(both_cameras(standalone));
  EXPECT_FALSE(alone);
  EXPECT_FALSE(cameras);
  return {"IMU started without a camera; cameras started while the IMU runs", "device.md 1.3 [S]",
          "both refused", alone || cameras ? "allowed" : "both refused"};
}

/// Temperature of the first capture so long after power-up.
double temperature_after(HostDuration powered) {
  Rig rig(stepped_preset("realistic"));
  rig.pass_unread(powered);
  rig.start("master", depth_alone(standalone));
  rig.pass(seconds(2));
  return static_cast<double>(rig.shots("master").front().temperature_c);
}

Fact settled_temperature() {
  Rig rig;
  rig.start("master", depth_alone(standalone));
  rig.pass(seconds(2));
  const double warm = static_cast<double>(rig.shots("master").front().temperature_c);
  const double settled = temperature_after(minutes(60));
  for (const double one : {warm, settled}) {
    EXPECT_GE(one, 25);
    EXPECT_LE(one, 29);
  }
  return {"Settled temperature of the depth sensor (presets default and realistic)",
          "device.md 1.6, 9 [W #1303]", "25 to 29 °C", fmt::format("{:.1f} and {:.1f} °C", warm, settled)};
}

Fact warm_up_time() {
  const double cold = temperature_after(minutes(0)), end = temperature_after(minutes(24 * 60));
  HostDuration settled{};
  while (std::abs(temperature_after(settled) - end) > 0.01 && settled < minutes(120)) settled += minutes(5);
  const auto time = settled / minutes(1);
  EXPECT_GE(time, 40);
  EXPECT_LE(time, 50);
  EXPECT_LT(cold, end);
  return {"Time from power-up to thermal stability (preset realistic)", "device.md 1.6, 9 [M Tölgyessy 2021]",
          "40 to 50 min", fmt::format("{} min, from {:.1f} to {:.1f} °C", time, cold, end)};
}

}  // namespace

FactList imu_facts() {
  return {{"ImuRate", imu_rate},
          {"ImuStamps", imu_stamps},
          {"ImuAtRest", imu_at_rest},
          {"ImuTemperatureSteps", imu_temperature_steps},
          {"ImuQueue", imu_queue},
          {"ImuOrder", imu_order},
          {"SettledTemperature", settled_temperature},
          {"WarmUpTime", warm_up_time}};
}

}  // namespace genlock::facts
