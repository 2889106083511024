#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "mkv/element_reader.h"
#include "support/recording_support.h"

// Recordings in memory, and ways to spoil them.

namespace genlock::test {

using Bytes = std::vector<std::byte>;

/// Colour and IMU: a few KB a second.
inline CameraConfig light_config() {
  CameraConfig config;
  config.color_resolution = ColorResolution::r720p;
  config.depth_mode = DepthMode::off;
  return config;
}

inline TakeContent light_take(std::size_t captures) {
  return synthetic_take(light_config(), true, captures);
}
inline recording::RecordingInfo light_info() {
  return synthetic_info(light_config(), true);
}

inline Bytes first_bytes(const Bytes& file, std::size_t size) {
  return {file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)};
}

inline std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline std::vector<std::size_t> offsets_of(const Bytes& file, std::span<const std::byte> wanted) {
  std::vector<std::size_t> offsets;
  for (std::size_t at = as_text(file).find(as_text(wanted)); at != std::string_view::npos;
       at = as_text(file).find(as_text(wanted), at + 1))
    offsets.push_back(at);
  return offsets;
}

inline std::vector<std::size_t> cluster_offsets(const Bytes& file) {
  static constexpr std::array kId{std::byte{0x1F}, std::byte{0x43}, std::byte{0xB6}, std::byte{0x75}};
  return offsets_of(file, kId);
}

inline std::size_t offset_of(const Bytes& file, std::string_view text) {
  const auto found = offsets_of(file, std::as_bytes(std::span(text.data(), text.size())));
  return found.empty() ? file.size() : found.front();
}

/// Bytes that look like nothing in particular.
inline void spoil(Bytes& file, std::size_t from, std::size_t to) {
  std::uint32_t state = 12345;
  for (std::size_t at = from; at < to; ++at) {
    state = state * 1664525U + 1013904223U;
    file[at] = static_cast<std::byte>(state >> 24);
  }
}

/// A finished recording that was continued by a recorder that first overwrites its Cues: header of `closed`,
/// clusters of `longer`, both of the same unit.
inline Bytes continued_over_its_cues(const Bytes& closed, const Bytes& longer) {
  Bytes file = longer;
  const std::size_t header = cluster_offsets(longer).front();
  std::copy_n(closed.begin(), header, file.begin());
  return file;
}

}  // namespace genlock::test
