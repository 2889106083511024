#include "cli/armed_log.h"

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <map>
#include <string>

#include "base/log.h"
#include "base/mutex.h"

namespace genlock::cli {
namespace {

constexpr std::string_view kTimeout = "timeout on the streaming endpoint";  // facts device.md 3
constexpr std::size_t kMostHeld = 32;

}  // namespace

struct ArmedLog::State {
  struct Unit {
    std::string serial;
    bool waits = false;
    std::deque<std::string> held;
  };
  explicit State(std::shared_ptr<LogRelay> to) : lines(std::move(to)) {}

  const std::shared_ptr<LogRelay> lines;
  Mutex mutex;
  std::map<std::size_t, Unit> units GENLOCK_GUARDED_BY(mutex);

  /// Whether the message was kept back.
  bool hold(LogLevel level, std::string_view message) {
    if (level != LogLevel::warning || message.find(kTimeout) == message.npos) return false;
    MutexLock lock(mutex);
    const auto unit = std::ranges::find_if(units, [message](const auto& entry) {
      return entry.second.waits && message.find(entry.second.serial) != message.npos;
    });
    if (unit == units.end()) return false;
    unit->second.held.emplace_back(message);
    if (unit->second.held.size() > kMostHeld) unit->second.held.pop_front();
    return true;
  }

  void print(LogLevel level, std::string_view message) const {
    if (level <= log_level()) lines->print(fmt::format("{}: {}", to_string(level), message));
  }

  /// What was held of a unit that waits no more.
  std::deque<std::string> release(std::size_t unit) {
    MutexLock lock(mutex);
    units[unit].waits = false;
    return std::exchange(units[unit].held, {});
  }
};

ArmedLog::ArmedLog(std::shared_ptr<LogRelay> lines) : state_(std::make_shared<State>(std::move(lines))) {
  set_log_sink([state = state_](LogLevel level, std::string_view message) {
    if (!state->hold(level, message)) state->print(level, message);
  });
}

ArmedLog::~ArmedLog() {
  set_log_sink({});
}

void ArmedLog::on_event(std::size_t unit, const session::Event& event) {
  if (const auto* opened = std::get_if<session::Opened>(&event)) {
    MutexLock lock(state_->mutex);
    state_->units[unit].serial = opened->serial;
  }
  if (const auto* started = std::get_if<session::Started>(&event)) {
    MutexLock lock(state_->mutex);
    state_->units[unit].waits = started->sync_mode == WiredSyncMode::subordinate;
  }
  if (std::holds_alternative<session::Streaming>(event) ||
      std::holds_alternative<session::RecordingStarted>(event))
    static_cast<void>(state_->release(unit));
  const auto* ended = std::get_if<session::RecordingEnded>(&event);
  if (ended == nullptr) return;
  for (const std::string& line : state_->release(unit))
    if (!ended->error.empty()) state_->print(LogLevel::warning, line);
}

}  // namespace genlock::cli
