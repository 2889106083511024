#pragma once

#include "device/sim/images/world.h"

// What surfaces look like, from places in mm.

namespace genlock::device::sim {

Rgb planks(Vec point);
Rgb plaster(float u, float v);
Rgb bricks(float u, float v);
Rgb wallpaper(float u, float v);

/// Factors on a colour.
float wood(Vec point);
float speckle(Vec point);

/// 1 on white, 0 on black, between where a pixel of the given size sees both.
float checker(const Board& board, float u, float v, float footprint_mm);

}  // namespace genlock::device::sim
