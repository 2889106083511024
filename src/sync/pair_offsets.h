#pragma once

#include <span>
#include <vector>

#include "sync/line_view.h"
#include "sync/report.h"

namespace genlock::sync {

/// How far the frames of a unit's first stream are from where they belong after the reference's.
struct UnitErrors {
  struct Frame {
    std::int64_t pulse = 0;
    float error_us = 0;
  };
  std::size_t unit = 0;
  Micros expected{};  ///< after the first pulse
  DeviceDuration configured{};
  std::vector<Frame> frames;  ///< by pulse
};

/// Of the reference: all zero.
UnitErrors reference_errors(const LineView& view);
/// `own_zero` as Offset has it.
UnitErrors unit_errors(const LineView& view, const Pairs& pairs, std::span<const double> errors,
                       Micros own_zero);

/// Every unit against every other.
std::vector<PairOffset> pair_offsets(const std::vector<UnitErrors>& units);

}  // namespace genlock::sync
