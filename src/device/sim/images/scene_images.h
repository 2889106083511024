#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/buffer.h"
#include "base/camera.h"
#include "device/sim/image_source.h"
#include "device/sim/images/scene.h"

namespace genlock::device::sim {

struct SceneImagesOptions {
  Buffer raw_calibration;  ///< the unit's blob; the scene is seen through its lenses
  Pose pose;               ///< of the depth camera; equal scenes and loops show the same world to every unit
  SceneOptions scene;
  CameraConfig config;     ///< modes, resolution and format
  std::uint64_t seed = 1;  ///< of the noise
  double noise = 1;        ///< factor on the noise of all images; 0 for none
  int mains_hz = 60;       ///< of the scene's lamps: 50, 60, or 0 for light that does not flicker
  std::vector<Neighbour>
      neighbours{};  ///< units that DepthMoment::others may name; light of others is not seen
  int loop_frames =
      16;  ///< pulses after which the moving ball is where it was, 1 to 256; memory grows with it
};

/// Images of the scene. Every image carries its pulse's number (pulse_code.h), the rest of it depends on the
/// pulse modulo loop_frames. Frames are rendered when first asked for and kept. color() and depth() of a
/// camera that is off are Errc::state. Errors: Errc::corrupt and Errc::unsupported for a calibration that
/// cannot be used, Errc::invalid for options out of range.
Result<std::unique_ptr<ImageSource>> make_scene_images(const SceneImagesOptions& options);

}  // namespace genlock::device::sim
