#include "rig/unit_wait.h"

#include <algorithm>

namespace genlock::rig {
namespace {

Error stopped() {
  return Error(Errc::state, "stopped before all units were there");
}

}  // namespace

UnitWait::UnitWait(const Plan& plan, const SessionMaker& make, Clock& clock)
    : plan_(plan), clock_(clock), sessions_(plan, make, inbox_) {}

void UnitWait::stop() {
  MutexLock lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

/// False when a stop came first.
bool UnitWait::wait_until(HostTime time) {
  MutexLock lock(mutex_);
  while (!stopped_ && clock_.now() < time) clock_.wait(changed_, mutex_, time);
  return !stopped_;
}

Status UnitWait::run(HostDuration pause, HostDuration patience) {
  if (!wait_until(clock_.now() + pause)) return stopped();
  const HostTime deadline = clock_.now() + patience;
  Status found;
  for (std::size_t unit = 0; unit < plan_.rig.units.size() && found; ++unit) found = look_for(unit, deadline);
  sessions_.close();
  return found;
}

/// A unit that is found stays open until all are, so that nobody else takes it.
Status UnitWait::look_for(std::size_t unit, HostTime deadline) {
  while (true) {
    const Status found = sessions_.reopen(unit, [](const session::Event&) {});
    if (found) return {};
    if (found.error().code() != Errc::not_found) sessions_.drop(unit);
    const HostTime now = clock_.now();
    if (now >= deadline) return Status(found.error()).context(plan_.rig.units[unit].name);
    if (!wait_until(std::min(deadline, now + kLookEvery))) return stopped();
  }
}

}  // namespace genlock::rig
