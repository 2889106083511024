#include "device/sim/images/texture.h"

#include <algorithm>
#include <cmath>

#include "device/sim/images/noise.h"

namespace genlock::device::sim {
namespace {

/// Coarse and fine grain around 1.
float grain(float u, float v, std::uint32_t salt, float strength) {
  const float coarse = value_noise(u * 0.02f, v * 0.02f, salt);
  const float fine = value_noise(u * 0.11f, v * 0.11f, salt + 1);
  return 1 + strength * (0.9f * coarse + 0.3f * fine - 0.6f);
}

float cell_tone(int column, int row, std::uint32_t salt) {
  const auto key =
      static_cast<std::uint32_t>(column) * 7919u + static_cast<std::uint32_t>(row) * 104729u + salt;
  return static_cast<float>(mix32(key) & 0xff) * (1.0f / 255.0f);
}

/// Signed distance to the nearest edge of squares of the given size: positive in even ones.
float wave(float place, float square) {
  const int index = floor_int(place / square);
  const float within = place - static_cast<float>(index) * square;
  const float distance = std::min(within, square - within);
  return index % 2 == 0 ? distance : -distance;
}

}  // namespace

Rgb planks(Vec point) {
  const int column = floor_int(point.x / 140);
  const int row = floor_int((point.z + 370 * static_cast<float>(column)) / 1100);
  const float seam = point.x / 140 - static_cast<float>(column) < 0.025f ? 0.55f : 1.0f;
  const float tone = 0.75f + 0.3f * cell_tone(column, row, 11);
  return Rgb{0.55f, 0.40f, 0.26f} * (tone * seam * grain(point.x * 3, point.z * 0.4f, 12, 0.30f));
}

Rgb plaster(float u, float v) {
  return Rgb{0.86f, 0.86f, 0.83f} * grain(u, v, 21, 0.08f);
}

Rgb bricks(float u, float v) {
  const int row = floor_int(v / 75);
  const float shifted = u + static_cast<float>(row & 1) * 110;
  const int column = floor_int(shifted / 220);
  const bool mortar = v - static_cast<float>(row) * 75 < 9 || shifted - static_cast<float>(column) * 220 < 9;
  if (mortar) return Rgb{0.70f, 0.68f, 0.64f} * grain(u, v, 31, 0.25f);
  const float tone = 0.75f + 0.4f * cell_tone(column, row, 32);
  return Rgb{0.62f, 0.34f, 0.26f} * (tone * grain(u, v, 33, 0.35f));
}

Rgb wallpaper(float u, float v) {
  const float stripe = wave(u, 90) > 0 ? 1.0f : 0.82f;
  return Rgb{0.55f, 0.63f, 0.70f} * (stripe * grain(u, v, 41, 0.15f));
}

float wood(Vec point) {
  return grain(point.x + point.z, point.y * 3 + point.z * 0.5f, 51, 0.25f);
}

float speckle(Vec point) {
  return value_noise(point.x * 0.04f + point.z * 0.02f, point.y * 0.04f, 61) > 0.5f ? 1.0f : 0.8f;
}

float checker(const Board& board, float u, float v, float footprint_mm) {
  if (u < 0 || v < 0 || u > board.width || v > board.height) return 1;
  const float sharpness = 1 / std::max(footprint_mm, 0.1f);
  const float column = std::clamp(wave(u, board.square) * sharpness, -0.5f, 0.5f);
  const float row = std::clamp(wave(v, board.square) * sharpness, -0.5f, 0.5f);
  return 0.5f - 2 * column * row;
}

}  // namespace genlock::device::sim
