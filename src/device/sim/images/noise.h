#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace genlock::device::sim {

struct NoiseOptions {
  std::uint64_t seed = 1;
  float scale = 1;
};

/// A well mixed 64 or 32 bits from any, the same on every machine.
std::uint64_t mix(std::uint64_t value);

inline std::uint32_t mix32(std::uint32_t value) {
  value = (value ^ (value >> 16)) * 0x7feb352du;
  value = (value ^ (value >> 15)) * 0x846ca68bu;
  return value ^ (value >> 16);
}

/// What a row of noise belongs to.
struct NoiseRow {
  std::uint64_t seed = 0;
  std::uint32_t stream = 0;
  std::uint32_t frame = 0;
  std::uint32_t row = 0;
};

inline constexpr std::size_t kLongestNoiseRow = 4096;

/// kLongestNoiseRow normally distributed numbers with standard deviation 1, the same for the same arguments.
std::span<const float> normal_row(const NoiseRow& row);

/// The same as whole numbers with standard deviation 16.
std::span<const std::int8_t> normal_row_x16(const NoiseRow& row);

/// kLongestNoiseRow evenly distributed numbers from 0 to 1, the same for the same arguments.
std::span<const float> uniform_row(const NoiseRow& row);

/// Smooth noise in 0..1 with features of size 1.
float value_noise(float u, float v, std::uint32_t salt);

}  // namespace genlock::device::sim
