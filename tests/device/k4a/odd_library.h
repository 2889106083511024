#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "device/k4a/provider.h"

namespace genlock::device::k4a {

/// An odd library (tests/odd_k4a) by the name of its build, and the hand on it.
class OddLibrary {
 public:
  explicit OddLibrary(const std::string& build);
  /// Ends what hangs, and behaves again.
  ~OddLibrary();

  static std::filesystem::path file(const std::string& build);

  Library& library() { return *library_; }
  void behave(const std::string& words);
  void release();
  int hanging() const;
  int live_images() const;
  int open_units() const;
  int closed_units() const;

  template <class T>
  T symbol(const char* name) const {
    return reinterpret_cast<T>(find(name));
  }

 private:
  void* find(const char* name) const;

  void* handle_;
  Library* library_;
};

/// Tests over one build of it; units are opened with limits that no healthy call reaches.
class OddUnits : public testing::Test {
 protected:
  explicit OddUnits(const std::string& build = "plain") : odd_(build) {}

  std::unique_ptr<Device> open(const CallLimits& limits = {}) {
    provider_ = make_provider(odd_.library(), limits);
    auto unit = provider_->open(0);
    EXPECT_TRUE(unit) << (unit ? "" : unit.error().message());
    return unit ? *std::move(unit) : nullptr;
  }

  Error open_error() {
    provider_ = make_provider(odd_.library(), {});
    auto unit = provider_->open(0);
    return unit ? Error(Errc::internal, "it opened") : unit.error();
  }

  std::unique_ptr<Device> open_started() {
    auto unit = open();
    const Status started = unit->start_cameras(config());
    EXPECT_TRUE(started) << (started ? "" : started.error().message());
    return unit;
  }

  static CameraConfig config() {
    return {.color_resolution = ColorResolution::r720p, .depth_mode = DepthMode::nfov_2x2binned};
  }

  OddLibrary odd_;
  std::unique_ptr<Provider> provider_;
};

inline constexpr HostDuration kNow{0};

}  // namespace genlock::device::k4a
