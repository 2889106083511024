#pragma once

#include "support/recording_support.h"
#include "support/stamp_generator.h"

namespace genlock::test {

/// What the file of a planned unit has besides the plan.
struct PlannedFile {
  StampPlan plan;
  std::set<std::int64_t> ir_drops;  ///< pulses; IR goes with depth otherwise
  bool imu = false;
  /// Added to the true pulse and written into the file as the frames' pulses.
  std::optional<std::int64_t> numbered = {};
};

/// The pixels that the file has of a pulse: no two pulses share them.
Image planned_image(const PlannedFile& file, recording::TrackKind track, std::int64_t pulse);

/// Of that file, in small modes.
CameraConfig planned_config(const PlannedFile& file);
recording::RecordingInfo planned_info(const PlannedFile& file);
TakeContent planned_content(const PlannedFile& file, std::size_t unit);

/// Writes FOLDER/NAME.mkv of unit number `unit` of a take. Throws where that does not work.
std::filesystem::path write_planned(const std::filesystem::path& folder, const PlannedFile& file,
                                    std::size_t unit);

/// A master and two subordinates with small images, on one host, of `frames` pulses from 6 on.
std::vector<PlannedFile> planned_take(std::int64_t frames);
std::vector<std::filesystem::path> write_planned(const std::filesystem::path& folder,
                                                 const std::vector<PlannedFile>& take);

}  // namespace genlock::test
