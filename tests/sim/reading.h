#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/temporary_bench.h"

// What a test does with the units of a stepped bench.

namespace genlock::device::sim {

inline constexpr HostDuration kNow = HostDuration::zero();
inline constexpr HostDuration kEver = HostDuration(-1);

/// Steps the bench by 10 ms at a time until the unit has a capture, for at most `limit`.
std::optional<Capture> next(test::TemporaryBench& bench, Device& unit,
                            HostDuration limit = std::chrono::seconds(3));

/// Number of the pulse that the pixels show; fails the test if they show none.
std::uint32_t pulse_in(const Image& image);

/// Does to the bench what `genlock bench set` does with these words.
Status set(test::TemporaryBench& bench, const std::vector<std::string>& words);

}  // namespace genlock::device::sim
