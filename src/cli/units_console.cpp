#include "cli/units_console.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "cli/output.h"
#include "cli/recorder_console.h"
#include "cli/session_text.h"
#include "session/wire.h"

namespace genlock::cli {
namespace {

/// The event's own line with the unit's name as its first key.
std::string json_line(const std::string& unit, const session::Event& event) {
  using Json = nlohmann::ordered_json;
  return fmt::format("{{\"unit\":{},{}\n", Json(unit).dump(-1, ' ', false, Json::error_handler_t::replace),
                     session::to_json(event).substr(1));
}

}  // namespace

/// One overload an event.
struct UnitsConsole::Text {
  UnitsConsole& console;
  const std::size_t unit;

  void say(const std::string& text) const { put_out(console.name(unit) + ": " + text + "\n"); }
  void complain(const std::string& text) const { put_err(console.name(unit) + ": " + text + "\n"); }

  void operator()(const session::Opened& event) const { say(opened_text(event)); }
  void operator()(const session::Started& event) const {
    say(event.sync_mode == WiredSyncMode::subordinate ? "started, waits for the master" : "started");
  }
  void operator()(const session::Waiting& event) const {
    const std::string text = waiting_text(event);
    if (!console.units_[unit].quiet && !text.empty()) complain(text);
  }
  void operator()(const session::Rearmed& event) const {
    say(fmt::format("{} s without a signal: started again, since its depth camera sleeps by now",
                    whole_seconds(event.waited)));
  }
  void operator()(const session::Streaming&) const {}  // only of takes, as Frames
  void operator()(const session::Frames&) const {}
  void operator()(const session::RecordingStarted& event) const {
    say("recording into " + event.file.string());
  }
  void operator()(const session::Progress& event) const {
    if (console.units_[unit].quiet || event.recorded < console.next_progress_[unit]) return;
    console.next_progress_[unit] = event.recorded + kProgressEvery;
    complain(progress_text(event));
  }
  void operator()(const session::Warning& event) const { complain("warning: " + event.text); }
  void operator()(const session::RecordingEnded& event) const {
    if (!event.error.empty()) complain("error: " + event.error);
    say(session::complete(event) ? "done" : "not complete");
    put_out(summary(event));
  }
};

UnitsConsole::UnitsConsole(std::span<const RecorderOptions> units)
    : units_(units), next_progress_(units.size(), kProgressEvery) {}

void UnitsConsole::on_event(std::size_t unit, const session::Event& event) {
  if (units_[unit].json) return put_out(json_line(name(unit), event));
  std::visit(Text{*this, unit}, event);
}

void UnitsConsole::failed(std::size_t unit, const Error& error) {
  put_err(fmt::format("genlock record: {}: {}\n", name(unit), error.message()));
}

void UnitsConsole::stopping() {
  if (!stop_said_ && !units_[0].json) put_out("Stopping recording...\n");
  stop_said_ = true;
}

}  // namespace genlock::cli
