#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/camera.h"
#include "base/time.h"

// The names and numbers of the K4A flavour of Matroska: docs/recording-format.md 1, with the reasons.

namespace genlock::recording {

inline constexpr std::string_view kVideoCodec = "V_MS/VFW/FOURCC";
inline constexpr std::string_view kImuCodec = "S_K4A/IMU";
inline constexpr std::string_view kMetadataCodec = "S_GENLOCK/META";

inline constexpr std::string_view kColorTrack = "COLOR";
inline constexpr std::string_view kDepthTrack = "DEPTH";
inline constexpr std::string_view kIrTrack = "IR";
inline constexpr std::string_view kOldIrTrack = "DEPTH_IR";  ///< 2018
inline constexpr std::string_view kImuTrack = "IMU";
inline constexpr std::string_view kMetadataTrack = "GENLOCK";

inline constexpr std::string_view kTagColorTrack = "K4A_COLOR_TRACK";
inline constexpr std::string_view kTagDepthTrack = "K4A_DEPTH_TRACK";
inline constexpr std::string_view kTagIrTrack = "K4A_IR_TRACK";
inline constexpr std::string_view kTagImuTrack = "K4A_IMU_TRACK";
inline constexpr std::string_view kTagMetadataTrack = "K4A_CUSTOM_TRACK_GENLOCK";
inline constexpr std::string_view kTagCustomTrack = "K4A_CUSTOM_TRACK_";  ///< and the track's name
inline constexpr std::string_view kTagColorMode = "K4A_COLOR_MODE";
inline constexpr std::string_view kTagDepthMode = "K4A_DEPTH_MODE";
inline constexpr std::string_view kTagIrMode = "K4A_IR_MODE";
inline constexpr std::string_view kTagImuMode = "K4A_IMU_MODE";
inline constexpr std::string_view kTagCalibration = "K4A_CALIBRATION_FILE";
inline constexpr std::string_view kTagDepthDelay = "K4A_DEPTH_DELAY_NS";
inline constexpr std::string_view kTagSyncMode = "K4A_WIRED_SYNC_MODE";
inline constexpr std::string_view kTagSubordinateDelay = "K4A_SUBORDINATE_DELAY_NS";
inline constexpr std::string_view kTagColorFirmware = "K4A_COLOR_FIRMWARE_VERSION";
inline constexpr std::string_view kTagDepthFirmware = "K4A_DEPTH_FIRMWARE_VERSION";
inline constexpr std::string_view kTagSerial = "K4A_DEVICE_SERIAL_NUMBER";
inline constexpr std::string_view kTagStartOffset = "K4A_START_OFFSET_NS";
inline constexpr std::string_view kTagSimulated = "GENLOCK_SIMULATED";
inline constexpr std::string_view kTagHostName = "GENLOCK_HOST_NAME";
inline constexpr std::string_view kTagBootId = "GENLOCK_BOOT_ID";
inline constexpr std::string_view kTagClockId = "GENLOCK_CLOCK_ID";
inline constexpr std::string_view kTagPart = "GENLOCK_PART";
inline constexpr std::string_view kTagFirstPulse = "GENLOCK_FIRST_PULSE";
/// "1": of a unit that was lost during a take and came back; its clock has no common zero with the others'.
inline constexpr std::string_view kTagUnaligned = "GENLOCK_UNALIGNED";

/// Whether the writer makes this global tag itself, so that one of the same name among a user's is left out.
bool is_own_tag(std::string_view name);

/// Custom tracks' names are made of A-Z 0-9 - _ and not empty, because they stand in names of tags.
bool is_track_name(std::string_view name);

/// Tag names are made of A-Z 0-9 - _ . and not empty.
bool is_tag_name(std::string_view name);

inline constexpr std::string_view kCalibrationFile = "calibration.json";
inline constexpr std::string_view kAttachmentMediaType = "application/octet-stream";

inline constexpr std::uint64_t kTrackTypeVideo = 1;
inline constexpr std::uint64_t kTrackTypeSubtitle = 0x11;

/// One unit of file time is one µs of device time.
inline constexpr std::uint64_t kTimestampScaleNs = 1000;

/// Clusters hold the data of one window of device time, aligned on multiples of its length.
inline constexpr DeviceDuration kClusterWindow = device_us(32'000);

/// A cluster's id, and a size field of eight bytes.
inline constexpr std::uint64_t kClusterHeadBytes = 12;

/// At most one cue point in this time.
inline constexpr DeviceDuration kCueInterval = device_us(1'000'000);

/// Bytes of one IMU sample in the file.
inline constexpr std::size_t kImuSampleBytes = 40;

inline constexpr std::size_t kBitmapInfoBytes = 40;

/// A video track's pixels as its codec private data tell them.
struct PixelCoding {
  PixelFormat format = PixelFormat::mjpg;
  bool big_endian = false;  ///< of 16-bit pixels
};

enum class TrackRole : std::uint8_t { color, depth, ir, imu, metadata, custom };

/// The BITMAPINFOHEADER of a video track.
std::array<std::byte, kBitmapInfoBytes> bitmap_info(PixelFormat format, Size size);

/// Back again; nothing for a pixel code that the role cannot have. Width and height are left to the Video
/// element.
std::optional<PixelCoding> pixel_coding(TrackRole role, std::span<const std::byte> bitmap_info);

/// The tag value of a colour track, for example MJPG_1080P.
std::string color_mode_name(PixelFormat format, ColorResolution resolution);

/// The resolution with these pixels; off for any other size.
ColorResolution color_resolution_of(Size size);

}  // namespace genlock::recording
