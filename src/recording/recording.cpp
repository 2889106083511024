#include "recording/recording.h"

namespace genlock::recording {

RecordingInfo info_from_unit(const CameraConfig& config, bool imu, const std::string& serial,
                             const HardwareVersion& version, const Buffer& raw_calibration, bool simulated,
                             const HostIdentity& host) {
  RecordingInfo info;
  info.config = config;
  info.color_track = config.color_on();
  info.depth_track = has_depth_image(config.depth_mode);
  info.ir_track = config.depth_on();
  info.imu_track = imu;
  info.color_firmware = version.color;
  info.depth_firmware = version.depth;
  info.serial = serial;
  info.raw_calibration = raw_calibration;
  info.simulated = simulated;
  info.host = host;
  return info;
}

std::string_view to_string(TrackKind kind) {
  switch (kind) {
    case TrackKind::color:
      return "color";
    case TrackKind::depth:
      return "depth";
    case TrackKind::ir:
      return "ir";
    case TrackKind::imu:
      return "imu";
  }
  return "unknown";
}

std::string_view to_string(Gap::Reason reason) {
  switch (reason) {
    case Gap::Reason::queue_full:
      return "the disk was too slow";
    case Gap::Reason::too_late:
      return "they came too late";
    case Gap::Reason::disk_failed:
      return "the disk failed";
  }
  return "unknown";
}

}  // namespace genlock::recording
