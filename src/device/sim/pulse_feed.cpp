#include "device/sim/pulse_feed.h"

#include <algorithm>

#include "device/sim/unit_counter.h"

namespace genlock::device::sim {
namespace {

/// The first pulse of a train, seen `delay` after it is made, that comes at or after `t`.
std::uint64_t first_number(const PulseTrain& train, HostDuration delay, HostTime t) {
  const HostDuration since = t - delay - train.start;
  if (since <= HostDuration::zero()) return 0;
  UnitCounter counter;
  counter.reset(train.start, train.ppb);
  const std::int64_t guess = count_ticks(counter.at(t - delay)) / count_ticks(train.period);
  const auto number = static_cast<std::uint64_t>(guess);
  return pulse_time(train, number) + delay >= t ? number : number + 1;
}

}  // namespace

HostTime pulse_time(const PulseTrain& train, std::uint64_t number) {
  return train.start + duration_of(train.period * DeviceCount(number), train.ppb);
}

void PulseFeed::set_source(HostTime at, const std::optional<PulseSource>& source) {
  if (!pieces_.empty() && pieces_.back().to > at) {
    Piece& last = pieces_.back();
    if (source && source->train.id == last.source.train.id && source->hops == last.source.hops) {
      last.source = *source;  // its end may have become known
      return;
    }
    last.to = at;
  }
  if (source) pieces_.push_back({.source = *source, .from = at, .to = kForever});
}

std::optional<Pulse> PulseFeed::first_in(const Piece& piece, HostTime t) const {
  const PulseTrain& train = piece.source.train;
  const HostDuration delay = hop_delay_ * piece.source.hops;
  const std::uint64_t number = first_number(train, delay, std::max(t, piece.from));
  const HostTime made = pulse_time(train, number);
  if (made >= train.end || made + delay >= piece.to) return std::nullopt;
  return Pulse{.time = made + delay, .number = number, .ppb = train.ppb};
}

std::optional<Pulse> PulseFeed::first_from(HostTime t) const {
  for (const Piece& piece : pieces_) {
    if (piece.to <= t) continue;
    if (auto pulse = first_in(piece, t)) return pulse;
  }
  return std::nullopt;
}

bool PulseFeed::any_in(HostTime from, HostTime to) const {
  const auto pulse = first_from(from);
  return pulse && pulse->time < to;
}

void PulseFeed::forget_before(HostTime t) {
  while (!pieces_.empty() && pieces_.front().to <= t) pieces_.pop_front();
}

}  // namespace genlock::device::sim
