#include "rig/rig_start.h"

#include <fmt/format.h>

#include <algorithm>

namespace genlock::rig {
namespace {

constexpr int kMostStarts = 3;
constexpr int kMostBegins = 4;  // with a doubled pre-roll each
/// From the first frame of some unit: functional tests of the vendor allow as much (facts device.md 2.8).
constexpr std::int64_t kPatienceSeconds = 10;

}  // namespace

session::Record record_request(const RecordOrder& order, const std::string& unit) {
  session::Record record{.file = order.folder / (unit + ".mkv"),
                         .overwrite = true,  // the folder is this take's own
                         .cluster_crc = order.cluster_crc,
                         .tags = order.tags,
                         .by_pulses = true};
  record.tags.push_back({"GENLOCK_UNIT", unit});
  return record;
}

RigStart::RigStart(const Plan& plan, const RecordOrder& order, RigSessions& sessions, TakeInbox& inbox,
                   const TakeSink& sink)
    : plan_(plan), order_(order), sessions_(sessions), inbox_(inbox), sink_(sink) {}

Result<TakeBegins> RigStart::run() {
  for (int starts = 1;; ++starts) {
    auto begun = try_once();
    if (begun || !std::exchange(anew_, false) || starts == kMostStarts) return begun;
    sink_(StartsAnew{begun.error().message()});
    sessions_.close();
    inbox_.clear();
  }
}

Result<TakeBegins> RigStart::try_once() {
  units_.assign(plan_.rig.units.size(), {.pulses = UnitPulses(plan_.rig.rate())});
  pulses_may_come_ = ending_ = false;
  GENLOCK_TRY(open());
  GENLOCK_TRY(arm_subordinates());
  GENLOCK_TRY(start_master());
  return begin();
}

bool RigStart::is_subordinate(std::size_t unit) const {
  return plan_.rig.units[unit].camera.sync_mode == WiredSyncMode::subordinate;
}

/// The disks are asked before anything is started.
Status RigStart::open() {
  GENLOCK_TRY(sessions_.open([this](std::size_t unit, const Error& why) {
    sink_(UnitRefused{unit, why.message()});
  }));
  for (std::size_t unit = 0; unit < units_.size(); ++unit) GENLOCK_TRY(record(unit));
  return {};
}

Status RigStart::record(std::size_t unit) {
  return sessions_.execute(unit, record_request(order_, name(unit)));
}

Status RigStart::arm_subordinates() {
  for (const std::size_t unit : plan_.start_order) {
    if (!is_subordinate(unit)) continue;
    GENLOCK_TRY(sessions_.execute(unit, session::Start{}));
    units_[unit].started = true;
  }
  return wait_until(&RigStart::all_armed);
}

Status RigStart::start_master() {
  pulses_may_come_ = true;
  if (plan_.rig.wiring == Wiring::trigger) sink_(TriggerMayStart{});
  for (const std::size_t unit : plan_.start_order) {
    if (is_subordinate(unit)) continue;
    GENLOCK_TRY(sessions_.execute(unit, session::Start{}));
    units_[unit].started = true;
  }
  return wait_until(&RigStart::all_streaming);
}

Result<TakeBegins> RigStart::begin() {
  HostDuration pre_roll = order_.pre_roll;
  for (int tries = 1;; ++tries, pre_roll *= 2) {
    auto begun = begin_all(pre_roll);
    if (begun || begun.error().code() != Errc::too_late || tries == kMostBegins) return begun;
    sink_(StartsAnew{fmt::format("the units were told too late where to begin ({}); all have {} ms next time",
                                 begun.error().message(), count_ns(pre_roll * 2) / 1'000'000)});
    GENLOCK_TRY(record_anew());
  }
}

/// Those that were told a pulse have it for good, so all recordings are ended and begun once more.
Status RigStart::record_anew() {
  ending_ = true;
  for (std::size_t unit = 0; unit < units_.size(); ++unit) sessions_.stop_recording(unit);
  GENLOCK_TRY(wait_until(&RigStart::all_ended));
  ending_ = false;
  for (std::size_t unit = 0; unit < units_.size(); ++unit) {
    units_[unit].ended = false;
    units_[unit].pulses = UnitPulses(plan_.rig.rate());
    GENLOCK_TRY(record(unit));
  }
  return wait_until(&RigStart::all_streaming);
}

Result<TakeBegins> RigStart::begin_all(HostDuration pre_roll) {
  std::vector<UnitPulses> pulses;
  for (const Unit& unit : units_) pulses.push_back(unit.pulses);
  const CommonStart start = common_start(pulses, 0, plan_.rig.rate(), pre_roll);
  TakeBegins begins{.first = start.first, .last = {}};
  if (order_.pulses) begins.last = start.first + *order_.pulses - 1;
  for (std::size_t unit = 0; unit < units_.size(); ++unit)
    GENLOCK_TRY(sessions_.execute(unit, session::BeginAt{begins.first, begins.last, start.shifts[unit]}));
  return begins;
}

bool RigStart::all_armed() const {
  return std::ranges::all_of(units_, [](const Unit& unit) { return unit.armed || !unit.started; });
}

bool RigStart::all_streaming() const {
  return std::ranges::all_of(units_, [](const Unit& unit) { return unit.pulses.enough(); });
}

bool RigStart::all_ended() const {
  return std::ranges::all_of(units_, &Unit::ended);
}

Status RigStart::wait_until(bool (RigStart::*reached)() const) {
  while (!(this->*reached)()) {
    const TakeInbox::Item item = inbox_.next();
    if (item.stops > 0) return Error(Errc::state, "stopped before the take began");
    if (!item.event) continue;
    sink_(UnitTold{item.unit, *item.event});
    GENLOCK_TRY(take(item.unit, *item.event));
  }
  return {};
}

Status RigStart::take(std::size_t unit, const session::Event& event) {
  return std::visit([&](const auto& e) { return see(unit, e); }, event);
}

/// Pulses that any unit has had since its first frame.
std::int64_t RigStart::pulses_of_others() const {
  std::int64_t most = 0;
  for (const Unit& unit : units_)
    if (unit.pulses.any()) most = std::max(most, unit.pulses.newest() - unit.pulses.oldest());
  return most;
}

Status RigStart::see(std::size_t unit, const session::Waiting&) {
  if (is_subordinate(unit) && !std::exchange(units_[unit].armed, true)) sink_(Armed{unit});
  if (pulses_of_others() < kPatienceSeconds * fps(plan_.rig.rate())) return {};
  return Error(Errc::not_found,
               fmt::format("{}: no frame comes for {} s, while others have theirs; is the cable in its SYNC "
                           "IN, and in SYNC OUT of the unit before it?",
                           name(unit), kPatienceSeconds));
}

Status RigStart::see(std::size_t unit, const session::Streaming& streaming) {
  if (!pulses_may_come_)
    return Error(
        Errc::state,
        name(unit) +
            (plan_.rig.wiring == Wiring::trigger
                 ? " gets pulses before all units are armed: stop the generator, and start it once they are"
                 : " streams although the master has not been started: what triggers it? Stop that, or pull "
                   "the cable that does not belong to the rig, then record again"));
  units_[unit].pulses.add(streaming);
  return {};
}

/// Before any pulse comes that is what keeps the depth camera awake. A generator's first pulse shows in
/// frames only.
Status RigStart::see(std::size_t unit, const session::Rearmed&) {
  const bool pulses_came = std::ranges::any_of(units_, [](const Unit& other) { return other.pulses.any(); });
  const bool master_runs = pulses_may_come_ && plan_.rig.wiring != Wiring::trigger;
  if (!pulses_came && !master_runs) return {};
  anew_ = true;
  return Error(Errc::state,
               fmt::format("{} had to be started again when pulses came already: its clock would not "
                           "have the zero of the others",
                           name(unit)));
}

Status RigStart::see(std::size_t unit, const session::RecordingEnded& ended) {
  units_[unit].ended = true;
  if (ending_ && ended.error.empty()) return {};
  return Error(Errc::disconnected,
               fmt::format("{}: {}", name(unit), ended.error.empty() ? "its recording ended" : ended.error));
}

}  // namespace genlock::rig
