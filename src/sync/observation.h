#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/camera.h"
#include "base/capture.h"
#include "base/time.h"

namespace genlock::sync {

/// The picture streams of a unit. IR has the stamps of depth and is not observed beside it; passive IR counts
/// as depth.
enum class Stream : std::uint8_t { color, depth };
std::string_view to_string(Stream stream);  ///< "color", "depth"

/// What a unit was asked to do, and where it was recorded.
struct UnitDescription {
  std::string name;    ///< what people call it: the file's stem, the unit's name in the rig
  std::string serial;  ///< empty when not known
  WiredSyncMode sync_mode = WiredSyncMode::standalone;
  FrameRate rate = FrameRate::fps30;
  DeviceDuration delay_off_master{};
  DeviceDuration depth_delay_off_color{};
  bool color = false;  ///< the stream is on
  bool depth = false;
  DepthMode depth_mode = DepthMode::off;
  bool simulated = false;
  std::vector<std::string> areas;  ///< it disturbs units that share one with its laser; empty: all
  /// The unit whose SYNC OUT its pulses come from, by its place in the same list; itself and what is not
  /// there count as not known.
  std::optional<std::size_t> fed_by = {};
  HostIdentity
      host;  ///< empty boot id: host times of this unit cannot be compared with others' but through UTC
};

/// One frame, as the sync code sees it.
struct Observation {
  std::size_t unit = 0;  ///< index in the list the Monitor was made with
  Stream stream = Stream::color;
  DeviceTime device;                            ///< centre of exposure
  std::optional<HostTime> host = {};            ///< end of its transfer
  std::optional<DeviceDuration> exposure = {};  ///< colour only
  std::optional<std::int64_t> pulse = {};       ///< as the recorder counted
};

}  // namespace genlock::sync
