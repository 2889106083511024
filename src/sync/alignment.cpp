#include "sync/alignment.h"

#include <algorithm>
#include <cmath>

namespace genlock::sync {
namespace {

constexpr double kWeek = 7 * 86400.0;
constexpr std::size_t kHostSamples = 240;
constexpr double kClearlyOnPulse = 0.35;  // periods

// How much the rate of two crystals may have differed between the first pulse and the recording from what it
// is in the recording, ppm: nothing much in the first minute, then what warming up does.
double rate_allowance(double since_zero_s) {
  return 0.5 + 2.5 * std::clamp((since_zero_s - 60) / 540, 0.0, 1.0);
}

// By how many pulses the hosts put frames of the view behind the reference's frames of the same number.
std::vector<double> sample_hosts(const LineView& view, const LineView& reference,
                                 const HostTimeline::Converter& own, const HostTimeline::Converter& other) {
  std::vector<double> samples;
  const std::size_t step = std::max<std::size_t>(1, view.frames.size() / kHostSamples);
  for (std::size_t i = 0; i < view.frames.size(); i += step) {
    const PlacedFrame& frame = view.frames[i];
    const double device = static_cast<double>(count_us(device_time(frame.stamp))) * 1e-6;
    const double host = own.host_at(device) - to_seconds(view.expected - reference.expected);
    const DeviceTime there = device_time_us(std::llround(other.device_at(host) * 1e6));
    samples.push_back(pulse_position(reference, fine_time(there)) - static_cast<double>(frame.pulse));
  }
  return samples;
}

HostEvidence::Scale common_scale(const UnitData& a, const UnitData& b) {
  const std::string& boot = a.description.host.boot_id;
  const bool same_boot = !boot.empty() && boot == b.description.host.boot_id;
  if (same_boot && a.host.has(HostScale::monotonic) && b.host.has(HostScale::monotonic))
    return HostEvidence::Scale::same_host;
  if (a.host.has(HostScale::utc) && b.host.has(HostScale::utc)) return HostEvidence::Scale::utc;
  return HostEvidence::Scale::none;
}

double start_error(const LineView& view, const LineView& reference, double tolerance_us, double* sd) {
  const Pairs pairs = pair_frames(view, reference);
  if (pairs.points.empty()) return 0;
  const double back = since_zero(pairs.points);
  const Constant constant = constant_part(analyse_offsets(pairs.points, tolerance_us, back), back);
  *sd = constant.uncertainty_us;
  return constant.value_us;
}

void number_by_stamps(LineView& view, const LineView& reference, double tolerance_us, bool* doubtful) {
  const FineDuration begin = reference.frames.front().stamp - reference.expected;
  auto first =
      std::ranges::find_if(view.frames, [&](const PlacedFrame& f) { return view.nominal(f) >= begin; });
  if (first == view.frames.end()) first = view.frames.begin();
  shift_pulses(view, pulse_at(reference, view.nominal(*first) + reference.expected) - first->pulse);
  const double period = to_us(view.line->period());
  double uncertainty = 0;
  const double error = start_error(view, reference, tolerance_us, &uncertainty);
  shift_pulses(view, std::llround(error / period));
  *doubtful = uncertainty > period / 4;
}

}  // namespace

double since_zero(std::span<const Point> points) {
  return points.empty() || points.front().t > kWeek ? 0 : std::max(0.0, points.front().t);
}

Constant constant_part(const OffsetSeries& series, double since_zero_s) {
  if (series.windows.empty()) return {};
  return constant_part(series.start, series.windows.front().t, since_zero_s);
}

Constant constant_part(const LineFit& start, double first_window_s, double since_zero_s) {
  const double zero = first_window_s > kWeek ? first_window_s : 0;
  const bool rate_known = start.points >= 3;
  const double ppm = rate_known ? rate_allowance(since_zero_s) + 0.02 * std::abs(start.slope) : 100;
  return {start.at(zero), 3 * start.sd_at(zero) + ppm * since_zero_s};
}

HostEvidence host_evidence(const UnitData& unit, const LineView& view, const UnitData& reference_unit,
                           const LineView& reference) {
  HostEvidence evidence;
  evidence.scale = common_scale(unit, reference_unit);
  if (evidence.scale == HostEvidence::Scale::none || view.empty()) return evidence;
  const HostScale scale = evidence.scale == HostEvidence::Scale::utc ? HostScale::utc : HostScale::monotonic;
  const HostTimeline::Span own = unit.host.span(scale), other = reference_unit.host.span(scale);
  evidence.apart_s = std::max(own.first - other.last, other.first - own.last);
  evidence.apart = evidence.apart_s > 0;
  if (evidence.apart) return evidence;
  std::vector<double> samples =
      sample_hosts(view, reference, unit.host.converter(scale), reference_unit.host.converter(scale));
  samples.resize(std::max<std::size_t>(1, samples.size() / 3));
  evidence.pulses = median(std::move(samples));
  return evidence;
}

Alignment align(const UnitData& unit, LineView& view, const UnitData& reference_unit,
                const LineView& reference, double tolerance_us) {
  Alignment found;
  number_by_stamps(view, reference, tolerance_us, &found.pulse_doubtful);
  found.own_zero = unit.description.color != reference_unit.description.color;
  found.host = host_evidence(unit, view, reference_unit, reference);
  if (found.host.scale == HostEvidence::Scale::none || found.host.apart) return found;
  const double whole = std::round(found.host.pulses);
  found.host_ambiguous = std::abs(found.host.pulses - whole) > kClearlyOnPulse;
  if (found.host_ambiguous) return found;
  found.pulse_from_hosts = true;
  found.pulses_off = static_cast<std::int64_t>(whole);
  shift_pulses(view, found.pulses_off);
  return found;
}

}  // namespace genlock::sync
