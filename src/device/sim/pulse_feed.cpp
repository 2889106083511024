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

void PulseFeed::add(const PulseSpan& span) {
  if (span.train.id == 0) return;
  const bool known = !pieces_.empty() && pieces_.back().from > span.from;
  if (!known) set_source(span.from, PulseSource{.train = span.train, .hops = span.hops});
  if (span.to != kForever) set_source(span.to, std::nullopt);
}

std::optional<Pulse> PulseFeed::first_in(const Piece& piece, HostTime t) const {
  const PulseTrain& train = piece.source.train;
  const HostDuration delay = hop_delay_ * piece.source.hops;
  const std::uint64_t number = first_number(train, delay, std::max(t, piece.from));
  const HostTime made = pulse_time(train, number);
  if (made >= train.end || made + delay >= piece.to) return std::nullopt;
  return Pulse{.time = made + delay, .number = number, .ppb = train.ppb, .generator = train.generator};
}

std::optional<Pulse> PulseFeed::first_from(HostTime t) const {
  for (const Piece& piece : pieces_) {
    if (piece.to <= t) continue;
    if (auto pulse = first_in(piece, t)) return pulse;
  }
  return std::nullopt;
}

Pulse PulseFeed::last_of_row(const Pulse& from, HostTime t) const {
  for (const Piece& piece : pieces_) {
    if (from.time < piece.from || piece.to <= from.time) continue;
    const PulseTrain& train = piece.source.train;
    const HostDuration delay = hop_delay_ * piece.source.hops;
    const HostTime end = std::min({t, piece.to, train.end == kForever ? kForever : train.end + delay});
    const std::uint64_t after = first_number(train, delay, end);
    if (after <= from.number + 1) return from;
    return {.time = pulse_time(train, after - 1) + delay,
            .number = after - 1,
            .ppb = train.ppb,
            .generator = train.generator};
  }
  return from;
}

bool PulseFeed::any_in(HostTime from, HostTime to) const {
  const auto pulse = first_from(from);
  return pulse && pulse->time < to;
}

void PulseFeed::forget_before(HostTime t) {
  while (!pieces_.empty() && pieces_.front().to <= t) pieces_.pop_front();
}

}  // namespace genlock::device::sim
