#pragma once

#include <optional>

#include "sync/line_view.h"
#include "sync/offset_series.h"
#include "sync/take_data.h"

namespace genlock::sync {

/// What the hosts' clocks say of two units.
struct HostEvidence {
  enum class Scale { none, same_host, utc } scale = Scale::none;
  bool apart = false;  ///< the recordings do not overlap in time
  double apart_s = 0;  ///< by how much
  double pulses = 0;   ///< how far the stamps' numbering is from the hosts': 0 if they agree
};

/// How a unit's first stream lies against the reference's.
struct Alignment {
  HostEvidence host;
  std::int64_t pulses_off = 0;    ///< whole periods by which stamps mislead, according to the hosts
  bool pulse_from_hosts = false;  ///< the hosts decided
  bool pulse_doubtful = false;    ///< neither stamps nor hosts tell the pulse for certain
  bool host_ambiguous = false;    ///< the hosts' times lie between two pulses
  /// One of the two records no colour, whose camera is what sets a unit's clock to zero with the first pulse
  /// (facts device.md 2.1): their zeros may differ.
  bool own_zero = false;
};

/// Looks only at the hosts. `view` and `reference` as numbered so far.
HostEvidence host_evidence(const UnitData& unit, const LineView& view, const UnitData& reference_unit,
                           const LineView& reference);

/// Gives the frames of `view` the pulse numbers of `reference`: by the stamps, drawn back to the first pulse,
/// where both clocks were zero; by the hosts where they know better.
Alignment align(const UnitData& unit, LineView& view, const UnitData& reference_unit,
                const LineView& reference, double tolerance_us);

/// Seconds between the clocks' common zero and the first of the points; 0 where there cannot be one (stamps
/// beyond a week).
double since_zero(std::span<const Point> points);

/// The constant part of the error, at the common zero, with what is not known about it.
struct Constant {
  double value_us = 0;
  double uncertainty_us = 0;
};
Constant constant_part(const OffsetSeries& series, double since_zero_s);
/// From the course at the beginning and the time of its first window.
Constant constant_part(const LineFit& start, double first_window_s, double since_zero_s);

}  // namespace genlock::sync
