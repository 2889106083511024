#include "cli/take_console.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "cli/recorder_console.h"
#include "cli/session_text.h"

namespace genlock::cli {
namespace {

constexpr std::size_t kGapsTold = 5;
constexpr HostDuration kDrawEvery = std::chrono::milliseconds(250);

std::optional<std::uint64_t> disk_free(const std::filesystem::path& folder) {
  struct statvfs disk {};
  if (statvfs(folder.c_str(), &disk) != 0) return std::nullopt;
  return std::uint64_t{disk.f_bavail} * disk.f_frsize;
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
  void operator()(const rig::Offsets&) const {}
  void operator()(const take::Marker& e) const {
    console.say(fmt::format("Marked pulse {}{}{}", e.pulse, e.text.empty() ? "" : ": ", e.text));
  }
  void operator()(const take::Incident& e) const {
    const std::string who = e.unit ? console.name(*e.unit) + ": " : "";
    const std::string where = e.pulse ? fmt::format(" (pulse {})", *e.pulse) : "";
    const std::string text = e.text.substr(!who.empty() && e.text.starts_with(who) ? who.size() : 0);
    console.complain(fmt::format("{}{}: {}{}", who, e.severity, text, where));
  }

  void operator()(const session::Opened& e) const { say(opened_text(e)); }
  void operator()(const session::Started&) const {}
  void operator()(const session::Waiting& e) const {
    if (const std::string text = waiting_text(e); !text.empty()) complain(text);
  }
  void operator()(const session::Rearmed& e) const {
    say(fmt::format("{} s without a signal: armed again, since its depth camera sleeps by now",
                    whole_seconds(e.waited)));
  }
  void operator()(const session::Streaming&) const {}
  void operator()(const session::RecordingStarted&) const {}
  void operator()(const session::Frames&) const {}
  void operator()(const session::Progress& e) const {
    if (console.live_ || e.recorded < console.next_progress_[unit]) return;
    console.next_progress_[unit] = e.recorded + kProgressEvery;
    complain(progress_text(e));
  }
  void operator()(const session::Warning&) const {}  // comes as an incident
  void operator()(const session::RecordingEnded& e) const {
    if (e.file.empty()) return;
    const std::string text = summary(e, kGapsTold);
    console.say(text.substr(0, text.size() - 1));
  }
};

TakeConsole::TakeConsole(const rig::Rig& rig, std::filesystem::path folder, bool json)
    : rig_(rig),
      folder_(std::move(folder)),
      json_(json),
      live_(!json && isatty(STDERR_FILENO) != 0),
      table_(rig),
      next_progress_(rig.units.size(), kProgressEvery),
      screen_(live_) {}

void TakeConsole::on_event(const rig::TakeEvent& event) {
  if (json_) return screen_.raw(take_event_json(rig_, event));
  table_.on_event(event);
  std::visit(Text{*this}, event);
  const HostTime now = system_clock().now();
  if (!live_ || now < next_draw_) return;
  next_draw_ = now + kDrawEvery;
  draw();
}

void TakeConsole::failed(const Error& error) {
  screen_.clear();
  if (json_) screen_.raw(failure_json(error));
  complain("genlock record: " + error.message());
}

void TakeConsole::verdict(const take::Take& take, const std::string& before) {
  if (json_) return screen_.raw(verdict_json(folder_, take));
  screen_.clear();
  say(before + folder_.string());
  say(take.advice + (isatty(STDOUT_FILENO) != 0 ? "\a" : ""));
}

void TakeConsole::rehearsed(const std::string& report, const take::Take& take) {
  const std::string rest =
      take.advice.substr(take.kept() ? std::string_view("KEEP").size() : std::string_view("RETAKE").size());
  const std::string advice = (take.kept() ? "READY" : "NOT READY") + rest;
  if (json_) return screen_.raw(rehearsal_json(advice));
  screen_.clear();
  say(report + advice);
}

void TakeConsole::draw() {
  struct winsize size {};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 && size.ws_row > 1;
  const std::size_t rows = known ? size.ws_row - 1U : 23, columns = known ? size.ws_col : 80;
  auto lines = table_.lines(rows, disk_free(folder_));
  // A line that is too long would scroll; a terminal counts characters, and these are at most its bytes.
  for (std::string& line : lines) line.resize(std::min(line.size(), columns - 1));
  screen_.draw(lines);
}

}  // namespace genlock::cli
