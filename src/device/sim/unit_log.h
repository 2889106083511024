#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/time.h"
#include "device/notices.h"

namespace genlock::device::sim {

/// What the vendor's library would say in its log about one unit; its keywords are kept (facts device.md 3).
class UnitLog {
 public:
  explicit UnitLog(const std::string& serial) : name_("unit " + serial) {}

  /// What a session tells besides the log, since it costs data and no call fails. Any thread.
  void notice(std::string_view text) const { notices_.add(std::string(text)); }
  std::vector<std::string> take_notices() const { return notices_.take(); }

  template <class... Args>
  void say(LogLevel level, fmt::format_string<Args...> format, Args&&... args) const {
    log_message(level, fmt::format("{}: {}", name_, fmt::format(format, std::forward<Args>(args)...)));
  }

 private:
  std::string name_;
  mutable Notices notices_;
};

/// Holds back what would be said at every frame: at most once in two seconds of the bench.
class LogPace {
 public:
  static constexpr HostDuration kEvery = std::chrono::seconds(2);

  /// One more occurrence; how many there were since it was last said, or nothing if it is too soon to say.
  std::optional<int> due(HostTime at) {
    ++since_;
    if (said_ && at - *said_ < kEvery) return std::nullopt;
    said_ = at;
    return std::exchange(since_, 0);
  }

 private:
  std::optional<HostTime> said_;
  int since_ = 0;
};

}  // namespace genlock::device::sim
