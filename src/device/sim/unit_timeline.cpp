#include "device/sim/unit_timeline.h"

#include <algorithm>

#include "device/sim/latency.h"

namespace genlock::device::sim {
namespace {

/// Frames are worked out in steps, so that a long silence of the reader does not pile up undelivered ones.
constexpr HostDuration kStep = std::chrono::seconds(1);
/// What the counter shows at power-up, so that its count before a start is never one that could be new (U).
constexpr TickDuration kPowerUpCount = device_ticks(10 * kTicksPerSecond);

}  // namespace

HostTime earliest_delivery(const UnitConfig& unit, const CameraConfig& config, HostTime pulse,
                           std::uint64_t pulses) {
  const auto first = static_cast<std::uint64_t>(start_timing(unit, config).first_pulse);
  const HostDuration period = on_host(frame_period(config.rate));
  // A generator may be fast by one part in twenty.
  const auto missing = static_cast<std::int64_t>(first > pulses ? first - pulses : 0);
  return pulse + period * missing * 95 / 100 + unit.latency.min - unit.exposure_write_shift;
}

UnitTimeline::UnitTimeline(const BenchConfig& bench, const BenchState& state, std::size_t unit)
    : bench_(bench),
      unit_(bench.units[unit]),
      index_(unit),
      config_(state.units[unit].config),
      first_delivered_(static_cast<std::uint64_t>(start_timing(unit_, config_).first_pulse)),
      exposures_(bench, state, unit) {
  set_stalled(state.units[unit].stalled, exposures_.start(), true);
  expose_before_reset(state.units[unit]);
}

void UnitTimeline::on_event(const Event& event, const BenchState& after) {
  exposures_.on_event(event, after);
  if (event.unit != index_) return;
  switch (event.kind) {
    case EventKind::stall:
      set_stalled(event.streams, event.time, event.on);
      break;
    case EventKind::drop:
      if (event.streams.color) drops_.push_back({event.time, FrameStream::color, event.count});
      if (event.streams.depth) drops_.push_back({event.time, FrameStream::depth, event.count});
      break;
    case EventKind::power:
    case EventKind::fault:
      if (cuts_off(event)) lose_power(event.time);
      if (event.is(FaultKind::stamp_jump)) counter_.step(event.time, programmed_ticks(device_us(event.knob)));
      break;
    default:
      break;
  }
}

void UnitTimeline::lose_power(HostTime at) {
  power_off_ = std::min(power_off_, at);
  std::erase_if(pending_, [&](const Frame& frame) { return frame.delivery >= power_off_; });
}

void UnitTimeline::set_stalled(const Streams& streams, HostTime at, bool on) {
  if (on) {
    stalls_.push_back({{.color = streams.color, .depth = streams.depth}, at, kForever});
    return;
  }
  const auto ends = [&](bool Streams::*stream) {
    if (!(streams.*stream)) return;
    for (std::size_t i = 0, count = stalls_.size(); i < count; ++i) {
      if (!(stalls_[i].streams.*stream) || stalls_[i].to != kForever) continue;
      Stall ended{.streams = {}, .from = stalls_[i].from, .to = at};
      ended.streams.*stream = true;
      stalls_[i].streams.*stream = false;
      stalls_.push_back(ended);
    }
  };
  ends(&Streams::color);
  ends(&Streams::depth);
}

void UnitTimeline::deliver(HostTime now, const std::function<void(const Frame&)>& take) {
  const auto later = [](const Frame& a, const Frame& b) {
    return std::pair(a.delivery, a.stream) > std::pair(b.delivery, b.stream);
  };
  for (bool done = false; !done;) {
    // What comes next is worked out up to a step beyond it, or to now.
    const HostTime next = std::max(exposures_.start(), next_delivery());
    const HostTime until = next > now - kStep ? now : next + kStep;
    done = until == now;
    while (const auto frame = exposures_.next(until)) expose(*frame);
    std::ranges::sort(pending_, later);
    while (!pending_.empty() && pending_.back().delivery <= until) {
      take(pending_.back());
      pending_.pop_back();
    }
    forget(until - kStep);
  }
}

HostTime UnitTimeline::next_delivery() const {
  HostTime next = power_off_ == kForever ? exposures_.next_time() : kForever;
  for (const Frame& frame : pending_) next = std::min(next, frame.delivery);
  return next;
}

HostTime UnitTimeline::nothing_before() const {
  HostTime next = power_off_ == kForever ? exposures_.next_time() : kForever;
  if (next != kForever)
    next = earliest_delivery(unit_, config_, next, exposures_.last() ? exposures_.last()->index + 1 : 0);
  for (const Frame& frame : pending_) next = std::min(next, frame.delivery);
  return next;
}

std::optional<std::uint64_t> UnitTimeline::last_pulse() const {
  return running() ? std::optional(exposures_.last()->pulse) : std::nullopt;
}

/// The depth camera runs before the colour camera resets the counter: its first frames carry the old count,
/// which goes on from the power-up (facts device.md 2.1). Depth alone, and a subordinate that waits for its
/// pulse, show none.
void UnitTimeline::expose_before_reset(const UnitState& unit) {
  if (!triggered_by_itself(config_) || !config_.color_on() || !config_.depth_on()) return;
  UnitCounter old;
  old.reset(unit.powered, parts_per_billion(unit_.clock_ppm), kPowerUpCount);
  for (int before = unit_.early_depth_frames; before > 0; --before) {
    Frame frame{.stream = FrameStream::depth, .exposure = depth_exposure(config_.depth_mode), .early = true};
    frame.centre =
        exposures_.armed() - on_host(frame_period(config_.rate)) * before + on_host(frame.exposure) / 2;
    if (frame.centre < exposures_.start() || stalled(frame.stream, frame.centre)) continue;
    frame.stamp = old.at(frame.centre);
    frame.delivery = delivery_time(frame, ~static_cast<std::uint64_t>(before), exposures_.start());
    pending_.push_back(frame);
  }
}

void UnitTimeline::expose(const FrameExposure& frame) {
  const Trigger& trigger = frame.trigger;
  if (trigger.index == 0) begin(trigger);
  follow_rate(trigger);
  if (trigger.index < first_delivered_) return;
  const auto jitter = [&](Chance chance, int ticks) {
    return device_ticks(frame.on_grid ? 0 : random_in(random(chance, trigger.index), -ticks, ticks));
  };
  const TickDuration placed = jitter(Chance::frame_jitter, unit_.jitter_ticks);
  if (config_.color_on()) {
    add_frame(trigger,
              {.stream = FrameStream::color,
               .exposure = frame.look.exposure,
               .look = frame.look,
               .damage = frame.damage,
               .centre = frame.color_centre},
              placed);
  }
  if (frame.depth) {
    TickDuration shift = placed;
    // Depth mostly sits exactly on colour: one frame in four shows jitter of its own.
    if (random(Chance::depth_jitter, ~trigger.index) % 4 == 0) {
      shift += jitter(Chance::depth_jitter, unit_.depth_jitter_ticks);
    }
    const bool leads = config_.depth_delay_off_color < DeviceDuration{};
    if (leads && config_.sync_mode == WiredSyncMode::master) shift += device_ticks(unit_.depth_bias_ticks);
    add_frame(trigger,
              {.stream = FrameStream::depth,
               .exposure = depth_exposure(config_.depth_mode),
               .centre = frame.depth_centre},
              shift);
  }
}

void UnitTimeline::begin(const Trigger& first) {
  const bool subordinate = config_.sync_mode == WiredSyncMode::subordinate;
  const std::int64_t own = parts_per_billion(unit_.clock_ppm);
  const bool own_rate = unit_.subordinate_clock == SubordinateClock::free || !first.locked;
  HostTime zero = first.time;
  const HostTime armed = exposures_.armed();
  const HostDuration period = on_host(frame_period(config_.rate));
  if (subordinate && exposures_.feed().any_in(armed - period - period / 2, armed)) {
    // Started while pulses came already: it counts from a moment of its own, never near a pulse.
    const double phase = 0.15 + 0.7 * random_unit(random(Chance::wrong_order_phase, 0));
    zero -= HostDuration(static_cast<std::int64_t>(phase * static_cast<double>(period.count())));
  }
  counter_.reset(zero, own_rate ? own : first.ppb, exposures_.timing().counter_offset);
}

void UnitTimeline::follow_rate(const Trigger& trigger) {
  if (unit_.subordinate_clock == SubordinateClock::free || triggered_by_itself(config_)) return;
  counter_.set_rate(trigger.time, trigger.ppb);
}

void UnitTimeline::add_frame(const Trigger& trigger, Frame frame, TickDuration shift) {
  frame.pulse = trigger.pulse;
  frame.stamp = counter_.at(frame.centre) + shift;
  const bool drop = lost(frame.stream, trigger, frame.centre);
  frame.delivery = delivery_time(frame, trigger.index, trigger.time);
  if (drop || frame.stamp <= TickDuration{} || frame.delivery >= power_off_) return;
  pending_.push_back(frame);
}

HostTime UnitTimeline::delivery_time(const Frame& frame, std::uint64_t number, HostTime not_before) {
  const Chance chance = frame.stream == FrameStream::color ? Chance::color_latency : Chance::depth_latency;
  HostTime& last = last_delivery_[static_cast<std::size_t>(frame.stream)];
  const HostTime ready =
      frame.centre + on_host(frame.exposure) / 2 + latency_of(unit_.latency, random(chance, number));
  last = std::max({ready, last + std::chrono::microseconds(1), not_before});
  return last;
}

bool UnitTimeline::lost(FrameStream stream, const Trigger& trigger, HostTime centre) {
  for (Drop& drop : drops_) {
    if (drop.stream != stream || drop.left == 0 || trigger.time < drop.from) continue;
    --drop.left;
    return true;
  }
  return stalled(stream, centre) || lost_at_start(stream, trigger);
}

bool UnitTimeline::lost_at_start(FrameStream stream, const Trigger& trigger) const {
  const std::uint64_t frame = trigger.index - first_delivered_;
  const auto in_first_second = static_cast<std::uint64_t>(fps(config_.rate));
  if (frame >= in_first_second) return false;
  const std::int64_t count =
      random_in(random(Chance::start_drops, 0), unit_.start_drops[0], unit_.start_drops[1]);
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(count); ++i) {
    if (random(Chance::start_drop_frame, i) % in_first_second != frame) continue;
    const std::uint64_t which = random(Chance::start_drop_stream, i) % 3;  // colour, depth or both
    if (which == 2 || which == static_cast<std::uint64_t>(stream)) return true;
  }
  return false;
}

bool UnitTimeline::stalled(FrameStream stream, HostTime centre) const {
  return std::ranges::any_of(stalls_, [&](const Stall& stall) {
    const bool concerned = stream == FrameStream::color ? stall.streams.color : stall.streams.depth;
    return concerned && stall.from <= centre && centre < stall.to;
  });
}

std::uint64_t UnitTimeline::random(Chance chance, std::uint64_t counter) const {
  return random_bits(bench_.seed, chance, index_, counter);
}

void UnitTimeline::forget(HostTime t) {
  exposures_.forget_before(t);
  std::erase_if(stalls_, [&](const Stall& stall) { return stall.to < t || stall.streams == Streams{}; });
  std::erase_if(drops_, [](const Drop& drop) { return drop.left == 0; });
}

}  // namespace genlock::device::sim
