#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/capture.h"
#include "base/result.h"

// What the official reader gives of files, once stock_library_missing() says nothing. It reads in a process
// of its own, because once in many runs it corrupts its heap, of any file: a crash is borne three times.

namespace genlock::test {

/// What the official reader says about a file.
struct StockConfig {
  std::uint32_t color_format = 0;
  std::uint32_t color_resolution = 0;
  std::uint32_t depth_mode = 0;
  std::uint32_t fps = 0;
  bool color = false, depth = false, ir = false, imu = false;
  std::int32_t depth_delay_us = 0;
  std::uint32_t sync_mode = 0;
  std::uint32_t delay_off_master_us = 0;
  std::uint32_t start_offset_us = 0;
};

/// A file as the official reader reads it, from beginning to end.
struct StockPlayback {
  StockConfig config;
  std::vector<Capture> captures;  ///< device time, format, size and pixels only
  std::vector<ImuSample> imu;
  std::string calibration;  ///< without the NUL
  std::vector<std::string> tracks;
  std::vector<std::string> builtin_tracks;
  std::uint64_t length_us = 0;
};
Result<StockPlayback> stock_play(const std::filesystem::path& file);

/// What the official reader gives of a custom track, from beginning to end.
struct StockData {
  DeviceTime time;
  std::vector<std::byte> bytes;
};
Result<std::vector<StockData>> stock_data(const std::filesystem::path& file, const std::string& track);

/// An attachment's bytes as the official reader finds them.
std::optional<std::string> stock_attachment(const std::filesystem::path& file, const std::string& name);

/// A tag's value as the official reader finds it.
std::optional<std::string> stock_tag(const std::filesystem::path& file, const std::string& name);

}  // namespace genlock::test
