#include "cli/recorder.h"

#include <fmt/core.h>
#include <signal.h>

#include <atomic>

#include "cli/begin_recording.h"
#include "cli/event_inbox.h"
#include "cli/exit_code.h"
#include "cli/list_units.h"
#include "cli/output.h"
#include "cli/recorder_console.h"
#include "cli/stop_signals.h"
#include "session/unit_session.h"

namespace genlock::cli {
namespace {

int fail_recorder(const Error& error) {
  return fail("k4arecorder", error.message());
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
  if (!units) return fail_recorder(units.error());
  if (options.list) return list_units(**units, options.json);

  EventInbox inbox;
  RecorderConsole console(options);
  session::UnitSession session(
      **units, [&inbox](const session::Event& event) { inbox.push(event); },
      {.name = options.file.stem().string(), .max_queued_bytes = options.buffer_mb * 1'000'000});
  // The recording is ended right here, however long the console may take to say so.
  std::atomic<bool> stop_asked = false;
  const StopSignals signals([&](int) {
    stop_asked = true;
    inbox.request_stop();
    static_cast<void>(session.execute(session::StopRecording{}).has_value());
  });
  const Status begun = begin_recording(session, options);
  if (!begun) {
    while (const auto item = inbox.try_next())
      if (options.json || !std::holds_alternative<session::RecordingEnded>(*item->event))
        console.on_event(*item->event);
    return fail_recorder(begun.error());
  }
  if (stop_asked)  // perhaps before there was a recording to stop
    static_cast<void>(session.execute(session::StopRecording{}).has_value());
  const int exit_code = follow(inbox, console);
  if (const Status closed = session.execute(session::Close{}); !closed) return fail_recorder(closed.error());
  return exit_code;
}

}  // namespace genlock::cli
