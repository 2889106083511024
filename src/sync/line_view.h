#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sync/line_fit.h"
#include "sync/pulse_line.h"
#include "sync/report.h"

namespace genlock::sync {

/// A frame with its pulse, ready to be compared with others'.
struct PlacedFrame {
  FineDuration stamp{};
  std::int64_t pulse = 0;
  float half_exposure_us = -1;
};

/// One stream of one unit in a report: its frames that sit on pulses, and where it should be.
struct LineView {
  std::size_t unit = 0;
  Stream stream = Stream::color;
  const PulseLine* line = nullptr;
  FineDuration expected{};            ///< after the reference's colour, as the unit programs it
  DeviceDuration configured{};        ///< the same as asked for
  std::vector<PlacedFrame> frames;    ///< good ones up to a clock jump; strictly rising pulses
  std::vector<std::size_t> outliers;  ///< indices in line->frames()
  std::int64_t shift = 0;             ///< pulse minus the number that the line gave

  bool empty() const { return frames.empty(); }
  FineDuration nominal(const PlacedFrame& frame) const { return frame.stamp - expected; }
};

/// Frames whose stamps stick out from their neighbours by more than `limit_us` are outliers and left out.
LineView view_line(std::size_t unit, Stream stream, const PulseLine& line, double limit_us);

/// Adds `by` to all pulse numbers.
void shift_pulses(LineView& view, std::int64_t by);

/// The pulse that `stamp` would have on this line: that of the nearest frame, going on from there in whole
/// periods.
std::int64_t pulse_at(const LineView& view, FineDuration stamp);

/// The same with its fraction.
double pulse_position(const LineView& view, FineDuration stamp);

/// Two frames of one pulse: time on the clock of `reference` in s, and how far `frame` is behind where it is
/// expected, in µs, its exposure's share taken out where both are known.
struct PairPoint {
  Point point;
  double exposure_shift_us = 0;
};
PairPoint pair_point(const LineView& view, const PlacedFrame& frame, const LineView& reference,
                     const PlacedFrame& partner);

/// Frames of both lines with the same pulse.
struct Pairs {
  std::vector<Point> points;
  std::vector<std::size_t> frames;    ///< of the points: indices in the line's frames
  std::vector<std::size_t> partners;  ///< and in the reference's
  double exposure_shift_us = 0;       ///< of the pair where it is largest
};
Pairs pair_frames(const LineView& view, const LineView& reference);

/// A frame against a perfectly regular line that begins with `first`.
Point own_point(const LineView& view, const PlacedFrame& first, const PlacedFrame& frame);

/// The line against a perfectly regular one.
std::vector<Point> own_course(const LineView& view);

/// Standard deviation around the line's own course, from neighbouring frames; those beyond `limit_us` don't
/// count.
double own_jitter(const LineView& view, double limit_us);

struct Missing {
  std::uint64_t frames = 0;
  std::uint64_t gaps = 0;
  std::vector<Gap> listed;
};
Missing missing_frames(const LineView& view);

/// Adds what the line lacks between the first and last frame of `other`, a stream of the same unit: its
/// camera began late or ended early. A single frame at an end is a start-up difference; of lines with a clock
/// jump nothing is said.
void add_missing_ends(const LineView& view, const LineView& other, Missing& missing);

}  // namespace genlock::sync
