#include "device/sim/images/noise.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "device/sim/images/vec.h"

namespace genlock::device::sim {
namespace {

constexpr std::size_t kOffsets = 1 << 15;
constexpr std::size_t kTable = kOffsets + kLongestNoiseRow;

/// 0 < result <= 1
double uniform(std::uint64_t i) {
  return static_cast<double>((mix(i) >> 11) + 1) / 9007199254740992.0;
}

std::vector<float> make_normal() {
  std::vector<float> table(kTable);
  for (std::size_t i = 0; i < kTable; i += 2) {
    const double radius = std::sqrt(-2 * std::log(uniform(i)));
    const double angle = 2 * std::numbers::pi * uniform(i + 1);
    table[i] = static_cast<float>(radius * std::cos(angle));
    table[i + 1] = static_cast<float>(radius * std::sin(angle));
  }
  return table;
}

std::vector<float> make_uniform() {
  std::vector<float> table(kTable);
  for (std::size_t i = 0; i < kTable; ++i) table[i] = static_cast<float>(uniform(kTable + i));
  return table;
}

std::vector<std::int8_t> make_normal_x16() {
  std::vector<std::int8_t> table;
  for (float value : make_normal())
    table.push_back(static_cast<std::int8_t>(std::clamp(std::lround(value * 16), -127l, 127l)));
  return table;
}

std::uint64_t key_of(const NoiseRow& row) {
  const std::uint64_t place = static_cast<std::uint64_t>(row.frame) << 32 | row.row;
  return mix(mix(row.seed + row.stream) ^ mix(place));
}

std::size_t offset_of(const NoiseRow& row) {
  return key_of(row) % kOffsets;
}

float lattice(int u, int v, std::uint32_t salt) {
  const auto key =
      static_cast<std::uint32_t>(u) * 0x9e3779b1u + static_cast<std::uint32_t>(v) * 0x85ebca77u + salt;
  return static_cast<float>(mix32(key) >> 8) * (1.0f / 16777216.0f);
}

}  // namespace

std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15u;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

std::span<const float> normal_row(const NoiseRow& row) {
  static const std::vector<float> kNormal = make_normal();
  return std::span(kNormal).subspan(offset_of(row), kLongestNoiseRow);
}

std::span<const std::int8_t> normal_row_x16(const NoiseRow& row) {
  static const std::vector<std::int8_t> kNormal = make_normal_x16();
  return std::span(kNormal).subspan(offset_of(row), kLongestNoiseRow);
}

std::span<const float> uniform_row(const NoiseRow& row) {
  static const std::vector<float> kUniform = make_uniform();
  return std::span(kUniform).subspan(offset_of(row), kLongestNoiseRow);
}

float value_noise(float u, float v, std::uint32_t salt) {
  const int iu = floor_int(u);
  const int iv = floor_int(v);
  const float a = u - static_cast<float>(iu);
  const float b = v - static_cast<float>(iv);
  const float top = lattice(iu, iv, salt) * (1 - a) + lattice(iu + 1, iv, salt) * a;
  const float bottom = lattice(iu, iv + 1, salt) * (1 - a) + lattice(iu + 1, iv + 1, salt) * a;
  return top * (1 - b) + bottom * b;
}

}  // namespace genlock::device::sim
