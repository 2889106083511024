#pragma once

#include <vector>

#include "sync/alignment.h"
#include "sync/host_drift.h"
#include "sync/line_texts.h"
#include "sync/report.h"

// What is said of what was found: each function adds the findings of one subject. Every text names the unit,
// says what is the case and what to do about it.

namespace genlock::sync {

using Findings = std::vector<Finding>;

/// The set of units as configured.
void judge_set(const std::vector<UnitData>& units, std::size_t reference, Findings& out);

/// One stream by itself.
void judge_line(const UnitData& unit, const LineView& view, const StreamReport& stream, Findings& out);

/// A unit with neither colour nor depth.
void judge_no_streams(const UnitData& unit, std::size_t index, Findings& out);

/// Exposures that changed within the take. `color` is the unit's line of colour.
void judge_exposures(const UnitData& unit, const LineView& color, Findings& out);

/// One change, while the take goes on.
Finding exposure_finding(const UnitDescription& unit, std::size_t index, const ExposureLog::Step& step);

/// The recorder's pulse numbers against those found here, of which it counts `ahead` more on the reference.
void judge_pulse_numbers(const UnitData& unit, const LineView& view, std::int64_t ahead, Severity severity,
                         Findings& out);

/// By how much the recorder's count is ahead of the line's; nothing where no frame has a number.
std::optional<std::int64_t> recorder_ahead(const UnitData& unit, const LineView& view);

/// The plugs as a unit saw them, and where its own stayed in, as the nearest unit did whose pulses it passes
/// on. Returns when the unit lost its pulse by them.
std::vector<DeviceTime> judge_jacks(const std::vector<UnitData>& units, std::size_t index, Findings& out);

/// Whether `unit` gets its pulses through `other` (UnitDescription::fed_by).
bool hangs_behind(const std::vector<UnitData>& units, std::size_t unit, std::size_t other);

/// Everything about a stream of a unit against the reference's (or the depth of a unit against its own
/// colour).
struct OffsetCase {
  const UnitData* unit = nullptr;
  const UnitData* reference = nullptr;
  const LineView* view = nullptr;
  const Pairs* pairs = nullptr;
  const OffsetSeries* series = nullptr;
  const Offset* offset = nullptr;
  double tolerance_us = 0;
  bool primary = false;  ///< the stream that stands for the unit: changes and drift are told once
};
void judge_offset(const OffsetCase& c, const Alignment& alignment, Findings& out);
void judge_depth_offset(const OffsetCase& c, Findings& out);  ///< with a series of analyse_level()

/// Parts of that which a take that goes on is told as well. They need unit, view without its frames,
/// tolerance, and what they name.
void judge_place(const OffsetCase& c, const Alignment& alignment,
                 Findings& out);                                  ///< expected, constant_error, uncertainty
bool judge_rate(const OffsetCase& c, double ppm, Findings& out);  ///< whether it fails
Finding unsteady_finding(const OffsetCase& c);                    ///< worst_window and its place
Finding depth_unsteady_finding(const OffsetCase& c);              ///< the same
Finding depth_step_finding(const OffsetCase& c, DeviceTime at, std::int64_t pulse, double step_us);
Finding depth_delay_finding(const OffsetCase& c, double error_us);  ///< expected
Finding host_drift_finding(const UnitDescription& unit, std::size_t index, const HostMove& move);

/// Kinks and steps. `stamps` has the unit's stamp at each change.
void judge_changes(const UnitData& unit, const LineView& view, std::span<const Change> changes,
                   std::span<const DeviceTime> stamps, std::span<const DeviceTime> unplugged, Findings& out);

/// Frames from `begin` on lie beyond the end of the reference's recording.
void tell_recorded_on(const UnitData& unit, const UnitData& reference, const LineView& view,
                      std::size_t begin, Findings& out);

/// What the hosts' clocks alone show: another take, or no certain pulse.
void judge_hosts(const UnitData& unit, std::size_t index, const Alignment& alignment, Findings& out);

bool has_failure(const Findings& findings);

/// Whether the drift of a unit's clock, with its standard deviation, is that of one on its own, which counts
/// exactly a period from frame to frame; and whether it is certainly not.
bool is_still(double ppm, double sd);
bool drifts(double ppm, double sd);

}  // namespace genlock::sync
