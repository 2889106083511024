#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/capture.h"

namespace genlock::recording {

/// A track of the user's own data beside those of the unit.
struct CustomTrack {
  enum class Kind : std::uint8_t { video, subtitle };

  std::string name;  ///< of A-Z 0-9 - _ ; stands in the file's tags
  Kind kind = Kind::subtitle;
  std::string codec_id;  ///< free text; "V_..." or "S_..." by Matroska's convention
  Buffer codec_private;  ///< what a decoder needs to know; may be empty
  // Of video tracks:
  std::uint64_t width = 0, height = 0;  ///< pixels
  std::uint64_t frames_per_second = 0;
  /// Of subtitle tracks: consecutive data are laced into one block, which keeps only the first and the last
  /// time exactly (facts k4a-abi.md B12).
  bool high_frequency = false;
};

struct Attachment {
  std::string name;  ///< as a file's
  Buffer data;
};

/// Recordings that were split carry this, so that parts of one recording are told from recordings of another
/// run of the unit's clock.
struct PartIdentity {
  std::string clock_id;    ///< the same in all parts of one recording, and in no other; empty where not known
  std::uint32_t part = 1;  ///< from 1
};

/// What a K4A recording says about itself: written before the first frame, read back at opening.
struct RecordingInfo {
  CameraConfig config;
  bool color_track = false;
  bool depth_track = false;
  bool ir_track = false;
  bool imu_track = false;
  std::vector<CustomTrack> custom_tracks;  ///< in order of creation
  std::vector<Attachment> attachments;     ///< on writing, besides the calibration; on reading, see Reader
  std::optional<Version> color_firmware;
  std::optional<Version> depth_firmware;
  std::string serial;      ///< empty where the file does not say
  Buffer raw_calibration;  ///< JSON without a trailing NUL; empty where the file has none
  std::map<std::string, std::string>
      tags;                 ///< every global tag of the file by name; on writing, additional ones
  std::string writing_app;  ///< read only
  bool simulated = false;   ///< GENLOCK_SIMULATED tag
  HostIdentity host;        ///< empty in files of the stock recorder
  DeviceTime start_offset;  ///< device time of file time 0; read only
  PartIdentity identity;    ///< read only
};

/// Config and identity of a live unit put into what a file says. `imu` tells whether there is an IMU track.
RecordingInfo info_from_unit(const CameraConfig& config, bool imu, const std::string& serial,
                             const HardwareVersion& version, const Buffer& raw_calibration, bool simulated,
                             const HostIdentity& host);

enum class TrackKind : std::uint8_t { color, depth, ir, imu };
std::string_view to_string(TrackKind kind);  ///< "color", "depth", "ir", "imu"

/// Counts and gaps number tracks alike: TrackKind's value, then the custom tracks in their order.
using TrackSlot = std::size_t;
inline constexpr TrackSlot kFirstCustomSlot = 4;

constexpr TrackSlot slot_of(TrackKind kind) {
  return static_cast<TrackSlot>(kind);
}

/// Frames of one track that the writer was given and that are not in the file.
struct Gap {
  enum class Reason : std::uint8_t { queue_full = 1, too_late = 2, disk_failed = 3 };

  Reason reason = Reason::queue_full;
  TrackSlot track = 0;
  std::uint64_t frames = 0;
  DeviceTime first, last;  ///< of those; others between them may be in the file
};
std::string_view to_string(Gap::Reason reason);  ///< "the disk was too slow", ...

}  // namespace genlock::recording
