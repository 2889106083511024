#pragma once

#include <memory>

#include "base/capture.h"
#include "base/mutex.h"
#include "device/sim/bench.h"
#include "device/sim/image_source.h"

namespace genlock::device::sim {

/// The pixels of one unit for one run of its cameras. Any thread.
class UnitImages {
 public:
  /// Of the scene, flat, or of a recording, as the unit is configured. Renders what can be rendered
  /// beforehand with the settings that `look` names, so that the first frames are not late.
  static Result<std::shared_ptr<UnitImages>> make(const Bench& bench, const UnitConfig& unit,
                                                  const Buffer& calibration, const CameraConfig& config,
                                                  const ColorLook& look);

  explicit UnitImages(std::unique_ptr<ImageSource> source) : source_(std::move(source)) {}

  Result<Buffer> color(const ColorMoment& moment);
  Result<DepthIr> depth(const DepthMoment& moment);

 private:
  Mutex mutex_;
  const std::unique_ptr<ImageSource> source_ GENLOCK_GUARDED_BY(mutex_);
};

}  // namespace genlock::device::sim
