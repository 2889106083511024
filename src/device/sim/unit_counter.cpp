#include "device/sim/unit_counter.h"

namespace genlock::device::sim {
namespace {

constexpr Int128 kFine = Int128(kBillion) * kBillion;  ///< fine ticks of one tick
constexpr std::size_t kMaxSegments = 32;

/// Fine ticks in one ns.
Int128 rate(std::int64_t ppb) {
  return Int128(kTicksPerSecond) * (kBillion + ppb);
}

}  // namespace

HostDuration duration_of(TickDuration ticks, std::int64_t ppb) {
  const Int128 ns = -floor_divide(-Int128(count_ticks(ticks)) * kFine, rate(ppb));
  return HostDuration(static_cast<std::int64_t>(ns));
}

void UnitCounter::reset(HostTime at, std::int64_t ppb, TickDuration value) {
  zero_ = at;
  std::erase_if(steps_, [&](const Step& step) { return step.at <= at; });
  segments_.assign(1, Segment{at, Int128(count_ticks(value)) * kFine, ppb});
}

void UnitCounter::set_rate(HostTime at, std::int64_t ppb) {
  if (ppb == rate_ppb()) return;
  segments_.push_back(Segment{at, fine_ticks_at(segments_.back(), at), ppb});
  if (segments_.size() > kMaxSegments) segments_.pop_front();
}

Int128 UnitCounter::fine_ticks_at(const Segment& segment, HostTime t) {
  return segment.fine_ticks + Int128(count_ns(t - segment.start)) * rate(segment.ppb);
}

TickDuration UnitCounter::at(HostTime t) const {
  std::size_t i = segments_.size() - 1;
  while (i > 0 && segments_[i].start > t) --i;
  auto ticks = device_ticks(static_cast<std::int64_t>(floor_divide(fine_ticks_at(segments_[i], t), kFine)));
  for (const Step& step : steps_)
    if (step.at <= t) ticks += step.by;
  return ticks;
}

}  // namespace genlock::device::sim
