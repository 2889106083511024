#pragma once

#include <cstdint>
#include <vector>

#include "base/camera.h"
#include "device/sim/images/interference.h"
#include "device/sim/images/noise.h"
#include "device/sim/images/world.h"

namespace genlock::device::sim {

/// What reaches the depth camera. A depth of 0 is a pixel outside the mask.
struct LightPicture {
  explicit LightPicture(std::size_t pixels = 0) : depth(pixels), infrared(pixels), detour(pixels) {}

  std::vector<float> depth;     ///< mm
  std::vector<float> infrared;  ///< brightness
  std::vector<float> detour;    ///< mm that light by way of other surfaces adds
};

/// Makes depth and IR of light, with everything that time of flight gets wrong: noise by distance and mode,
/// range, too little light and too much, flying pixels and missing ones at edges, detours of the light in
/// corners. With a noise of 0 only range, light and missing pixels at edges are left. Any thread.
class DepthSensor {
 public:
  DepthSensor(DepthMode mode, const NoiseOptions& noise) : mode_(mode), noise_(noise) {}

  /// The light of a surface seen along `ray`.
  void expose(const World& world, const Surface& surface, const Ray& ray, int object, LightPicture& out,
              std::size_t at) const;

  /// Row `y` of frame `frame` of the loop.
  void read_row(const LightPicture& light, int y, int frame, const DepthFrame& out) const;

  /// Standard deviation of the distance at a depth, mm, over pixels and time together.
  float sigma(float depth) const;

 private:
  struct Chance {
    float noise;    ///< normal, another one in every frame
    float lasting;  ///< normal, always the same for a pixel
    float fate;     ///< 0 to 1, another one in every frame
    float habit;    ///< 0 to 1, always the same for a pixel
  };

  float distance(const LightPicture& light, std::size_t at, int width, const Chance& chance) const;

  const DepthMode mode_;
  const NoiseOptions noise_;
};

}  // namespace genlock::device::sim
