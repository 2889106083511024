#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "recording/recording.h"

namespace genlock::recording {

/// One frame of a track as the walk over a file sees it, without its pixels.
struct FrameEntry {
  TrackKind track = TrackKind::color;
  DeviceTime device_time;
  std::uint64_t bytes = 0;  ///< stored size
  std::optional<HostTime> host_time;
  std::optional<DeviceDuration> exposure;
  std::optional<std::uint32_t> white_balance;
  std::optional<std::uint32_t> iso;
  std::optional<float> temperature_c;
};

/// Everything about a file but its pixels: what verify and info need.
struct Survey {
  std::vector<FrameEntry> frames;  ///< colour, depth and IR in file order
  std::uint64_t imu_samples = 0;
  std::optional<DeviceTime> first_imu, last_imu;
  std::vector<HostPair> host_pairs;
  std::vector<JackObservation> jacks;
  std::vector<std::string>
      problems;            ///< what is damaged or missing, in words; everything intact is listed all the same
  bool finalised = false;  ///< size, duration and index filled in by a proper close
  std::optional<DeviceDuration> duration;  ///< as the file's info says
  std::uint64_t file_bytes = 0;
};

/// Reads a K4A recording, Genlock's or the stock recorder's, back to the 2018 dialect. One thread at a time.
class Reader {
 public:
  /// Errc::corrupt: not such a file, with the reason. A cut tail is no error.
  static Result<std::unique_ptr<Reader>> open(std::unique_ptr<ByteSource> source);
  ~Reader();

  const RecordingInfo& info() const;

  /// The next capture: images less than half a frame period apart, after taking the depth delay out (facts
  /// mkv.md 2). Nothing at the end. Pixels of 16-bit images are little-endian in memory whatever the file
  /// has.
  Result<std::optional<Capture>> next_capture();

  /// The next IMU sample, on a position of its own. Nothing at the end.
  Result<std::optional<ImuSample>> next_imu_sample();

  /// Both positions back to the start.
  void rewind();

  /// Damage met so far, in words; both positions may have met the same. survey() finds all of it.
  std::vector<std::string> problems() const;

  /// Walks the whole file once, without reading pixels.
  Result<Survey> survey();

 private:
  struct Impl;
  explicit Reader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace genlock::recording
