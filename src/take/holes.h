#pragma once

#include <cstdint>
#include <vector>

#include "take/recordings.h"

namespace genlock::take {

/// A stretch of a take, from its first pulse to its last.
struct PulseSpan {
  std::int64_t first = 0, last = 0;
};

/// Pulses of a take that a stream has no frame of.
struct Holes {
  std::size_t unit = 0;  ///< its place among the recordings
  sync::Stream stream = sync::Stream::color;
  std::uint64_t frames = 0;
  std::int64_t first = 0;  ///< the first of these pulses
};

/// One for every stream of a recording that lacks some of the pulses, by the numbers that the recorder gave
/// to frames. `unit` is left 0.
std::vector<Holes> holes_in(const UnitRecording& recording, const recording::Survey& survey,
                            const PulseSpan& pulses);

}  // namespace genlock::take
