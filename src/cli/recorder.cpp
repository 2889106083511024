#include "cli/recorder.h"

#include <fmt/core.h>
#include <signal.h>

#include "cli/event_inbox.h"
#include "cli/exit_code.h"
#include "cli/list_units.h"
#include "cli/output.h"
#include "cli/recorder_console.h"
#include "cli/stop_signals.h"
#include "session/unit_session.h"

namespace genlock::cli {
namespace {

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
  GENLOCK_TRY(session.execute(session::Record{.file = options.file,
                                              .overwrite = options.force,
                                              .from = {},
                                              .length = options.length,
                                              .until = {},
                                              .split_bytes = options.split_bytes,
                                              .split_length = options.split_length,
                                              .cluster_crc = options.cluster_crc}));
  return session.execute(session::Start{});
}

int fail(const Error& error) {
  put_err(fmt::format("k4arecorder: {}\n", error.message()));
  return kFailed;
}

/// Prints what happens until the recording has ended, and returns the exit code.
int follow(EventInbox& inbox, RecorderConsole& console) {
  while (true) {
    const EventInbox::Item item = inbox.next();
    if (item.stop) console.stopping();
    if (!item.event) continue;
    console.on_event(*item.event);
    if (const auto* ended = std::get_if<session::RecordingEnded>(&*item.event))
      return session::complete(*ended) ? kDone : kFailed;
  }
}

}  // namespace

int run_recorder(const RecorderOptions& options) {
  signal(SIGPIPE, SIG_IGN);  // a reader of our output that goes away must not cost the recording
  auto units = choose_units(options.units);
  if (!units) return fail(units.error());
  if (options.list) return list_units(**units, options.json);

  EventInbox inbox;
  RecorderConsole console(options);
  session::UnitSession session(
      **units, [&inbox](const session::Event& event) { inbox.push(event); },
      {.name = options.file.stem().string(), .max_queued_bytes = options.buffer_mb * 1'000'000});
  // The recording is ended right here, however long the console may take to say so.
  const StopSignals signals([&](int) {
    inbox.request_stop();
    static_cast<void>(session.execute(session::StopRecording{}).has_value());
  });
  const Status begun = begin(session, options);
  if (!begun) {
    while (auto event = inbox.try_next())
      if (options.json || !std::holds_alternative<session::RecordingEnded>(*event)) console.on_event(*event);
    return fail(begun.error());
  }
  const int exit_code = follow(inbox, console);
  if (const Status closed = session.execute(session::Close{}); !closed) return fail(closed.error());
  return exit_code;
}

}  // namespace genlock::cli
