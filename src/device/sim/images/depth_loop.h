#pragma once

#include <cstdint>
#include <vector>

#include "base/buffer.h"
#include "device/sim/image_source.h"
#include "device/sim/images/depth_sensor.h"
#include "device/sim/images/interference.h"
#include "device/sim/images/view.h"

namespace genlock::device::sim {

/// The depth camera's loop of frames. One thread at a time.
class DepthLoop {
 public:
  /// `world` must outlive this.
  DepthLoop(const World& world, DepthMode mode, const geometry::CameraCalibration& camera,
            const geometry::Extrinsics& world_from_depth, const NoiseOptions& noise,
            const std::vector<Neighbour>& neighbours, int loop_frames);
  DepthLoop(const DepthLoop&) = delete;
  DepthLoop& operator=(const DepthLoop&) = delete;

  DepthIr image(const DepthMoment& moment);

 private:
  bool in_mask(int x, int y, View::Normalised n) const;
  void render(const Rect& rect, const Ball& ball, ObjectMask extra, LightPicture& out) const;
  std::vector<std::uint16_t> make_frame(int index);

  const World& world_;
  const DepthMode mode_;
  const DepthSensor sensor_;
  View view_;
  Interference interference_;
  LightPicture background_;
  std::vector<std::vector<std::uint16_t>> frames_;  ///< depth (if any), then IR; empty until asked for
  BufferPool pool_;
};

}  // namespace genlock::device::sim
