#include "device/sim/frame_trigger.h"

#include <algorithm>

#include "device/sim/unit_counter.h"

namespace genlock::device::sim {

FrameTrigger::FrameTrigger(HostTime armed, TickDuration period, std::int64_t own_ppb)
    : armed_(armed), period_(period), own_ppb_(own_ppb), period_ns_(duration_of(period, own_ppb)) {}

FrameTrigger::Choice FrameTrigger::run_free(HostTime from, std::uint64_t periods, HostTime certain) const {
  const HostTime time = from + duration_of(period_ * DeviceCount(periods), own_ppb_);
  return {.trigger = {.time = time,
                      .pulse = last_->pulse + 1,
                      .index = last_->index + 1,
                      .locked = false,
                      .ppb = own_ppb_},
          .certain = std::max(time, certain)};
}

std::optional<FrameTrigger::Choice> FrameTrigger::choose(const PulseFeed& feed) const {
  const auto follow = [&](const Pulse& pulse) {
    return Choice{.trigger = {.time = pulse.time,
                              .pulse = pulse.number,
                              .index = last_ ? last_->index + 1 : 0,
                              .locked = true,
                              .ppb = pulse.ppb,
                              .generator = pulse.generator},
                  .certain = pulse.time};
  };
  if (!last_) {
    const auto first = feed.first_from(armed_);
    return first ? std::optional(follow(*first)) : std::nullopt;
  }
  // A pulse soon after the last frame is out of step with it: the frame after that follows the next pulse.
  const HostTime half = last_->time + period_ns_ / 2;
  const auto early = feed.first_from(last_->time + HostDuration(1));
  const bool out_of_step = early && early->time < half;
  const HostTime expected = (out_of_step ? early->time : last_->time) + period_ns_;
  const HostTime latest = expected + period_ns_ / 8;
  const auto pulse = feed.first_from(half);
  if (pulse && pulse->time <= latest) return follow(*pulse);
  if (out_of_step) return run_free(early->time, 1, latest);
  return run_free(anchor_, since_anchor_ + 1, latest);
}

std::optional<Trigger> FrameTrigger::next(const PulseFeed& feed, HostTime now) {
  const auto choice = choose(feed);
  if (!choice || choice->certain > now) return std::nullopt;
  const bool in_step =
      last_ && !choice->trigger.locked &&
      choice->trigger.time == anchor_ + duration_of(period_ * DeviceCount(since_anchor_ + 1), own_ppb_);
  if (in_step) {
    ++since_anchor_;
  } else {
    anchor_ = choice->trigger.time;
    since_anchor_ = 0;
  }
  last_ = choice->trigger;
  return last_;
}

void FrameTrigger::leap(const PulseFeed& feed, HostTime t) {
  if (!last_ || last_->time >= t) return;
  if (last_->locked) {
    const Pulse from{
        .time = last_->time, .number = last_->pulse, .ppb = last_->ppb, .generator = last_->generator};
    const Pulse to = feed.last_of_row(from, t);
    const std::uint64_t pulses = to.number - from.number;
    // Only at the unit's own rate does every pulse make a frame.
    if (pulses == 0 || !in_rhythm(to.time - from.time, pulses)) return;
    last_ = {.time = to.time,
             .pulse = to.number,
             .index = last_->index + pulses,
             .locked = true,
             .ppb = to.ppb,
             .generator = to.generator};
    anchor_ = to.time;
    since_anchor_ = 0;
    return;
  }
  const auto pulse = feed.first_from(last_->time + HostDuration(1));
  const HostTime end = pulse ? std::min(t, pulse->time) : t;
  const std::int64_t periods = (end - last_->time) / period_ns_ - 2;
  if (periods <= 0) return;
  since_anchor_ += static_cast<std::uint64_t>(periods);
  last_->time = anchor_ + duration_of(period_ * DeviceCount(since_anchor_), own_ppb_);
  last_->pulse += static_cast<std::uint64_t>(periods);
  last_->index += static_cast<std::uint64_t>(periods);
}

bool FrameTrigger::in_rhythm(HostDuration time, std::uint64_t periods) const {
  const HostDuration one = time / static_cast<std::int64_t>(periods);
  return std::chrono::abs(one - period_ns_) < period_ns_ / 8;
}

HostTime FrameTrigger::next_time(const PulseFeed& feed) const {
  const auto choice = choose(feed);
  return choice ? choice->certain : kForever;
}

}  // namespace genlock::device::sim
