#include "base/camera.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace genlock {
namespace {

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::toupper(x) == std::toupper(y); });
}

template <class E>
struct Name {
  E value;
  std::string_view text;
};

constexpr Name<DepthMode> kDepthModes[] = {
    {DepthMode::off, "OFF"},
    {DepthMode::nfov_2x2binned, "NFOV_2X2BINNED"},
    {DepthMode::nfov_unbinned, "NFOV_UNBINNED"},
    {DepthMode::wfov_2x2binned, "WFOV_2X2BINNED"},
    {DepthMode::wfov_unbinned, "WFOV_UNBINNED"},
    {DepthMode::passive_ir, "PASSIVE_IR"},
};

constexpr Name<ColorResolution> kColorResolutions[] = {
    {ColorResolution::off, "OFF"},      {ColorResolution::r720p, "720P"},   {ColorResolution::r1080p, "1080P"},
    {ColorResolution::r1440p, "1440P"}, {ColorResolution::r1536p, "1536P"}, {ColorResolution::r2160p, "2160P"},
    {ColorResolution::r3072p, "3072P"},
};

constexpr Name<PixelFormat> kPixelFormats[] = {
    {PixelFormat::mjpg, "MJPG"},       {PixelFormat::nv12, "NV12"},         {PixelFormat::yuy2, "YUY2"},
    {PixelFormat::bgra32, "BGRA"},     {PixelFormat::depth16, "DEPTH16"},   {PixelFormat::ir16, "IR16"},
    {PixelFormat::custom8, "CUSTOM8"}, {PixelFormat::custom16, "CUSTOM16"}, {PixelFormat::custom, "CUSTOM"},
};

constexpr Name<WiredSyncMode> kSyncModes[] = {
    {WiredSyncMode::standalone, "STANDALONE"},
    {WiredSyncMode::master, "MASTER"},
    {WiredSyncMode::subordinate, "SUBORDINATE"},
};

template <class E, std::size_t N>
std::string_view name_of(const Name<E> (&table)[N], E value) {
  for (const auto& row : table)
    if (row.value == value) return row.text;
  return "UNKNOWN";
}

template <class E, std::size_t N>
std::optional<E> value_of(const Name<E> (&table)[N], std::string_view text) {
  for (const auto& row : table)
    if (same_ignoring_case(row.text, text)) return row.value;
  return std::nullopt;
}

}  // namespace

Size image_size(DepthMode mode) {
  switch (mode) {
    case DepthMode::off: return {};
    case DepthMode::nfov_2x2binned: return {320, 288};
    case DepthMode::nfov_unbinned: return {640, 576};
    case DepthMode::wfov_2x2binned: return {512, 512};
    case DepthMode::wfov_unbinned:
    case DepthMode::passive_ir: return {1024, 1024};
  }
  return {};
}

Size image_size(ColorResolution resolution) {
  switch (resolution) {
    case ColorResolution::off: return {};
    case ColorResolution::r720p: return {1280, 720};
    case ColorResolution::r1080p: return {1920, 1080};
    case ColorResolution::r1440p: return {2560, 1440};
    case ColorResolution::r1536p: return {2048, 1536};
    case ColorResolution::r2160p: return {3840, 2160};
    case ColorResolution::r3072p: return {4096, 3072};
  }
  return {};
}

int max_fps(DepthMode mode) { return mode == DepthMode::wfov_unbinned ? 15 : 30; }
int max_fps(ColorResolution resolution) { return resolution == ColorResolution::r3072p ? 15 : 30; }

DeviceDuration depth_exposure(DepthMode mode) {
  switch (mode) {
    case DepthMode::off: return device_us(0);
    case DepthMode::wfov_unbinned: return device_us(20300);
    case DepthMode::passive_ir: return device_us(1600);
    default: return device_us(12800);
  }
}

DeviceDuration laser_period(DepthMode mode) {
  return mode == DepthMode::wfov_unbinned ? device_us(2515) : device_us(1575);
}

DeviceDuration laser_length(DepthMode mode) {
  return laser_period(mode) * (kLaserPulses - 1) + kLaserPulse;
}

std::optional<FrameRate> frame_rate_from_fps(int value) {
  for (FrameRate rate : {FrameRate::fps5, FrameRate::fps15, FrameRate::fps30})
    if (fps(rate) == value) return rate;
  return std::nullopt;
}

std::size_t image_bytes(PixelFormat format, Size size) {
  const std::size_t rows = static_cast<std::size_t>(size.height);
  const std::size_t plane = static_cast<std::size_t>(stride_bytes(format, size.width)) * rows;
  return format == PixelFormat::nv12 ? plane * 3 / 2 : plane;
}

int stride_bytes(PixelFormat format, int width) {
  switch (format) {
    case PixelFormat::mjpg:
    case PixelFormat::custom: return 0;
    case PixelFormat::nv12:
    case PixelFormat::custom8: return width;
    case PixelFormat::bgra32: return 4 * width;
    default: return 2 * width;
  }
}

std::string_view to_string(DepthMode mode) { return name_of(kDepthModes, mode); }
std::string_view to_string(ColorResolution resolution) { return name_of(kColorResolutions, resolution); }
std::string_view to_string(PixelFormat format) { return name_of(kPixelFormats, format); }
std::string_view to_string(WiredSyncMode mode) { return name_of(kSyncModes, mode); }

std::optional<DepthMode> depth_mode_from(std::string_view name) { return value_of(kDepthModes, name); }
std::optional<ColorResolution> color_resolution_from(std::string_view name) { return value_of(kColorResolutions, name); }
std::optional<PixelFormat> pixel_format_from(std::string_view name) { return value_of(kPixelFormats, name); }
std::optional<WiredSyncMode> wired_sync_mode_from(std::string_view name) { return value_of(kSyncModes, name); }

std::string to_string(const Version& version) {
  return fmt::format("{}.{}.{}", version.major, version.minor, version.iteration);
}

std::string version_text(const Version& version) {
  return version == Version{} ? "unknown" : to_string(version);
}

Result<Version> parse_version(std::string_view text) {
  const Error malformed(Errc::invalid, fmt::format("\"{}\" is not a version like 1.6.110", text));
  Version version;
  std::uint32_t* const parts[] = {&version.major, &version.minor, &version.iteration};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::size_t i = 0; i < 3; ++i) {
    const auto [next, status] = std::from_chars(at, end, *parts[i]);
    if (status != std::errc{}) return malformed;
    if (next == end) return i > 0 ? Result<Version>(version) : malformed;
    if (*next != '.') return malformed;
    at = next + 1;
  }
  return malformed;
}

bool serial_check_digit_ok(std::string_view serial) {
  if (serial.size() != 12 || !std::ranges::all_of(serial, [](unsigned char c) { return std::isdigit(c) != 0; }))
    return false;
  int sum = 0;
  for (char digit : serial.substr(0, 6)) sum += digit - '0';
  return serial[6] - '0' == 7 - sum % 7;
}

}  // namespace genlock
