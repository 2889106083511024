#include "cli/record_units.h"

#include <signal.h>

#include <list>

#include "base/mutex.h"
#include "base/thread.h"
#include "cli/begin_recording.h"
#include "cli/event_inbox.h"
#include "cli/exit_code.h"
#include "cli/stop_signals.h"
#include "cli/unit_process.h"
#include "cli/units_console.h"
#include "session/process_session.h"
#include "session/unit_session.h"

namespace genlock::cli {
namespace {

/// The worlds of units that sessions in this process share: a libk4a is loaded once.
class Worlds {
 public:
  Result<device::Provider*> find(const UnitChoice& choice) {
    for (const World& known : worlds_)
      if (known.choice == choice) return known.units.get();
    GENLOCK_ASSIGN(auto units, choose_units(choice));
    return worlds_.emplace_back(World{choice, std::move(units)}).units.get();
  }

 private:
  struct World {
    UnitChoice choice;
    std::unique_ptr<device::Provider> units;
  };
  std::list<World> worlds_;
};

/// The units of one recording. begin() and the destructor on one thread, stop() on any.
class Recordings {
 public:
  Recordings(const RecordRequest& request, EventInbox& inbox)
      : request_(request), inbox_(inbox), units_(request.units.size()) {}

  /// Unless the recording is being stopped.
  Status begin(std::size_t unit) {
    GENLOCK_ASSIGN(auto session, make_session(unit));
    session::Session& begun = *session;
    {
      MutexLock lock(mutex_);
      if (stopping_) return Error(Errc::state, "stopped before it was started");
      units_[unit].session = std::move(session);
    }
    GENLOCK_TRY(begin_recording(begun, request_.units[unit]));
    return stopping() ? begun.execute(session::StopRecording{}) : Status();  // asked for before there was one
  }

  /// Ends all recordings, none waiting for another; a second time does nothing.
  void stop() {
    MutexLock lock(mutex_);
    if (std::exchange(stopping_, true)) return;
    for (Unit& unit : units_)
      if (unit.session)
        unit.stopper = Thread("stop", [session = unit.session.get()] {
          static_cast<void>(session->execute(session::StopRecording{}).has_value());
        });
  }

 private:
  struct Unit {
    std::unique_ptr<session::Session> session;
    Thread stopper;  ///< uses the session, so it is joined first
  };

  bool stopping() {
    MutexLock lock(mutex_);
    return stopping_;
  }

  Result<std::unique_ptr<session::Session>> make_session(std::size_t unit) {
    const RecorderOptions& options = request_.units[unit];
    const std::string name = options.file.stem().string();
    const session::EventSink sink = [this, unit](const session::Event& event) { inbox_.push(event, unit); };
    if (request_.isolation == Isolation::process) {
      GENLOCK_ASSIGN(auto isolated, session::ProcessSession::start(
                                        {.command = unit_process_command(options), .name = name}, sink));
      return std::unique_ptr<session::Session>(std::move(isolated));
    }
    GENLOCK_ASSIGN(device::Provider * units, worlds_.find(options.units));
    return std::unique_ptr<session::Session>(std::make_unique<session::UnitSession>(
        *units, sink,
        session::SessionOptions{.name = name, .max_queued_bytes = options.buffer_mb * 1'000'000}));
  }

  const RecordRequest& request_;
  EventInbox& inbox_;
  Worlds worlds_;
  Mutex mutex_;
  bool stopping_ GENLOCK_GUARDED_BY(mutex_) = false;
  std::vector<Unit> units_ GENLOCK_GUARDED_BY(mutex_);
};

/// Prints what happens until the recordings of the first `begun` units have ended; whether all are complete.
bool follow(EventInbox& inbox, UnitsConsole& console, std::size_t begun) {
  bool complete = true;
  for (std::size_t running = begun; running > 0;) {
    const EventInbox::Item item = inbox.next();
    if (item.stop) console.stopping();
    if (!item.event) continue;
    console.on_event(item.unit, *item.event);
    const auto* ended = std::get_if<session::RecordingEnded>(&*item.event);
    if (ended != nullptr && item.unit < begun) {
      complete = complete && session::complete(*ended);
      --running;
    }
  }
  return complete;
}

}  // namespace

int record_units(const RecordRequest& request) {
  signal(SIGPIPE, SIG_IGN);  // a reader of our output that goes away must not cost the recordings
  EventInbox inbox;
  UnitsConsole console(request.units);
  Recordings recordings(request, inbox);
  const StopSignals signals([&](int) {
    inbox.request_stop();
    recordings.stop();
  });
  std::size_t begun = 0;
  for (; begun < request.units.size(); ++begun) {
    const Status status = recordings.begin(begun);
    if (status) continue;
    console.failed(begun, status.error());
    recordings.stop();
    break;
  }
  const bool complete = follow(inbox, console, begun);
  return complete && begun == request.units.size() ? kDone : kFailed;
}

}  // namespace genlock::cli
