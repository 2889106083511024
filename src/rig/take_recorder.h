#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "rig/mark_socket.h"
#include "rig/rig_start.h"
#include "rig/take_watch.h"
#include "rig/unit_return.h"

namespace genlock::rig {

/// What one take is to be.
struct TakeOrder {
  std::filesystem::path folder;                    ///< the take's own, made for it
  std::optional<std::chrono::nanoseconds> length;  ///< absent: until it is stopped
  OnFault on_fault = OnFault::go_on;
  HostDuration pre_roll = std::chrono::seconds(1);
  bool cluster_crc = true;
  bool forced = false;
};

/// A take that was recorded, well or badly.
struct RecordedTake {
  take::Take take;              ///< as take.json has it
  Result<sync::Report> report;  ///< verify's judgement of the files
  sync::Report watched;         ///< the same from what was told while they were recorded
  bool ended_by_fault = false;  ///< as on_fault says; not by its length or a stop
};

/// Records one take of a rig: arms all units, lets all begin and end with the same pulses, watches them, and
/// judges the files. One after the other; for the next take a new one.
///
/// Threads: record() leads on the caller's thread; stop() and mark() are for any. While the take runs,
/// "marks" takes markers of other programs (mark_socket.h).
class TakeRecorder {
 public:
  /// What is given outlives it. `clock` is that of the units' world. `sink` is called on record()'s thread.
  TakeRecorder(const Plan& plan, TakeOrder order, SessionMaker make, TakeSink sink, Clock& clock);

  /// The error says why nothing began. After it, and after a kill, take.json says ended = false.
  Result<RecordedTake> record();

  /// Ends the take: with a pulse that is common to all, or, when called once more, at once. Every file is
  /// finished.
  void stop() { inbox_.request_stop(); }

  /// Puts a marker at the newest pulse of any unit (of up to a quarter of a second ago). Errc::state unless
  /// the take is running.
  Result<take::Marker> mark(const std::string& text);

 private:
  void describe();
  RecordOrder record_order() const;
  Status save();
  Result<TakeBegins> start();
  void prepare(std::size_t unit, const session::Event& event);
  void follow();
  std::unique_ptr<MarkServer> listen_for_marks();
  void set_newest(std::optional<std::int64_t> pulse);
  void warn(std::string text);
  void take_event(std::size_t unit, const session::Event& event);
  void tell_masterless(std::size_t master);
  void take_unaligned(std::size_t unit, const session::Event& event);
  void tell_unaligned(std::size_t unit, std::string text);
  void take_markers();
  void tell(take::Incident incident);
  void obey(int stops);
  void end_in_order();
  bool tell_end(std::int64_t last);
  void end_at_once();
  void finish_unit(std::size_t unit, const session::RecordingEnded& ended);
  void end_returns();
  void settle_last_pulse();
  RecordedTake judge();

  const Plan& plan_;
  const TakeOrder order_;
  const SessionMaker make_;
  const TakeSink sink_;
  Clock& clock_;
  const RecordOrder record_order_;
  TakeInbox inbox_;
  std::vector<std::unique_ptr<UnitReturn>> returns_;  ///< of units that were lost, by place in the rig
  RigSessions sessions_;
  TakeWatch watch_;
  take::Take take_;
  std::size_t running_ = 0;  ///< recordings that have not ended
  bool ending_ = false;      ///< the last pulse was told to all
  bool by_fault_ = false;    ///< a fault was the reason for that
  bool cut_ = false;         ///< recordings were ended where they were

  Mutex mutex_;
  std::optional<std::int64_t> newest_ GENLOCK_GUARDED_BY(mutex_);  ///< while the take runs
  std::vector<take::Marker> markers_ GENLOCK_GUARDED_BY(mutex_);   ///< that are still to be told
};

}  // namespace genlock::rig
