#pragma once

#include <filesystem>
#include <optional>

#include "rig/pulse_start.h"
#include "rig/rig_sessions.h"

namespace genlock::rig {

/// What all units are to record.
struct RecordOrder {
  std::filesystem::path folder;  ///< for UNIT.mkv
  std::vector<session::Tag> tags;
  bool cluster_crc = true;
  std::optional<std::int64_t> pulses;  ///< how many; absent: until told
  HostDuration pre_roll = std::chrono::seconds(1);
};

/// What a unit's recording of a take is, into UNIT.mkv, but for where it begins.
session::Record record_request(const RecordOrder& order, const std::string& unit);

/// Starts the cameras of a rig and lets all units begin on one pulse: subordinates first, each of which must
/// then be silent, the master last. Waits for what the sessions tell, never for a time.
class RigStart {
 public:
  /// What is given outlives it. `inbox` is read here while it runs, and `sink` is told what was read.
  RigStart(const Plan& plan, const RecordOrder& order, RigSessions& sessions, TakeInbox& inbox,
           const TakeSink& sink);

  /// Opens, arms and starts all, and says where they begin. Errc::state when a stop was asked for.
  /// Starts anew, at most twice, where a unit's clock cannot have the zero of the others.
  Result<TakeBegins> run();

 private:
  struct Unit {
    bool started = false;
    bool armed = false;
    bool ended = false;  ///< its recording
    UnitPulses pulses;
  };

  Result<TakeBegins> try_once();
  Status open();
  Status record(std::size_t unit);
  Status arm_subordinates();
  Status start_master();
  Result<TakeBegins> begin();
  Status record_anew();
  Result<TakeBegins> begin_all(HostDuration pre_roll);
  Status wait_until(bool (RigStart::*reached)() const);
  bool all_armed() const;
  bool all_streaming() const;
  bool all_ended() const;
  Status take(std::size_t unit, const session::Event& event);
  Status see(std::size_t unit, const session::Waiting& waiting);
  Status see(std::size_t unit, const session::Streaming& streaming);
  Status see(std::size_t unit, const session::Rearmed& rearmed);
  Status see(std::size_t unit, const session::RecordingEnded& ended);
  template <class Other>
  Status see(std::size_t, const Other&) {
    return {};
  }
  const std::string& name(std::size_t unit) const { return plan_.rig.units[unit].name; }
  bool is_subordinate(std::size_t unit) const;
  std::int64_t pulses_of_others() const;

  const Plan& plan_;
  const RecordOrder& order_;
  RigSessions& sessions_;
  TakeInbox& inbox_;
  const TakeSink& sink_;
  std::vector<Unit> units_;
  bool pulses_may_come_ = false;  ///< the master is being started, or the generator may
  bool ending_ = false;           ///< recordings are being ended on purpose
  bool anew_ = false;             ///< the error that was returned calls for starting all anew
};

}  // namespace genlock::rig
