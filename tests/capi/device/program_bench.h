#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "device/sim/bench.h"
#include "k4a/k4a.h"
#include "support/temporary_folder.h"

// A bench as a program that uses libk4a.so.1.4 has it, and the test beside it that moves its time.

namespace genlock::test {

/// Pictures of the units: one for all frames, those of the scene, or the one of a recording that
/// small_cameras() could have made.
enum class Pictures { flat, scene, recorded };

struct ProgramBenchOptions {
  Pictures pictures = Pictures::flat;
  std::string clock = "clock = \"stepped\"";  ///< lines of the file
  std::string more = "";                      ///< lines behind all others
};

/// Three units in a daisy chain, in a file that GENLOCK_BENCH names while this exists. Its time stands still
/// until step() moves it, unless it has another clock. Aborts the test program if it cannot be.
class ProgramBench {
 public:
  explicit ProgramBench(const ProgramBenchOptions& options = {});
  ~ProgramBench();
  ProgramBench(const ProgramBench&) = delete;
  ProgramBench& operator=(const ProgramBench&) = delete;

  void step(HostDuration by);

  /// `genlock bench set WORDS`.
  void set(const std::vector<std::string>& words);

  device::sim::Bench& bench() { return *bench_; }
  const TemporaryFolder& folder() const { return folder_; }
  std::string file() const { return folder_ / "bench.toml"; }

  /// Lines for a clock of so many bench seconds per real one, which waits for its readers: a minute, so that
  /// a busy machine loses no frame. Who leaves a unit alone while others stream must stop it.
  static std::string patient(int speed);

  static constexpr const char* kSerials[] = {"900001400101", "900002300102", "900003200103"};

 private:
  TemporaryFolder folder_;
  std::shared_ptr<device::sim::Bench> bench_;
};

/// 720p NV12 and binned NFOV at 30 fps, standalone.
k4a_device_configuration_t small_cameras();

/// What the library says while this exists, of `level` or worse.
class Heard {
 public:
  explicit Heard(k4a_log_level_t level = K4A_LOG_LEVEL_ERROR);
  ~Heard();
  Heard(const Heard&) = delete;
  Heard& operator=(const Heard&) = delete;

  const std::vector<std::string>& lines() const { return lines_; }

 private:
  static void keep(void* context, k4a_log_level_t, const char*, const int, const char* message);
  std::vector<std::string> lines_;
};

/// A device of the bench that is closed at the end of its scope at the latest.
class OpenDevice {
 public:
  explicit OpenDevice(std::uint32_t index = 0);
  ~OpenDevice() { close(); }
  OpenDevice(const OpenDevice&) = delete;
  OpenDevice& operator=(const OpenDevice&) = delete;

  operator k4a_device_t() const { return handle_; }
  void close();

 private:
  k4a_device_t handle_ = nullptr;
};

struct CaptureReleaser {
  void operator()(k4a_capture_t capture) const { k4a_capture_release(capture); }
};
using OwnedCapture = std::unique_ptr<std::remove_pointer_t<k4a_capture_t>, CaptureReleaser>;
struct ImageReleaser {
  void operator()(k4a_image_t image) const { k4a_image_release(image); }
};
using OwnedImage = std::unique_ptr<std::remove_pointer_t<k4a_image_t>, ImageReleaser>;

inline OwnedImage color_of(const OwnedCapture& capture) {
  return OwnedImage(k4a_capture_get_color_image(capture.get()));
}
inline OwnedImage depth_of(const OwnedCapture& capture) {
  return OwnedImage(k4a_capture_get_depth_image(capture.get()));
}
inline OwnedImage ir_of(const OwnedCapture& capture) {
  return OwnedImage(k4a_capture_get_ir_image(capture.get()));
}

/// The next capture; steps the bench until it comes, ten seconds at most. Null after that.
OwnedCapture next_capture(ProgramBench& bench, k4a_device_t device);

/// The same for samples.
std::optional<k4a_imu_sample_t> next_sample(ProgramBench& bench, k4a_device_t device);

/// Whatever waits to be read; how many captures.
int take_all(k4a_device_t device);

}  // namespace genlock::test
