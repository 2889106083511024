#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "geometry/warp.h"

namespace genlock::geometry {

/// Pixels of a surface on their way into the image. Whole vectors may be stored at `count`, of which less
/// counts.
struct Fragments {
  static constexpr std::size_t kCapacity = 512;
  static constexpr std::size_t kVector = 16;

  alignas(64) std::array<std::int32_t, kCapacity + kVector> pixel;  ///< index into the image
  alignas(64) std::array<std::int32_t, kCapacity + kVector> depth;  ///< mm, 0 to 65535
  alignas(64) std::array<std::int32_t, kCapacity + kVector> custom;
  std::size_t count = 0;

  bool full() const { return count > kCapacity - kVector; }
};

/// For every mask of eight lanes their numbers, those of the mask first.
inline constexpr auto kLanesOfMask = [] {
  std::array<std::array<std::uint8_t, 8>, 256> lanes{};
  for (unsigned mask = 0; mask < 256; ++mask) {
    std::size_t count = 0;
    for (std::uint8_t lane = 0; lane < 8; ++lane)
      if ((mask >> lane & 1) != 0) lanes[mask][count++] = lane;
  }
  return lanes;
}();

/// Moves the fragments into the image, where nothing nearer is there.
void draw(Fragments& fragments, const MeshTarget& target);

}  // namespace genlock::geometry
