#include "rig/pulse_start.h"

#include <algorithm>
#include <cmath>

namespace genlock::rig {
namespace {

/// How much longer frames of one unit may take to the host than those of another: 85 to 156 ms were measured
/// (facts device.md 2.8), and the quickest of a few tells no more.
constexpr HostDuration kWaysDiffer = std::chrono::milliseconds(100);

HostDuration host_period(FrameRate rate) {
  return HostDuration(std::chrono::seconds(1)) / fps(rate);
}

std::int64_t shift_of(const UnitPulses& unit, const UnitPulses& reference, HostDuration period) {
  if (!unit.zero() || !reference.zero()) return 0;
  const HostDuration later = *unit.zero() - *reference.zero();
  if (std::chrono::abs(later) < std::max(period, kWaysDiffer)) return 0;
  return std::llround(static_cast<double>(count_ns(later)) / static_cast<double>(count_ns(period)));
}

}  // namespace

UnitPulses::UnitPulses(FrameRate rate) : period_(host_period(rate)) {}

void UnitPulses::add(const session::Streaming& seen) {
  ++told_;
  if (!oldest_) oldest_ = seen.pulse;
  newest_ = std::max(newest_.value_or(seen.pulse), seen.pulse);
  if (!seen.host) return;
  const HostTime zero = *seen.host - seen.pulse * period_;
  zero_ = std::min(zero_.value_or(zero), zero);
}

CommonStart common_start(std::span<const UnitPulses> units, std::size_t reference, FrameRate rate,
                         HostDuration pre_roll) {
  const HostDuration period = host_period(rate);
  CommonStart start;
  std::int64_t newest = units[reference].newest();
  for (const UnitPulses& unit : units) {
    start.shifts.push_back(shift_of(unit, units[reference], period));
    newest = std::max(newest, unit.newest() + start.shifts.back());
  }
  constexpr std::int64_t kSecond = 1'000'000'000;  // ns
  start.first = newest + 1 + (count_ns(pre_roll) * fps(rate) + kSecond - 1) / kSecond;
  return start;
}

}  // namespace genlock::rig
