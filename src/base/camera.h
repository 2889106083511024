#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

// The modes of a unit (facts device.md 1.1 and 1.2, k4a-abi.md A1). The numeric values are those of libk4a's ABI.

namespace genlock {

enum class DepthMode : std::uint8_t { off, nfov_2x2binned, nfov_unbinned, wfov_2x2binned, wfov_unbinned, passive_ir };
enum class ColorResolution : std::uint8_t { off, r720p, r1080p, r1440p, r1536p, r2160p, r3072p };
enum class PixelFormat : std::uint8_t { mjpg, nv12, yuy2, bgra32, depth16, ir16, custom8, custom16, custom };
enum class FrameRate : std::uint8_t { fps5, fps15, fps30 };
enum class WiredSyncMode : std::uint8_t { standalone, master, subordinate };

struct Size {
  int width = 0;
  int height = 0;
  bool operator==(const Size&) const = default;
};

/// Pixels of the depth and IR images of a mode; 0x0 for off.
Size image_size(DepthMode mode);
Size image_size(ColorResolution resolution);

/// Highest frame rate of a mode, in 1/s.
int max_fps(DepthMode mode);
int max_fps(ColorResolution resolution);

/// passive_ir gives IR without depth.
constexpr bool has_depth_image(DepthMode mode) { return mode != DepthMode::off && mode != DepthMode::passive_ir; }

/// Exposure of the depth camera, fixed by its mode: 12.8, 20.3 or 1.6 ms.
DeviceDuration depth_exposure(DepthMode mode);

/// The laser shines in nine pulses of 125 µs, in the middle of every exposure; passive IR has none.
inline constexpr int kLaserPulses = 9;
inline constexpr DeviceDuration kLaserPulse = device_us(125);
constexpr bool has_laser(DepthMode mode) { return has_depth_image(mode); }

/// From the start of one laser pulse to the start of the next: 1575 µs, or 2515 µs for WFOV unbinned.
DeviceDuration laser_period(DepthMode mode);

/// From the start of the first laser pulse to the end of the last: 12 725 or 20 245 µs.
DeviceDuration laser_length(DepthMode mode);

constexpr int fps(FrameRate rate) { return rate == FrameRate::fps5 ? 5 : rate == FrameRate::fps15 ? 15 : 30; }

/// Exactly 18000, 6000 or 3000 ticks.
constexpr TickDuration frame_period(FrameRate rate) { return device_ticks(kTicksPerSecond / fps(rate)); }

/// The period as libk4a computes it for its checks: integer 1000000 / fps µs.
constexpr DeviceDuration period_us(FrameRate rate) { return device_us(1000000 / fps(rate)); }

std::optional<FrameRate> frame_rate_from_fps(int fps);

/// Bytes of one uncompressed image; 0 for mjpg, whose size varies.
std::size_t image_bytes(PixelFormat format, Size size);

/// Bytes of a row; 0 for mjpg.
int stride_bytes(PixelFormat format, int width);

/// Names as in the recorder's options and the file's tags: NFOV_UNBINNED, 1080P, MJPG, MASTER.
std::string_view to_string(DepthMode mode);
std::string_view to_string(ColorResolution resolution);
std::string_view to_string(PixelFormat format);
std::string_view to_string(WiredSyncMode mode);

/// Case-insensitive; nothing for an unknown name.
std::optional<DepthMode> depth_mode_from(std::string_view name);
std::optional<ColorResolution> color_resolution_from(std::string_view name);
std::optional<PixelFormat> pixel_format_from(std::string_view name);
std::optional<WiredSyncMode> wired_sync_mode_from(std::string_view name);

/// What a unit is asked to do at start. Both cameras off is refused by a unit, but a recording may have it.
struct CameraConfig {
  PixelFormat color_format = PixelFormat::mjpg;
  ColorResolution color_resolution = ColorResolution::off;
  DepthMode depth_mode = DepthMode::off;
  FrameRate rate = FrameRate::fps30;
  bool synchronized_images_only = false;  ///< deliver only captures that have both colour and depth
  DeviceDuration depth_delay_off_color{};  ///< depth centre minus colour centre, within one period either way
  WiredSyncMode sync_mode = WiredSyncMode::standalone;
  DeviceDuration delay_off_master{};  ///< subordinates only, 0 to one period
  bool disable_streaming_indicator = false;

  bool color_on() const { return color_resolution != ColorResolution::off; }
  bool depth_on() const { return depth_mode != DepthMode::off; }
  bool operator==(const CameraConfig&) const = default;
};

struct Version {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  std::uint32_t iteration = 0;
  auto operator<=>(const Version&) const = default;
};

/// "1.6.110"
std::string to_string(const Version& version);
/// The same for people: "unknown" where all is zero, which stands for versions that nobody tells.
std::string version_text(const Version& version);
Result<Version> parse_version(std::string_view text);

enum class FirmwareBuild : std::uint8_t { release, debug };
enum class FirmwareSignature : std::uint8_t { microsoft, test, unsigned_ };

struct HardwareVersion {
  Version color;
  Version depth;
  Version audio;
  Version depth_sensor;  ///< the depth configuration, for example 6109.7.0
  FirmwareBuild build = FirmwareBuild::release;
  FirmwareSignature signature = FirmwareSignature::microsoft;
  bool operator==(const HardwareVersion&) const = default;
};

/// Whether a plug is in each jack; nothing where the unit cannot tell.
struct SyncJacks {
  std::optional<bool> in;
  std::optional<bool> out;
  bool operator==(const SyncJacks&) const = default;
};

/// Whether a serial number belongs to a simulated unit: no real unit's starts with 9.
constexpr bool is_simulated_serial(std::string_view serial) { return serial.starts_with('9'); }

/// The 7th digit of a serial: 7 minus the sum of the first six modulo 7 (facts k4a-abi.md B2).
bool serial_check_digit_ok(std::string_view serial);

}  // namespace genlock
