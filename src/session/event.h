#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/camera.h"
#include "base/capture.h"
#include "base/time.h"

// What a session answers. Plain values, like the commands.

namespace genlock::session {

/// The streams a session watches. Depth stands for the depth camera: depth and IR come together.
enum class StreamKind : std::uint8_t { color, depth, imu };
inline constexpr std::array kStreamKinds = {StreamKind::color, StreamKind::depth, StreamKind::imu};
std::string_view to_string(StreamKind kind);

struct Opened {
  std::string serial;
  HardwareVersion version;
  std::string backend;
  bool simulated = false;
  HostIdentity host;
};

struct Started {
  WiredSyncMode sync_mode = WiredSyncMode::standalone;
};

/// Repeated about once a second until the first capture comes.
struct Waiting {
  HostDuration waited{};
  HostDuration remaining{};  ///< until the session gives up
};

/// A subordinate waited so long that its depth camera powered itself down; the cameras were started anew to
/// wake it.
struct Rearmed {
  HostDuration waited{};
};

/// The cameras run and the recording waits for BeginAt: the newest capture, about four times a second.
struct Streaming {
  std::int64_t pulse = 0;  ///< as the unit counts
  DeviceTime stamp;        ///< of its colour image, or of depth without its delay
  std::optional<HostTime> host;
};

/// What a recording that goes by pulses has taken since the last of these, about four times a second: for
/// who watches the sync while it runs. What came before RecordingEnded is told before that.
struct Frames {
  struct Frame {
    StreamKind stream = StreamKind::color;
    DeviceTime stamp;
    std::optional<HostTime> host;
    std::optional<DeviceDuration> exposure;
    std::int64_t pulse = 0;  ///< of the take
  };
  std::vector<Frame> frames;
  std::vector<HostPair> host_pairs;
  std::vector<JackObservation> jacks;
};

struct RecordingStarted {
  std::filesystem::path file;
  DeviceTime first;
  std::string write_method;  ///< genlock::to_string(WriteMethod): what the file system of `file` allows
};

/// Frames of one stream in a recording.
struct StreamCount {
  StreamKind stream = StreamKind::color;
  std::uint64_t recorded = 0;
  std::uint64_t missing = 0;  ///< the gaps between stamps speak of so many; of the IMU, beyond `refused`
  std::uint64_t refused = 0;  ///< came, but were lost here: the writer or a queue had no room
};

/// About twice a second while recording.
struct Progress {
  DeviceDuration recorded{};  ///< device time covered so far
  std::vector<StreamCount> streams;
  std::uint64_t bytes_on_disk = 0;
  std::size_t bytes_queued = 0;
};

struct Warning {
  std::string text;
};

/// A gap between two stamps of one stream.
struct Gap {
  StreamKind stream = StreamKind::color;
  DeviceTime after;
  std::uint64_t frames = 0;
};

/// Whether the recording ended well and holds everything that came: no error, a file, every stream in it,
/// nothing lost on this host. Frames that the unit itself never delivered do not count.
struct RecordingEnded;
bool complete(const RecordingEnded& ended);

enum class EndReason : std::uint8_t { length_reached, stopped, end_of_replay, failed };
std::string_view to_string(EndReason reason);

/// The recording is over and its file closed. Exactly one for each Record that was accepted.
struct RecordingEnded {
  EndReason reason = EndReason::stopped;
  std::string error;                              ///< why it failed; empty otherwise
  bool unit_lost = false;                         ///< the unit failed or its clock jumped: no disk, no host
  std::filesystem::path file;                     ///< empty when nothing was recorded: there is no file then
  std::vector<std::filesystem::path> more_files;  ///< of a split recording: its further parts, in order
  DeviceDuration recorded{};
  std::vector<StreamCount> streams;
  std::vector<Gap> gaps;               ///< the first hundred
  std::uint64_t captures_dropped = 0;  ///< thrown out of the unit's queue because this host read too late
  std::uint64_t file_bytes = 0;        ///< of all parts
};

using Event = std::variant<Opened, Started, Waiting, Rearmed, Streaming, RecordingStarted, Frames, Progress,
                           Warning, RecordingEnded>;

/// Whether a later event of its kind says more: dropped first where nobody takes events.
bool can_be_missed(const Event& event);

}  // namespace genlock::session
