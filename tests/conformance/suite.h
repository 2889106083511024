#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "backend_under_test.h"
#include "device/device.h"

namespace genlock::conformance {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr HostDuration kNow{0};
constexpr HostDuration kForever{-1};
constexpr HostDuration kStep = milliseconds(2);
/// Facts k4a-abi.md G1 13.
constexpr HostDuration kFirstCapture = seconds(10);

/// Skips a test that this kind of unit cannot run.
#define CONFORMANCE_NEEDS(ability) \
  if (!backend().abilities().ability) GTEST_SKIP() << backend().provider().backend() << " has not: " #ability

/// Every test says above it which mistake of a backend it is there to catch, and by which row of the facts it
/// is one.
class Conformance : public testing::TestWithParam<BackendCase> {
 protected:
  Conformance() : backend_(GetParam().make()) {}

  BackendUnderTest& backend() { return *backend_; }
  CameraConfig config() const { return backend_->config(); }

  std::unique_ptr<device::Device> open(unsigned index = 0) {
    auto device = backend_->provider().open(index);
    EXPECT_TRUE(device) << (device ? "" : device.error().message());
    return *std::move(device);
  }

  std::unique_ptr<device::Device> open_started(const CameraConfig& camera, unsigned index = 0) {
    auto device = open(index);
    start(*device, camera);
    return device;
  }

  void start(device::Device& device, const CameraConfig& camera) {
    const Status started = device.start_cameras(camera);
    EXPECT_TRUE(started) << (started ? "" : started.error().message());
  }

  /// The next capture that comes `within` this much time of the unit.
  std::optional<Capture> next(device::Device& device, HostDuration within = kFirstCapture) {
    for (HostDuration passed{}; passed <= within; passed += kStep) {
      auto capture = device.next_capture(kNow);
      EXPECT_TRUE(capture) << (capture ? "" : capture.error().message());
      if (!capture || *capture) return capture.value_or(std::nullopt);
      backend_->advance(kStep);
    }
    return std::nullopt;
  }

  std::vector<Capture> take(device::Device& device, std::size_t count) {
    std::vector<Capture> captures;
    while (captures.size() < count) {
      auto capture = next(device);
      if (!capture) {
        ADD_FAILURE() << "no capture after " << captures.size();
        break;
      }
      captures.push_back(*std::move(capture));
    }
    return captures;
  }

  /// Everything that is there now.
  std::vector<Capture> drain(device::Device& device) {
    std::vector<Capture> captures;
    for (auto c = device.next_capture(kNow); c && *c; c = device.next_capture(kNow)) captures.push_back(**c);
    return captures;
  }

  std::vector<ImuSample> take_samples(device::Device& device, std::size_t count) {
    std::vector<ImuSample> samples(count);
    std::size_t have = 0;
    for (HostDuration passed{}; have < count && passed <= kFirstCapture; passed += kStep) {
      const auto more = device.read_imu(std::span(samples).subspan(have), kNow);
      EXPECT_TRUE(more) << (more ? "" : more.error().message());
      have += more.value_or(count - have);
      backend_->advance(kStep);
    }
    EXPECT_EQ(have, count);
    samples.resize(std::min(have, count));
    return samples;
  }

  /// Passes time in small steps, without reading.
  void pass(HostDuration time) {
    for (HostDuration passed{}; passed < time; passed += kStep) backend_->advance(kStep);
  }

 private:
  std::unique_ptr<BackendUnderTest> backend_;
};

inline std::string name_of_backend(const testing::TestParamInfo<BackendCase>& info) {
  return info.param.name;
}

inline DeviceTime depth_time(const Capture& capture) {
  return (capture.ir ? capture.ir : capture.depth)->device_time;
}

inline bool is_pair(const Capture& capture) {
  return capture.color && (capture.depth || capture.ir);
}

}  // namespace genlock::conformance
