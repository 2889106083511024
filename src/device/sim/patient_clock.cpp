#include "device/sim/patient_clock.h"

#include <algorithm>
#include <limits>

namespace genlock::device::sim {
namespace {

/// Raises `value` to `least`, and returns what it is then.
std::int64_t raise(std::atomic<std::int64_t>& value, std::int64_t least) {
  std::int64_t seen = value.load();
  while (seen < least && !value.compare_exchange_weak(seen, least)) {
  }
  return std::max(seen, least);
}

}  // namespace

HostDuration capture_slack(const CameraConfig& cameras) {
  return std::chrono::nanoseconds(count_us(period_us(cameras.rate)) * 1000) * 3;
}

PatientClock::Limit PatientClock::earliest(HostTime real, const Rules& rules) {
  Limit limit{.until = std::numeric_limits<std::int64_t>::max(), .unit = {}, .mark = nullptr};
  for (std::size_t unit = 0; unit < rules.units; ++unit) {
    for (Mark& mark : marks_[unit]) {
      const std::int64_t until = mark.until.load();
      if (until <= 0 || until >= limit.until) continue;
      if (count_ns(real) - mark.read_at.load() > rules.patience.count()) continue;
      limit = {.until = until, .unit = unit, .mark = &mark};
    }
  }
  return limit;
}

PatientClock::Look PatientClock::look(HostDuration running, HostTime real, const Rules& rules) {
  const std::int64_t freely = running.count() - behind_.load();
  Limit limit = earliest(real, rules);
  // Only who holds everybody up is asked whether it lives: that is a call to the kernel.
  while (limit.unit && limit.until <= freely && !rules.taken(*limit.unit)) {
    // Another process may have taken the unit meanwhile, and then said something new.
    limit.mark->until.compare_exchange_strong(limit.until, kNobody);
    limit = earliest(real, rules);
  }
  if (freely < limit.until) return {.now = HostDuration(raise(latest_, freely)), .held_by = {}};
  const std::int64_t now = raise(latest_, limit.until);
  raise(behind_, running.count() - now);
  return {.now = HostDuration(now), .held_by = limit.unit};
}

void PatientClock::read_up_to(std::size_t unit, Reader reader, HostDuration until, HostTime real) {
  mark(unit, reader).read_at = count_ns(real);
  mark(unit, reader).until = std::max<std::int64_t>(until.count(), 1);
}

void PatientClock::nothing_in_sight(std::size_t unit, Reader reader, HostTime real) {
  mark(unit, reader).read_at = count_ns(real);
  mark(unit, reader).until = kIdle;
}

void PatientClock::in_sight(std::size_t unit, Reader reader, HostDuration until, HostTime real) {
  std::int64_t idle = kIdle;
  Mark& of_reader = mark(unit, reader);
  if (of_reader.until.load() != kIdle) return;
  of_reader.read_at = count_ns(real);
  of_reader.until.compare_exchange_strong(idle, std::max<std::int64_t>(until.count(), 1));
}

void PatientClock::done(std::size_t unit, Reader reader) {
  mark(unit, reader).until = kNobody;
}

}  // namespace genlock::device::sim
