#pragma once

#include <cstdint>
#include <initializer_list>

namespace genlock::device::sim {

/// What a random number is for, so that no two uses share one.
enum class Chance : std::uint64_t {
  frame_jitter = 1,
  depth_jitter,
  color_latency,
  depth_latency,
  start_drops,
  start_drop_frame,
  start_drop_stream,
  wrong_order_phase,
  imu_noise,
  clock_spread,
  instance,
  auto_exposure,
  exposure_write,
  trigger_grid,
  trigger_line,
  trigger_damage,
  trigger_damage_kind,
  random_fault = 100,
  starved_color,
  starved_depth,
  corrupt_color,
};

/// A random number that depends on its arguments alone: the same bench gives the same noise in any order of
/// asking.
constexpr std::uint64_t random_bits(std::uint64_t seed, Chance chance, std::uint64_t unit,
                                    std::uint64_t counter) {
  std::uint64_t x = seed;
  for (std::uint64_t part : {static_cast<std::uint64_t>(chance), unit, counter}) {
    x += 0x9e3779b97f4a7c15U + part;  // the step and finaliser of splitmix64 (public domain, Vigna 2015)
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    x ^= x >> 31;
  }
  return x;
}

/// Evenly one of low..high.
constexpr std::int64_t random_in(std::uint64_t bits, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(bits % static_cast<std::uint64_t>(high - low + 1));
}

/// 0 <= x < 1.
constexpr double random_unit(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

}  // namespace genlock::device::sim
