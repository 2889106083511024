#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <optional>
#include <span>
#include <vector>

#include "device/sim/images/view.h"

namespace genlock::device::sim {

/// Light that a laser `squared` mm² away sends back from a surface, in units of the IR image: some thousands
/// at 1 m (facts device.md 1.1). `cosine` is that of the angle between the light and the surface's normal.
inline float laser_light(float infrared, float cosine, float squared) {
  constexpr float kLaser = 1.2e9f;
  return kLaser * infrared * cosine / squared;
}

/// One unit's laser light on what another one sees, in steps of 4.4 %; 0 is none.
using LightCode = std::uint8_t;
const std::array<float, 256>& light_of_codes();

/// What the lasers of other units light in the pictures of a camera: by their cones, their distance, and what
/// stands in between. One thread at a time. Keeps what it has worked out, within bounds.
class LaserLight {
 public:
  /// A map is a byte for every pixel. Maps beyond the bound are worked out anew for every frame.
  static constexpr std::size_t kMostBytes = 32u << 20;

  /// `world` and `view` must outlive this.
  LaserLight(const World& world, const View& view, std::vector<Neighbour> neighbours,
             std::size_t most_bytes = kMostBytes);

  /// The light of a neighbour on every pixel of a frame of the loop, by rows.
  struct Map {
    std::span<const LightCode> standing;  ///< on everything that stands still; rows of the image's width
    Rect moving;                          ///< where it must be taken from `patch`
    std::span<const LightCode> patch;     ///< rows of the rectangle's width
  };

  /// Valid until the next call; nothing if the unit is not a neighbour.
  std::optional<Map> map(std::size_t unit, bool wide, int frame);

  /// Memory in use; at most the bound, or what one map needs.
  std::size_t bytes() const;

 private:
  struct Patch {
    int frame;
    Rect rect;
    std::vector<LightCode> codes;
  };
  struct Entry {
    std::size_t unit;
    bool wide;
    std::vector<LightCode> standing;
    std::vector<Patch> patches;
  };

  Entry& entry(const Neighbour& neighbour, bool wide);
  const Patch& patch(Entry& entry, const Neighbour& neighbour, int frame);
  std::vector<LightCode> light(const Neighbour& neighbour, bool wide, const Rect& rect, const Ball& ball,
                               ObjectMask extra) const;

  const World& world_;
  const View& view_;
  const std::vector<Neighbour> neighbours_;
  const std::size_t most_bytes_;
  std::list<Entry> entries_;  ///< the last used first
};

}  // namespace genlock::device::sim
