#include "cli/recorder.h"

#include <fmt/core.h>

#include "cli/exit_code.h"
#include "cli/list_units.h"
#include "cli/recorder_console.h"
#include "cli/stop_signals.h"
#include "session/unit_session.h"

namespace genlock::cli {
namespace {

/// Brings together the session's events, the stop signals and the thread that waits for the end.
class RecorderRun {
 public:
  explicit RecorderRun(const RecorderOptions& options) : console_(options) {}

  void on_event(const session::Event& event) {
    console_.on_event(event);
    MutexLock lock(mutex_);
    if (const auto* ended = std::get_if<session::RecordingEnded>(&event)) ended_ = *ended;
    changed_.notify_all();
  }

  void request_stop() {
    MutexLock lock(mutex_);
    stop_ = true;
    changed_.notify_all();
  }

  /// Waits for the end of the recording or a wish to end it.
  void wait_for_either() {
    MutexLock lock(mutex_);
    while (!stop_ && !ended_) changed_.wait(mutex_);
  }

  int exit_code() {
    MutexLock lock(mutex_);
    if (!ended_ || !ended_->error.empty() || ended_->file.empty()) return kFailed;
    for (const session::StreamCount& stream : ended_->streams)
      if (stream.refused > 0) return kFailed;
    return kDone;
  }

 private:
  RecorderConsole console_;
  Mutex mutex_;
  CondVar changed_;
  bool stop_ GENLOCK_GUARDED_BY(mutex_) = false;
  std::optional<session::RecordingEnded> ended_ GENLOCK_GUARDED_BY(mutex_);
};

session::SetControls wanted_controls(const RecorderOptions& options) {
  session::SetControls set;
  const auto manual = [&set](device::ColorControl control, std::int64_t value) {
    set.settings.push_back({control, {device::ControlMode::manual, static_cast<std::int32_t>(value)}});
  };
  if (options.exposure) manual(device::ColorControl::exposure_us, count_us(*options.exposure));
  if (options.gain) manual(device::ColorControl::gain, *options.gain);
  return set;
}

Status begin(session::UnitSession& session, const RecorderOptions& options) {
  GENLOCK_TRY(session.execute(session::OpenUnit{options.device, options.serial}));
  GENLOCK_TRY(session.execute(wanted_controls(options)));
  GENLOCK_TRY(session.execute(session::Configure{options.camera, options.imu}));
  GENLOCK_TRY(session.execute(session::Record{
      .file = options.file, .overwrite = options.force, .from = {}, .length = options.length, .until = {}}));
  return session.execute(session::Start{});
}

int fail(const Error& error) {
  fmt::print(stderr, "k4arecorder: {}\n", error.message());
  return kFailed;
}

}  // namespace

int run_recorder(const RecorderOptions& options) {
  RecorderRun run(options);
  const StopSignals signals([&run](int) { run.request_stop(); });
  auto units = choose_units(options.units);
  if (!units) return fail(units.error());
  if (options.list) return list_units(**units, options.json);

  session::UnitSession session(**units, [&run](const session::Event& event) { run.on_event(event); },
                               {.name = options.file.stem().string()});
  if (const Status begun = begin(session, options); !begun) return fail(begun.error());
  run.wait_for_either();
  if (const Status closed = session.execute(session::Close{}); !closed) return fail(closed.error());
  return run.exit_code();
}

}  // namespace genlock::cli
