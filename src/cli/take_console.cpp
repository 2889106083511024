#include "cli/take_console.h"

#include <fmt/core.h>
#include <unistd.h>

#include "cli/recorder_console.h"
#include "cli/text.h"

namespace genlock::cli {
namespace {

constexpr DeviceDuration kProgressEvery = device_us(10'000'000);

std::int64_t seconds(HostDuration d) {
  return std::chrono::duration_cast<std::chrono::seconds>(d).count();
}

std::string progress_text(const session::Progress& event) {
  std::string text = fmt::format("{:.1f} s", static_cast<double>(count_us(event.recorded)) / 1e6);
  std::uint64_t lost = 0;
  for (const session::StreamCount& s : event.streams) {
    if (s.stream == session::StreamKind::imu) continue;
    text += fmt::format("  {} {}", s.recorded, to_string(s.stream));
    lost += s.missing + s.refused;
  }
  return text + fmt::format("  {} dropped  {}", lost, readable_bytes(event.bytes_on_disk));
}

}  // namespace

/// One overload an event, those of units included.
struct TakeConsole::Text {
  TakeConsole& console;
  std::size_t unit = 0;

  void say(const std::string& text) const { console.say(console.name(unit) + ": " + text); }
  void complain(const std::string& text) const { console.complain(console.name(unit) + ": " + text); }

  void operator()(const rig::UnitTold& told) const { std::visit(Text{console, told.unit}, told.event); }
  void operator()(const rig::UnitRefused& e) const {
    console.complain(console.name(e.unit) + ": error: " + e.why);
  }
  void operator()(const rig::Armed& e) const {
    console.say(console.name(e.unit) + ": armed, silent until the pulses come");
  }
  void operator()(const rig::TriggerMayStart&) const {
    console.say("All units are armed: the generator may start");
  }
  void operator()(const rig::StartsAnew& e) const { console.complain("starting anew: " + e.why); }
  void operator()(const rig::TakeBegins& e) const {
    const std::string last = e.last ? fmt::format(" to {}", *e.last) : ", until Ctrl-C";
    console.say(fmt::format("Recording from pulse {}{}", e.first, last));
  }
  void operator()(const rig::TakeEnds& e) const {
    console.say(e.last ? fmt::format("Ending with pulse {}...", *e.last) : "Ending at once...");
  }
  void operator()(const take::Marker& e) const {
    console.say(fmt::format("Marked pulse {}{}{}", e.pulse, e.text.empty() ? "" : ": ", e.text));
  }
  void operator()(const take::Incident& e) const {
    const std::string who = e.unit ? console.name(*e.unit) + ": " : "";
    const std::string where = e.pulse ? fmt::format(" (pulse {})", *e.pulse) : "";
    console.complain(fmt::format("{}{}: {}{}", who, e.severity, e.text, where));
  }

  void operator()(const session::Opened& e) const {
    say(fmt::format("unit {}, {}{}", e.serial, version_line(e.version),
                    e.simulated ? "; simulated, this recording shows no real scene" : ""));
  }
  void operator()(const session::Started&) const {}
  void operator()(const session::Waiting& e) const {
    if (seconds(e.waited) % 10 == 0 && seconds(e.waited) > 0)
      complain(fmt::format("waiting for the first capture: {} s, for {} s more", seconds(e.waited),
                           seconds(e.remaining)));
  }
  void operator()(const session::Rearmed& e) const {
    say(fmt::format("{} s without a signal: armed again, since its depth camera sleeps by now",
                    seconds(e.waited)));
  }
  void operator()(const session::Streaming&) const {}
  void operator()(const session::RecordingStarted&) const {}
  void operator()(const session::Frames&) const {}
  void operator()(const session::Progress& e) const {
    if (e.recorded < console.next_progress_[unit]) return;
    console.next_progress_[unit] = e.recorded + kProgressEvery;
    complain(progress_text(e));
  }
  void operator()(const session::Warning&) const {}  // comes as an incident
  void operator()(const session::RecordingEnded& e) const {
    if (!e.file.empty()) console.say(summary(e).substr(0, summary(e).size() - 1));
  }
};

TakeConsole::TakeConsole(const rig::Rig& rig, bool json)
    : rig_(rig), json_(json), next_progress_(rig.units.size(), kProgressEvery) {}

void TakeConsole::on_event(const rig::TakeEvent& event) {
  if (json_) return printer_.out(take_event_json(rig_, event));
  std::visit(Text{*this}, event);
}

void TakeConsole::failed(const Error& error) {
  if (json_) printer_.out(failure_json(error));
  complain("genlock record: " + error.message());
}

void TakeConsole::verdict(const std::filesystem::path& folder, const take::Take& take) {
  if (json_) return printer_.out(verdict_json(folder, take));
  say(folder.string());
  say(take.advice + (isatty(STDOUT_FILENO) != 0 ? "\a" : ""));
}

void TakeConsole::say(const std::string& line) {
  printer_.out(line + "\n");
}

void TakeConsole::complain(const std::string& line) {
  printer_.err(line + "\n");
}

}  // namespace genlock::cli
