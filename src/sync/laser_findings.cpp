#include "sync/laser_findings.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sync/laser_train.h"

namespace genlock::sync {
namespace {

constexpr double kLeastOverlap = 200.0 / 9.0;  // µs

/// How far a unit that runs free has moved away from its pulses: it goes on counting exact periods, so what
/// its stamps drifted by before is what its exposures drift by after.
class FreeRun {
 public:
  explicit FreeRun(const OffsetSeries& series) : series_(series) {}

  double at(double t) const {
    double moved = 0;
    for (std::size_t i = 0; i < series_.changes.size() && series_.changes[i].t <= t; ++i) {
      const Change& change = series_.changes[i];
      const double until = i + 1 < series_.changes.size() ? std::min(t, series_.changes[i + 1].t) : t;
      if (change.is_step) moved += change.step;
      if (loses_lock(change)) moved += (change.after - change.before) * (until - change.t);
    }
    return moved;
  }

 private:
  static bool loses_lock(const Change& change) {
    return is_still(change.after, change.after_sd) && drifts(change.before, change.before_sd);
  }

  const OffsetSeries& series_;
};

double half_exposure_shift(const PlacedFrame& frame, const PlacedFrame& partner) {
  const bool known = frame.half_exposure_us >= 0 && partner.half_exposure_us >= 0;
  return known ? double{frame.half_exposure_us} - double{partner.half_exposure_us} : 0;
}

LaserTrain train_at(DepthMode mode, double middle_us) {
  const LaserDuration middle{DeviceCount(std::llround(middle_us * 18))};
  return LaserTrain(mode, middle - LaserTrain(mode, {}).length() / 2);
}

bool share_an_area(const UnitDescription& a, const UnitDescription& b) {
  if (a.areas.empty() || b.areas.empty()) return true;
  return std::ranges::any_of(a.areas,
                             [&](const std::string& area) { return std::ranges::count(b.areas, area) > 0; });
}

/// The overlaps of two units.
struct Overlap {
  std::uint64_t frames = 0;
  double first_s = 0;
  std::int64_t first_pulse = 0;
  double worst_us = 0;
};

class PairOfLasers {
 public:
  PairOfLasers(const UnitDescription& a, const UnitDescription& b) : a_(a), b_(b) {}

  Overlap follow(const LaserCourse& a, const LaserCourse& b) {
    Overlap found;
    std::size_t k = 0;
    for (const LaserCourse::Second& second : a.seconds) {
      while (k + 1 < b.seconds.size() && b.seconds[k + 1].t <= second.t) ++k;
      if (k >= b.seconds.size() || std::abs(b.seconds[k].t - second.t) > 2) continue;
      note(second, overlap_us(b.seconds[k].position_us - second.position_us), found);
    }
    return found;
  }

 private:
  /// Positions are compared by tenths of a µs, which makes few that differ.
  double overlap_us(double b_after_a) {
    const auto [known, fresh] = known_.try_emplace(std::llround(b_after_a * 10), 0.0);
    if (fresh)
      known->second =
          -to_us(laser_gap(train_at(a_.depth_mode, 0), train_at(b_.depth_mode, b_after_a), a_.rate));
    return known->second;
  }

  static void note(const LaserCourse::Second& second, double overlap, Overlap& found) {
    if (overlap <= kLeastOverlap) return;
    if (found.frames == 0) {
      found.first_s = second.t;
      found.first_pulse = second.pulse;
    }
    found.frames += second.frames;
    found.worst_us = std::max(found.worst_us, overlap);
  }

  const UnitDescription& a_;
  const UnitDescription& b_;
  std::map<std::int64_t, double> known_;
};

bool can_overlap(const UnitDescription& a, const UnitDescription& b) {
  return a.rate == b.rate && (has_laser(a.depth_mode) || has_laser(b.depth_mode)) &&
         a.depth_mode != DepthMode::off && b.depth_mode != DepthMode::off && share_an_area(a, b);
}

/// What is told of one unit: with whom, and the whole of it.
struct Told {
  Overlap all;
  std::string others;

  void add(const Overlap& overlap, const std::string& name) {
    if (all.frames == 0 || overlap.first_s < all.first_s) {
      all.first_s = overlap.first_s;
      all.first_pulse = overlap.first_pulse;
    }
    all.frames = std::max(all.frames, overlap.frames);
    all.worst_us = std::max(all.worst_us, overlap.worst_us);
    others += (others.empty() ? "" : ", ") + name;
  }
};

DeviceTime at_seconds(double s) {
  return device_time_us(std::llround(s * 1e6));
}

Finding finding_of(const UnitDescription& unit, std::size_t index, const Told& told) {
  const DeviceTime at = at_seconds(told.all.first_s);
  return {
      .code = Code::lasers_overlap,
      .severity = Severity::warning,
      .unit = index,
      .stream = Stream::depth,
      .at = at,
      .pulse = told.all.first_pulse,
      .count = told.all.frames,
      .text = fmt::format(
          "{} depth: in {} frames, from {} on, laser pulses overlapped with {} by up to {:.0f} µs: what "
          "those units measured of each other's light is wrong. Spread their depth delays (`genlock plan`).",
          unit.name, told.all.frames, in_seconds(at), told.others, told.all.worst_us)};
}

}  // namespace

LaserCourse laser_course(const LineView& depth, const LineView& reference, const Pairs& pairs,
                         const OffsetSeries& series, double constant_us) {
  LaserCourse course{.unit = depth.unit, .seconds = {}};
  const FreeRun free(series);
  const double expected = to_us(depth.expected - reference.expected);
  for (const Window& window : series.windows) {
    const PlacedFrame& frame = depth.frames[pairs.frames[window.begin]];
    const PlacedFrame& partner = reference.frames[pairs.partners[window.begin]];
    course.seconds.push_back({.t = to_seconds(partner.stamp),
                              .position_us = expected + constant_us + window.residual + free.at(window.t) +
                                             half_exposure_shift(frame, partner),
                              .frames = window.end - window.begin,
                              .pulse = partner.pulse});
  }
  return course;
}

LaserCourse laser_course_of_reference(const LineView& depth) {
  LaserCourse course{.unit = depth.unit, .seconds = {}};
  for (const PlacedFrame& frame : depth.frames) {
    const double t = to_seconds(frame.stamp);
    if (course.seconds.empty() || t - course.seconds.back().t >= 1)
      course.seconds.push_back({.t = t, .position_us = 0, .frames = 0, .pulse = frame.pulse});
    ++course.seconds.back().frames;
  }
  return course;
}

void judge_lasers(const std::vector<UnitData>& units, const std::vector<LaserCourse>& courses,
                  Findings& out) {
  for (std::size_t i = 0; i < courses.size(); ++i) {
    const UnitDescription& unit = units[courses[i].unit].description;
    Told told;
    for (std::size_t k = i + 1; k < courses.size(); ++k) {
      const UnitDescription& other = units[courses[k].unit].description;
      if (!can_overlap(unit, other)) continue;
      const Overlap overlap = PairOfLasers(unit, other).follow(courses[i], courses[k]);
      if (overlap.frames > 0) told.add(overlap, other.name);
    }
    if (told.all.frames > 0) out.push_back(finding_of(unit, courses[i].unit, told));
  }
}

}  // namespace genlock::sync
