#pragma once

#include <cstdint>
#include <vector>

#include "device/sim/image_source.h"
#include "device/sim/images/laser_light.h"

namespace genlock::device::sim {

/// One frame of the depth camera in the making.
struct DepthFrame {
  std::uint16_t* depth = nullptr;  ///< mm, 0 = no value; null in passive IR
  std::uint16_t* infrared = nullptr;
  Size size;
};

/// IR brightness at which a pixel is full: it has no depth any more (facts device.md 1.1), and shows
/// kSaturatedIr. Where the sensor's limit is, is unknown.
inline constexpr float kFullPixel = 14'000;
inline constexpr std::uint16_t kSaturatedIr = 65'535;

/// The light of other units' lasers in a frame: IR shows it, and depth is spoiled as much as it is bright
/// beside the unit's own. How exactly is unknown (facts device.md 2.7 says when, not what): here the other
/// light's phase pulls the distance to and fro by up to kPullMm, adds noise, and where it rules, pixels have
/// no value. Pixels that no other laser reaches stay as they are. One thread at a time.
class Interference {
 public:
  static constexpr float kPullMm = 320;
  static constexpr float kNoiseMm = 90;

  Interference(LaserLight light, std::uint64_t seed) : light_(std::move(light)), seed_(seed) {}

  void add(const DepthMoment& moment, int frame_of_loop, const DepthFrame& frame);

 private:
  /// Rows of an image.
  struct Strip {
    int from, to;
  };

  void gather(const LaserOverlap& other, std::uint64_t pulse, int frame_of_loop, const Strip& strip,
              const DepthFrame& frame);
  void spoil(std::uint64_t pulse, const Strip& strip, const DepthFrame& frame) const;

  LaserLight light_;
  const std::uint64_t seed_;
  std::vector<float> row_light_;  ///< one other unit's, of a row
  std::vector<float> sum_;        ///< other light of every pixel of a strip
  std::vector<float> pull_;       ///< the same, each times where its phase stands, -1 to 1
};

}  // namespace genlock::device::sim
