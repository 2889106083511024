#include "rig/rig_sessions.h"

#include <fmt/format.h>

#include "device/device.h"

namespace genlock::rig {
namespace {

session::SetControls controls_of(const Rig& rig) {
  session::SetControls set;
  for (const ControlSetting& setting : rig.controls.settings())
    set.settings.push_back({setting.control, {device::ControlMode::manual, setting.value}});
  return set;
}

/// What to do about a unit that cannot be opened.
std::string advice(const RigUnit& unit, const Error& error) {
  if (error.code() != Errc::not_found) return "";
  const std::string where =
      unit.host.empty() ? "" : fmt::format(" The rig file has it on host {}.", unit.host);
  return "; is it plugged in and powered, and is the serial number that of `genlock list`?" + where;
}

}  // namespace

RigSessions::RigSessions(const Plan& plan, const SessionMaker& make, TakeInbox& inbox)
    : plan_(plan), make_(make), inbox_(inbox), units_(plan.rig.units.size()) {}

RigSessions::~RigSessions() {
  close();
}

Status RigSessions::reopen(std::size_t unit, const session::EventSink& sink) {
  const RigUnit& of = plan_.rig.units[unit];
  if (!units_[unit].session) {
    GENLOCK_ASSIGN(units_[unit].session, make_(unit, of, sink));
  }
  const Status opened = units_[unit].session->execute(session::OpenUnit{.serial = of.serial});
  if (!opened) return Error(opened.error().code(), opened.error().message() + advice(of, opened.error()));
  return set_up(unit);
}

Status RigSessions::set_up(std::size_t unit) {
  const RigUnit& of = plan_.rig.units[unit];
  session::Session& session = *units_[unit].session;
  if (of.camera.color_on()) GENLOCK_TRY(session.execute(controls_of(plan_.rig)));
  return session.execute(session::Configure{of.camera, of.imu});
}

void RigSessions::drop(std::size_t unit) {
  units_[unit].stopper.join();
  units_[unit].session.reset();
}

Status RigSessions::open(const std::function<void(std::size_t, const Error&)>& refused) {
  std::size_t failed = 0;
  for (std::size_t unit = 0; unit < units_.size(); ++unit) {
    const Status opened =
        reopen(unit, [this, unit](const session::Event& event) { inbox_.push(unit, event); });
    if (opened) continue;
    refused(unit, opened.error());
    ++failed;
  }
  if (failed == 0) return {};
  return Error(Errc::not_found,
               fmt::format("{} of {} units cannot be used: nothing was started", failed, units_.size()));
}

Status RigSessions::execute(std::size_t unit, const session::Command& command) {
  return device::explain_standalone(units_[unit].session->execute(command),
                                    "role and wiring are the rig file's, docs/rig.md")
      .context(plan_.rig.units[unit].name);
}

void RigSessions::stop_recording(std::size_t unit) {
  units_[unit].stopper = Thread("stop", [session = units_[unit].session.get()] {
    static_cast<void>(session->execute(session::StopRecording{}).has_value());
  });
}

void RigSessions::close() {
  for (const std::size_t unit : plan_.start_order) {
    units_[unit].stopper.join();
    if (units_[unit].session) static_cast<void>(units_[unit].session->execute(session::Close{}).has_value());
  }
  for (Unit& unit : units_) unit.session.reset();
}

}  // namespace genlock::rig
